// Stage 6, a structure as a file beside the index, so that the next start only has to take in what has changed. See sectionFile.ts.
import type { Structure } from './structure.ts';
import { decodeSections, encodeSections } from './sectionFile.ts';

/** Raise it when the same index would give another structure. */
const VERSION = 0x5604;

export interface Known {
  readonly keys: readonly string[];
  readonly structure: Structure;
  /** Of the finest clusters. */
  readonly ids: readonly string[];
}

export function encodeStructure({ keys, ids, structure }: Known): Buffer[] {
  const { graph, tree, alone, sums, medoids, unusual } = structure;
  const numbers = Int32Array.of(graph.count, graph.k, tree.finest, tree.communities, tree.automatic);
  const texts = Buffer.from(JSON.stringify({ keys, ids }));
  const { neighbours, similarities } = graph;
  return encodeSections(VERSION, [numbers, neighbours, similarities, tree.finestOf, tree.merges, alone, sums, medoids, unusual.score, unusual.similarity, Float32Array.of(unusual.usual), texts]); // prettier-ignore
}

export function decodeStructure(bytes: Buffer): Known | undefined {
  const sections = decodeSections(VERSION, bytes);
  if (!sections) return undefined;
  const next = (): ArrayBuffer => sections.shift() ?? new ArrayBuffer();
  const [count = 0, k = 0, finest = 0, communities = 0, automatic = 0] = new Int32Array(next());
  const graph = { count, k, neighbours: new Int32Array(next()), similarities: new Float32Array(next()) };
  const tree = { finestOf: new Int32Array(next()), merges: new Int32Array(next()), finest, communities, automatic };
  const structure = {
    graph,
    tree,
    alone: new Uint8Array(next()),
    sums: new Float32Array(next()),
    medoids: new Int32Array(next()),
    unusual: {
      score: new Float32Array(next()),
      similarity: new Float32Array(next()),
      usual: new Float32Array(next())[0] ?? 0,
    },
  };
  const { keys, ids } = JSON.parse(Buffer.from(next()).toString()) as Pick<Known, 'keys' | 'ids'>;
  return { keys, ids, structure };
}
