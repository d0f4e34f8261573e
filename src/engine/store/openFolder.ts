// Stage 4, opening a space's folder: for writing where its lock is to be had, else for reading. Invariant: whoever ends up with an
// IndexWriter holds the lock. Cost: one read of the index.
import path from 'node:path';
import { isEngineError } from '../errors.ts';
import type { EmbeddingSpace } from '../model.ts';
import type { ChunkTable } from './chunkTable.ts';
import { type FileSystem, nodeFileSystem, onDisk, syncFolder } from './durableFiles.ts';
import { IndexWriter } from './indexWriter.ts';
import { type LoadedIndex, type LoadOptions, loadIndex, loadSteadily } from './loadIndex.ts';
import { LOCK_TIMING, type LockTiming } from './lockOwner.ts';
import type { StoreChange } from './store.ts';
import { type LockHolder, type WriterLock, takeWriterLock } from './writerLock.ts';

export interface OpenStoreOptions {
  /** Absolute; made when it is missing. One space's own: `path.join(storageFolder, spaceFolderName(space))`. */
  readonly folder: string;
  readonly space: EmbeddingSpace;
  /** Dimensions of the space's parts, in order; each part of a row has unit length. */
  readonly partDimensions: readonly number[];
  /**
   * Given: while another process writes, its changes are followed, and writing is taken over when it is gone. Without it the
   * store stays as it was opened.
   */
  readonly onChange?: (change: StoreChange) => void;
  /** The clock by which retired vectors age. */
  readonly now?: () => number;
  readonly fs?: FileSystem;
  /** How much memory the exact vectors may take; see FloatRows. */
  readonly vectorMemoryBytes?: number;
  /** Of several stores, whose documents differ; its own unless given. */
  readonly table?: ChunkTable;
  /** Writes only while that one does: of two processes each would have a part of the locks. */
  readonly leader?: { readonly hindrance: Hindrance | undefined };
  readonly followEveryMs?: number;
  readonly lockTiming?: LockTiming;
}

/** Who or what keeps a store from writing. */
export type Hindrance = LockHolder | { readonly errno: string };

export interface Opened {
  readonly loaded: LoadedIndex;
  readonly writer: IndexWriter | Hindrance;
}

/** What a folder answers that can't be written to. */
const DENIED: ReadonlySet<unknown> = new Set(['EROFS', 'EACCES', 'EPERM']);
/** What a full disk answers, which passes: whoever reads tries again. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** Throws `index-too-new`, `storage-failed`. */
export async function openFolder(options: OpenStoreOptions): Promise<Opened> {
  const lock = await takeFolder(options);
  if (!isHindrance(lock)) return openForWriting(options, lock);
  return { loaded: await openForReading(options), writer: lock };
}

export function openForReading(options: Omit<OpenStoreOptions, 'partDimensions'>): Promise<LoadedIndex> {
  return loadSteadily({ ...loadOptions(options), mend: false });
}

/** Gives the lock back where it throws. */
export async function openForWriting(options: OpenStoreOptions, lock: WriterLock): Promise<Opened> {
  const { folder, fs = nodeFileSystem, now = Date.now } = options;
  try {
    const loaded = await loadIndex({ ...loadOptions(options), mend: true });
    const writer = new IndexWriter({ fs, folder, now, lock }, loaded);
    await writer.settle();
    return { loaded, writer };
  } catch (error) {
    await lock.release().catch(() => undefined); // a lock that stays is found abandoned by the next opener
    throw error;
  }
}

/** Makes the folder where it is missing and takes its lock. */
export async function takeFolder(options: OpenStoreOptions): Promise<WriterLock | Hindrance> {
  const { folder, fs = nodeFileSystem, lockTiming = LOCK_TIMING, leader } = options;
  if (leader?.hindrance) return leader.hindrance;
  try {
    const made = await onDisk(folder, () => fs.mkdir(folder, { recursive: true }));
    if (made !== undefined) await syncFolder(fs, path.dirname(folder));
    return await takeWriterLock(fs, folder, lockTiming);
  } catch (error) {
    const errno = isEngineError(error, 'storage-failed') ? error.details['reason'] : undefined;
    if (!DENIED.has(errno) && !FULL.has(errno)) throw error;
    return { errno: String(errno) };
  }
}

/** Whether the lock may be had at another look: its holder may go, and a disk get room. */
export function mayPass(hindrance: Hindrance): boolean {
  return 'pid' in hindrance || FULL.has(hindrance.errno);
}

export function isHindrance(lock: WriterLock | Hindrance): lock is Hindrance {
  return 'pid' in lock || 'errno' in lock;
}

function loadOptions({
  folder,
  space,
  fs = nodeFileSystem,
  now = Date.now,
  vectorMemoryBytes,
}: Omit<OpenStoreOptions, 'partDimensions'>): Omit<LoadOptions, 'mend'> {
  return { fs, folder, space, nowMs: now(), ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes }) };
}
