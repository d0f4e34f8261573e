// Stage 6, the answers about a whole index: one graph a unit, made when it is first needed and again when the index has changed.
// Cost: the graph's; see neighbourGraph.ts.
import type { AnalysisUnit, VectorTable } from '../model.ts';
import { exactGraph, type NeighbourGraph } from './graph/neighbourGraph.ts';
import { itemsOf, vectorsOf, type AnalysisItems } from './items.ts';

/** Neighbours of an item. */
export const GRAPH_K = 15;

export interface Analysed {
  readonly items: AnalysisItems;
  readonly graph: NeighbourGraph;
}

export class Analyst {
  private readonly known = new Map<AnalysisUnit, Analysed>();

  constructor(private readonly store: { readonly table: VectorTable }) {}

  /** The graph of the index as it is now. Rows of `items` may move afterwards: hold no row number across an await. */
  async graph(of: AnalysisUnit, signal?: AbortSignal): Promise<Analysed> {
    const { table } = this.store;
    const known = this.known.get(of);
    if (known?.items.revision === table.revision) return known;
    await Promise.resolve(signal);
    const items = itemsOf(table, of);
    const analysed = { items, graph: exactGraph(vectorsOf(table, items), table.dimension, GRAPH_K) };
    this.known.set(of, analysed);
    return analysed;
  }
}
