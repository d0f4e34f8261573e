import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';
import { embedWorkspace } from './embedWorkspace.ts';

/** Shows what would be sent and brings the index up to date when the user agrees. */
export async function reviewSending(services: Services): Promise<void> {
  const { sending, index, world, similar, search } = services;
  requireTrust(world());
  if (!sending.endpoint) throw new HostError('nothing-sent');
  if (!world().optedIn) {
    await embedWorkspace(services);
    return;
  }
  const { workspace, paths } = index.scope;
  await sending.review({ run: workspace ? {} : { paths, asked: 'named' } });
  await Promise.all([index.goOn(), similar.refresh(), search.refresh()]);
}
