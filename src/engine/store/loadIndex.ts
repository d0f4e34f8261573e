// Stage 4, opening: manifest -> shards -> journals -> memory. Invariant: bytes whose checksum is wrong never reach memory; they
// are set aside (by the writer; a reader only passes over them) and only what they held is missing. Cost: one read of the index.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineError, isEngineError } from '../errors.ts';
import type { DocumentRecord, EmbeddingSpace, StoredChunk } from '../model.ts';
import { type FileSystem, SET_ASIDE, copyAside, namesIn, readIfThere, setAside } from './durableFiles.ts';
import { IndexState, shardOf } from './indexState.ts';
import { journalGeneration, journalsAfter, readJournal } from './journal.ts';
import {
  MANIFEST,
  type Manifest,
  type ManifestDocument,
  NO_SHARDS,
  type ShardFiles,
  checkContent,
  decodeManifest,
  parseShardName,
} from './manifest.ts';
import { salvageSnippets } from './salvage.ts';
import { decodeRetired, decodeShard } from './shard.ts';
import { vectorOffsets } from './shardCodec.ts';
import { ShardFile } from './shardFile.ts';
import { isSameSpace } from './spaces.ts';

export interface LoadOptions {
  readonly fs: FileSystem;
  readonly folder: string;
  readonly space: EmbeddingSpace;
  /** Whether damaged files may be moved: only the writer does. */
  readonly mend: boolean;
  readonly nowMs: number;
  /** See FloatRows. */
  readonly vectorMemoryBytes?: number;
}

export interface LoadedIndex {
  readonly state: IndexState;
  readonly files: ShardFiles;
  /** Of the manifest on disk; 0 without one. */
  readonly generation: number;
  /** Above all generations seen on disk. */
  readonly nextGeneration: number;
  readonly journalBytes: number;
  readonly journalRecords: number;
  /** In path order. */
  readonly lost: readonly DocumentRecord[];
  readonly setAside: readonly string[];
  /** What of memory the manifest on disk holds; undefined when it is missing or names what can't be read. */
  readonly saved: SavedRevisions | undefined;
}

/** Revisions of an {@link IndexState} and its retired vectors. */
export interface SavedRevisions {
  readonly revision: number;
  readonly retiredRevision: number;
}

/** Throws `index-too-new` (nothing touched) and `storage-failed`. */
export async function loadIndex(options: LoadOptions): Promise<LoadedIndex> {
  return new Loading(options).run();
}

/**
 * Loads without the lock while another process may write: again when the manifest changed meanwhile, since files that the older
 * one names may be gone by then.
 */
export async function loadSteadily(options: LoadOptions): Promise<LoadedIndex> {
  const file = path.join(options.folder, MANIFEST);
  for (let attempt = 1; ; attempt++) {
    const before = await readIfThere(options.fs, file);
    const loaded = await loadIndex({ ...options, mend: false });
    const after = await readIfThere(options.fs, file);
    if (attempt === STEADY_ATTEMPTS || (before && after ? before.equals(after) : before === after)) return loaded;
  }
}

const STEADY_ATTEMPTS = 5;

/** What speaks of one file; other errors (too many open files, a network disk that is gone) are the disk's, or this process's. */
const OF_ONE_FILE: ReadonlySet<unknown> = new Set(['EIO', 'EBUSY', 'EACCES', 'EPERM']);
/** It may pass: a virus scanner or a backup has a file for a moment. Only the first such file is waited for. */
const READ_RETRIES = 3;
const READ_PAUSE_MS = 100;

class Loading {
  private readonly state: IndexState;
  private readonly lost = new Map<string, DocumentRecord>();
  /** Texts of snippets that are lost. */
  private readonly texts = new Map<string, readonly StoredChunk[]>();
  private readonly moved: string[] = [];
  private readonly shards: (string | null)[] = [...NO_SHARDS.shards];
  /** Files that are there and can't be read: as good as lost. */
  private readonly unreadable: { readonly name: string; readonly error: EngineError }[] = [];
  private retired: string | null = null;
  private journalBytes = 0;
  private journalRecords = 0;
  private mended = false;
  /** What lies in the folder belongs to another space: vectors must not mix. */
  private foreign = false;

