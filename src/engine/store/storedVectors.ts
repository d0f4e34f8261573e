// Stage 4, the vectors of an index that somebody else may be writing, by the hash of their texts, as they are on disk now. Invariant:
// no lock is taken and nothing is changed. Cost: one read of the index; the vectors themselves stay on disk.
import path from 'node:path';
import type { EmbeddingSpace } from '../model.ts';
import { namesIn, nodeFileSystem } from './durableFiles.ts';
import { openForReading } from './openFolder.ts';
import { spaceFolderName } from './spaces.ts';
import type { VectorStore } from './store.ts';

export interface StoredVectors extends Pick<VectorStore, 'findVector' | 'findSparse'> {
  close(): void;
}

/** Of a storage folder; undefined where the space is not there. Throws `index-too-new`, `storage-failed`. */
export async function openStoredVectors(storage: string, space: EmbeddingSpace): Promise<StoredVectors | undefined> {
  const name = spaceFolderName(space);
  if (!(await namesIn(nodeFileSystem, storage)).includes(name)) return undefined;
  const { state } = await openForReading({ folder: path.join(storage, name), space, vectorMemoryBytes: 0 });
  return {
    findVector: (textHash) => state.findVector(textHash),
    findSparse: (textHash) => state.findSparse(textHash),
    close: () => state.closeFiles(),
  };
}
