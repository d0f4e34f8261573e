// What a search compares (meaning and words, or one of them), and what the Similar tab shows. The host keeps the choices.
import type { SearchMode } from '../engine/model.ts';
import type { SimilarMode } from '../protocol/viewApi.ts';
import { createChoice } from './choice.ts';
import type { Part, ViewContext } from './viewContext.ts';

const SEARCH_MODES: readonly { readonly mode: SearchMode; readonly icon: string }[] = [
  { mode: 'hybrid', icon: 'combine' },
  { mode: 'semantic', icon: 'sparkle' },
  { mode: 'keyword', icon: 'whole-word' },
];
const SIMILAR_MODES: readonly { readonly mode: SimilarMode; readonly icon: string }[] = [
  { mode: 'similar', icon: 'telescope' },
  { mode: 'next', icon: 'book' },
];

export function createModeChoice(context: ViewContext): Part {
  return createChoice({
    name: 'mode',
    label: context.words.t('search.mode'),
    options: SEARCH_MODES.map(({ mode, icon }) => ({
      value: mode,
      icon,
      label: context.words.t(`search.mode.${mode}`),
      detail: context.words.t(`search.mode.${mode}.detail`),
    })),
    valueOf: ({ snapshot }) => snapshot.search.mode,
    choose: (mode) => context.request('setSearchMode', { mode }),
    hidden: ({ snapshot }) => snapshot.imported !== undefined, // words alone: no model is there
  });
}

export function createSimilarModeChoice(context: ViewContext): Part {
  return createChoice({
    name: 'similar-mode',
    label: context.words.t('similar.mode'),
    options: SIMILAR_MODES.map(({ mode, icon }) => ({
      value: mode,
      icon,
      label: context.words.t(`similar.mode.${mode}`),
      detail: context.words.t(`similar.mode.${mode}.detail`),
    })),
    valueOf: ({ snapshot }) => snapshot.similar.mode,
    choose: (mode) => context.request('setSimilarMode', { mode }),
  });
}
