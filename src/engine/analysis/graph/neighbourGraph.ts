// Stage 6, the graph that all answers about the whole index share. Invariant: an item is none of its own neighbours; neighbours come
// nearest first, equal ones in the items' order. Cost: k x 8 bytes an item.

/** The k nearest neighbours of each item. */
export interface NeighbourGraph {
  readonly count: number;
  readonly k: number;
  /** count x k; -1 where there are fewer than k others. */
  readonly neighbours: Int32Array;
  /** count x k, cosines; 0 beside a -1. */
  readonly similarities: Float32Array;
}
