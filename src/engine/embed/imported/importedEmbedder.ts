// Stage 3, the embedder of ready vectors: their space and nothing else. Invariant: it embeds nothing and sends nothing; what needs a
// model fails with `no-model`. Cost: none.
import { EngineError } from '../../errors.ts';
import type { EmbeddingSpace } from '../../model.ts';
import type { Embedder } from '../embedder.ts';

/** The model's name in configuration and space. */
export const IMPORTED = 'imported';

export function importedSpace(dimension: number): EmbeddingSpace {
  return { provider: 'imported', model: IMPORTED, dimension, output: 'dense', prompt: 'none', chunkerVersion: 1 };
}

/** Throws `index-empty` while no dimension is known, that is before the first import. */
export function createImportedEmbedder(dimension: number | undefined): Embedder {
  if (dimension === undefined) throw new EngineError('index-empty');
  const space = importedSpace(dimension);
  const noModel = (): Promise<never> => Promise.reject(new EngineError('no-model'));
  return {
    space,
    parts: [{ space, offset: 0 }],
    preferredInFlight: 1,
    runtime: undefined,
    multimodal: false,
    embedPart: noModel,
    embedQuery: noModel,
    embedTexts: noModel,
    exampleQuery: (row) => row,
    countTokens: (text) => Math.ceil(text.length / 4),
    close: () => Promise.resolve(),
  };
}
