// Tasks of an analysis without a thread.
import { TASKS, type RunTask } from '../../src/engine/analysis/tasks.ts';
import { EngineError } from '../../src/engine/errors.ts';

export const runHere: RunTask = async (name, input, signal, progress) => {
  await Promise.resolve();
  if (signal.aborted) throw new EngineError('cancelled');
  return TASKS[name](input, progress);
};
