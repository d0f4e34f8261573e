// Points that are selected, by hand or by key.

/** With a point, or without it where it was there. */
export function toggled(selected: ReadonlySet<number> | undefined, point: number): readonly number[] {
  return selected?.has(point) ? [...selected].filter((each) => each !== point) : [...(selected ?? []), point];
}
