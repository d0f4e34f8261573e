// Stage 2, Jupyter notebooks: one cell, one chunk. Here alone a chunk's text is not a slice of the file: it is the cell's
// source decoded from JSON, and its range is that of the JSON it came from. Invariant: what is in no cell's source is dropped
// by rule. Cost: one JSON parse besides the cells' own.
import type { Chunk } from '../../model.ts';
import type { ChunkedDocument, DroppedRange } from '../chunker.ts';
import { findLineStarts, indexAtOrBelow } from '../lineStarts.ts';
import { readMarkdownBlocks } from '../prose/markdown.ts';
import type { Heading } from '../prose/sections.ts';
import { readNotebook, type NotebookCell } from './notebookCells.ts';

export interface CellOptions {
  readonly languageId: string;
  /** Headings that the cell stands under, and what the cell is called. */
  readonly context: string | undefined;
  readonly symbol: string | undefined;
}

export type ChunkCell = (source: string, options: CellOptions) => Promise<ChunkedDocument>;

/** Undefined when the text is no notebook. */
export async function chunkNotebook(text: string, chunkCell: ChunkCell): Promise<ChunkedDocument | undefined> {
  const notebook = readNotebook(text);
  if (notebook === undefined) return undefined;
  const lineStarts = findLineStarts(text);
  const lineAt = (offset: number) => indexAtOrBelow(lineStarts, offset) + 1;
  const chunks: Chunk[] = [];
  const dropped: DroppedRange[] = notebook.outputs.map((output) => ({ ...output, rule: 'notebook-output' }));
  const open: Pick<Heading, 'level' | 'title'>[] = [];
  for (const cell of notebook.cells) {
    const inCell = await chunkCell(cell.source, { languageId: cell.languageId, ...enterCell(open, cell) });
    for (const chunk of inCell.chunks) {
      const range = inFile(cell, chunk);
      chunks.push({ ...chunk, ...range, startLine: lineAt(range.start), endLine: lineAt(range.end - 1) });
    }
    for (const { rule, ...range } of inCell.dropped) dropped.push({ ...inFile(cell, range), rule });
  }
  return { chunks, dropped: withMetadata(text, chunks, dropped) };
}

function inFile(cell: NotebookCell, { start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start: cell.starts[start] ?? 0, end: cell.ends[end - 1] ?? 0 };
}

/** Updates the headings that are open after this cell; the first heading of a cell names it. */
function enterCell(
  open: Pick<Heading, 'level' | 'title'>[],
  cell: NotebookCell,
): { context: string | undefined; symbol: string | undefined } {
  const path = () => (open.length === 0 ? undefined : open.map(({ title }) => title).join(' > '));
  let context = path();
  let symbol = context;
  const headings = cell.isMarkdown ? readMarkdownBlocks(cell.source).headings : [];
  headings.forEach((heading, i) => {
    while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
    if (i === 0) context = path();
    open.push(heading);
    if (i === 0) symbol = path();
  });
  return { context, symbol };
}

/** All that is in no chunk and not dropped yet, so that nothing of the file goes missing. */
function withMetadata(text: string, chunks: readonly Chunk[], dropped: readonly DroppedRange[]): DroppedRange[] {
  const rest: DroppedRange[] = [];
  let at = 0;
  const known = [...chunks, ...dropped].sort((a, b) => a.start - b.start);
  for (const { start, end } of [...known, { start: text.length, end: text.length }]) {
    const gap = text.slice(at, start);
    const blank = gap.length - gap.trimStart().length;
    if (gap.trim() !== '') {
      rest.push({ start: at + blank, end: at + blank + gap.trim().length, rule: 'notebook-metadata' });
    }
    at = end;
  }
  return [...dropped, ...rest].sort((a, b) => a.start - b.start);
}
