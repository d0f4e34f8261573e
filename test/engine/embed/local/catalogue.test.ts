import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { catalogueParts, listModels } from '../../../../src/engine/embed/local/catalogue.ts';
import type { LocalModelInfo } from '../../../../src/protocol/engineApi.ts';
import { modelsFolder } from '../../../support/paths.ts';

describe('the catalogue of embedded models', () => {
  it('lists every model with its dimension, and says which are installed', async () => {
    const models: readonly LocalModelInfo[] = await listModels(modelsFolder); // the protocol's type holds it
    const dimensions = models.map((model) => [model.id, model.defaultDimension, model.dimensions]);
    assert.deepEqual(dimensions, [
      ['minilm', 384, [384]],
      ['bge-small-zh', 512, [512]],
      ['bilingual', 896, [896]],
      ['bge-small-en', 384, [384]],
    ]);
    const installed = models.filter((model) => model.installed).map((model) => model.id);
    assert.deepEqual(installed.slice(0, 3), ['minilm', 'bge-small-zh', 'bilingual'], 'run npm run models first');
    for (const model of models)
      assert.ok(
        Object.values(model.scores).every((score) => score > 0 && score < 1),
        model.id,
      );
  });

  it('says that nothing is installed in an empty folder', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'vectorscope-'));
    const models = await listModels(folder);
    assert.deepEqual(
      models.filter((model) => model.installed),
      [],
    );
    rmSync(folder, { recursive: true });
  });

  it('builds the bilingual space of the two spaces that exist on their own', () => {
    const halves = catalogueParts('bilingual', modelsFolder);
    assert.deepEqual(halves[0], catalogueParts('minilm', modelsFolder)[0]);
    assert.deepEqual(halves[1], catalogueParts('bge-small-zh', modelsFolder)[0]);
  });

  it('refuses a model that it does not know and names those it knows', () => {
    assert.throws(() => catalogueParts('gpt', modelsFolder), {
      code: 'unknown-model',
      details: { model: 'gpt', known: 'auto, minilm, bge-small-zh, bilingual, bge-small-en' },
    });
  });
});
