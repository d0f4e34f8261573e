// The rows of the list beside the map: groups with their points below, collapsed or not. Invariant: a row is a number, so that a list
// of 200,000 costs nothing but its groups.

export interface GroupRow {
  readonly group: number;
  readonly size: number;
  /** From 1, among the groups. */
  readonly position: number;
}

export interface PointRow {
  readonly point: number;
  readonly group: number;
  /** From 1, in its group. */
  readonly position: number;
  readonly setSize: number;
}

interface Span extends GroupRow {
  /** Where its points begin in what is listed, and its row among the rows. */
  readonly from: number;
  readonly row: number;
}

export class GroupRows {
  readonly total: number;
  readonly groups: number;
  private readonly spans: readonly Span[];

  /** `listed`: points, those of a group side by side. */
  constructor(
    private readonly listed: ArrayLike<number>,
    groupOf: (point: number) => number,
    private readonly isCollapsed: (group: number) => boolean,
  ) {
    const spans: Span[] = [];
    let row = 0;
    for (let from = 0; from < listed.length;) {
      const group = groupOf(listed[from] ?? 0);
      let to = from + 1;
      while (to < listed.length && groupOf(listed[to] ?? 0) === group) to++;
      spans.push({ group, size: to - from, position: spans.length + 1, from, row });
      row += 1 + (isCollapsed(group) ? 0 : to - from);
      from = to;
    }
    this.spans = spans;
    this.total = row;
    this.groups = spans.length;
  }

  at(row: number): GroupRow | PointRow | undefined {
    const span = this.spanAt(row);
    if (!span || row < 0 || row >= this.total) return undefined;
    if (row === span.row) return span;
    const position = row - span.row;
    return {
      point: this.listed[span.from + position - 1] ?? 0,
      group: span.group,
      position,
      setSize: span.size,
    };
  }

  /** The row of the group that a row belongs to. */
  groupRowOf(row: number): number {
    return this.spanAt(row)?.row ?? 0;
  }

  /** The points of a group. */
  pointsOf(group: number): readonly number[] {
    const span = this.spans.find((each) => each.group === group);
    return span ? Array.from({ length: span.size }, (_, i) => this.listed[span.from + i] ?? 0) : [];
  }

  /** The row of a point; of its group while that is collapsed. */
  rowOf(point: number, group: number): number | undefined {
    const span = this.spans.find((each) => each.group === group);
    if (!span || this.isCollapsed(group)) return span?.row;
    for (let i = 0; i < span.size; i++) if (this.listed[span.from + i] === point) return span.row + 1 + i;
    return undefined;
  }

  private spanAt(row: number): Span | undefined {
    return this.spans.findLast((span) => span.row <= row);
  }
}
