import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';

/** Pauses the run under way; Resume goes on with it. */
export async function pauseIndexing({ index, world }: Services): Promise<void> {
  const phase = world().status?.phase;
  if (phase === 'paused') throw new HostError('already-paused');
  if (phase !== 'scanning' && phase !== 'embedding') throw new HostError('nothing-running');
  await index.pause();
}

/** Goes on with a paused run, or after Stop with what is left. */
export async function resumeIndexing({ index, world }: Services): Promise<void> {
  if (world().status?.phase === 'paused') await index.resume();
  else if (index.halted && world().optedIn) await index.goOn();
  else throw new HostError('not-paused');
}

/** Ends the run under way; what was embedded stays. */
export async function stopIndexing({ index, world }: Services): Promise<void> {
  const phase = world().status?.phase ?? 'idle';
  if (phase === 'idle') throw new HostError('nothing-running');
  await index.stop();
}
