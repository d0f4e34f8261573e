// A text box with an icon and a button that clears it. Input methods (Chinese, Japanese) are waited for: letters that are
// still being composed are no query.
import type { ViewStringKey } from '../protocol/viewApi.ts';
import { el, icon, iconButton } from './dom.ts';
import type { ViewState } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface SearchBoxOptions {
  readonly valueOf: (state: ViewState) => string;
  readonly change: (value: string) => void;
  readonly icon: string;
  readonly label: ViewStringKey;
  /** After each change. */
  readonly typed: () => void;
  readonly enter: () => void;
  /** The arrow-down key. */
  readonly down: () => void;
}

export interface SearchBox extends Part {
  focus(): void;
}

export function createSearchBox(context: ViewContext, options: SearchBoxOptions): SearchBox {
  const { change, valueOf } = options;
  const label = context.words.t(options.label);
  const input = el('input', {
    type: 'text',
    class: 'search-input',
    'aria-label': label,
    placeholder: label,
    title: label,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const clear = iconButton('close', context.words.t('search.clear'), () => {
    change('');
    options.enter();
    input.focus();
  });
  let composing = false;
  input.addEventListener('compositionstart', () => {
    composing = true;
  });
  input.addEventListener('compositionend', () => {
    composing = false;
    change(input.value);
    options.typed();
  });
  input.addEventListener('input', () => {
    if (composing) return;
    change(input.value);
    options.typed();
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') options.enter();
    else if (event.key === 'ArrowDown') options.down();
    else if (event.key === 'Escape' && input.value !== '') {
      change('');
      options.enter();
    } else return;
    event.preventDefault();
  });
  return {
    element: el('div', { class: 'search-box' }, icon(options.icon), input, clear),
    update(state) {
      const value = valueOf(state);
      if (!composing && input.value !== value) input.value = value;
      clear.hidden = value === '';
    },
    focus() {
      input.focus();
      input.select();
    },
  };
}
