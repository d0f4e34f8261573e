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
import { IMPORTED } from './embed/imported/importedEmbedder.ts';
import type { EmbeddingSpace } from './model.ts';
import { Overlay } from './overlay.ts';
import { createReference, type SimilarityReference } from './search/percentile.ts';
import { SessionLayouts } from './sessionLayouts.ts';
import { SessionWords } from './sessionWords.ts';
import { SparseSearch } from './search/sparse/sparseSearch.ts';
import { openFolderStores } from './store/folderStores.ts';
import { folderStorages } from './store/storages.ts';
import { openStore } from './store/vectraStore.ts';
import { spaceFolderName } from './store/spaces.ts';
import type { StoreChange, VectorStore } from './store/store.ts';

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

function openSpace(
  config: EngineConfig,
  space: EmbeddingSpace,
  partDimensions: readonly number[],
  onChange: (change: StoreChange) => void,
): Promise<VectorStore> {
  const { vectorMemoryBytes, storageFolder } = config;
  const inStorage = (storage: string): string => path.join(storage, spaceFolderName(space));
  const options = {
    folder: inStorage(storageFolder),
    space,
    partDimensions,
    ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes }),
    onChange,
  };
  const storages = space.provider === IMPORTED ? [] : folderStorages(config);
  if (storages.length === 0) return openStore(options);
  return openFolderStores(options, storages.map(({ prefix, storage }) => ({ prefix, folder: inStorage(storage) }))); // prettier-ignore
}
