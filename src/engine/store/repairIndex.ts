// Stage 4, Repair: brings a space's folder in order as opening it for writing does, and beyond: what was stored with vectors that
// are none is dropped too. Invariant: a damaged file is set aside, never deleted, and nothing of it is trusted: bits of a vector
// can't be checked one by one. Its texts find their vectors again by hash, among those that survive. Cost: one read of the index
// and one checkpoint.
import { EngineError } from '../errors.ts';
import type { DocumentRecord, EmbeddingSpace } from '../model.ts';
import { hasBadVector, isUnit } from './checkVectors.ts';
import type { FileSystem } from './durableFiles.ts';
import type { IndexState } from './indexState.ts';
import { IndexWriter } from './indexWriter.ts';
import { loadIndex } from './loadIndex.ts';
import { takeWriterLock } from './writerLock.ts';

/** A document that is no longer in the index, with what the user had said of it. */
export type LostDocument = Pick<DocumentRecord, 'path' | 'asked' | 'kept'>;

export interface RepairedIndex {
  readonly lost: readonly LostDocument[];
  /** Absolute paths of the files that were set aside. */
  readonly setAside: readonly string[];
}

/** Throws `index-locked`, `index-too-new`, `storage-failed`. */
export async function repairIndex(
  fs: FileSystem,
  folder: string,
  space: EmbeddingSpace,
  now: () => number = Date.now,
): Promise<RepairedIndex> {
  const lock = await takeWriterLock(fs, folder);
  if ('pid' in lock) throw new EngineError('index-locked', { pid: lock.pid });
  let writer: IndexWriter | undefined;
  try {
    const loaded = await loadIndex({ fs, folder, space, mend: true, nowMs: now() });
    const bad = dropBadVectors(loaded.state, now());
    writer = new IndexWriter({ fs, folder, now, lock }, loaded);
    await writer.settle();
    if (bad.length > 0) await writer.checkpoint();
    return {
      lost: [...loaded.lost, ...bad].map(({ path, asked, kept }) => ({
        path,
        ...(asked && { asked }),
        ...(kept && { kept }),
      })),
      setAside: loaded.setAside,
    };
  } finally {
    await (writer ? writer.close() : lock.release());
  }
}

/** Vectors without unit length can only come from an earlier version's mistake: the checksum of their file is right. */
function dropBadVectors(state: IndexState, nowMs: number): DocumentRecord[] {
  const dropped: DocumentRecord[] = [];
  for (const record of [...state.documents.values()]) {
    for (const stored of state.stored([record.path])) {
      if (stored.chunks.length === 0 || !hasBadVector(stored)) continue;
      state.apply({ remove: [record.path] }, nowMs);
      state.lose(record, stored.chunks);
      dropped.push(record);
    }
  }
  for (const { hash, vector } of state.retired.all()) if (!isUnit(vector)) state.retired.forget(hash);
  return dropped;
}
