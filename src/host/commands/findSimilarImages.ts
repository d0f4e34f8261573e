import * as vscode from 'vscode';
import type { CoverageEntry } from '../../engine/model.ts';
import { HostError } from '../problems.ts';
import { coverageSentence } from '../reasonMessages.ts';
import type { Services } from '../services.ts';
import type { FollowTarget } from '../similarFollower.ts';
import { blockedBy } from '../world.ts';

/** Shows what resembles an image: the one clicked in the explorer, else the one in the active tab. */
export async function findSimilarImages(services: Services, clicked?: unknown): Promise<void> {
  const { similar, sidebar, paths, stepping, engine, world } = services;
  const uri = clicked instanceof vscode.Uri ? clicked : imageShown();
  const path = paths().pathOf(uri.fsPath);
  if (path === undefined) throw new HostError('outside-workspace', { path: uri.fsPath });
  // Before the workspace is embedded the view itself says what to do first.
  if (blockedBy(world()) === undefined)
    checkTaken(await engine.request('whyNot', { path }), world().status?.space?.model);
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show(imageTarget(path));
}

/** An image as what the Similar tab looks at. */
export function imageTarget(path: string): FollowTarget {
  return { kind: 'file', path, startLine: 1, endLine: 1, excerpt: '', example: { path }, checkRules: true };
}

function checkTaken(entry: CoverageEntry, model = ''): void {
  const { path, reason } = entry;
  if (reason === 'binary') throw new HostError('text-model', { model });
  if (reason === 'image-too-large' || reason === 'image-type' || reason === 'security') {
    throw new HostError('image-left-out', { path, reason: coverageSentence(vscode.l10n, entry) });
  }
}

function imageShown(): vscode.Uri {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom) return input.uri;
  throw new HostError('no-image');
}
