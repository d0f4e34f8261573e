// Finds points by place: the plane -1...1 cut into square cells, points sorted by cell. Invariant: every point is in one cell, those
// of a row of cells lie side by side in `order`. Cost: two passes over the points to make (5 ms for 200,000, which is why this is no
// library's tree); then what the cells asked for hold.

/** About as many points in a cell, where they lie evenly. */
const POINTS_A_CELL = 4;
const MOST_CELLS = 256;

/** `Float32Array.from` with a function takes ten times as long. */
function taken(values: Float32Array, order: Uint32Array): Float32Array {
  const ordered = new Float32Array(order.length);
  for (let i = 0; i < order.length; i++) ordered[i] = values[order[i] ?? 0] ?? 0;
  return ordered;
}

export class Grid {
  /** Indices of points, row of cells by row of cells. */
  readonly order: Uint32Array;
  /** The places in that order: whoever goes through many reads memory from front to back. */
  readonly orderedX: Float32Array;
  readonly orderedY: Float32Array;
  private readonly cells: number;
  private readonly starts: Uint32Array;

  constructor(x: Float32Array, y: Float32Array) {
    const { length } = x;
    this.cells = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(length / POINTS_A_CELL))));
    const cellOf = new Uint32Array(length);
    const starts = new Uint32Array(this.cells * this.cells + 1);
    for (let i = 0; i < length; i++) {
      const cell = this.cellAt(y[i] ?? 0) * this.cells + this.cellAt(x[i] ?? 0);
      cellOf[i] = cell;
      starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
    }
    for (let cell = 1; cell < starts.length; cell++) starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
    this.starts = starts;
    this.order = new Uint32Array(length);
    const next = starts.slice();
    for (let i = 0; i < length; i++) {
      const cell = cellOf[i] ?? 0;
      const at = next[cell] ?? 0;
      this.order[at] = i;
      next[cell] = at + 1;
    }
    this.orderedX = taken(x, this.order);
    this.orderedY = taken(y, this.order);
  }

  /** Runs `from` to `to` (not included) of `order` whose cells touch a rectangle. Some points in them may lie outside of it. */
  runs(left: number, top: number, right: number, bottom: number, visit: (from: number, to: number) => void): void {
    const [first, last] = [this.cellAt(left), this.cellAt(right)];
    for (let row = this.cellAt(top); row <= this.cellAt(bottom); row++) {
      const from = this.starts[row * this.cells + first] ?? 0;
      const to = this.starts[row * this.cells + last + 1] ?? 0;
      if (to > from) visit(from, to);
    }
  }

  /** The points inside a rectangle for which `accepts` holds. */
  inside(
    left: number,
    top: number,
    right: number,
    bottom: number,
    accepts?: (x: number, y: number) => boolean,
  ): readonly number[] {
    const found: number[] = [];
    this.runs(left, top, right, bottom, (from, to) => {
      for (let i = from; i < to; i++) {
        const [px, py] = [this.orderedX[i] ?? 0, this.orderedY[i] ?? 0];
        if (px < left || px > right || py < top || py > bottom) continue;
        if (!accepts || accepts(px, py)) found.push(this.order[i] ?? 0);
      }
    });
    return found;
  }

  /** The point nearest to a place, at most `radius` away; of several at one place the one that `preferred` says, else the first. */
  nearest(x: number, y: number, radius: number, preferred?: (point: number) => boolean): number | undefined {
    let best: number | undefined;
    let bestSquare = radius * radius;
    this.runs(x - radius, y - radius, x + radius, y + radius, (from, to) => {
      for (let i = from; i < to; i++) {
        const square = ((this.orderedX[i] ?? 0) - x) ** 2 + ((this.orderedY[i] ?? 0) - y) ** 2;
        if (square > bestSquare) continue;
        const point = this.order[i] ?? 0;
        if (square === bestSquare && best !== undefined && !preferred?.(point)) continue;
        best = point;
        bestSquare = square;
      }
    });
    return best;
  }

  private cellAt(coordinate: number): number {
    return Math.max(0, Math.min(this.cells - 1, Math.floor(((coordinate + 1) / 2) * this.cells)));
  }
}
