// The indexed text of a place, for whoever shows more places than texts. Cost: a look at the document's rows.
import type { EngineRequests } from '../../protocol/engineApi.ts';
import type { Place } from '../model.ts';
import type { Session } from '../session.ts';

/** A range of several chunks gives the text of the first. */
export function snippetAt(
  { store: { table } }: Session,
  { path, startLine, endLine }: EngineRequests['snippetAt']['params'],
): Place | undefined {
  const inside = table.rowsOf(path).flatMap((row) => {
    const chunk = table.chunks[row];
    return chunk && chunk.startLine <= endLine && chunk.endLine >= startLine ? [chunk] : [];
  });
  const chunk = inside.find((each) => each.startLine === startLine && each.endLine === endLine) ?? inside[0];
  return chunk && placeOf(chunk);
}

/** Only places that are chunks as they are. Cost: one pass over the documents' rows, however many places they have. */
export function placesAt(
  { store: { table } }: Session,
  { places }: EngineRequests['placesAt']['params'],
): (Place | undefined)[] {
  const known = new Map<string, Map<string, Place>>();
  return places.map(({ path, startLine, endLine }) => {
    let inDocument = known.get(path);
    if (!inDocument) {
      inDocument = new Map();
      known.set(path, inDocument);
      for (const row of table.rowsOf(path)) {
        const chunk = table.chunks[row];
        if (!chunk) continue;
        const key = `${chunk.startLine}-${chunk.endLine}`;
        if (!inDocument.has(key)) inDocument.set(key, placeOf(chunk));
      }
    }
    return inDocument.get(`${startLine}-${endLine}`);
  });
}

export function placeOf({ path, startLine, endLine, text, symbol }: Place): Place {
  return { path, startLine, endLine, text, ...(symbol !== undefined && { symbol }) };
}
