// Why a list about the whole index is empty, with what helps.
import { el, icon, textButton } from '../dom.ts';

export interface NoteContent {
  readonly icon: string;
  readonly sentence: string;
  readonly detail?: string;
  readonly actions: readonly { readonly label: string; readonly run: () => void }[];
}

export interface Note {
  readonly element: HTMLElement;
  update(content: NoteContent | undefined): void;
  /** Focuses its first button; false without one. */
  focus(): boolean;
}

export function createNote(): Note {
  const element = el('div', { class: 'empty' });
  let shown = '';
  return {
    element,
    update(content) {
      element.hidden = content === undefined;
      const key = content ? JSON.stringify(content) : '';
      if (key === shown) return; // so that a button in use keeps the focus
      shown = key;
      if (!content) {
        element.replaceChildren();
        return;
      }
      element.replaceChildren(
        icon(content.icon, 'empty-icon'),
        el('p', {}, content.sentence),
        ...(content.detail === undefined ? [] : [el('p', { class: 'dim' }, content.detail)]),
        ...content.actions.map(({ label, run }, i) => textButton(label, i === 0 ? 'button' : 'button secondary', run)),
      );
    },
    focus() {
      const button = element.querySelector('button');
      button?.focus();
      return !element.hidden && button !== null;
    },
  };
}
