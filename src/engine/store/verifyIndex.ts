// Stage 4, Verify: reads all that a space has on disk and says what is wrong with it. Invariant: changes nothing, and is right also
// while a process writes: what a newer manifest replaced meanwhile is looked at again. Cost: one read of the index, a shard in
// memory at a time.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errnoOf, isEngineError } from '../errors.ts';
import { hasBadVector, isUnit } from './checkVectors.ts';
import { type FileSystem, SET_ASIDE, bytesBelow, namesIn, readIfThere, storageFailed } from './durableFiles.ts';
import type { FindingKind, IndexFinding, VerifiedSpace } from './indexFindings.ts';
import { shardOf } from './indexState.ts';
import { journalGeneration, journalsAfter, readJournal } from './journal.ts';
import { MANIFEST, type Manifest, checkContent, decodeManifest, parseShardName } from './manifest.ts';
import { decodeRetired, decodeShard } from './shard.ts';
import { spaceFolderName } from './spaces.ts';
import type { StoredDocument } from './storedDocument.ts';
import { LOCK } from './writerLock.ts';

const ATTEMPTS = 5;

type Trouble = 'missing' | 'damaged' | 'unreadable';

const KINDS: Readonly<Record<'shard' | 'retired', Readonly<Record<Trouble, FindingKind>>>> = {
  shard: { missing: 'shard-missing', damaged: 'shard-damaged', unreadable: 'unreadable' },
  retired: { missing: 'retired-missing', damaged: 'retired-damaged', unreadable: 'unreadable' },
};

/** Undefined for a folder that is no space's. Throws `storage-failed` where the folder itself can't be read. */
export async function verifyIndex(fs: FileSystem, folder: string): Promise<VerifiedSpace | undefined> {
  const names = await namesIn(fs, folder);
  if (!names.some((name) => name === MANIFEST || isOurs(name))) return undefined;
  for (let attempt = 1; ; attempt++) {
    const look = new Look(fs, folder);
    await look.atEverything();
    if (attempt === ATTEMPTS || !(await look.isOutdated())) return look.result();
  }
}

/** Shards, journals and retired vectors. */
function isOurs(name: string): boolean {
  return parseShardName(name) !== undefined || journalGeneration(name) !== undefined;
}

class Look {
  private readonly findings: IndexFinding[] = [];
  private manifestBytes: Buffer | undefined;
  private manifest: Manifest | undefined;
  /** Document -> its chunks, as the files tell. */
  private readonly chunks = new Map<string, number>();
  private bytes = 0;

  constructor(
    private readonly fs: FileSystem,
    private readonly folder: string,
  ) {}

  async atEverything(): Promise<void> {
    await this.readManifest();
    if (this.manifest) await this.readNamed(this.manifest);
    else if (!this.findings.some(({ kind }) => kind === 'manifest-too-new')) await this.readFound();
    await this.readLeftovers();
    this.bytes = await bytesBelow(this.fs, this.folder);
  }

  /** The manifest changed while this look read the files that it names. */
  async isOutdated(): Promise<boolean> {
    const now = await readIfThere(this.fs, path.join(this.folder, MANIFEST));
    return now && this.manifestBytes ? !now.equals(this.manifestBytes) : now !== this.manifestBytes;
  }

  result(): VerifiedSpace {
    const counts = [...this.chunks.values()];
    return {
      folder: path.basename(this.folder),
      ...(this.manifest && { space: this.manifest.space }),
      documents: counts.length,
      chunks: counts.reduce((sum, count) => sum + count, 0),
      bytes: this.bytes,
      findings: this.findings,
    };
  }

  private find(kind: FindingKind, file?: string, documents: readonly string[] = [], bytes?: number): void {
    this.findings.push({
      kind,
      ...(file !== undefined && { file }),
      documents,
      ...(bytes !== undefined && { bytes }),
    });
  }

  private async readManifest(): Promise<void> {
    this.manifestBytes = await this.read(MANIFEST);
    if (!this.manifestBytes) {
      // A first run that was killed before its first checkpoint has journals alone.
      const names = await namesIn(this.fs, this.folder);
      if (names.some((name) => parseShardName(name))) this.find('manifest-missing', MANIFEST);
      return;
    }
    try {
      this.manifest = decodeManifest(this.manifestBytes);
    } catch (error) {
      this.find(isEngineError(error, 'index-too-new') ? 'manifest-too-new' : 'manifest-damaged', MANIFEST);
      return;
    }
    if (spaceFolderName(this.manifest.space) !== path.basename(this.folder)) this.find('foreign-manifest', MANIFEST);
  }

