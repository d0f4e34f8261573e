// Stage 6, long computations beside the engine, so that searches go on. Invariant: a thread does one task and ends with it; stopping ends
// it at once, whatever it does. Cost: 30 ms to start one; vectors and texts are handed over, all else is copied.
import { Worker } from 'node:worker_threads';
import { EngineError, toEngineError } from '../errors.ts';
import { HANDED_OVER, type RunTask } from './tasks.ts';

type Told = { readonly share: number } | { readonly output: never };

/** `entry`: absolute path of the thread's script. */
export function threadRunner(entry: string): RunTask {
  return (name, input, signal, progress) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new EngineError('cancelled'));
        return;
      }
      const transferList = HANDED_OVER[name](input).flatMap(({ buffer }) =>
        buffer instanceof ArrayBuffer ? [buffer] : [],
      );
      const worker = new Worker(entry, { workerData: { name, input }, transferList });
      const stop = (): void => finish(() => reject(new EngineError('cancelled')));
      const finish = (settle: () => void): void => {
        signal.removeEventListener('abort', stop);
        worker.removeAllListeners();
        worker.on('error', () => undefined); // of a thread that is being ended
        void worker.terminate();
        settle();
      };
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (told: Told) => {
        if ('share' in told) progress(told.share);
        else finish(() => resolve(told.output));
      });
      worker.on('error', (error) => finish(() => reject(toEngineError(error))));
      worker.on('exit', (code) => {
        finish(() => reject(new EngineError('internal', { reason: `the analysis ended with ${code}` })));
      });
    });
}
