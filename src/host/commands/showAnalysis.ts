// The commands that show a tab about the whole workspace.
import * as vscode from 'vscode';
import type { ViewTab } from '../../protocol/viewApi.ts';
import { openText, requireEditor } from '../textPieces.ts';
import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';

/** Tabs whose lists the page keeps. */
export function isAnalysisTab(tab: ViewTab): boolean {
  return tab === 'clusters' || tab === 'outliers' || tab === 'duplicates' || tab === 'map';
}

/** Shows what belongs together. */
export function showClusters(services: Services): Promise<void> {
  return show(services, 'clusters');
}

/** Shows what stands apart. */
export function showOutliers(services: Services): Promise<void> {
  return show(services, 'outliers');
}

/** Shows what is there more than once. */
export function showDuplicates(services: Services): Promise<void> {
  return show(services, 'duplicates');
}

/** Shows what of a file is elsewhere too: of the one clicked in the explorer, else of the active editor's. */
export async function findDuplicatesOfFile(services: Services, clicked?: unknown): Promise<void> {
  requireFolder(services.world());
  if (clicked instanceof vscode.Uri)
    await vscode.window.showTextDocument(await openText(clicked), { preserveFocus: true });
  else requireEditor();
  services.stepping(true);
  await services.sidebar().reveal('duplicates', true, { thisFile: true });
}

async function show({ sidebar, world, stepping }: Services, tab: ViewTab): Promise<void> {
  requireFolder(world());
  stepping(true);
  await sidebar().reveal(tab, true);
}
