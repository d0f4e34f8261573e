// The button beside a slider that gives the choice back to the engine; pressed while the engine chooses.
import { el, icon } from '../dom.ts';
import type { Words } from '../words.ts';

export function createAutomatic(words: Words): HTMLButtonElement {
  const label = words.t('clusters.automatic');
  const attributes = { type: 'button', class: 'chip automatic', 'aria-label': label, title: label };
  return el('button', attributes, icon('wand'), el('span', { class: 'chip-label' }, label));
}
