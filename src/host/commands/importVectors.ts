import * as path from 'node:path';
import * as vscode from 'vscode';
import { isEngineError } from '../../engine/errors.ts';
import type { Columns } from '../../engine/importing/vectorRows.ts';
import type { EngineStatus, IndexSummary } from '../../protocol/engineApi.ts';
import { cureTitle, runCure } from '../cures.ts';
import { tellWithActions } from '../notify.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';
import { stoppable } from './stoppable.ts';

const EXTENSIONS = ['csv', 'tsv', 'tab', 'jsonl', 'ndjson'];

/** Shows ready vectors of a table, that clicked in the explorer or one that is asked for: clusters, outliers, the map of its rows. */
export async function importVectors(services: Services, clicked?: unknown): Promise<void> {
  requireTrust(services.world());
  const file = clicked instanceof vscode.Uri ? clicked : await askFile();
  if (!file) return;
  const summary = await importWith(services, file.fsPath, {});
  if (!summary) return;
  await services.sidebar().reveal('clusters', true);
  report(services, path.basename(file.fsPath), summary);
}

/** Shows the workspace again. */
export async function backToWorkspace({ readyVectors }: Services): Promise<void> {
  await readyVectors.leave();
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Vectors'),
      openLabel: vscode.l10n.t('Import'),
      filters: { [vscode.l10n.t('Tables with a text and an embedding column')]: EXTENSIONS },
    })) ?? [];
  return file;
}

/** Asks for the columns whose names say nothing; undefined when the user answers none. */
async function importWith(services: Services, file: string, columns: Columns): Promise<IndexSummary | undefined> {
  try {
    return await stoppable(vscode.l10n.t('Import Vectors'), async (signal, tell) => {
      const { engine, readyVectors } = services;
      const show = ({ importing }: EngineStatus): void => {
        if (importing !== undefined) tell(importing);
      };
      engine.on('status', show);
      return readyVectors.look(file, columns, signal).finally(() => engine.off('status', show));
    });
  } catch (error) {
    if (isEngineError(error, 'no-text')) throw new HostError('no-vectors', error.details);
    if (!isEngineError(error, 'bad-setting')) throw error;
    const { setting, allowed } = error.details;
    const isText = setting === 'text' && columns.textColumn === undefined;
    const isVector = setting === 'vector' && columns.vectorColumn === undefined;
    if (!isText && !isVector) throw error;
    const column = await vscode.window.showQuickPick(String(allowed).split(', '), {
      title: vscode.l10n.t('Import Vectors'),
      placeHolder: isText
        ? vscode.l10n.t('Which column holds the text?')
        : vscode.l10n.t('Which column holds the vector?'),
    });
    if (column === undefined) return undefined;
    return await importWith(services, file, { ...columns, ...(isText ? { textColumn: column } : { vectorColumn: column }) }); // prettier-ignore
  }
}

function report({ log }: Services, name: string, { chunks, failed }: IndexSummary): void {
  const imported = vscode.l10n.t('{0} rows of {1} were imported; nothing was embedded.', chunks, name);
  for (const { path: place, error } of failed) log.warn(`import: ${place}: ${error}`);
  const [first] = failed;
  if (!first) {
    tellWithActions(imported, []);
    return;
  }
  const left =
    failed.length === 1
      ? vscode.l10n.t('1 row was left out: {0}.', first.path)
      : vscode.l10n.t('{0} rows were left out, the first is {1}.', failed.length, first.path);
  tellWithActions(`${imported} ${left}`, [{ title: cureTitle('showLog'), act: () => runCure('showLog') }]);
}
