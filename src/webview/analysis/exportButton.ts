// The button that exports what the tab shows, and more: the command asks what and where to.
import { iconButton } from '../dom.ts';
import type { ViewContext } from '../viewContext.ts';

export function exportButton(context: ViewContext): HTMLButtonElement {
  return iconButton('export', context.words.t('analysis.export'), () => {
    context.request('command', { command: 'exportAnalysis' });
  });
}
