// MiniLM with nothing around it: one ONNX Runtime session, one thread, no tokenizer in the loop. The yardstick for
// everything that the engine puts around `session.run`.
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Ort from 'onnxruntime-common';
import { catalogueParts } from '../../src/engine/embed/local/catalogue.ts';
import { loadTokenizer } from '../../src/engine/embed/local/tokenizer.ts';
import { modelsFolder, repoFolder } from './paths.ts';

export interface RawModel {
  /** `session.run` alone, one text after the other; tokens are made the first time a text is met. */
  run(texts: readonly string[]): Promise<void>;
}

export async function openRawModel(): Promise<RawModel> {
  const { model } = catalogueParts('minilm', modelsFolder)[0]!;
  const tokenizer = loadTokenizer(model);
  const ort = createRequire(path.join(repoFolder, 'package.json'))('onnxruntime-node') as typeof Ort;
  const session = await ort.InferenceSession.create(model.modelFile, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const feedsOf = (text: string): Record<string, Ort.Tensor> => {
    const ids = tokenizer.encode(text);
    const tensor = (values: readonly number[]): Ort.Tensor =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    return {
      input_ids: tensor(ids),
      attention_mask: tensor(ids.map(() => 1)),
      token_type_ids: tensor(ids.map(() => 0)),
    };
  };
  const feeds = new Map<string, Record<string, Ort.Tensor>>();
  return {
    async run(texts) {
      for (const text of texts) {
        const feed = feeds.get(text) ?? feedsOf(text);
        feeds.set(text, feed);
        await session.run(feed);
      }
    },
  };
}
