import * as vscode from 'vscode';
import { problemMessage } from '../errorMessages.ts';
import { tell } from '../notify.ts';
import { HostError } from '../problems.ts';
import { asCsv, asJsonLines, rowsOf, type LineVector } from '../lineVectors.ts';
import type { Services } from '../services.ts';
import { openText, requireEditor } from '../textPieces.ts';
import { requireTrust } from '../world.ts';

/** Lines asked for at once: small enough that progress moves and Cancel is felt. */
const SLICE = 100;
/** Lines named one by one in the report. */
const NAMED = 5;

interface Format extends vscode.QuickPickItem {
  readonly write: (rows: readonly LineVector[]) => string;
  /** Absent: into a new editor. */
  readonly extension?: 'jsonl' | 'csv';
}

/** Embeds a file line by line; the vectors go to a file or a new editor. */
export async function embedLines(services: Services, clicked?: unknown): Promise<void> {
  const { sending, world } = services;
  requireTrust(world());
  const document = clicked instanceof vscode.Uri ? await openText(clicked) : requireEditor().document;
  const lines = rowsOf(document.getText());
  const texts = lines.filter((line) => line.trim() !== '');
  if (texts.length === 0) throw new HostError('too-short');
  const name = vscode.workspace.asRelativePath(document.uri);
  const format = await askFormat(name, texts.length);
  if (!format) return;
  const target = format.extension && (await askTarget(document.uri, format.extension));
  if (format.extension && !target) return;
  await sending.permit({ lines: texts });
  const rows = await embedAll(services, lines, name);
  const written = format.write(rows);
  if (target) {
    await vscode.workspace.fs.writeFile(target, Buffer.from(written, 'utf8'));
  } else {
    const opened = await vscode.workspace.openTextDocument({ content: written, language: 'jsonl' });
    await vscode.window.showTextDocument(opened);
  }
  tell(report(rows));
}

async function askFormat(name: string, count: number): Promise<Format | undefined> {
  const formats: Format[] = [
    { label: vscode.l10n.t('New Editor'), description: 'JSONL', write: asJsonLines },
    {
      label: vscode.l10n.t('JSONL File…'),
      description: '{"index", "embedding"}',
      write: asJsonLines,
      extension: 'jsonl',
    },
    { label: vscode.l10n.t('CSV File…'), description: 'index, text, embedding', write: asCsv, extension: 'csv' },
  ];
  return await vscode.window.showQuickPick(formats, {
    title: vscode.l10n.t('Embed Lines of {0}', name),
    placeHolder: vscode.l10n.t('Where the vectors of {0} lines go', count),
  });
}

async function askTarget(source: vscode.Uri, extension: 'jsonl' | 'csv'): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const near = source.scheme === 'file' ? source.with({ path: `${source.path}.vectors.${extension}` }) : undefined;
  const byDefault = near ?? (folder && vscode.Uri.joinPath(folder, `vectors.${extension}`));
  return await vscode.window.showSaveDialog({
    ...(byDefault && { defaultUri: byDefault }),
    filters: { [extension.toUpperCase()]: [extension] },
  });
}

async function embedAll({ engine }: Services, lines: readonly string[], name: string): Promise<LineVector[]> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Embedding lines of {0}', name),
    cancellable: true,
  };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const rows: LineVector[] = [];
    for (let start = 0; start < lines.length; start += SLICE) {
      const texts = lines.slice(start, start + SLICE);
      const { vectors, parts, refused } = await engine.request('embed', { texts }, abort.signal);
      texts.forEach((text, i) => {
        const why = refused[i];
        const [vector, split] = [vectors[i], parts[i]];
        rows.push({
          index: start + i,
          text,
          ...(vector && { vector }),
          ...(split !== undefined && { parts: split }),
          ...(why && {
            error: why.code === 'no-text' ? vscode.l10n.t('blank') : problemMessage(vscode.l10n, why).text,
          }),
        });
      });
      const done = Math.min(lines.length, start + SLICE);
      progress.report({ message: `${done} / ${lines.length}`, increment: (100 * texts.length) / lines.length });
    }
    return rows;
  });
}

/** Which lines were split, and which have no vector. */
function report(rows: readonly LineVector[]): string {
  const numbers = (some: readonly LineVector[]): string =>
    some
      .slice(0, NAMED)
      .map(({ index }) => index + 1)
      .join(', ') + (some.length > NAMED ? ' …' : '');
  const done = rows.filter(({ vector }) => vector);
  const split = rows.filter(({ parts = 1 }) => parts > 1);
  const blank = rows.filter(({ text, vector }) => !vector && text.trim() === '');
  const refused = rows.filter(({ text, vector }) => !vector && text.trim() !== '');
  const sentences = [vscode.l10n.t('Lines embedded: {0}.', done.length)];
  if (split.length > 0) sentences.push(vscode.l10n.t('Too long, so embedded in parts: {0}.', numbers(split)));
  if (blank.length > 0) sentences.push(vscode.l10n.t('Blank: {0}.', numbers(blank)));
  if (refused.length > 0) {
    sentences.push(vscode.l10n.t('Refused: {0} ({1})', numbers(refused), refused[0]?.error ?? ''));
  }
  return sentences.join(' ');
}
