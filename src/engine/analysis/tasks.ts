// Stage 6, what runs in a thread. Invariant: pure functions of what can be cloned. Cost: their own.
import type { AnalysisStage } from '../model.ts';
import { countTerms, type TermCounts, type TermTask } from './labels/termCounts.ts';
import { layoutItems, type LaidOut, type LayoutTask } from './layout/itemLayout.ts';
import { makeStructure, type Structure, type StructureTask } from './structure.ts';

export interface Tasks {
  graph: { readonly input: StructureTask; readonly output: Structure };
  labels: { readonly input: TermTask; readonly output: TermCounts };
  layout: { readonly input: LayoutTask; readonly output: LaidOut };
}
/** Each is named as the stage that the user sees. */
export type TaskName = keyof Tasks & AnalysisStage;

type Run<K extends TaskName> = (input: Tasks[K]['input'], progress: (share: number) => void) => Tasks[K]['output'];

export const TASKS: { readonly [K in TaskName]: Run<K> } = {
  graph: makeStructure,
  labels: countTerms,
  layout: layoutItems,
};

/** Runs a task somewhere. Rejects with `cancelled`, and with what the task throws. */
export type RunTask = <K extends TaskName>(
  name: K,
  input: Tasks[K]['input'],
  signal: AbortSignal,
  progress: (share: number) => void,
) => Promise<Tasks[K]['output']>;