  private async readNamed({ files, documents, generation, space }: Manifest): Promise<void> {
    const lost = new Set<number>();
    const inShard = (shard: number): string[] =>
      documents.flatMap(({ document, chunks }) =>
        chunks > 0 && shardOf(document.path) === shard ? document.path : [],
      );
    for (const [shard, name] of files.shards.entries()) {
      if (name === null) continue;
      const stored = await this.decode(name, (bytes) => decodeShard(bytes, space.dimension));
      await nextTurn();
      if (typeof stored === 'object') this.count(name, stored);
      else {
        lost.add(shard);
        this.find(KINDS.shard[stored], name, inShard(shard));
      }
    }
    if (files.retired !== null) await this.readRetired(files.retired, space.dimension);
    const missing = documents.filter(
      ({ document, chunks }) => !lost.has(shardOf(document.path)) && (this.chunks.get(document.path) ?? 0) !== chunks,
    );
    if (missing.length > 0) this.find('chunks-missing', MANIFEST, missing.map(({ document }) => document.path)); // prettier-ignore
    for (const { document, chunks } of documents) if (chunks === 0) this.chunks.set(document.path, 0);
    const known = new Set(documents.map(({ document }) => document.path));
    for (const name of this.chunks.keys()) if (!known.has(name)) this.chunks.delete(name);
    await this.readJournals(generation, space.dimension);
  }

  /** Without a manifest the dimension is not known: that the files are whole is all that can be said. */
  private async readFound(): Promise<void> {
    for (const name of await namesIn(this.fs, this.folder)) {
      if (!parseShardName(name)) continue;
      const found = await this.decode(name, () => Promise.resolve(true));
      if (found !== true) this.find(KINDS[name.startsWith('retired') ? 'retired' : 'shard'][found], name);
    }
  }

  private async readRetired(name: string, dimension: number): Promise<void> {
    const retired = await this.decode(name, (bytes) => decodeRetired(bytes, dimension));
    if (typeof retired !== 'object') this.find(KINDS.retired[retired], name);
    else if (retired.some(({ vector }) => !isUnit(vector))) this.find('bad-vectors', name);
  }

  private async readJournals(after: number, dimension: number): Promise<void> {
    for (const name of journalsAfter(after, await namesIn(this.fs, this.folder))) {
      const bytes = await this.read(name);
      if (!bytes) continue;
      const { entries, damaged } = readJournal(bytes, dimension);
      if (damaged) this.find('journal-damaged', name);
      const replaced = entries.flatMap((entry) => ('replace' in entry ? entry.replace : []));
      for (const entry of entries) {
        if ('replace' in entry) this.chunks.set(entry.replace.document.path, entry.replace.chunks.length);
        else for (const removed of entry.remove) this.chunks.delete(removed);
      }
      this.findBadVectors(name, replaced);
    }
  }

  private count(name: string, stored: readonly StoredDocument[]): void {
    for (const { document, chunks } of stored) this.chunks.set(document.path, chunks.length);
    this.findBadVectors(name, stored);
  }

  private findBadVectors(name: string, stored: readonly StoredDocument[]): void {
    const bad = stored.filter(hasBadVector).map(({ document }) => document.path);
    if (bad.length > 0) this.find('bad-vectors', name, [...new Set(bad)]);
  }

  private async readLeftovers(): Promise<void> {
    const { manifest } = this;
    const named = new Set([...(manifest?.files.shards ?? []), manifest?.files.retired]);
    const isWritten = (await readIfThere(this.fs, path.join(this.folder, LOCK))) !== undefined;
    for (const name of await namesIn(this.fs, this.folder)) {
      const generation = parseShardName(name)?.generation ?? journalGeneration(name);
      const isOld = manifest && generation !== undefined && generation <= manifest.generation && !named.has(name);
      if (!isOld && (isWritten || !name.endsWith('.tmp'))) continue;
      const bytes = await this.sizeOf(name);
      if (bytes !== undefined) this.find('leftover', name, [], bytes);
    }
    for (const name of await namesIn(this.fs, path.join(this.folder, SET_ASIDE))) {
      this.find('set-aside', `${SET_ASIDE}/${name}`, [], await this.sizeOf(path.join(SET_ASIDE, name)));
    }
  }

  private async decode<T extends object | true>(
    name: string,
    decode: (bytes: Buffer) => Promise<T>,
  ): Promise<T | Trouble> {
    try {
      const bytes = await readIfThere(this.fs, path.join(this.folder, name));
      if (!bytes) return 'missing';
      checkContent(name, bytes);
      return await decode(bytes);
    } catch (error) {
      return isEngineError(error, 'storage-failed') ? 'unreadable' : 'damaged';
    }
  }

  /** A file that can't be read for another reason than its absence is a finding, not the end. */
  private async read(name: string): Promise<Buffer | undefined> {
    try {
      return await readIfThere(this.fs, path.join(this.folder, name));
    } catch {
      this.find('unreadable', name);
      return undefined;
    }
  }

  private async sizeOf(name: string): Promise<number | undefined> {
    const file = path.join(this.folder, name);
    try {
      return (await this.fs.stat(file)).size;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw storageFailed(error, file);
    }
  }
}
