// What can be done with a hit, once for keys, buttons and menu.
import type { Hit } from '../engine/model.ts';
import { placeOf } from './hitKeys.ts';
import { KEY_HINTS, type RowCommand } from './keys.ts';
import type { MenuItem } from './menu.ts';
import type { ViewContext } from './viewContext.ts';

/** Shown in this order; the first ones also as buttons of the row. */
export const ROW_ACTIONS = [
  { command: 'open', icon: 'go-to-file', label: 'row.open' },
  { command: 'side', icon: 'split-horizontal', label: 'row.openSide' },
  { command: 'compare', icon: 'diff', label: 'row.compare' },
  { command: 'moreLikeThis', icon: 'references', label: 'row.moreLikeThis' },
  { command: 'copyLink', icon: 'link', label: 'row.copyLink' },
  { command: 'expand', icon: 'unfold', label: 'row.expand' },
  { command: 'collapse', icon: 'fold', label: 'row.collapse' },
  { command: 'hide', icon: 'eye-closed', label: 'row.hide' },
] as const satisfies readonly { command: RowCommand; icon: string; label: string }[];

/** Those that a row shows as buttons when the pointer or the focus is on it; the rest is in its menu. */
export const INLINE_ACTIONS: ReadonlySet<RowCommand> = new Set(['side', 'compare', 'moreLikeThis', 'hide']);

/** Does it. Expanding is the list's own. */
export function runRowCommand(context: ViewContext, hit: Hit, command: RowCommand): void {
  const place = placeOf(hit);
  switch (command) {
    case 'open':
    case 'side':
      context.request('open', { place, mode: command });
      return;
    case 'compare':
    case 'copyLink':
    case 'moreLikeThis':
    case 'hide':
      context.request(command, { place });
      return;
    case 'expand':
    case 'collapse':
      return;
  }
}

/** The row's menu: everything, with the keys. */
export function rowMenuItems(
  context: ViewContext,
  expanded: boolean,
  run: (command: RowCommand) => void,
): readonly MenuItem[] {
  return ROW_ACTIONS.filter(({ command }) => command !== (expanded ? 'expand' : 'collapse')).map((action) => ({
    label: context.words.t(action.label),
    icon: action.icon,
    hint: KEY_HINTS[action.command],
    separated: action.command === 'compare' || action.command === 'expand' || action.command === 'collapse',
    run: () => run(action.command),
  }));
}
