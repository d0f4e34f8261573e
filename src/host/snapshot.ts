// Everything the view shows, as one value. No `vscode` here. Invariant: revisions grow.
import type { KeptSnippetInfo } from '../protocol/engineApi.ts';
import type { ImageRoot, SearchView, SimilarView, ViewSnapshot } from '../protocol/viewApi.ts';
import type { ShownProblem } from './shownProblem.ts';
import { blockedBy, type World } from './world.ts';

export interface SnapshotParts {
  readonly world: World;
  readonly similar: SimilarView;
  readonly search: SearchView;
  readonly snippets: readonly KeptSnippetInfo[];
  readonly imageRoots?: readonly ImageRoot[] | undefined;
  readonly currentPath?: string | undefined;
  readonly changes?: readonly number[] | undefined;
  readonly canNameClusters?: boolean | undefined;
  readonly halted?: boolean | undefined;
  readonly notice?: string | undefined;
  readonly problem?: ShownProblem | undefined;
  /** The model of the setting, shown until a space is open. */
  readonly modelSetting: string;
  /** Host and port that texts go to. */
  readonly remoteHost?: string | undefined;
}

export function buildSnapshot(parts: SnapshotParts, revision: number): ViewSnapshot {
  const { world, similar, search, notice, problem, remoteHost, imageRoots, currentPath, changes = [] } = parts;
  const { status } = world;
  const blocked = blockedBy(world);
  return {
    revision,
    hasFolder: world.hasFolder,
    trusted: world.trusted,
    optedIn: world.optedIn,
    ...(world.imported && { imported: world.imported }),
    ...(status && { engine: status }),
    engineState: world.engineState,
    ...(parts.halted === true && { halted: true }),
    ...(notice !== undefined && { notice }),
    ...(problem && { problem: problem.text, ...(problem.action && { problemAction: problem.action }) }),
    similar: blocked && similar.hits.length === 0 ? { ...similar, busy: false, empty: blocked } : similar,
    search: blocked && search.hits.length === 0 ? { ...search, busy: false, empty: blocked } : search,
    snippets: parts.snippets,
    ...(imageRoots && { imageRoots }),
    ...(currentPath !== undefined && { currentPath }),
    ...(changes.length > 0 && { changes }),
    ...(parts.canNameClusters === true && { canNameClusters: true }),
    modelLabel: status?.space
      ? `${world.imported?.name ?? status.space.model} · ${status.space.dimension}`
      : parts.modelSetting,
    remote: remoteHost !== undefined,
    ...(remoteHost !== undefined && { remoteHost }),
  };
}
