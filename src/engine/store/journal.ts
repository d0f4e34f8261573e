// Stage 4, the journal: what happened since the last checkpoint, one record a change. Invariant: a record is whole or it does
// not count, and a damaged one does not hide those behind it. Cost: one write and one fdatasync a change.
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { DocumentRecord, LeftOut, StoredChunk } from '../model.ts';
import { type FileSystem, onDisk, storageFailed, syncFolder } from './durableFiles.ts';
import type { StoredDocument } from './storedDocument.ts';

export type JournalEntry = { readonly replace: StoredDocument } | Removal;

interface Removal {
  readonly remove: readonly string[];
  /** What is known of paths besides their chunks; earlier readers see a removal of nothing. */
  readonly ledger?: readonly LedgerChange[];
}

/** How a path stands from now on. */
export interface LedgerChange {
  readonly path: string;
  /** Its line in the ledger; without one there is none. */
  readonly line?: Omit<LeftOut, 'path'> & { readonly path?: undefined };
  /** Of its document. */
  readonly times?: Pick<DocumentRecord, 'size' | 'mtimeMs'>;
}

/** The path is the document's: said once. */
type JournalChunk = Omit<StoredChunk, 'path'> & { readonly path?: undefined };

/** What a record's JSON holds; the vectors follow it as raw little-endian float32. */
type RecordHeader = { readonly document: DocumentRecord; readonly chunks: readonly JournalChunk[] } | Removal;

// A record: magic, payload length, CRC-32 of the payload, CRC-32 of the twelve bytes before; then the payload: length of the
// JSON, JSON, vectors. All numbers are unsigned 32-bit little-endian.
const MAGIC = 0x314a_5356; // 'VSJ1'
const MAGIC_BYTES = Buffer.from('VSJ1');
const HEAD = 16;

export function encodeRecord(entry: JournalEntry): Buffer {
  const header: RecordHeader =
    'remove' in entry
      ? entry
      : {
          document: entry.replace.document,
          chunks: entry.replace.chunks.map((chunk) => ({ ...chunk, path: undefined })),
        };
  const json = Buffer.from(JSON.stringify(header));
  const floats = 'remove' in entry ? new Float32Array() : entry.replace.vectors;
  const record = Buffer.allocUnsafe(HEAD + 4 + json.length + floats.byteLength);
  record.writeUInt32LE(json.length, HEAD);
  record.set(json, HEAD + 4);
  record.set(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength), HEAD + 4 + json.length);
  record.writeUInt32LE(MAGIC, 0);
  record.writeUInt32LE(record.length - HEAD, 4);
  record.writeUInt32LE(crc32(record.subarray(HEAD)), 8);
  record.writeUInt32LE(crc32(record.subarray(0, 12)), 12);
  return record;
}

export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  /** Something besides an unfinished last record could not be read. */
  readonly damaged: boolean;
  /** Where the last whole record ends. */
  readonly wholeBytes: number;
}

/** Reads all whole records. An unfinished last one is what a killed writer leaves and is no damage. */
export function readJournal(bytes: Buffer, dimension: number): JournalContent {
  const entries: JournalEntry[] = [];
  let damaged = false;
  let wholeBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const record = recordAt(bytes, at, dimension);
    if (typeof record === 'object') {
      entries.push(record.entry);
      at = record.end;
      wholeBytes = at;
      continue;
    }
    const next = nextWholeRecord(bytes, at + 1, dimension);
    if (record === 'damaged' || next < bytes.length) damaged = true;
    at = next;
  }
  return { entries, damaged, wholeBytes };
}

function nextWholeRecord(bytes: Buffer, from: number, dimension: number): number {
  for (let at = bytes.indexOf(MAGIC_BYTES, from); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (typeof recordAt(bytes, at, dimension) === 'object') return at;
  }
  return bytes.length;
}

function recordAt(
  bytes: Buffer,
  at: number,
  dimension: number,
): { readonly entry: JournalEntry; readonly end: number } | 'unfinished' | 'damaged' {
  if (bytes.length - at < HEAD) return 'unfinished';
  const head = bytes.subarray(at, at + HEAD);
  if (head.readUInt32LE(0) !== MAGIC || head.readUInt32LE(12) !== crc32(head.subarray(0, 12))) return 'damaged';
  const end = at + HEAD + head.readUInt32LE(4);
  if (end > bytes.length) return 'unfinished';
  const payload = bytes.subarray(at + HEAD, end);
  if (crc32(payload) !== head.readUInt32LE(8)) return 'damaged';
  return { entry: decodePayload(payload, dimension), end };
}

/** The checksum was right, so that the payload is what {@link encodeRecord} wrote. */
function decodePayload(payload: Buffer, dimension: number): JournalEntry {
  const jsonEnd = 4 + payload.readUInt32LE(0);
  const header = JSON.parse(payload.toString('utf8', 4, jsonEnd)) as RecordHeader;
  if ('remove' in header) return header;
  const { document } = header;
  const vectors = new Float32Array(header.chunks.length * dimension);
  new Uint8Array(vectors.buffer).set(payload.subarray(jsonEnd));
  return { replace: { document, chunks: header.chunks.map((chunk) => ({ ...chunk, path: document.path })), vectors } };
}

const NAME = /^journal-(\d+)\.bin$/;

/** The generation in a journal's file name, or undefined for another file. */
export function journalGeneration(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The journals among these files that a manifest of this generation does not hold, in the order of writing. */
export function journalsAfter(generation: number, names: readonly string[]): string[] {
  const journals = new Map(names.map((name) => [name, journalGeneration(name) ?? -1]));
  return [...journals]
    .filter(([, own]) => own > generation)
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name);
}

/**
 * The journal that is being written: one file a generation, made at the first append. After a failed append the file is cut
 * back to its last whole record; if even that fails, a new file is begun, since readers pass over a torn end.
 */
export class JournalWriter {
  private handle: FileHandle | undefined;
  private file = '';
  private wholeBytes = 0;

  constructor(
    private readonly fs: FileSystem,
    private readonly folder: string,
    private readonly nextGeneration: () => number,
  ) {}

  /** Resolves with the record's bytes once it is on disk. Throws `storage-failed`. */
  async append(entry: JournalEntry): Promise<number> {
    const record = encodeRecord(entry);
    const handle = this.handle ?? (await this.begin());
    try {
      await handle.writeFile(record);
      await handle.datasync();
    } catch (error) {
      await handle.truncate(this.wholeBytes).catch(() => this.close());
      throw storageFailed(error, this.file);
    }
    this.wholeBytes += record.length;
    return record.length;
  }

  private async begin(): Promise<FileHandle> {
    const file = path.join(this.folder, `journal-${this.nextGeneration()}.bin`);
    const handle = await onDisk(file, () => this.fs.open(file, 'ax'));
    try {
      await syncFolder(this.fs, this.folder);
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw error;
    }
    this.handle = handle;
    this.file = file;
    this.wholeBytes = 0;
    return handle;
  }

  /** Ends the file; the next append begins another. */
  async close(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    await handle?.close().catch(() => undefined); // all records were flushed one by one
  }
}
