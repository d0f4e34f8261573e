// Stage 4, following an index that another process writes: new journal records and changed shards -> memory. Invariant: a document
// changes whole within one turn of the event loop and never goes back to an older state; what can't be read yet (a torn record, a
// file that a newer manifest has replaced) waits for the next look. Cost: a list of names and a few stats a look, then what changed.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errnoOf } from '../errors.ts';
import type { DocumentRecord, StoredChunk } from '../model.ts';
import { type FileSystem, namesIn, readIfThere, storageFailed } from './durableFiles.ts';
import { type IndexState, placesIn, shardOf } from './indexState.ts';
import { type LedgerChange, journalsAfter, readJournal } from './journal.ts';
import type { LoadedIndex } from './loadIndex.ts';
import { MANIFEST, type Manifest, checkContent, readManifest } from './manifest.ts';
import { decodeShard } from './shard.ts';
import { vectorOffsets } from './shardCodec.ts';
import { ShardFile } from './shardFile.ts';
import { isSameSpace } from './spaces.ts';
import type { StoredDocument } from './storedDocument.ts';

/** What documents are to become; undefined for one that is removed. */
type Targets = Map<string, StoredDocument | undefined>;

/** A shard as another process wrote it. */
interface FollowedShard {
  readonly documents: readonly StoredDocument[];
  /** Of its vectors, in bytes. */
  readonly offsets: readonly number[];
}
const EMPTY: FollowedShard = { documents: [], offsets: [] };

const DOCUMENTS_A_TURN = 200;

export class IndexFollower {
  private readonly state: IndexState;
  private files: readonly (string | null)[];
  private generation: number;
  /** Of the manifest that memory holds. */
  private stamp: string | undefined;
  /** Journal -> bytes whose records memory holds. */
  private readonly journals = new Map<string, number>();

  constructor(
    private readonly fs: FileSystem,
    private readonly folder: string,
    loaded: LoadedIndex,
    private readonly now: () => number,
  ) {
    this.state = loaded.state;
    this.files = loaded.files.shards;
    this.generation = loaded.generation;
  }

  /** Takes in what was written since; resolves with the documents that changed. Throws `storage-failed`. */
  async catchUp(): Promise<string[]> {
    const targets: Targets = new Map();
    const stamp = await this.stampOfManifest();
    const manifest = stamp === this.stamp ? undefined : await this.readManifest();
    const isNew = manifest !== undefined && manifest.generation !== this.generation;
    let files = this.files;
    const shards = new Map<number, FollowedShard>();
    if (isNew) {
      const read = await this.readShards(manifest, targets, shards);
      if (!read) return []; // the next look finds the manifest that replaced this one
      files = read;
    }
    const journals = await this.readJournals(isNew ? manifest.generation : this.generation, isNew, targets);
    // From here on nothing fails: memory follows as a whole.
    if (isNew) {
      this.files = files;
      this.generation = manifest.generation;
      this.journals.clear();
    }
    this.stamp = stamp;
    for (const [name, bytes] of journals.read) this.journals.set(name, bytes);
    // The shard that holds its vectors goes, and the one that comes has others.
    const isHomeless = (path: string): boolean => journals.ledger.has(path) && shards.has(shardOf(path));
    const changed = await this.apply(targets, isHomeless);
    this.state.retired.clear(); // they are the writer's to keep; who takes over reads them
    for (const [shard, content] of shards) {
      this.settle(shard, content);
      await nextTurn();
    }
    if (isNew) this.state.recordLeftOut(manifest.leftOut, true);
    this.state.apply({ remove: [], ledger: [...journals.ledger.values()] }, this.now());
    return changed;
  }

  // ---- reading --------------------------------------------------------------------------------------------------------

  private async stampOfManifest(): Promise<string | undefined> {
    const file = path.join(this.folder, MANIFEST);
    try {
      const { mtimeMs, size, ino } = await this.fs.stat(file);
      return `${mtimeMs} ${size} ${ino}`;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw storageFailed(error, file);
    }
  }

  /** Undefined for one that can't be read: what memory holds stays as good as it was. */
  private async readManifest(): Promise<Manifest | undefined> {
    const manifest = await readManifest(this.fs, this.folder);
    return manifest && isSameSpace(manifest.space, this.state.space) ? manifest : undefined;
  }

  /** Undefined when a file is gone. The files that memory will hold then: a damaged one is passed over. */
  private async readShards(
    manifest: Manifest,
    targets: Targets,
    shards: Map<number, FollowedShard>,
  ): Promise<readonly (string | null)[] | undefined> {
    const known = new Map(manifest.documents.map(({ document, chunks }) => [document.path, { document, chunks }]));
    const files = [...this.files];
    const stays = new Set<number>();
    const inShards = new Map<string, StoredDocument>();
    for (const [shard, name] of manifest.files.shards.entries()) {
      if (name === this.files[shard]) continue;
      const stored = name === null ? EMPTY : await this.readShard(name);
      if (stored === 'gone') return undefined;
      if (stored === 'damaged') {
        stays.add(shard);
        continue;
      }
      files[shard] = name;
      shards.set(shard, stored);
      for (const one of stored.documents) inShards.set(one.document.path, one);
    }
    for (const path of this.state.documents.keys()) {
      if (!known.has(path) && !stays.has(shardOf(path))) targets.set(path, undefined);
    }
    for (const [path, { document, chunks }] of known) {
      const shard = shardOf(path);
      if (stays.has(shard)) continue;
      const found = inShards.get(path);
      if (found?.chunks.length === chunks) targets.set(path, { ...found, document });
      else if (chunks === 0) targets.set(path, { document, chunks: [], vectors: new Float32Array() });
      else if (files[shard] !== this.files[shard]) targets.set(path, undefined);
      else this.state.touch(path, document.size, document.mtimeMs); // its shard is as it was
    }
    return files;
  }

