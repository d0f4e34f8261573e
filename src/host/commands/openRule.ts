import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CoverageEntry } from '../../engine/model.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';

/** Whether {@link openRule} finds something to open. */
export function hasRule({ reason, detail = '' }: CoverageEntry): boolean {
  if (reason === 'exclude-setting' || reason === 'not-included') return true;
  return (reason === 'gitignore' || reason === 'vectorscopeignore') && !detail.startsWith('core.excludesFile');
}

/** Opens what leaves a file out: the setting, or the ignore file at the rule's line. Throws `no-rule`. */
export async function openRule({ paths }: Services, entry: CoverageEntry): Promise<void> {
  const { reason, detail = '', path: documentPath } = entry;
  if (reason === 'exclude-setting' || reason === 'not-included') {
    const setting = reason === 'exclude-setting' ? 'vectorscope.exclude' : 'vectorscope.include';
    await vscode.commands.executeCommand('workbench.action.openSettings', setting);
    return;
  }
  const file = paths().fileOf(documentPath.replace(/\/$/, ''));
  const rule = hasRule(entry) && file !== undefined ? await findRule(file, detail) : undefined;
  if (!rule) throw new HostError('no-rule', { path: documentPath });
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(rule.file));
  const { range } = editor.document.lineAt(Math.min(rule.line, editor.document.lineCount - 1));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where `a/.gitignore: *.log` is written: the path is relative to the repository, which may lie around or inside the workspace. */
async function findRule(file: string, detail: string): Promise<{ file: string; line: number } | undefined> {
  const colon = detail.indexOf(': ');
  const [named, pattern] = [detail.slice(0, colon), detail.slice(colon + 2)];
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const line = await lineOf(path.join(folder, ...named.split('/')), pattern);
    if (line !== undefined) return { file: path.join(folder, ...named.split('/')), line };
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The last line that reads so counts; undefined without one. */
async function lineOf(file: string, pattern: string): Promise<number | undefined> {
  try {
    const lines = (await fs.readFile(file, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/);
    const line = lines.lastIndexOf(pattern);
    return line < 0 ? undefined : line;
  } catch {
    return undefined;
  }
}
