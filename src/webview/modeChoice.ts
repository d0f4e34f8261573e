// What a search compares: meaning and words, or one of them. Three radio buttons, so that the arrow keys and a screen reader know
// them; the host keeps the choice for this workspace.
import type { SearchMode } from '../engine/model.ts';
import { el, icon } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';

const MODES: readonly { readonly mode: SearchMode; readonly icon: string }[] = [
  { mode: 'hybrid', icon: 'combine' },
  { mode: 'semantic', icon: 'sparkle' },
  { mode: 'keyword', icon: 'whole-word' },
];

export function createModeChoice(context: ViewContext): Part {
  const { words } = context;
  const inputs = MODES.map(({ mode }) => {
    const input = el('input', {
      type: 'radio',
      name: 'mode',
      value: mode,
      'aria-label': words.t(`search.mode.${mode}.detail`),
    });
    input.addEventListener('change', () => context.request('setSearchMode', { mode }));
    return input;
  });
  const choices = MODES.map(({ mode, icon: name }, i) =>
    el(
      'label',
      { class: 'mode', title: words.t(`search.mode.${mode}.detail`) },
      ...inputs.slice(i, i + 1),
      icon(name),
      el('span', { 'aria-hidden': 'true' }, words.t(`search.mode.${mode}`)),
    ),
  );
  return {
    element: el('div', { class: 'modes', role: 'radiogroup', 'aria-label': words.t('search.mode') }, ...choices),
    update({ snapshot }) {
      for (const input of inputs) {
        const checked = input.value === snapshot.search.mode;
        if (input.checked !== checked) input.checked = checked;
      }
    },
  };
}
