// Stage 4, what only the index knew: texts of kept snippets out of shards that are damaged. Invariant: a text counts only when its
// hash is right; no vector is taken from a damaged file. Cost: taking one damaged shard apart.
import { createHash } from 'node:crypto';
import { type StoredChunk, embeddedText } from '../model.ts';
import type { ManifestDocument } from './manifest.ts';
import { decodeShard } from './shard.ts';
import type { SalvagedSnippet } from './storedDocument.ts';
import { WireReader } from './wire.ts';

/** Of the snippets that a damaged shard held, those whose text can be read; none of a shard that can't be taken apart. */
export async function salvageSnippets(
  bytes: Buffer,
  kept: readonly ManifestDocument[],
  dimension: number,
): Promise<SalvagedSnippet[]> {
  const stored = await decodeShard(wholeFields(bytes), dimension).catch(() => []);
  return kept.flatMap(({ document, chunks: count }) => {
    const chunks = stored.find((one) => one.document.path === document.path)?.chunks ?? [];
    return chunks.length === count && chunks.every(hasRightText) ? { document, chunks } : [];
  });
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
