// Stage 4, the checkpoint: memory -> new shard files -> manifest. Invariant: at every moment the manifest on disk, the files it
// names and the journals after it make the whole index; nothing that an older manifest needs goes before the newer one is
// flushed. Cost: the dirty shards' bytes and about one fsync each; the event loop gets its turn after each shard.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type FileSystem,
  SET_ASIDE,
  namesIn,
  readIfThere,
  removeIfThere,
  syncFolder,
  writeWhole,
} from './durableFiles.ts';
import { type IndexState, placesIn } from './indexState.ts';
import { journalGeneration } from './journal.ts';
import { MANIFEST, type ShardFiles, decodeManifest, parseShardName, shardFileName, writeManifest } from './manifest.ts';
import type { RetiredVectors } from './retiredVectors.ts';
import { type RetiredVector, encodeRetired, encodeShard } from './shard.ts';
import { vectorOffsets } from './shardCodec.ts';
import { ShardFile } from './shardFile.ts';
import { isHalfSidecar } from './sidecars.ts';

/** A few milliseconds of them. */
const RETIRED_A_TURN = 500;

export interface CheckpointInput {
  readonly fs: FileSystem;
  readonly folder: string;
  readonly state: IndexState;
  /** What the manifest on disk names. */
  readonly files: ShardFiles;
  readonly generation: number;
  readonly retiredChanged: boolean;
  /** Gives up, at the latest after the shard that is being written. */
  readonly signal?: AbortSignal | undefined;
  /** Throws when another process writes this index now: writing shards takes a while, and a laptop may have slept meanwhile. */
  assertOwned(): Promise<void>;
}

export interface CheckpointResult {
  readonly files: ShardFiles;
  /** The state's revision that the manifest tells; a later one is not on disk. */
  readonly revision: number;
  readonly retiredRevision: number;
}

/** Throws `storage-failed`, or when aborted; the old index is then still the one on disk. No document may change meanwhile. */
export async function writeCheckpoint(input: CheckpointInput): Promise<CheckpointResult> {
  const { fs, folder, state, generation } = input;
  const retiredRevision = state.retired.revision;
  const written: string[] = [];
  const settle: (() => void)[] = [];
  const told: string[] = [];
  try {
    const files = await writeShards(input, written, settle);
    const { revision, space } = state;
    told.push(...state.unwritten);
    state.unwritten.clear();
    const documents = [...state.documents.values()].map((document) => ({
      document,
      chunks: state.table.rowsOf(document.path).length,
    }));
    await input.assertOwned();
    input.signal?.throwIfAborted();
    const salvaged = state.salvaged.size > 0 && { salvaged: [...state.salvaged.values()] };
    await writeManifest(fs, folder, { generation, space, files, documents, leftOut: state.leftOutEntries(), ...salvaged }); // prettier-ignore
    state.dirtyShards.clear();
    for (const shard of settle) shard();
    return { files, revision, retiredRevision };
  } catch (error) {
    for (const path of told) state.unwritten.add(path);
    if (await isOlderOnDisk(fs, folder, generation)) {
      for (const file of written) await removeIfThere(fs, file).catch(() => undefined); // a sweep takes what stays
    }
    throw error;
  }
}

/** Whether the manifest on disk surely does not name the files of this generation. */
async function isOlderOnDisk(fs: FileSystem, folder: string, generation: number): Promise<boolean> {
  try {
    const bytes = await readIfThere(fs, path.join(folder, MANIFEST));
    return bytes !== undefined && decodeManifest(bytes).generation < generation;
  } catch {
    return false;
  }
}

/** `written` gets the files, `settle` what memory must learn once the manifest names them. */
async function writeShards(input: CheckpointInput, written: string[], settle: (() => void)[]): Promise<ShardFiles> {
  const { fs, folder, state, files, generation } = input;
  const write = async (place: number | 'retired', parts: readonly Buffer[]): Promise<string> => {
    const name = shardFileName(place, generation, parts);
    const file = path.join(folder, name);
    written.push(file);
    await writeWhole(fs, file, parts);
    await nextTurn();
    return name;
  };
  const shards = [...files.shards];
  for (const [shard, paths] of state.pathsOfDirtyShards()) {
    input.signal?.throwIfAborted();
    if (paths.length === 0) {
      shards[shard] = null;
      settle.push(() => state.settle(shard, undefined, []));
      continue;
    }
    const bytes = await encodeShard(state.stored(paths), input.signal);
    const name = await write(shard, [bytes]);
    const offsets = vectorOffsets(bytes);
    shards[shard] = name;
    const stored = paths.map((one) => ({ path: one, chunks: state.table.rowsOf(one).length }));
    settle.push(() => state.settle(shard, new ShardFile(path.join(folder, name)), placesIn(offsets, stored)));
  }
  let { retired } = files;
  if (input.retiredChanged) {
    const { parts, offsets } = await retiredParts(state.retired);
    retired = parts.length === 0 ? null : await write('retired', parts);
    const file = retired === null ? undefined : new ShardFile(path.join(folder, retired));
    settle.push(() => state.retired.settle(file, offsets));
  }
  return { shards, retired };
}

/** Pieces of a file, which make a whole one: protobuf's repeated fields go on where they stopped. */
async function retiredParts(retired: RetiredVectors): Promise<{ parts: Buffer[]; offsets: number[] }> {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let begin = 0;
  let slice: RetiredVector[] = [];
  const add = (): void => {
    const part = encodeRetired(slice);
    for (const offset of vectorOffsets(part)) offsets.push(begin + offset);
    begin += part.length;
    parts.push(part);
    slice = [];
  };
  for (const one of retired.all()) {
    slice.push(one);
    if (slice.length < RETIRED_A_TURN) continue;
    add();
    await nextTurn();
  }
  if (slice.length > 0) add();
  return { parts, offsets };
}

/** Removes what the manifest just written has replaced; nothing when its name could not be flushed. Never throws. */
export async function sweep(fs: FileSystem, folder: string, files: ShardFiles, generation: number): Promise<void> {
  try {
    await syncFolder(fs, folder);
    const named = new Set([...files.shards, files.retired]);
    for (const name of await namesIn(fs, folder)) {
      const journal = journalGeneration(name);
      const left =
        (parseShardName(name) && !named.has(name)) ||
        (journal !== undefined && journal < generation) ||
        isHalfSidecar(name) ||
        (name.endsWith('.tmp') && (name.startsWith(MANIFEST) || parseShardName(name.slice(0, -'.tmp'.length))));
      if (left) await removeIfThere(fs, path.join(folder, name));
    }
  } catch {
    // Leftovers harm nobody: a reader goes by the manifest, and the next sweep finds them again.
  }
}

/** Removes damaged files that were kept for inspection. */
export async function removeSetAside(fs: FileSystem, folder: string): Promise<void> {
  await fs.rm(path.join(folder, SET_ASIDE), { recursive: true, force: true });
}
