// What the window allows at this moment, and what stands in the way of an answer. No `vscode` here.
import type { EngineStatus } from '../protocol/engineApi.ts';
import type { EmptyState, ImportedTable } from '../protocol/viewApi.ts';
import type { EngineState } from './engineProcess.ts';
import { HostError } from './problems.ts';

export interface World {
  /** A folder on a disk is open. */
  readonly hasFolder: boolean;
  /** Folders are open, but none on a disk. */
  readonly virtual: boolean;
  readonly trusted: boolean;
  /** The user had something of this workspace embedded. */
  readonly optedIn: boolean;
  /** The user kept a snippet, so there is something to compare with even without files. */
  readonly hasSnippets: boolean;
  /** The table whose ready vectors are looked at instead of the workspace. */
  readonly imported?: ImportedTable;
  readonly engineState: EngineState;
  readonly status?: EngineStatus | undefined;
}

/** Why nothing can be searched, or undefined when it can. */
export function blockedBy(world: World): EmptyState | undefined {
  if (!world.hasFolder && !world.hasSnippets) return 'no-folder';
  if (!world.trusted) return 'untrusted';
  if (world.engineState === 'down') return 'engine-down';
  if (!world.optedIn && !world.hasSnippets) return 'not-indexed';
  return undefined;
}

/** Whether text of editors may go to the engine: there is an index, and its model runs on this machine. */
export function mayFindUnsaved({ trusted, optedIn, imported, engineState, status }: World): boolean {
  return (
    trusted && optedIn && imported === undefined && engineState === 'running' && status !== undefined && !status.remote
  );
}

/** Why a search that could be made found nothing at all. `isEmpty`: the index surely holds nothing. */
export function emptyResult(world: World, isEmpty = false): EmptyState {
  const phase = world.status?.phase ?? 'idle';
  if (phase !== 'idle') return 'indexing';
  if (!world.hasFolder) return 'no-folder'; // with nothing but kept snippets
  return !isEmpty && world.optedIn && (world.status?.documents ?? 0) > 0 ? 'no-hits' : 'not-indexed';
}

/** Throws `no-folder`, `virtual-folder` or `untrusted` unless files of the workspace may be read. */
export function requireFolder(world: World): void {
  if (!world.hasFolder) throw new HostError(world.virtual ? 'virtual-folder' : 'no-folder');
  requireTrust(world);
}

/** Throws `vectors-imported` while a table is looked at: what concerns the workspace's index waits until the user goes back to it. */
export function requireWorkspace({ imported }: World): void {
  if (imported) throw new HostError('vectors-imported', { path: imported.name });
}

/** Throws `untrusted` in Restricted Mode. */
export function requireTrust(world: World): void {
  if (!world.trusted) throw new HostError('untrusted');
}
