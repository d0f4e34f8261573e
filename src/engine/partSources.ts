// Where a run may find vectors that its own index lacks: unsaved text, the index of a space that a part spans alone, and the indexes
// that other workspaces have of the same folders. Invariant: spaces are equal, so vectors may be compared; what can't be read is
// embedded. Cost: one read of each of those indexes, which stay open for the time of a run.
import type { EngineConfig } from '../protocol/engineApi.ts';
import { relatedIndexes } from './indexRegistry.ts';
import type { IndexPlan } from './indexPlan.ts';
import type { EmbeddingSpace } from './model.ts';
import type { Session } from './session.ts';
import { isSameSpace } from './store/spaces.ts';
import { storagesIn, unopenedStorages } from './store/storages.ts';
import { openStoredVectors, type StoredVectors } from './store/storedVectors.ts';
import type { PartSource } from './vectorReuse.ts';

/** So many documents, where an index is not new: fewer are embedded before another index is read. */
const WORTH_READING = 20;

export interface PartSources {
  readonly sources: readonly PartSource[];
  readonly close: () => void;
}

/** The vectors of unsaved text: saving it embeds nothing. */
export function overlaySources({ embedder, overlay }: Session): PartSource[] {
  return embedder.parts.map(({ offset }, part) => ({ part, store: overlay, offset }));
}

/** For what is to be embedded. `open`: a session that is open on this storage beside the one that is filled. */
export async function openPartSources(
  config: EngineConfig,
  session: Session,
  { pending }: Pick<IndexPlan, 'pending'>,
  open: Session | undefined,
): Promise<PartSources> {
  const { space, parts } = session.embedder;
  const { storageFolder } = config;
  const sources = overlaySources(session);
  const opened: StoredVectors[] = [];
  const close = (): void => opened.forEach((store) => store.close());
  if (pending.length < (session.store.table.count === 0 ? 1 : WORTH_READING)) return { sources, close };
  const read = async (storage: string, wanted: EmbeddingSpace): Promise<StoredVectors | undefined> => {
    try {
      const vectors = await openStoredVectors(storage, wanted);
      if (vectors) opened.push(vectors);
      return vectors;
    } catch {
      return undefined;
    }
  };
  const addWhole = async (storage: string): Promise<void> => {
    const same = await read(storage, space);
    if (same) sources.push(...parts.map(({ offset }, part) => ({ part, store: same, offset })));
  };
  const addParts = async (storage: string, known?: EmbeddingSpace): Promise<void> => {
    for (const [part, { space: alone }] of parts.entries()) {
      if (isSameSpace(alone, space) || (known && isSameSpace(alone, known))) continue;
      const store = await read(storage, alone);
      if (store) sources.push({ part, store, offset: 0 });
    }
  };
  const openPart = open ? parts.findIndex(({ space: alone }) => isSameSpace(alone, open.store.space)) : -1;
  if (open && openPart >= 0) sources.push({ part: openPart, store: open.store, offset: 0 });
  for (const storage of await storagesIn(storageFolder)) await addParts(storage, open?.store.space);
  if (hasNewFolder(config, session)) for (const storage of await unopenedStorages(config)) await addWhole(storage);
  for (const related of await relatedIndexes(config)) {
    for (const storage of await storagesIn(related).catch(() => [])) {
      await addWhole(storage);
      await addParts(storage);
    }
  }
  return { sources, close };
}

/** One of which nothing is indexed: it may have had another name, or have been opened with others or alone. */
function hasNewFolder({ roots }: EngineConfig, { store }: Session): boolean {
  const paths = [...store.documents.values()].flatMap(({ path, kept }) => (kept ? [] : path));
  return roots.some(({ prefix }) => !paths.some((path) => path.startsWith(prefix)));
}
