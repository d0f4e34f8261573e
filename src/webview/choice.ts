// One of a few: radio buttons that look like a segmented control, so that the arrow keys and a screen reader know them.
import { el, icon } from './dom.ts';
import type { ViewState } from './state.ts';
import type { Part } from './viewContext.ts';

export interface ChoiceOptions<T extends string> {
  /** Of the radio group, unique in the page. */
  readonly name: string;
  readonly label: string;
  /** `detail`: tooltip, and what a screen reader says. */
  readonly options: readonly {
    readonly value: T;
    readonly icon: string;
    readonly label: string;
    readonly detail: string;
  }[];
  readonly valueOf: (state: ViewState) => T;
  readonly choose: (value: T) => void;
  /** Where there is nothing to choose. */
  readonly hidden?: (state: ViewState) => boolean;
}

export function createChoice<T extends string>(asked: ChoiceOptions<T>): Part {
  const { name, label, options, valueOf, choose, hidden } = asked;
  const inputs = options.map(({ value, detail }) => {
    const input = el('input', { type: 'radio', name, value, 'aria-label': detail });
    input.addEventListener('change', () => choose(value));
    return input;
  });
  const choices = options.map(
    ({ icon: glyph, label: text, detail }, i) =>
    el('label', { class: 'mode', title: detail }, ...inputs.slice(i, i + 1), icon(glyph), el('span', { 'aria-hidden': 'true' }, text)), // prettier-ignore
  );
  const element = el('div', { class: 'modes', role: 'radiogroup', 'aria-label': label }, ...choices);
  return {
    element,
    update(state) {
      element.hidden = hidden?.(state) === true;
      for (const input of inputs) {
        const checked = input.value === valueOf(state);
        if (input.checked !== checked) input.checked = checked;
      }
    },
  };
}
