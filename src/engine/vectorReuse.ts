// Nothing is embedded twice: finds the vector of a text by its hash, in the space's own index, in one that another workspace has of
// it or, part by part, in the index of the space that a part spans alone (the bilingual space takes its English half from MiniLM's).
import type { EmbeddingPart } from './embed/embedder.ts';
import type { VectorStore } from './store/store.ts';

export interface VectorReuse {
  /** The unit vector of part `part` for the text with this hash (a view: copy it before the next await), or undefined. */
  find(part: number, textHash: string): Float32Array | undefined;
  /** The sparse vector of that text, as it is stored. */
  findSparse(textHash: string): string | undefined;
}

/** An index that holds vectors of a part, starting at `offset` of its rows. */
export interface PartSource {
  readonly part: number;
  readonly store: Pick<VectorStore, 'findVector'> & Partial<Pick<VectorStore, 'findSparse'>>;
  readonly offset: number;
}

export function createVectorReuse(
  own: VectorStore,
  parts: readonly EmbeddingPart[],
  others: readonly PartSource[],
): VectorReuse {
  const slice = (row: Float32Array | undefined, offset: number, part: EmbeddingPart): Float32Array | undefined =>
    row?.subarray(offset, offset + part.space.dimension);
  return {
    findSparse(textHash) {
      for (const store of [own, ...others.map((other) => other.store)]) {
        const found = store.findSparse?.(textHash);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    find(index, textHash) {
      const part = parts[index];
      if (part === undefined) return undefined;
      const mine = slice(own.findVector(textHash), part.offset, part);
      if (mine) return mine;
      for (const other of others) {
        if (other.part !== index) continue;
        const found = slice(other.store.findVector(textHash), other.offset, part);
        if (found) return found;
      }
      return undefined;
    },
  };
}
