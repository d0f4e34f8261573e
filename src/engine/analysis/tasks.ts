// Stage 6, what runs in a thread. Invariant: pure functions of what can be cloned. Cost: their own.
import type { AnalysisStage } from '../model.ts';
import { duplicateGroups, type DuplicateTask, type FoundGroup } from './duplicates/duplicateGroups.ts';
import { countTerms, type TermCounts, type TermTask } from './labels/termCounts.ts';
import { layoutItems, type LaidOut, type LayoutTask } from './layout/itemLayout.ts';
import { rankOutliers, type OutlierTask, type RankedOutliers } from './outliers/rankOutliers.ts';
import { makeStructure, type Structure, type StructureTask } from './structure.ts';

export interface Tasks {
  graph: { readonly input: StructureTask; readonly output: Structure };
  labels: { readonly input: TermTask; readonly output: TermCounts };
  layout: { readonly input: LayoutTask; readonly output: LaidOut };
  duplicates: { readonly input: DuplicateTask; readonly output: readonly FoundGroup[] };
  outliers: { readonly input: OutlierTask; readonly output: RankedOutliers };
}
/** Each is named as the stage that the user sees. */
export type TaskName = keyof Tasks & AnalysisStage;

type Run<K extends TaskName> = (input: Tasks[K]['input'], progress: (share: number) => void) => Tasks[K]['output'];

export const TASKS: { readonly [K in TaskName]: Run<K> } = {
  graph: makeStructure,
  labels: countTerms,
  layout: layoutItems,
  duplicates: duplicateGroups,
  outliers: rankOutliers,
};

/** Large buffers of an input, which go over to a thread without a copy: whoever makes the input keeps none of them. */
export const HANDED_OVER: { readonly [K in TaskName]: (input: Tasks[K]['input']) => readonly ArrayBufferView[] } = {
  graph: ({ integers }) => [integers],
  labels: () => [],
  layout: ({ vectors }) => (vectors ? [vectors.values] : []),
  duplicates: ({ chunks, integers }) => [chunks.utf8, integers],
  outliers: ({ chunks }) => [chunks.utf8],
};

/** Runs a task somewhere. Rejects with `cancelled`, and with what the task throws. */
export type RunTask = <K extends TaskName>(
  name: K,
  input: Tasks[K]['input'],
  signal: AbortSignal,
  progress: (share: number) => void,
) => Promise<Tasks[K]['output']>;
