// Stage 4, what only the index knew: texts of kept snippets out of shards that are damaged. Invariant: a text counts only when its
// hash is right; no vector is taken from a damaged file. Cost: one read of each damaged shard that held a snippet.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { type DocumentRecord, type StoredChunk, embeddedText } from '../model.ts';
import { type FileSystem, readIfThere } from './durableFiles.ts';
import { shardOf } from './indexState.ts';
import { checkContent, readManifest } from './manifest.ts';
import { decodeShard } from './shard.ts';
import type { StoredDocument } from './storedDocument.ts';
import { WireReader } from './wire.ts';

export interface SalvagedSnippet {
  readonly document: DocumentRecord;
  readonly chunks: readonly StoredChunk[];
}

/** To be called before damaged files are moved. `records`: all documents, as the manifest tells of them. */
export async function salvageSnippets(
  fs: FileSystem,
  folder: string,
  dimension: number,
): Promise<{ readonly records: ReadonlyMap<string, DocumentRecord>; readonly snippets: readonly SalvagedSnippet[] }> {
  const manifest = await readManifest(fs, folder).catch(() => undefined); // what can't be read can't be salvaged
  const records = new Map((manifest?.documents ?? []).map(({ document }) => [document.path, document]));
  const snippets: SalvagedSnippet[] = [];
  for (const { document, chunks: count } of manifest?.documents ?? []) {
    const name = manifest?.files.shards[shardOf(document.path)];
    if (!document.kept || !name) continue;
    const stored = await readDamaged(fs, path.join(folder, name), dimension);
    const chunks = stored.find((one) => one.document.path === document.path)?.chunks ?? [];
    if (chunks.length === count && chunks.every(hasRightText)) snippets.push({ document, chunks });
  }
  return { records, snippets };
}

/** Nothing for a shard that is whole, gone, or can't be taken apart. */
async function readDamaged(fs: FileSystem, file: string, dimension: number): Promise<StoredDocument[]> {
  const bytes = await readIfThere(fs, file);
  if (!bytes) return [];
  try {
    checkContent(path.basename(file), bytes);
    return [];
  } catch {
    return decodeShard(wholeFields(bytes), dimension).catch(() => []);
  }
}

/** The leading part of a message that consists of whole fields: the items before a cut. */
function wholeFields(bytes: Buffer): Buffer {
  const reader = new WireReader(bytes);
  let whole = 0;
  try {
    while (!reader.done) {
      reader.skip(reader.varint());
      whole = reader.position;
    }
  } catch {
    // the rest is no field
  }
  return bytes.subarray(0, whole);
}

function hasRightText(chunk: StoredChunk): boolean {
  return createHash('sha256').update(embeddedText(chunk)).digest('hex') === chunk.hash;
}
