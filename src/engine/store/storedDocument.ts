// Stage 4, a document as the store takes it in. Invariant: what memory holds is what the disk gives back after a restart: only
// the kept fields, and text that UTF-8 can hold. Cost: one look at each text.
import type { Chunk, DocumentRecord, StoredChunk } from '../model.ts';

/** A document with all that is stored of it; `vectors` is chunks.length x dimension. */
export interface StoredDocument {
  readonly document: DocumentRecord;
  readonly chunks: readonly StoredChunk[];
  readonly vectors: Float32Array;
}

/** A kept snippet whose vectors were lost: its text is nowhere else. */
export type SalvagedSnippet = Omit<StoredDocument, 'vectors'>;

export function toStored(
  document: DocumentRecord,
  chunks: readonly (StoredChunk | Chunk)[],
  vectors: Float32Array,
): StoredDocument {
  const { path } = document;
  const kept = chunks.map(({ startLine, endLine, text, kind, symbol, context, hash, ...more }) => ({
    path,
    startLine,
    endLine,
    text: wellFormed(text),
    kind,
    ...(symbol !== undefined && { symbol: wellFormed(symbol) }),
    ...(context !== undefined && { context: wellFormed(context) }),
    hash,
    ...('sparse' in more && { sparse: more.sparse }),
  }));
  return { document, chunks: kept, vectors };
}

/** Lone surrogates (broken UTF-16) become U+FFFD, as they do for the hash and for the model. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