  constructor(private readonly options: LoadOptions) {
    this.state = new IndexState(options.space, options.vectorMemoryBytes);
  }

  async run(): Promise<LoadedIndex> {
    const manifest = await this.readManifest();
    const names = await namesIn(this.options.fs, this.options.folder);
    if (manifest) await this.loadNamed(manifest);
    else if (!this.foreign) await this.loadFound(names);
    const saved = { revision: this.state.revision, retiredRevision: this.state.retired.revision };
    if (!this.foreign) await this.replay(names, manifest?.generation ?? -1);
    const lost = [...this.lost.values()].filter(({ path }) => !this.state.documents.has(path));
    for (const document of lost) this.state.lose(document, this.texts.get(document.path));
    return {
      state: this.state,
      files: { shards: this.shards, retired: this.retired },
      generation: manifest?.generation ?? 0,
      nextGeneration: 1 + Math.max(manifest?.generation ?? 0, ...names.map(generationOf)),
      journalBytes: this.journalBytes,
      journalRecords: this.journalRecords,
      lost: lost.sort((a, b) => (a.path < b.path ? -1 : 1)),
      setAside: this.moved,
      saved: this.mended ? undefined : saved,
    };
  }

  private async readManifest(): Promise<Manifest | undefined> {
    const bytes = await this.read(MANIFEST);
    this.mended = true;
    if (!bytes) return undefined;
    try {
      const manifest = decodeManifest(bytes);
      if (isSameSpace(manifest.space, this.options.space)) {
        this.mended = false;
        return manifest;
      }
      this.foreign = true;
      await this.putAllAside();
    } catch (error) {
      if (isEngineError(error)) throw error;
      await this.putAside(MANIFEST);
    }
    return undefined;
  }

  private async loadNamed({ files, documents, leftOut, salvaged = [] }: Manifest): Promise<void> {
    const { state } = this;
    state.recordLeftOut(leftOut, true);
    for (const { document, chunks } of salvaged) state.lose(document, chunks);
    state.table.reserve(documents.reduce((sum, { chunks }) => sum + chunks, 0));
    const lost: { readonly shard: number; readonly name: string }[] = [];
    for (const [shard, name] of files.shards.entries()) {
      if (name !== null && !(await this.loadShard(shard, name))) lost.push({ shard, name });
    }
    if (files.retired !== null) await this.loadRetired(files.retired);
    await this.giveUpUnreadable();
    for (const { shard, name } of lost) {
      state.loseShard(shard);
      await this.salvage(name, documents.filter(({ document: { kept, path } }) => kept && shardOf(path) === shard)); // prettier-ignore
      this.mended = true;
    }
    for (const { document, chunks } of documents) {
      // The manifest's record is newer than the shard's: touching a document does not rewrite its shard.
      if (chunks === state.table.rowsOf(document.path).length) state.documents.set(document.path, document);
      else {
        this.lost.set(document.path, document);
        this.mended = true;
      }
    }
  }

  /** Without a manifest: of each shard the newest file that is whole. */
  private async loadFound(names: readonly string[]): Promise<void> {
    const newestFirst = names
      .flatMap((name) => ({ name, parsed: parseShardName(name) }))
      .sort((a, b) => (b.parsed?.generation ?? 0) - (a.parsed?.generation ?? 0));
    for (const { name, parsed } of newestFirst) {
      if (!parsed) continue;
      if (parsed.place === 'retired') {
        if (this.retired === null) await this.loadRetired(name);
      } else if (this.shards[parsed.place] === null) {
        await this.loadShard(parsed.place, name);
      }
    }
    await this.giveUpUnreadable();
  }

  /** Where it is most of the files, the disk or whoever set their rights is at fault: nothing is given up for that. */
  private async giveUpUnreadable(): Promise<void> {
    const [first, ...others] = this.unreadable;
    if (first && others.length > 0 && this.unreadable.length > this.shards.filter((name) => name !== null).length) {
      throw first.error;
    }
    for (const { name } of this.unreadable) await this.putAside(name).catch(() => undefined); // it may be held where it is
  }

