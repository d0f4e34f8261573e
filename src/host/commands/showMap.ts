import type { Services } from '../services.ts';
import { requireFolder } from '../world.ts';

/** Shows the map of the workspace in an editor tab. */
export function showMap({ mapPanel, world }: Services): void {
  requireFolder(world());
  mapPanel.show();
}
