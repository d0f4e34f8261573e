// Stage 5, the best rows by any score. Invariant: the same rows in the same order, whatever the table's order. Cost: one pass.
import type { ChunkRows, StoredChunk } from '../model.ts';
import { pushTo, replaceWorst } from './heap.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface Found {
  readonly row: number;
  /** Dot product of query and row, or whatever the rows were scored by. */
  readonly similarity: number;
}

/** The `k` best rows, best first; ties by path, line and text. A score of -Infinity is never found. */
export function topRows({ count, chunks }: ChunkRows, scores: Float64Array | Float32Array, k: number): Found[] {
  const compare = byScore(chunks);
  const isWorse = (a: Found, b: Found) => compare(a, b) > 0;
  /** A heap whose first element is the worst of those kept. */
  const best: Found[] = [];
  for (let row = 0; row < count && k > 0; row++) {
    const similarity = scores[row]!;
    if (similarity === -Infinity) continue;
    const worst = best.length < k ? undefined : best[0];
    if (worst !== undefined && similarity < worst.similarity) continue;
    const found = { row, similarity };
    if (worst !== undefined && !isWorse(worst, found)) continue;
    if (worst === undefined) pushTo(best, found, isWorse);
    else replaceWorst(best, found, isWorse);
  }
  return best.sort(compare);
}

/** Best first; ties by path, line and text. */
export function byScore(chunks: readonly StoredChunk[]): (a: Found, b: Found) => number {
  return (a, b) => order(chunks, a, b);
}

function order(chunks: readonly StoredChunk[], a: Found, b: Found): number {
  if (a.similarity !== b.similarity) return b.similarity - a.similarity;
  const left = chunks[a.row]!;
  const right = chunks[b.row]!;
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  if (left.startLine !== right.startLine) return left.startLine - right.startLine;
  if (left.endLine !== right.endLine) return left.endLine - right.endLine;
  if (left.text !== right.text) return left.text < right.text ? -1 : 1;
  return a.row - b.row;
}