  private async loadShard(shard: number, name: string): Promise<boolean> {
    const decoded = await this.decode(name, async (bytes) => ({
      documents: await decodeShard(bytes, this.options.space.dimension),
      offsets: vectorOffsets(bytes),
    }));
    if (!decoded) return false;
    const file = new ShardFile(path.join(this.options.folder, name));
    this.state.load(shard, decoded.documents, file, decoded.offsets);
    this.shards[shard] = name;
    return true;
  }

  /** Of a shard where it lies, or where this opening, or one that got no further, has set it aside. */
  private async salvage(name: string, kept: readonly ManifestDocument[]): Promise<void> {
    if (kept.length === 0) return;
    const { fs, folder, space } = this.options;
    const aside = (await namesIn(fs, path.join(folder, SET_ASIDE))).filter((one) => one.startsWith(`${name}.`));
    for (const file of [...aside.map((one) => path.join(SET_ASIDE, one)), name]) {
      const bytes = await this.read(file).catch(() => undefined);
      if (!bytes) continue;
      for (const { document, chunks } of await salvageSnippets(bytes, kept, space.dimension)) {
        this.texts.set(document.path, chunks);
      }
    }
  }

  private async loadRetired(name: string): Promise<void> {
    const retired = await this.decode(name, async (bytes) => ({
      vectors: await decodeRetired(bytes, this.options.space.dimension),
      offsets: vectorOffsets(bytes),
    }));
    if (!retired) {
      this.mended = true;
      return;
    }
    const file = new ShardFile(path.join(this.options.folder, name));
    this.state.retired.load(retired.vectors, file, retired.offsets);
    this.retired = name;
  }

  /** Undefined for a file that is gone or damaged, or can't be read. */
  private async decode<T>(name: string, decode: (bytes: Buffer) => Promise<T>): Promise<T | undefined> {
    const bytes = await this.readVectors(name);
    if (!bytes) return undefined;
    try {
      checkContent(name, bytes);
      return await decode(bytes);
    } catch (error) {
      if (isEngineError(error)) throw error;
      await this.putAside(name);
      return undefined;
    }
  }

  private async replay(names: readonly string[], after: number): Promise<void> {
    for (const name of journalsAfter(after, names)) {
      const bytes = await this.read(name);
      if (!bytes) continue;
      const { entries, damaged } = readJournal(bytes, this.options.space.dimension);
      for (const entry of entries) {
        this.state.apply(entry, this.options.nowMs);
        if ('remove' in entry) for (const removed of entry.remove) this.lost.delete(removed);
      }
      this.journalBytes += bytes.length;
      this.journalRecords += entries.length;
      if (damaged) await this.keepCopy(name, bytes);
    }
  }

  private async readVectors(name: string): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.read(name);
      } catch (error) {
        const reason = isEngineError(error) ? error.details['reason'] : undefined;
        if (!isEngineError(error) || !OF_ONE_FILE.has(reason)) throw error;
        if (this.unreadable.length === 0 && attempt <= READ_RETRIES) {
          await sleep(READ_PAUSE_MS);
          continue;
        }
        this.unreadable.push({ name, error });
        return undefined;
      }
    }
  }

  private read(name: string): Promise<Buffer | undefined> {
    return readIfThere(this.options.fs, path.join(this.options.folder, name));
  }

  private async keepCopy(name: string, bytes: Buffer): Promise<void> {
    this.mended = true;
    const { fs, folder, nowMs, mend } = this.options;
    if (mend) this.moved.push(await copyAside(fs, folder, name, nowMs, bytes));
  }

  private async putAllAside(): Promise<void> {
    const names = await namesIn(this.options.fs, this.options.folder);
    for (const name of names) if (generationOf(name) > 0) await this.putAside(name);
    await this.putAside(MANIFEST); // last: until then it says whose the others are
  }

  private async putAside(name: string): Promise<void> {
    const { fs, folder, nowMs, mend } = this.options;
    if (mend) this.moved.push(await setAside(fs, folder, name, nowMs));
  }
}

/** Of a shard's or a journal's name; 0 for other files. */
function generationOf(name: string): number {
  return parseShardName(name)?.generation ?? journalGeneration(name) ?? 0;
}
