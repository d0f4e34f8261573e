// Stage 3, contract: texts -> unit vectors of one space. Invariant: the same text gives the same bits, whatever was embedded
// before, beside or in which process. Cost: the dominating one of the product (about 75 chunks a second and core for MiniLM).
import type { EmbeddingSpace } from '../model.ts';

/**
 * A slice of the space's vectors that one model makes. Most spaces have one part; the bilingual space has two side by side.
 * `space` is the space that the model spans on its own, so that vectors already stored there are reused.
 */
export interface EmbeddingPart {
  readonly space: EmbeddingSpace;
  readonly offset: number;
}

export interface EmbedProgress {
  /** Texts of this call done so far, and the tokens they took. */
  readonly done: number;
  readonly tokens: number;
}

export interface PartResult {
  /** texts.length x part dimension, each row of unit length. */
  readonly vectors: Float32Array;
  /** Tokens read by the model, after truncation. */
  readonly tokens: number;
}

/** Made by `createEmbedder` in createEmbedder.ts. */
export interface Embedder {
  readonly space: EmbeddingSpace;
  readonly parts: readonly EmbeddingPart[];
  /** Texts worth having in flight at once so that no worker idles. */
  readonly preferredInFlight: number;
  /** How the model is run, for the status line: `native` or `wasm` (about 7x slower). Undefined until first use. */
  readonly runtime: 'native' | 'wasm' | undefined;

  /**
   * Embeds texts as documents with one part's model. Throws `cancelled`, `weights-missing`, `weights-corrupt`,
   * `runtime-unavailable`, `bad-vector`; a child that dies is started again and its texts tried once more, then `child-died`.
   */
  embedPart(part: number, texts: readonly string[], signal?: AbortSignal): Promise<PartResult>;

  /** A text query as a vector whose dot product with a row is the similarity to show. Goes to the front of the queue. */
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;

  /** A stored row as a query by example (the space's query rule applied to the example's text). */
  exampleQuery(row: Float32Array, text: string): Float32Array;

  /** Tokens of a text without special tokens, by the first part's tokenizer. */
  countTokens(text: string): number;

  /** Ends the child processes. Pending calls reject with `cancelled`. */
  close(): Promise<void>;
}
