// Stage 6, long loops of the engine's own thread: a search that comes meanwhile waits for one slice at most. Cost: a look at the clock
// every few steps.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '../errors.ts';

const SLICE_MS = 15;
const STEPS_A_LOOK = 32;

/** Calls `step` for 0 ... count - 1. Rows of a table may move between two steps. Throws `cancelled`. */
export async function inSlices(
  count: number,
  step: (i: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfAborted(signal);
  let began = performance.now();
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % STEPS_A_LOOK !== 0 || performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    throwIfAborted(signal);
    began = performance.now();
  }
}
