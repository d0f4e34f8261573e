// What the colours mean, with counts. An entry that is pressed leaves only its kind (and others that are pressed) in colour; the pointer
// or the focus on one does so for the moment. One tab stop, arrows go from one to the next.
import { el, setAttribute, setText } from '../dom.ts';
import type { Words } from '../words.ts';
import { colourOf } from './paint.ts';
import type { Grouping } from './groups.ts';
import type { MapTheme } from './theme.ts';

export interface Legend {
  readonly element: HTMLElement;
  update(grouping: Grouping | undefined, theme: MapTheme, pressed: ReadonlySet<string>): void;
}

export interface LegendAnswers {
  toggle(key: string): void;
  /** Looked at for the moment. */
  peek(key: string | undefined): void;
}

export function createLegend(words: Words, answers: LegendAnswers): Legend {
  const element = el('div', { class: 'map-legend', role: 'toolbar', 'aria-label': words.t('map.legend') });
  let shown = '';
  let current = 0;
  const buttons = (): readonly HTMLButtonElement[] => [...element.querySelectorAll('button')];
  const markStop = (): void => {
    buttons().forEach((button, i, all) => (button.tabIndex = i === Math.min(current, all.length - 1) ? 0 : -1));
  };
  const entry = (key: string, label: string, count: string, colour: string): HTMLButtonElement => {
    const swatch = el('span', { class: 'map-swatch', 'aria-hidden': 'true' });
    swatch.style.background = colour;
    const button = el(
      'button',
      { type: 'button', class: 'map-entry', 'data-key': key, title: label, 'aria-label': `${label}, ${count}` },
      swatch,
      el('span', { class: 'map-name' }, label),
      el('span', { class: 'map-count dim' }, count),
    );
    button.addEventListener('click', () => answers.toggle(key));
    button.addEventListener('pointerenter', () => answers.peek(key));
    button.addEventListener('pointerleave', () => answers.peek(undefined));
    button.addEventListener('blur', () => answers.peek(undefined));
    button.addEventListener('focus', () => {
      current = buttons().indexOf(button);
      markStop();
      if (button.matches(':focus-visible')) answers.peek(key);
    });
    return button;
  };
  element.addEventListener('keydown', (event) => {
    const all = buttons();
    const at = all.findIndex((button) => button === document.activeElement);
    const moves: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }; // prettier-ignore
    const next = moves[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  });
  return {
    element,
    update(grouping, theme, pressed) {
      const entries = (grouping?.groups ?? []).flatMap(({ key, label, count }, group) =>
        grouping && count > 0 ? [{ key, label, count: words.count(count), colour: colourOf(grouping, group, theme) }] : [],
      ); // prettier-ignore
      element.hidden = entries.length === 0;
      element.classList.toggle('scale', grouping?.way === 'outlier');
      const look = JSON.stringify(entries);
      if (look !== shown) {
        shown = look;
        const focused = document.activeElement instanceof HTMLElement && element.contains(document.activeElement) ? document.activeElement.dataset['key'] : undefined; // prettier-ignore
        element.replaceChildren(...entries.map(({ key, label, count, colour }) => entry(key, label, count, colour)));
        current = 0;
        markStop();
        if (focused !== undefined) buttons().find((button) => button.dataset['key'] === focused)?.focus(); // prettier-ignore
      }
      for (const button of buttons())
        setAttribute(button, 'aria-pressed', String(pressed.has(button.dataset['key'] ?? '')));
      element.classList.toggle('some', pressed.size > 0);
    },
  };
}

/** What the rings and diamonds mean, as far as there are any. */
export function createMarksLine(words: Words): {
  readonly element: HTMLElement;
  update(file: string, inFile: number, hits: number): void;
} {
  const fileText = el('span');
  const hitText = el('span');
  const file = el('span', { class: 'map-mark' }, el('span', { class: 'map-ring', 'aria-hidden': 'true' }), fileText);
  const hit = el('span', { class: 'map-mark' }, el('span', { class: 'map-diamond', 'aria-hidden': 'true' }), hitText);
  const element = el('div', { class: 'map-marks dim' }, file, hit);
  return {
    element,
    update(name, inFile, hits) {
      setText(fileText, inFile > 0 ? words.t('map.inFile', name, words.count(inFile)) : '');
      setText(hitText, hits > 0 ? words.results(hits) : '');
      file.hidden = inFile === 0;
      hit.hidden = hits === 0;
      element.hidden = inFile === 0 && hits === 0;
    },
  };
}
