// Stage 3: the embedder of one space, embedded or remote. Cost: nothing is started, read or sent before the first text, except
// to learn a dimension that nobody told.
import type { Embedder, EmbedderOptions } from './embedder.ts';
import { createImportedEmbedder, IMPORTED } from './imported/importedEmbedder.ts';
import { createLocalEmbedder } from './local/localEmbedder.ts';
import { createRemoteEmbedder } from './remote/remoteEmbedder.ts';

/** Throws `index-empty` for imported vectors of unknown dimension, `unknown-model`, `dimension-not-allowed`, and for models of unknown dimension what `Embedder.embedPart` throws. */
export async function createEmbedder(options: EmbedderOptions): Promise<Embedder> {
  if (options.model === IMPORTED) return createImportedEmbedder(options.dimension);
  return options.remote ? createRemoteEmbedder(options, options.remote) : createLocalEmbedder(options);
}
