// One opened space: its embedder, its index and the chunker that feeds it. Invariant: at most one session a space folder.
// Cost: opening reads the whole index into memory; the model's processes start with the first text.
import path from 'node:path';
import type { EngineConfig, EngineResources } from '../protocol/engineApi.ts';
import { Analyst } from './analysis/analyst.ts';
import { threadRunner } from './analysis/runInThread.ts';
import { CHUNKER_VERSION, type Chunker } from './chunk/chunker.ts';
import { createChunker } from './chunk/createChunker.ts';
import { createEmbedder } from './embed/createEmbedder.ts';
import type { Embedder, EmbedderOptions, Manners, RemoteOptions } from './embed/embedder.ts';
import type { EmbeddingSpace } from './model.ts';
import { Overlay } from './overlay.ts';
import { createReference, type SimilarityReference } from './search/percentile.ts';
import { SessionLayouts } from './sessionLayouts.ts';
import { SessionWords } from './sessionWords.ts';
import { SparseSearch } from './search/sparse/sparseSearch.ts';
import { openStore } from './store/vectraStore.ts';
import { spaceFolderName } from './store/spaces.ts';
import type { StoreChange, VectorStore } from './store/store.ts';
import type { PartSource } from './vectorReuse.ts';

export interface Session {
  readonly model: string;
  readonly embedder: Embedder;
  readonly store: VectorStore;
  readonly chunker: Chunker;
  readonly reference: SimilarityReference;
  /** Follow the store's table when a search needs them. */
  readonly words: SessionWords;
  readonly sparse: SparseSearch;
  readonly analyst: Analyst;
  readonly layouts: SessionLayouts;
  /** What editors hold and no file does. */
  readonly overlay: Overlay;
  close(): Promise<void>;
}

/** `remote`: set when the configuration names a service. */
export function embedderOptions(
  config: EngineConfig,
  model: string,
  resources: EngineResources,
  remote: RemoteOptions | undefined,
  manners?: Manners,
): EmbedderOptions {
  return {
    model,
    ...(config.dimension !== undefined && { dimension: config.dimension }),
    modelsFolder: resources.modelsFolder,
    inferenceEntry: path.join(resources.distFolder, 'inference.js'),
    maxConcurrency: config.maxConcurrency,
    chunkerVersion: CHUNKER_VERSION,
    ...(remote && { remote }),
    ...(manners && { manners }),
  };
}

/** Throws `unknown-model`, `dimension-not-allowed`, `weights-*`, `key-missing`, `index-too-new`, `storage-failed` ... */
export async function openSession(
  config: EngineConfig,
  model: string,
  resources: EngineResources,
  remote: RemoteOptions | undefined,
  onStoreChange: (change: StoreChange) => void,
  manners: Manners | undefined,
): Promise<Session> {
  const embedder = await createEmbedder(embedderOptions(config, model, resources, remote, manners));
  try {
    const chunker = await createChunker({
      grammarsFolder: path.join(resources.distFolder, 'grammars'),
      countTokens: (text) => embedder.countTokens(text),
    });
    const opened = await openSpace(
      config,
      embedder.space,
      embedder.parts.map((part) => part.space.dimension),
      onStoreChange,
    );
    const words = new SessionWords(opened);
    const analyst = new Analyst(opened, threadRunner(path.join(resources.distFolder, 'analysis.js')));
    return {
      model,
      embedder,
      store: opened,
      chunker,
      reference: createReference((row, text) => embedder.exampleQuery(row, text)),
      words,
      sparse: new SparseSearch(),
      analyst,
      layouts: new SessionLayouts(opened, analyst),
      overlay: new Overlay(opened, words),
      close: async () => {
        analyst.close();
        await embedder.close();
        await words.close();
        await opened.close();
      },
    };
  } catch (error) {
    await embedder.close();
    throw error;
  }
}

/** The vectors of unsaved text: saving it embeds nothing. */
export function overlaySources({ embedder, overlay }: Session): PartSource[] {
  return embedder.parts.map(({ offset }, part) => ({ part, store: overlay, offset }));
}

/**
 * Indexes on disk that hold a part of this session's vectors on their own (the MiniLM index for the bilingual space), opened
 * for the time of a run, and the session's own unsaved text. `open`: a session of that space that is open already.
 */
export async function openPartSources(
  config: EngineConfig,
  session: Session,
  onDisk: readonly EmbeddingSpace[],
  open: Session | undefined,
): Promise<{ sources: PartSource[]; close(): Promise<void> }> {
  const { embedder } = session;
  const sources = overlaySources(session);
  const opened: VectorStore[] = [];
  for (const [part, { space }] of embedder.parts.entries()) {
    const name = spaceFolderName(space);
    if (name === spaceFolderName(embedder.space)) continue;
    if (open && spaceFolderName(open.store.space) === name) sources.push({ part, store: open.store, offset: 0 });
    else if (onDisk.some((other) => spaceFolderName(other) === name)) {
      const store = await openSpace(config, space, [space.dimension]);
      opened.push(store);
      sources.push({ part, store, offset: 0 });
    }
  }
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((store) => store.close()));
  };
  return { sources, close };
}

function openSpace(
  config: EngineConfig,
  space: EmbeddingSpace,
  partDimensions: readonly number[],
  onChange?: (change: StoreChange) => void,
): Promise<VectorStore> {
  const folder = path.join(config.storageFolder, spaceFolderName(space));
  const { vectorMemoryBytes } = config;
  return openStore({
    folder,
    space,
    partDimensions,
    ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes }),
    ...(onChange && { onChange }),
  });
}
