import * as vscode from 'vscode';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { documentPath, requireEditor } from '../textPieces.ts';
import { requireFolder } from '../world.ts';
import { explainCoverage } from './embedPaths.ts';

/** Says how a file stands in the index, and what can be done about it: the one clicked in the explorer, else the active editor's. */
export async function whyNotIndexed(services: Services, clicked?: unknown): Promise<void> {
  const world = services.world();
  requireFolder(world);
  const uri = clicked instanceof vscode.Uri ? clicked : requireEditor().document.uri;
  const { path, inWorkspace } = documentPath(uri, services.paths());
  if (uri.scheme === 'untitled') throw new HostError('not-saved', { path: vscode.workspace.asRelativePath(uri) });
  if (!inWorkspace) throw new HostError('outside-workspace', { path: vscode.workspace.asRelativePath(uri) });
  const isFolder = ((await statOf(uri))?.type ?? 0) === vscode.FileType.Directory;
  const entry = await services.engine.request('whyNot', { path: isFolder ? `${path}/` : path });
  // Of a folder that no rule leaves out there is no more to say than how its files stand.
  if (isFolder && entry.state !== 'excluded') await services.sidebar().reveal('coverage', true, { files: `${path}/` });
  else explainCoverage(services, entry);
}

async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
}
