// What can be done with a place of an answer, once for keys, buttons and menu.
import type { Place } from '../../engine/model.ts';
import { placeOf } from '../hitKeys.ts';
import { KEY_HINTS, type RowCommand } from '../keys.ts';
import type { MenuItem } from '../menu.ts';
import type { ViewContext } from '../viewContext.ts';

export interface RowAction extends MenuItem {
  /** A key of the table in keys.ts runs it; others are of the menu alone. */
  readonly command: string;
  /** Also a button of the row. */
  readonly inline?: boolean;
}

type PlaceCommand = Extract<RowCommand, 'open' | 'side' | 'moreLikeThis' | 'copyLink'>;
const PLACE_ACTIONS = [
  { command: 'open', icon: 'go-to-file', label: 'row.open' },
  { command: 'side', icon: 'split-horizontal', label: 'row.openSide', inline: true },
  { command: 'moreLikeThis', icon: 'references', label: 'row.moreLikeThis', inline: true },
  { command: 'copyLink', icon: 'link', label: 'row.copyLink' },
] as const satisfies readonly { command: PlaceCommand; icon: string; label: string; inline?: boolean }[];

/** Open, open to the side, more like this, copy link; `own` come between the two openings and the rest. */
export function placeActions(
  context: ViewContext,
  full: Omit<Place, 'text'>,
  own: readonly RowAction[] = [],
): readonly RowAction[] {
  const place = placeOf(full);
  const run = (command: PlaceCommand): void => {
    if (command === 'open' || command === 'side') context.request('open', { place, mode: command });
    else context.request(command, { place });
  };
  const [open, side, ...rest] = PLACE_ACTIONS.map((action): RowAction => ({
    ...action,
    label: context.words.t(action.label),
    hint: KEY_HINTS[action.command],
    run: () => run(action.command),
  }));
  return [...(open ? [open] : []), ...(side ? [side] : []), ...own, ...rest];
}
