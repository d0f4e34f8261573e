// Names by a language model instead of the words: the host asks first. Pressed while they are shown. Invariant: names are of one unit at
// one granularity; at another, the same id is another cluster's.
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import type { Question } from '../analysis/question.ts';
import { iconButton, setAttribute } from '../dom.ts';
import type { ViewState } from '../state.ts';
import type { ViewContext } from '../viewContext.ts';

export interface NamesButton {
  readonly element: HTMLElement;
  nameOf(id: string): string | undefined;
  update(state: ViewState): void;
}

interface Named {
  readonly cut: string;
  readonly names: Readonly<Record<string, string>>;
}

/** `question`: whose answer is shown; `changed`: other names are to be shown. */
export function createNamesButton(
  context: ViewContext,
  question: () => Question<'clusters'>,
  changed: () => void,
): NamesButton {
  const { words } = context;
  let named: Named | undefined;
  let asking: AbortController | undefined;
  const shownCut = (): string => {
    const { answer, answered } = question();
    return `${answered?.of ?? ''} ${answer?.granularity ?? ''}`;
  };
  const shownNames = (): Named['names'] => (named?.cut === shownCut() ? named.names : {});
  const ask = async (query: ClusterQuery): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const cut = shownCut();
    try {
      const names = await context.ask('nameClusters', query, signal);
      if (!signal.aborted) named = { cut, names };
    } catch {
      return; // the host says what went wrong
    }
    changed();
  };
  const element = iconButton('sparkle', words.t('clusters.name'), () => {
    const { answered } = question();
    if (Object.keys(shownNames()).length === 0) {
      if (answered) void ask(answered);
      return;
    }
    named = undefined;
    changed();
  });
  return {
    element,
    nameOf: (id) => shownNames()[id],
    update({ snapshot }) {
      element.hidden = snapshot.canNameClusters !== true;
      const isShown = Object.keys(shownNames()).length > 0;
      element.title = words.t(isShown ? 'clusters.words' : 'clusters.name');
      setAttribute(element, 'aria-label', element.title);
      setAttribute(element, 'aria-pressed', String(isShown));
    },
  };
}
