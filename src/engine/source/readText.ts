// Stage 1: the leading bytes of a file, safely. Invariant: only regular files are opened, never more than the limit is in memory,
// and a handle is always closed. Cost: realpath, stat, open, read; a binary file is given up after its first 64 KB.
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { decodeText, isBinaryHead } from './decodeText.ts';
import type { DecodedText } from './decodeText.ts';

export interface FileText {
  /** Undefined for binary content. */
  readonly decoded: DecodedText | undefined;
  /** Whether the file goes on after what was decoded. */
  readonly isCut: boolean;
  readonly size: number;
  readonly mtimeMs: number;
}

const HEAD_BYTES = 65_536;
/** Opening a pipe must not wait for its other end, in case a file became one since it was looked at. (Absent, so 0, on Windows.) */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Reads the text of a regular file up to `maxBytes`; undefined for anything else. Throws the file system's errors. */
export async function readText(file: string, maxBytes: number): Promise<FileText | undefined> {
  const stat = await fs.stat(file);
  if (!stat.isFile()) return undefined;
  const { size, mtimeMs } = stat; // of before the reading: a change meanwhile makes the next scan read again
  const bytes = await readBytes(file, Math.min(size, maxBytes));
  const isCut = size > maxBytes;
  return { decoded: bytes && decodeText(bytes, isCut), isCut, size, mtimeMs };
}

/** The first bytes, fewer if the file has shrunk meanwhile; undefined when its head is binary. */
async function readBytes(file: string, length: number): Promise<Buffer | undefined> {
  const handle = await fs.open(file, OPEN_FLAGS);
  try {
    const bytes = Buffer.allocUnsafe(length);
    const head = await fill(handle, bytes, 0, Math.min(HEAD_BYTES, length));
    if (length > HEAD_BYTES && isBinaryHead(bytes.subarray(0, head))) return undefined;
    return bytes.subarray(0, head < HEAD_BYTES ? head : await fill(handle, bytes, head, length));
  } finally {
    await handle.close();
  }
}

/** Reads until `end` or the end of the file; returns how many bytes there are. */
async function fill(handle: FileHandle, bytes: Buffer, start: number, end: number): Promise<number> {
  let at = start;
  while (at < end) {
    const { bytesRead } = await handle.read(bytes, at, end - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}
