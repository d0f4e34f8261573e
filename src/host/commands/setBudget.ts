import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

/** Changes how much may be spent from this workspace, and goes on with what the old budget stopped. */
export async function setBudget({ sending, index, world }: Services): Promise<void> {
  requireTrust(world());
  if (!sending.endpoint) throw new HostError('nothing-sent');
  if (await sending.changeBudget()) await index.catchUp();
}
