import assert from 'node:assert/strict';
import { autoModelFilled, autoModelFor } from '../../src/engine/autoModel.ts';
import type { EmbeddingSpace } from '../../src/engine/model.ts';
import type { EngineConfig } from '../../src/protocol/engineApi.ts';

function config(language: string): EngineConfig {
  return {
    roots: [],
    storageFolder: '',
    model: 'auto',
    include: [],
    exclude: [],
    maxFileBytes: 1,
    maxConcurrency: 0,
    language,
  };
}

function onDisk(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([model, documents]) => {
    const space: EmbeddingSpace = {
      provider: 'local',
      model,
      dimension: 1,
      output: 'dense',
      prompt: '',
      chunkerVersion: 1,
    };
    return { space, documents };
  });
}

describe('auto', () => {
  const opened: [string, string, Record<string, number>, string][] = [
    ['nothing indexed, English editor', 'en', {}, 'minilm'],
    ['nothing indexed, Chinese editor', 'zh-cn', {}, 'bilingual'],
    ['an English index', 'en', { minilm: 10 }, 'minilm'],
    ['a bilingual index', 'en', { minilm: 10, bilingual: 12 }, 'bilingual'],
    ['a bilingual index that is half done', 'zh-cn', { minilm: 10, bilingual: 4 }, 'minilm'],
    ['an index of another model', 'en', { 'bge-small-zh': 5 }, 'minilm'],
  ];
  for (const [name, language, counts, model] of opened) {
    it(`opens ${model} with ${name}`, () => assert.equal(autoModelFor(config(language), onDisk(counts)), model));
  }

  it('fills the bilingual space once there is CJK text or a Chinese editor, and never goes back', () => {
    assert.equal(autoModelFilled(config('en'), 'minilm', 20), 'minilm');
    assert.equal(autoModelFilled(config('en'), 'minilm', 5000), 'bilingual');
    assert.equal(autoModelFilled(config('zh-cn'), 'minilm', 0), 'bilingual');
    assert.equal(autoModelFilled(config('en'), 'bilingual', 0), 'bilingual');
  });
});
