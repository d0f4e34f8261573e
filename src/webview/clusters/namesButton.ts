// Names by a language model instead of the words: the host asks first. Pressed while they are shown; stops while the model is asked.
// Invariant: names are of one unit at one granularity; at another, the same id is another cluster's. One question at a time.
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import type { Question } from '../analysis/question.ts';
import { iconButton, setAttribute, setIcon } from '../dom.ts';
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
    const own = (asking = new AbortController());
    const cut = shownCut();
    changed();
    const names = await context.ask('nameClusters', query, own.signal).catch(() => undefined); // the host says what went wrong
    if (asking !== own) return;
    asking = undefined;
    if (names) named = { cut, names };
    changed();
  };
  const stop = (): void => {
    asking?.abort();
    asking = undefined;
    changed();
  };
  const element = iconButton('sparkle', words.t('clusters.name'), () => {
    const { answered } = question();
    if (asking) {
      stop();
      return;
    }
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
      element.title = words.t(asking ? 'clusters.stopNaming' : isShown ? 'clusters.words' : 'clusters.name');
      setIcon(element, asking ? 'debug-stop' : 'sparkle');
      setAttribute(element, 'aria-label', element.title);
      setAttribute(element, 'aria-pressed', asking ? undefined : String(isShown));
      setAttribute(element, 'aria-busy', asking && 'true');
    },
  };
}
