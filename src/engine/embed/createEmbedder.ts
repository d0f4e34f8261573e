// Stage 3: the embedder of one space, embedded or remote. Cost: nothing is started, read or sent before the first text, except
// to learn a dimension that nobody told.
import type { Embedder, EmbedderOptions } from './embedder.ts';
import { createLocalEmbedder } from './local/localEmbedder.ts';
import { createRemoteEmbedder } from './remote/remoteEmbedder.ts';

/** Throws `unknown-model`, `dimension-not-allowed`, and for models of unknown dimension what `Embedder.embedPart` throws. */
export function createEmbedder(options: EmbedderOptions): Promise<Embedder> {
  return options.remote ? createRemoteEmbedder(options, options.remote) : createLocalEmbedder(options);
}
