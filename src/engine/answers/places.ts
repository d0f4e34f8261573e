// From the chunks of an item of an analysis to places that a user can open. Cost: a look at them.
import type { AnalysisUnit, Place, StoredChunk } from '../model.ts';
import { placeOf } from './snippetAt.ts';

/** All places of a text; the one of a document, from its first line to its last, with the text of its first chunk. */
export function placesOf(of: AnalysisUnit, chunks: readonly StoredChunk[]): Place[] {
  if (of === 'chunks') return chunks.map(placeOf);
  const [first] = chunks;
  if (!first) return [];
  const { path, startLine, text } = first;
  return [{ path, startLine, endLine: chunks.reduce((last, { endLine }) => Math.max(last, endLine), 1), text }];
}
