// Stage 4, one shard: documents <-> the bytes of a vectra LocalIndex. Invariant: a stock vectra opens and queries the file;
// each document's first item carries its record, so that shards alone tell the whole index. vectra reads a file in memory (its own
// writes are neither atomic nor flushed, and a failing createIndex deletes the folder); the disk is durableFiles'. Items are put together
// here: vectra's insertion compares a new id with all before it, minutes for a table of 100,000 rows. Cost: a copy of all.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type IndexData, type IndexItem, LocalIndex, VirtualFileStorage } from 'vectra';
import type { ChunkKind, DocumentRecord, StoredChunk } from '../model.ts';
import { ShardCodec, asFloats, asVectraVector } from './shardCodec.ts';
import type { StoredDocument } from './storedDocument.ts';
import { DamagedBytes } from './wire.ts';

/** The vector of a chunk that is in no document any more. */
export interface RetiredVector {
  readonly hash: string;
  readonly vector: Float32Array;
  readonly retiredAtMs: number;
  /** As in StoredChunk. */
  readonly sparse?: string;
}

/** Items put together before the event loop gets its turn. */
const ITEMS_A_TURN = 200;

/** Throws when aborted. */
export async function encodeShard(documents: Iterable<StoredDocument>, signal?: AbortSignal): Promise<Buffer> {
  const items: IndexItem[] = [];
  for (const item of shardItems(documents)) {
    if (items.push(item) % ITEMS_A_TURN !== 0) continue;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return encodeItems(items);
}

export function encodeRetired(retired: Iterable<RetiredVector>): Buffer {
  return encodeItems(
    Array.from(retired, ({ hash, vector, retiredAtMs, sparse }) =>
      itemOf(hash, { retiredAtMs, ...(sparse !== undefined && { sparse }) }, vector),
    ),
  );
}

/** Throws {@link DamagedBytes} (or whatever vectra and JSON throw) for bytes that are no shard of this dimension. */
export async function decodeShard(bytes: Buffer, dimension: number): Promise<StoredDocument[]> {
  const items = await decodeItems(bytes, dimension);
  const documents: StoredDocument[] = [];
  for (let begin = 0, end: number; begin < items.length; begin = end) {
    for (end = begin + 1; end < items.length && items[end]?.metadata['document'] === undefined;) end++;
    documents.push(readDocument(items.slice(begin, end), dimension));
  }
  return documents;
}

export async function decodeRetired(bytes: Buffer, dimension: number): Promise<RetiredVector[]> {
  const items = await decodeItems(bytes, dimension);
  return items.map((item) => ({
    hash: item.id,
    vector: asFloats(item.vector),
    retiredAtMs: Number(item.metadata['retiredAtMs']),
    ...(typeof item.metadata['sparse'] === 'string' && { sparse: item.metadata['sparse'] }),
  }));
}

function* shardItems(documents: Iterable<StoredDocument>): Generator<IndexItem> {
  for (const { document, chunks, vectors } of documents) {
    const dimension = vectors.length / chunks.length;
    for (const [ordinal, chunk] of chunks.entries()) {
      const metadata = { ...chunk, ...(ordinal === 0 && { document: JSON.stringify(document) }) };
      const vector = vectors.subarray(ordinal * dimension, (ordinal + 1) * dimension);
      yield itemOf(`${document.path}#${ordinal}`, metadata, vector);
    }
  }
}

function readDocument(items: readonly IndexItem[], dimension: number): StoredDocument {
  const head = items[0]?.metadata['document'];
  if (typeof head !== 'string') throw new DamagedBytes('a chunk without its document');
  const document = JSON.parse(head) as DocumentRecord;
  const first = asFloats(items[0]?.vector ?? []);
  const vectors = new Float32Array(first.buffer, first.byteOffset, items.length * dimension); // see deserializeIndex
  return { document, chunks: items.map(({ metadata }) => readChunk(metadata, document.path)), vectors };
}

function readChunk(metadata: IndexItem['metadata'], path: string): StoredChunk {
  const { symbol, context, sparse } = metadata;
  return {
    path,
    startLine: Number(metadata['startLine']),
    endLine: Number(metadata['endLine']),
    text: String(metadata['text']),
    kind: String(metadata['kind']) as ChunkKind,
    ...(typeof symbol === 'string' && { symbol }),
    ...(typeof context === 'string' && { context }),
    hash: String(metadata['hash']),
    ...(typeof sparse === 'string' && { sparse }),
  };
}

/** A file in memory as LocalIndex sees it: one, which is always there. Buffers are handed on, not copied. */
class FileInMemory extends VirtualFileStorage {
  constructor(private readonly content: Buffer) {
    super();
  }

  override pathExists(): Promise<boolean> {
    return Promise.resolve(true);
  }

  override readFile(): Promise<Buffer> {
    return Promise.resolve(this.content);
  }
}

const EMPTY_INDEX: IndexData = { version: 1, metadata_config: {}, items: [] };

/** As vectra's insertion makes it. */
function itemOf(id: string, metadata: IndexItem['metadata'], vector: Float32Array): IndexItem {
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return { id, metadata, vector: asVectraVector(vector), norm };
}

/** Their ids must differ. */
function encodeItems(items: IndexItem[]): Buffer {
  return new ShardCodec().serializeIndex({ ...EMPTY_INDEX, items });
}

async function decodeItems(bytes: Buffer, dimension: number): Promise<IndexItem[]> {
  const index = new LocalIndex('shard', 'index.pb', new FileInMemory(bytes), new ShardCodec());
  const items = await index.listItems();
  if (items.some((item) => item.vector.length !== dimension)) throw new DamagedBytes('a vector of another dimension');
  return items;
}
