// The thread's end of runInThread.ts: one task, then it is over. Its own entry (dist/analysis.js).
import { parentPort, workerData } from 'node:worker_threads';
import { TASKS, type TaskName } from './tasks.ts';

const TELL_MS = 100;

interface Given {
  readonly name: TaskName;
  readonly input: never;
}

function main({ name, input }: Given): void {
  let toldAt = 0;
  const output = TASKS[name](input, (share) => {
    const now = performance.now();
    if (now - toldAt < TELL_MS) return;
    toldAt = now;
    parentPort?.postMessage({ share });
  });
  parentPort?.postMessage({ output }, buffersIn(output));
}

/** They go over without a copy. */
function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) buffersIn(inner, found);
  }
  return [...found];
}

main(workerData as Given);
