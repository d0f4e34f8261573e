// A row of filter chips: buttons that are pressed or not, one tab stop, arrows go from one to the next. Chips are kept by
// their key from one update to the next, so that the focus stays.
import { el, setAttribute, setText } from './dom.ts';

export interface Chip {
  readonly key: string;
  readonly label: string;
  readonly count: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

export interface Chips {
  readonly element: HTMLElement;
  update(chips: readonly Chip[], pressed: string | undefined): void;
}

/** `toggle` is given the key of the chip that is pressed now, undefined when none is. */
export function createChips(className: string, label: string, toggle: (key: string | undefined) => void): Chips {
  const element = el('div', { class: `chips ${className}`, role: 'toolbar', 'aria-label': label });
  const buttons = new Map<string, HTMLButtonElement>();
  let current: string | undefined;

  const create = (key: string): HTMLButtonElement => {
    const button = el('button', { type: 'button', class: 'chip' }, el('span', { class: 'chip-label' }), el('span', { class: 'chip-count' })); // prettier-ignore
    button.addEventListener('click', () => toggle(button.getAttribute('aria-pressed') === 'true' ? undefined : key));
    button.addEventListener('focus', () => {
      current = key;
      markStop();
    });
    return button;
  };
  const markStop = (): void => {
    const stop = current !== undefined && buttons.has(current) ? current : [...buttons.keys()][0];
    for (const [key, button] of buttons) button.tabIndex = key === stop ? 0 : -1;
  };
  element.addEventListener('keydown', (event) => {
    const all = [...element.querySelectorAll('button')];
    const at = all.findIndex((button) => button === document.activeElement);
    const moves: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }; // prettier-ignore
    const next = moves[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  });

  return {
    element,
    update(chips, pressed) {
      element.hidden = chips.length === 0;
      const keys = new Set(chips.map(({ key }) => key));
      for (const [key, button] of buttons) {
        if (keys.has(key)) continue;
        button.remove();
        buttons.delete(key);
      }
      chips.forEach(({ key, label: text, count, spoken }, i) => {
        let button = buttons.get(key);
        if (!button) buttons.set(key, (button = create(key)));
        const [name, number] = button.children;
        if (name instanceof HTMLElement) setText(name, text);
        if (number instanceof HTMLElement) setText(number, count);
        setAttribute(button, 'aria-label', spoken);
        setAttribute(button, 'aria-pressed', String(key === pressed));
        setAttribute(button, 'data-key', key);
        if (element.children[i] !== button) element.insertBefore(button, element.children[i] ?? null);
      });
      markStop();
    },
  };
}
