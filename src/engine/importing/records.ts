// Import, a file -> its records, as a stream: a file of vectors is larger than a string can be. Invariant: a record of CSV ends at a line
// end outside quotes; TSV and JSON Lines have no quotes. Cost: one pass; memory for one record and one block.
import fs from 'node:fs';
import { EngineError, errnoOf, throwIfAborted } from '../errors.ts';

const BLOCK_BYTES = 1 << 20;
/** A quote that is never closed would take the rest of the file. */
const MAX_RECORD = 1 << 26;

export interface FileRecord {
  /** Without its line end. */
  readonly text: string;
  /** Counted from 1. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface Reading {
  readonly signal?: AbortSignal | undefined;
  /** How much of the file was read, 0...1, told a block. */
  readonly onShare?: (share: number) => void;
}

/** Records that are not blank. Throws `file-not-found`, `file-unreadable`, `cancelled`. */
export async function* recordsOf(
  file: string,
  quoted: boolean,
  { signal, onShare }: Reading = {},
): AsyncGenerator<FileRecord> {
  let rest = '';
  let line = 1;
  let isFirst = true;
  try {
    const { size } = await fs.promises.stat(file);
    const stream = fs.createReadStream(file, { encoding: 'utf8', highWaterMark: BLOCK_BYTES });
    for await (const block of stream as AsyncIterable<string>) {
      throwIfAborted(signal);
      onShare?.(Math.min(1, stream.bytesRead / Math.max(1, size)));
      rest += isFirst ? block.replace(/^\uFEFF/, '') : block;
      isFirst = false;
      let begin = 0;
      for (let end = recordEnd(rest, begin, quoted); end >= 0; end = recordEnd(rest, begin, quoted)) {
        const record = recordAt(rest.slice(begin, end), line);
        if (record.text.trim() !== '') yield record;
        line = record.endLine + 1;
        begin = end + 1;
      }
      rest = rest.slice(begin);
      if (rest.length > MAX_RECORD) throw new EngineError('file-unreadable', { path: file, reason: `line ${line}` });
    }
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined || error instanceof EngineError) throw error;
    if (errno === 'ENOENT') throw new EngineError('file-not-found', { path: file }, { cause: error });
    throw new EngineError('file-unreadable', { path: file, reason: errno }, { cause: error });
  }
  if (rest.trim() !== '') yield recordAt(rest, line);
}

function recordAt(raw: string, startLine: number): FileRecord {
  const text = raw.replace(/\r$/, '');
  let lines = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++;
  return { text, startLine, endLine: startLine + lines };
}

/** Where the line feed is that ends the record; -1 when more is to be read. */
function recordEnd(text: string, begin: number, quoted: boolean): number {
  let end = text.indexOf('\n', begin);
  if (!quoted) return end;
  let quotes = 0;
  let counted = begin;
  for (; end >= 0; end = text.indexOf('\n', end + 1)) {
    for (let i = text.indexOf('"', counted); i >= 0 && i < end; i = text.indexOf('"', i + 1)) quotes++;
    counted = end;
    if (quotes % 2 === 0) return end;
  }
  return -1;
}
