// Stage 2, last step: drafts -> chunks with exact ranges, line numbers and hashes. Invariant: every non-blank atom is in one
// chunk or one dropped range, and every chunk fits with its context. Cost: a hash a chunk.
import { createHash } from 'node:crypto';
import { embeddedText, type Chunk } from '../model.ts';
import { isBlank, tokensOf } from './atoms.ts';
import type { ChunkedDocument, DroppedRange } from './chunker.ts';
import { cutRange } from './cutRange.ts';
import { clipContext, tokensLeft, type AtomRange, type Draft, type Page, type TextRange } from './drafts.ts';
import { proseStrength } from './prose/proseStrength.ts';

/** Makes the chunks of a page whose drafts ascend and begin at atom 0. */
export function finishChunks(page: Page, drafts: readonly Draft[]): ChunkedDocument {
  const chunks: Chunk[] = [];
  const dropped: DroppedRange[] = [];
  drafts.forEach((draft, i) => {
    const range = { from: draft.from, to: drafts[i + 1]?.from ?? page.atoms.count };
    if (draft.dropRule !== undefined) dropRange(page, range, draft.dropRule, dropped);
    else for (const part of withoutDropped(page, range, dropped)) pushChunks(page, draft, part, chunks);
  });
  return { chunks, dropped };
}

function pushChunks(page: Page, draft: Draft, range: AtomRange, chunks: Chunk[]): void {
  const context = draft.context === undefined ? undefined : clipContext(page, draft.context);
  const restContext = draft.restContext === undefined ? context : clipContext(page, draft.restContext);
  const strengthOf = draft.strengthOf ?? proseStrength(page.atoms);
  const parts = cutRange(page.atoms, range, tokensLeft(page, restContext), strengthOf, tokensLeft(page, context));
  parts.forEach((part, i) => {
    const chunk = chunkOf(page, part, draft, i === 0 ? context : restContext);
    if (chunk !== undefined) chunks.push(chunk);
  });
}

function chunkOf(page: Page, range: AtomRange, draft: Draft, context: string | undefined): Chunk | undefined {
  const { atoms } = page;
  const inked = trimBlank(page, range);
  if (inked === undefined) return undefined;
  const start = atoms.starts[inked.from] ?? 0;
  const end = atoms.ends[inked.to - 1] ?? start;
  const text = atoms.text.slice(start, end);
  const reads = readPart(atoms.text, start, end, draft.unread ?? []);
  const read = { text, ...(reads !== text && { reads }), ...(context !== undefined && { context }) };
  return {
    start,
    end,
    startLine: atoms.lines[inked.from] ?? 1,
    endLine: atoms.lines[inked.to - 1] ?? 1,
    ...read,
    kind: draft.kind,
    ...(draft.symbol === undefined || draft.symbol === '' ? {} : { symbol: draft.symbol }),
    hash: hashOf(embeddedText(read)),
  };
}

/** What is left of [start, end) without the unread ranges; all of it when nothing would be left. */
function readPart(text: string, start: number, end: number, unread: readonly TextRange[]): string {
  let read = '';
  let at = start;
  for (const range of unread) {
    if (range.end <= at || range.start >= end) continue;
    read += text.slice(at, Math.max(at, range.start));
    at = range.end;
  }
  if (at < end) read += text.slice(at, end);
  return read.trim() === '' ? text.slice(start, end) : read.trim();
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The range without the atoms that go into no chunk, which are noted in `dropped`. */
function withoutDropped(page: Page, range: AtomRange, dropped: DroppedRange[]): AtomRange[] {
  if (page.atoms.dropped.size === 0) return [range];
  const parts: AtomRange[] = [];
  let from = range.from;
  for (let atom = range.from; atom < range.to; atom++) {
    const rule = page.atoms.dropped.get(atom);
    if (rule === undefined) continue;
    if (from < atom) parts.push({ from, to: atom });
    from = atom + 1;
    while (from < range.to && page.atoms.dropped.get(from) === rule) from++;
    dropRange(page, { from: atom, to: from }, rule, dropped);
    atom = from - 1;
  }
  return from < range.to ? [...parts, { from, to: range.to }] : parts;
}

function dropRange(page: Page, range: AtomRange, rule: string, dropped: DroppedRange[]): void {
  const inked = trimBlank(page, range);
  if (inked === undefined) return;
  dropped.push({ start: page.atoms.starts[inked.from] ?? 0, end: page.atoms.ends[inked.to - 1] ?? 0, rule });
}

function trimBlank(page: Page, range: AtomRange): AtomRange | undefined {
  let { from, to } = range;
  while (from < to && isBlank(page.atoms, from)) from++;
  while (to > from && isBlank(page.atoms, to - 1)) to--;
  return from < to ? { from, to } : undefined;
}

/** Whether a draft over this range would be one chunk. */
export function fits(page: Page, range: AtomRange, context: string | undefined): boolean {
  return tokensOf(page.atoms, range.from, range.to) <= tokensLeft(page, context);
}
