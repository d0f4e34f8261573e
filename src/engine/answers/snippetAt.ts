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

export function placeOf({ path, startLine, endLine, text, symbol }: Place): Place {
  return { path, startLine, endLine, text, ...(symbol !== undefined && { symbol }) };
}
