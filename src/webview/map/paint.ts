// Which dot has which colour, and which are dimmed: worked out when that changes, so that a frame only draws. Cost: one pass over the
// points.
import type { Grouping } from './groups.ts';
import { DIMMED, type Paint } from './raster.ts';
import type { MapPoints } from './points.ts';
import { colourCode, type MapTheme } from './theme.ts';

/** The colour of a group as a style sheet writes it. */
export function colourOf({ way, groups }: Grouping, group: number, theme: MapTheme): string {
  const hue = groups[group]?.hue;
  if (hue === undefined) return theme.none;
  return (way === 'outlier' ? theme.scale[hue] : theme.hues[hue]) ?? theme.none;
}

/** `isLit`: undefined, or which groups are looked at; `selected`: undefined, or which points are. */
export function paintOf(
  { grid: { order } }: MapPoints,
  grouping: Grouping,
  theme: MapTheme,
  isLit: ((group: number) => boolean) | undefined,
  selected: ReadonlySet<number> | undefined,
): Paint {
  const { groups, groupOf } = grouping;
  const colours = Uint32Array.from(groups, (_, group) => colourCode(colourOf(grouping, group, theme)));
  const inks = Uint16Array.from(groups, (_, group) => (isLit && !isLit(group) ? DIMMED : group));
  const inkOf = new Uint16Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const point = order[i] ?? 0;
    inkOf[i] = selected && !selected.has(point) ? DIMMED : (inks[groupOf[point] ?? 0] ?? 0);
  }
  return {
    inkOf,
    colours,
    dimmed: colourCode(theme.dimmed),
    hasDimmed: isLit !== undefined || selected !== undefined,
  };
}
