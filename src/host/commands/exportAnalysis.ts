import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ExportFormat } from '../../engine/model.ts';
import { tellWithActions } from '../notify.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { stoppable } from './stoppable.ts';
import { requireFolder } from '../world.ts';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  readonly extension: string;
}

/** Writes all that is known of every snippet to a file, as the tabs show it: asks in which form, and where. */
export async function exportAnalysis({ engine, world, paths, shownAnalysis }: Services): Promise<void> {
  requireFolder(world());
  if (!world().optedIn) throw new HostError('not-indexed');
  const title = vscode.l10n.t('Export Analysis');
  const chosen = await vscode.window.showQuickPick(formats(), { title, matchOnDescription: true });
  const [root] = paths().roots;
  if (!chosen || !root) return;
  const { format, extension } = chosen;
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(path.join(root.folder, `vectorscope-export.${extension}`)),
    filters: { [chosen.label]: [extension] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (!uri) return;
  const granularity = shownAnalysis.current('granularity');
  const minSimilarity = shownAnalysis.current('minSimilarity');
  const asShown = {
    ...(granularity !== undefined && { granularity }),
    ...(minSimilarity !== undefined && { minSimilarity }),
  };
  const { files, places } = await stoppable(title, (signal) =>
    engine.request('exportAnalysis', { format, out: uri.fsPath, ...asShown }, signal),
  );
  const [first] = files;
  const names = files.map((file) => path.basename(file.path)).join(', ');
  const show = async (): Promise<void> => {
    if (!first) return;
    const file = vscode.Uri.file(first.path);
    if (format === 'md') await vscode.commands.executeCommand('markdown.showPreview', file);
    else if (vscode.env.uiKind === vscode.UIKind.Desktop) await vscode.commands.executeCommand('revealFileInOS', file);
    else await vscode.commands.executeCommand('vscode.open', file);
  };
  const isOpened = format === 'md' || vscode.env.uiKind === vscode.UIKind.Web;
  const label = isOpened ? vscode.l10n.t('Open') : vscode.l10n.t('Show in Folder');
  tellWithActions(vscode.l10n.t('{0} places were exported to {1}.', places, names), [{ title: label, act: show }]);
}

function formats(): readonly FormatItem[] {
  return [
    { format: 'md', extension: 'md', label: 'Markdown', description: vscode.l10n.t('clusters, outliers and duplicates to read, with links') },
    { format: 'csv', extension: 'csv', label: 'CSV', description: vscode.l10n.t('a row a place, with its vector') },
    { format: 'json', extension: 'json', label: 'JSON', description: vscode.l10n.t('everything, with the vectors') },
    { format: 'tsv', extension: 'tsv', label: 'TSV', description: vscode.l10n.t('vectors and metadata, for the Embedding Projector') },
  ]; // prettier-ignore
}
