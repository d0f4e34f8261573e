// Stage 4, an index of before each folder had its own: its documents move to where they belong. Invariant: a document is in two
// indexes for a moment, and in none never, whenever it is killed. Cost: the workspace's own index, which holds kept snippets alone
// afterwards, is read once more at each opening.
import { EngineError } from '../errors.ts';
import type { StoredChunk } from '../model.ts';
import { type Hindrance, type OpenStoreOptions, openForReading } from './openFolder.ts';
import { type VectraStore, openStore } from './vectraStore.ts';

/** Where one space of an opened folder is kept, and what the paths of its documents begin with. */
export interface FolderIndex {
  readonly prefix: string;
  /** As {@link OpenStoreOptions.folder}. */
  readonly folder: string;
}

/**
 * Moves the documents of folders out of an index that has them all, as it was made before each had its own, or for one folder
 * that holds them. A document is in two indexes for a moment, and in none never. Returns why that can't be done, say on a disk
 * that is read-only. Throws `index-locked` while another process has that index.
 */
export async function takeApart(
  options: OpenStoreOptions,
  folders: readonly FolderIndex[],
): Promise<Hindrance | undefined> {
  const isOfFolder = (path: string): boolean => folders.some(({ prefix }) => path.startsWith(prefix));
  const { state } = await openForReading(options);
  state.closeFiles();
  if (![...state.documents.keys()].some(isOfFolder)) return undefined;
  const own = await openStore(options);
  try {
    const { hindrance } = own;
    if (hindrance && 'pid' in hindrance) throw new EngineError('index-locked', { pid: hindrance.pid });
    if (hindrance) return hindrance;
    const ledger = own.leftOut();
    const moved = new Set<string>();
    const hashes = new Set<string>();
    for (const { prefix, folder } of folders) {
      const isHere = (path: string): boolean => path.startsWith(prefix) && !moved.has(path);
      const lines = ledger.filter(({ path }) => isHere(path));
      const documents = [...own.documents.values()].filter(({ path }) => isHere(path));
      if (lines.length + documents.length === 0) continue;
      const store = await openStore({ ...options, folder, leader: own });
      try {
        for (const document of documents) {
          const content = contentOf(own, document.path);
          if (content) await store.replaceDocument(document, ...content);
          for (const { hash } of content?.[0] ?? []) hashes.add(hash);
        }
        store.recordLeftOut(lines, false);
      } finally {
        await store.close();
      }
      for (const { path } of [...lines, ...documents]) moved.add(path);
    }
    await own.removeDocuments([...moved]);
    await own.forgetRetired(hashes);
    return undefined;
  } finally {
    await own.close();
  }
}

/** Undefined where the disk does not give a vector: the document is embedded again. */
function contentOf(store: VectraStore, path: string): [StoredChunk[], Float32Array] | undefined {
  const { table } = store;
  const chunks = store.rowsOf(path).flatMap((row) => table.chunks[row] ?? []);
  const vectors = new Float32Array(chunks.length * table.dimension);
  for (const [i, { hash }] of chunks.entries()) {
    const vector = store.findVector(hash);
    if (!vector) return undefined;
    vectors.set(vector, i * table.dimension);
  }
  return [chunks, vectors];
}
