import * as vscode from 'vscode';
import { EngineError } from '../../engine/errors.ts';
import type { CoverageAct } from '../../protocol/viewApi.ts';
import type { Services } from '../services.ts';
import { embedPaths } from './embedPaths.ts';
import { openRule } from './openRule.ts';

/** What a row of the Coverage tab offers; a path that ends in '/' is a folder. */
export async function actOnFile(services: Services, path: string, act: CoverageAct): Promise<void> {
  switch (act) {
    case 'open':
    case 'side':
      return show(services, path, act === 'side');
    case 'embed':
      return embedPaths(services, [path], true);
    case 'rule':
      return openRule(services, await services.engine.request('whyNot', { path }));
    case 'copyPath':
      await vscode.env.clipboard.writeText(path);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', path), 3_000);
  }
}

/** VS Code's own way of opening, since the file may be an image or no text at all. */
async function show({ paths }: Services, path: string, beside: boolean): Promise<void> {
  const isFolder = path.endsWith('/');
  const file = paths().fileOf(isFolder ? path.slice(0, -1) : path);
  if (file === undefined) throw new EngineError('file-not-found', { path });
  const uri = vscode.Uri.file(file);
  if (isFolder) await vscode.commands.executeCommand('revealInExplorer', uri);
  else await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active }); // prettier-ignore
}
