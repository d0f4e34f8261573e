// Names by a language model instead of the words: the host asks first. Pressed while they are shown.
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import { iconButton, setAttribute } from '../dom.ts';
import type { ViewState } from '../state.ts';
import type { ViewContext } from '../viewContext.ts';

export interface NamesButton {
  readonly element: HTMLElement;
  nameOf(id: string): string | undefined;
  update(state: ViewState): void;
}

/** `changed`: other names are to be shown. */
export function createNamesButton(context: ViewContext, changed: () => void): NamesButton {
  const { words } = context;
  let names: Readonly<Record<string, string>> = {};
  let asking: AbortController | undefined;
  const ask = async (query: ClusterQuery): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await context.ask('nameClusters', query, signal);
      if (!signal.aborted) names = answer;
    } catch {
      return; // the host says what went wrong
    }
    changed();
  };
  const element = iconButton('sparkle', words.t('clusters.name'), () => {
    if (Object.keys(names).length === 0) {
      void ask(context.state().analysis.clusters);
      return;
    }
    names = {};
    changed();
  });
  return {
    element,
    nameOf: (id) => names[id],
    update({ snapshot }) {
      element.hidden = snapshot.canNameClusters !== true;
      const isShown = Object.keys(names).length > 0;
      element.title = words.t(isShown ? 'clusters.words' : 'clusters.name');
      setAttribute(element, 'aria-label', element.title);
      setAttribute(element, 'aria-pressed', String(isShown));
    },
  };
}
