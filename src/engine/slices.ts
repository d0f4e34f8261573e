// Long loops of the engine's own thread: a search that comes meanwhile waits for one slice at most. Cost: a look at the clock
// every few steps.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from './errors.ts';

const SLICE_MS = 15;
const STEPS_A_LOOK = 32;

/** Calls `step` for 0 ... count - 1. Rows of a table may move between two steps. Throws `cancelled`. */
export async function inSlices(
  count: number,
  step: (i: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfAborted(signal);
  const breathe = breather(signal);
  for (let i = 0; i < count; i++) {
    if (i % STEPS_A_LOOK === 0) await breathe();
    step(i);
  }
}

/**
 * To be called now and then in a long loop: lets others have their turn when this one was long, and `tell` say how far it is. Throws
 * `cancelled`.
 */
export function breather(signal: AbortSignal | undefined, tell: () => void = () => undefined): () => Promise<void> {
  let began = performance.now();
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - began < SLICE_MS) return;
    tell();
    await nextTurn();
    throwIfAborted(signal);
    began = performance.now();
  };
}
