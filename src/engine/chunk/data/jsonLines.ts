// Stage 2, JSONL: one line, one chunk. A line that is no JSON is a chunk all the same. Cost: one JSON.parse a line.
import { isBlank, startsLine } from '../atoms.ts';
import type { Draft, Page } from '../drafts.ts';
import { nameOfRecord } from './rowName.ts';

export function draftJsonLines(page: Page): Draft[] {
  const { atoms } = page;
  const drafts: Draft[] = [];
  for (let from = 0; from < atoms.count;) {
    let to = from + 1;
    while (to < atoms.count && !startsLine(atoms, to)) to++;
    if (!isBlank(atoms, from) || drafts.length === 0) {
      drafts.push({ from, kind: 'row', symbol: recordName(atoms.text.slice(atoms.starts[from], atoms.ends[to - 1])) });
    }
    from = to;
  }
  return drafts;
}

function recordName(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? nameOfRecord(record) : undefined;
  } catch {
    return undefined; // no JSON: a row without a name
  }
}
