import * as vscode from 'vscode';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireEditor } from '../textPieces.ts';
import { requireFolder } from '../world.ts';
import { embedPaths } from './embedPaths.ts';

/**
 * Embeds the files and folders selected in the explorer, or the active editor's file. Rules don't hold for files that the
 * user names, but those that may hold secrets are embedded only when he insists.
 */
export async function embedFiles(services: Services, clicked?: unknown, selected?: unknown): Promise<void> {
  requireFolder(services.world());
  const many = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  const uris = many.length > 0 ? many : [clicked instanceof vscode.Uri ? clicked : requireEditor().document.uri];
  const paths = uris.map((uri) => pathOf(services, uri));
  await embedPaths(services, paths, false);
}

function pathOf({ paths }: Services, uri: vscode.Uri): string {
  const shown = vscode.workspace.asRelativePath(uri);
  if (uri.scheme === 'untitled') throw new HostError('not-saved', { path: shown });
  const path = uri.scheme === 'file' ? paths().pathOf(uri.fsPath) : undefined;
  if (path === undefined) throw new HostError('outside-workspace', { path: shown });
  return path;
}