  private async readShard(name: string): Promise<FollowedShard | 'gone' | 'damaged'> {
    const bytes = await readIfThere(this.fs, path.join(this.folder, name));
    if (!bytes) return 'gone';
    try {
      checkContent(name, bytes);
      return { documents: await decodeShard(bytes, this.state.space.dimension), offsets: vectorOffsets(bytes) };
    } catch {
      return 'damaged';
    }
  }

  private async readJournals(after: number, fromStart: boolean, targets: Targets) {
    const read = new Map<string, number>();
    const ledger = new Map<string, LedgerChange>();
    for (const name of journalsAfter(after, await namesIn(this.fs, this.folder))) {
      const from = fromStart ? 0 : (this.journals.get(name) ?? 0);
      const bytes = await this.readFrom(name, from);
      if (!bytes) continue;
      const { entries, wholeBytes } = readJournal(bytes, this.state.space.dimension);
      read.set(name, from + wholeBytes);
      for (const entry of entries) {
        if ('replace' in entry) {
          const { path } = entry.replace.document;
          targets.set(path, entry.replace);
          ledger.set(path, { path });
          continue;
        }
        for (const path of entry.remove) {
          targets.set(path, undefined);
          ledger.set(path, { path });
        }
        for (const change of entry.ledger ?? []) ledger.set(change.path, change);
      }
    }
    return { read, ledger };
  }

  /** Undefined when there is nothing behind `from`, or no such file any more. */
  private async readFrom(name: string, from: number): Promise<Buffer | undefined> {
    const file = path.join(this.folder, name);
    try {
      if ((await this.fs.stat(file)).size <= from) return undefined;
      const handle = await this.fs.open(file, 'r');
      try {
        const bytes = Buffer.alloc((await handle.stat()).size - from);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw storageFailed(error, file);
    }
  }

  // ---- memory ---------------------------------------------------------------------------------------------------------

  private async apply(targets: Targets, isHomeless: (path: string) => boolean): Promise<string[]> {
    const changed: string[] = [];
    for (const [path, target] of targets) {
      if (target === undefined) {
        if (!this.state.documents.has(path)) continue;
        this.state.apply({ remove: [path] }, this.now());
      } else {
        const isHeld = this.holds(target);
        if (isHeld && !isHomeless(path)) continue;
        this.state.apply({ replace: target }, this.now());
        if (isHeld) continue;
      }
      changed.push(path);
      if (changed.length % DOCUMENTS_A_TURN === 0) await nextTurn();
    }
    return changed;
  }

  /** What a shard holds as memory does need not stay there. What a journal has replaced since stays. */
  private settle(shard: number, { documents, offsets }: FollowedShard): void {
    const name = this.files[shard];
    const file = name ? new ShardFile(path.join(this.folder, name)) : undefined;
    const places = placesIn(offsets, documents.map(({ document, chunks }) => ({ path: document.path, chunks: chunks.length }))); // prettier-ignore
    const held = places.filter((_, i) => documents.slice(i, i + 1).every(({ document: { path: at }, chunks }) => this.holdsChunks(at, chunks))); // prettier-ignore
    this.state.settle(shard, file, held);
  }

  /** Whether memory holds the document so; a size or time that is not is set. */
  private holds({ document, chunks }: StoredDocument): boolean {
    const { path, size, mtimeMs } = document;
    const own = this.state.documents.get(path);
    const same = own !== undefined && isSameRecord(own, document) && this.holdsChunks(path, chunks);
    if (same && (own.size !== size || own.mtimeMs !== mtimeMs)) this.state.touch(path, size, mtimeMs);
    return same;
  }

  private holdsChunks(path: string, chunks: readonly StoredChunk[]): boolean {
    const { table } = this.state;
    const rows = table.rowsOf(path);
    return rows.length === chunks.length && chunks.every((chunk, i) => isSameChunk(chunk, table.chunks[rows[i] ?? -1]));
  }
}

function isSameRecord(a: DocumentRecord, b: DocumentRecord): boolean {
  const textOf = (record: DocumentRecord): string =>
    JSON.stringify(Object.entries({ ...record, size: 0, mtimeMs: 0 }).sort(([x], [y]) => (x < y ? -1 : 1)));
  return textOf(a) === textOf(b);
}

/** Equal texts have equal vectors, as everywhere in a space. */
function isSameChunk(a: StoredChunk, b: StoredChunk | undefined): boolean {
  return (
    b !== undefined &&
    a.hash === b.hash &&
    a.startLine === b.startLine &&
    a.endLine === b.endLine &&
    a.kind === b.kind &&
    a.symbol === b.symbol &&
    a.context === b.context &&
    a.text === b.text
  );
}
