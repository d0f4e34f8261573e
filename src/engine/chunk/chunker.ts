// Stage 2, contract: a document's text -> chunks. Invariant: every non-blank character of the text is in exactly one chunk
// or in a dropped range with a named rule; chunks are in order of `start`. Cost: one parse a document.
import type { Chunk, SourceDocument } from '../model.ts';

/** Raise it when the same text would be cut differently: it is part of the space, so old vectors are not mixed with new. */
export const CHUNKER_VERSION = 2;

/** Models truncate at 256 tokens, two of which are [CLS] and [SEP]; smaller chunks also measure better. */
export const MAX_CHUNK_TOKENS = 250;

/** Text that is in no chunk on purpose. */
export interface DroppedRange {
  readonly start: number;
  readonly end: number;
  /** e.g. `notebook-output`, `html-script`, `base64-data`, `blank-row` */
  readonly rule: string;
}

export interface ChunkedDocument {
  readonly chunks: readonly Chunk[];
  readonly dropped: readonly DroppedRange[];
}

/** Counts tokens of a text without special tokens. Additive over lines for WordPiece models. */
export type TokenCounter = (text: string) => number;

/** Made by `createChunker` in createChunker.ts. */
export interface Chunker {
  /** Never throws for odd text: what can't be parsed is cut into line windows. Throws `internal` when a grammar file is missing. */
  chunk(document: SourceDocument): Promise<ChunkedDocument>;
}
