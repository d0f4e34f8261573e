// Stage 4, the format of a shard: vectra's own protobuf format written by hand. Invariant: the bytes are those of vectra's
// ProtobufCodec (tested) and either reads the other; vectors are raw little-endian float32, bit by bit what was stored; an item
// cut short throws (whole items missing are found by the file's checksum). Cost: one copy of the vectors each way.
import type { IndexCodec, IndexData, IndexItem, MetadataTypes } from 'vectra';
import { EngineError } from '../errors.ts';
import {
  DamagedBytes,
  FloatPool,
  WireReader,
  WireWriter,
  bytesField,
  doubleField,
  stringField,
  varintBytes,
} from './wire.ts';

// schemas/index.proto of vectra 0.15.0: a tag is field number * 8 + wire type (0 varint, 1 fixed 64, 2 length-delimited, 5 fixed 32)
const INDEX = { version: 0x08, metadataConfig: 0x12, items: 0x1a };
const CONFIG = { indexed: 0x0a };
const ITEM = { id: 0x0a, metadata: 0x12, vector: 0x1a, vectorUnpacked: 0x1d, norm: 0x21, metadataFile: 0x2a };
const ENTRY = { key: 0x0a, value: 0x12 };
const VALUE = { string: 0x0a, number: 0x11, boolean: 0x18 };

export class ShardCodec implements IndexCodec {
  readonly extension = '.pb';

  serializeIndex(data: IndexData): Buffer {
    const config = Buffer.concat((data.metadata_config.indexed ?? []).map((name) => indexedName(name)));
    const itemSizes = data.items.map(itemBytes);
    let size = (data.version === 0 ? 0 : 1 + varintBytes(data.version)) + bytesField(config.length);
    for (const bytes of itemSizes) size += bytesField(bytes);
    const writer = new WireWriter(size);
    if (data.version !== 0) writer.varintField(INDEX.version, data.version);
    writer.begin(INDEX.metadataConfig, config.length);
    writer.raw(config);
    data.items.forEach((item, i) => {
      writer.begin(INDEX.items, itemSizes[i] ?? 0);
      writeItem(writer, item);
    });
    return writer.finish();
  }

  /** Vectors of consecutive items lie one after the other in one buffer. */
  deserializeIndex(bytes: Buffer): IndexData {
    const pool = new FloatPool(bytes.length >> 2);
    const data = { version: 0, metadata_config: { indexed: [] as string[] }, items: [] as IndexItem[] };
    const reader = new WireReader(bytes);
    while (!reader.done) {
      const tag = reader.varint();
      if (tag === INDEX.version) data.version = reader.varint();
      else if (tag === INDEX.metadataConfig) data.metadata_config.indexed.push(...readConfig(reader.nested()));
      else if (tag === INDEX.items) data.items.push(readItem(reader.nested(), pool));
      else reader.skip(tag);
    }
    return data;
  }

  // LocalIndex calls none of these: catalogs belong to LocalDocumentIndex, metadata files to `metadata_config.indexed`.
  serializeCatalog = neverAsked;
  deserializeCatalog = neverAsked;
  serializeMetadata = neverAsked;
  deserializeMetadata = neverAsked;
}

/** Where the vector of each item begins, in bytes; of a file that {@link ShardCodec} wrote. */
export function vectorOffsets(bytes: Buffer): number[] {
  const offsets: number[] = [];
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === INDEX.items) offsets.push(vectorOffset(reader.nested()));
    else reader.skip(tag);
  }
  return offsets;
}

function vectorOffset(item: WireReader): number {
  while (!item.done) {
    const tag = item.varint();
    if (tag === ITEM.vector) return item.nested().position;
    item.skip(tag);
  }
  throw new DamagedBytes('an item without a vector');
}

function neverAsked(): never {
  throw new EngineError('internal', { reason: 'a shard has neither catalog nor metadata files' });
}

/** vectra's type says number[]; it only indexes, measures and hands on, so that a Float32Array serves. */
export function asVectraVector(vector: Float32Array): number[] {
  return vector as unknown as number[];
}

export function asFloats(vector: readonly number[]): Float32Array {
  return vector instanceof Float32Array ? vector : Float32Array.from(vector);
}

function indexedName(name: string): Buffer {
  const writer = new WireWriter(1 + varintBytes(Buffer.byteLength(name)) + Buffer.byteLength(name));
  writer.string(CONFIG.indexed, name);
  return writer.finish();
}

function readConfig(reader: WireReader): string[] {
  const indexed: string[] = [];
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === CONFIG.indexed) indexed.push(reader.string());
    else reader.skip(tag);
  }
  return indexed;
}

function valueBytes(value: MetadataTypes): number {
  return typeof value === 'number' ? doubleField : typeof value === 'boolean' ? 2 : stringField(value);
}

function entryBytes(key: string, value: MetadataTypes): number {
  return stringField(key) + bytesField(valueBytes(value));
}

function itemBytes(item: IndexItem): number {
  let size = item.id === '' ? 0 : stringField(item.id);
  for (const [key, value] of Object.entries(item.metadata)) size += bytesField(entryBytes(key, value));
  if (item.vector.length > 0) size += bytesField(item.vector.length * 4);
  if (!Object.is(item.norm, 0)) size += doubleField;
  if (item.metadataFile) size += stringField(item.metadataFile);
  return size;
}

function writeItem(writer: WireWriter, item: IndexItem): void {
  if (item.id !== '') writer.string(ITEM.id, item.id);
  for (const [key, value] of Object.entries(item.metadata)) {
    writer.begin(ITEM.metadata, entryBytes(key, value));
    writer.string(ENTRY.key, key);
    writer.begin(ENTRY.value, valueBytes(value));
    if (typeof value === 'number') writer.double(VALUE.number, value);
    else if (typeof value === 'boolean') writer.varintField(VALUE.boolean, value ? 1 : 0);
    else writer.string(VALUE.string, value);
  }
  if (item.vector.length > 0) {
    const floats = asFloats(item.vector);
    writer.begin(ITEM.vector, floats.byteLength);
    writer.raw(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength));
  }
  if (!Object.is(item.norm, 0)) writer.double(ITEM.norm, item.norm);
  if (item.metadataFile) writer.string(ITEM.metadataFile, item.metadataFile);
}

function readItem(reader: WireReader, pool: FloatPool): IndexItem {
  const item: IndexItem = { id: '', metadata: {}, vector: [], norm: 0 };
  const unpacked: number[] = [];
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === ITEM.id) item.id = reader.string();
    else if (tag === ITEM.metadata) readEntry(reader.nested(), item.metadata);
    else if (tag === ITEM.vector) item.vector = asVectraVector(reader.floats(pool));
    else if (tag === ITEM.vectorUnpacked) unpacked.push(reader.float());
    else if (tag === ITEM.norm) item.norm = reader.double();
    else if (tag === ITEM.metadataFile) item.metadataFile = reader.string();
    else reader.skip(tag);
  }
  if (unpacked.length > 0) item.vector = asVectraVector(Float32Array.from(unpacked));
  return item;
}

function readEntry(reader: WireReader, metadata: Record<string, MetadataTypes>): void {
  let key = '';
  let value: MetadataTypes = '';
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === ENTRY.key) key = reader.string();
    else if (tag === ENTRY.value) value = readValue(reader.nested());
    else reader.skip(tag);
  }
  metadata[key] = value;
}

function readValue(reader: WireReader): MetadataTypes {
  let value: MetadataTypes = '';
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === VALUE.string) value = reader.string();
    else if (tag === VALUE.number) value = reader.double();
    else if (tag === VALUE.boolean) value = reader.varint() !== 0;
    else reader.skip(tag);
  }
  return value;
}
