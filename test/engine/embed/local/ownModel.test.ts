import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { modelsFolder } from '../../../support/paths.ts';
import { bits, dot, embedRows, testEmbedder } from '../../../support/testEmbedder.ts';

describe("a user's own model in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'my model '));
    cpSync(path.join(modelsFolder, 'minilm'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, json: unknown): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), JSON.stringify(json));
  };
  const rowsOf = async (model: string, texts: readonly string[]): Promise<Float32Array[]> => {
    const embedder = await testEmbedder({ model });
    const rows = await embedRows(embedder, texts);
    await embedder.close();
    return rows;
  };

  it('gives the vectors of the catalogue for the same files, in a space of its own name', async () => {
    mkdirSync(path.join(folder, 'onnx'));
    renameSync(path.join(folder, 'model.onnx'), path.join(folder, 'onnx', 'model_quantized.onnx'));
    const texts = ['const a = 1;', 'word '.repeat(400)];
    assert.deepEqual((await rowsOf(folder, texts)).map(bits), (await rowsOf('minilm', texts)).map(bits));
    const embedder = await testEmbedder({ model: folder, dimension: 384 });
    await embedder.close();
    assert.match(embedder.space.model, new RegExp(`^${path.basename(folder)}-[0-9a-f]{8}$`));
    assert.equal(embedder.space.dimension, 384);
  });

  it('takes pooling, prefixes and the token limit from sentence-transformers files', async () => {
    write('1_Pooling/config.json', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false });
    write('config_sentence_transformers.json', { prompts: { query: 'query: ', passage: 'passage: ' } });
    write('sentence_bert_config.json', { max_seq_length: 16, do_lower_case: false });
    write('tokenizer_config.json', { model_max_length: 1e30 });
    const embedder = await testEmbedder({ model: folder });
    const { tokens, vectors } = await embedder.embedPart(0, ['word '.repeat(100)]);
    const query = await embedder.embedQuery('text');
    const [asDocument] = await embedRows(embedder, ['text']);
    await embedder.close();
    assert.equal(tokens, 16);
    assert.notEqual(bits(vectors), bits((await rowsOf('minilm', ['word '.repeat(100)]))[0]!));
    assert.ok(dot(query, asDocument!) < 0.9999, 'the prefixes differ');
    assert.match(embedder.space.prompt, /^own-cls-/);
  });

  it('opens another space when the files are exchanged', async () => {
    const before = await testEmbedder({ model: folder });
    cpSync(path.join(modelsFolder, 'bge-small-zh', 'model.onnx'), path.join(folder, 'model.onnx'));
    cpSync(path.join(modelsFolder, 'bge-small-zh', 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
    const after = await testEmbedder({ model: folder });
    await Promise.all([before.close(), after.close()]);
    assert.notEqual(after.space.model, before.space.model);
    assert.equal(after.space.dimension, 512);
  });

  const failures: readonly [string, () => void, string][] = [
    ['a folder without a model', () => rmSync(path.join(folder, 'model.onnx')), 'weights-missing'],
    ['a folder without a tokenizer', () => rmSync(path.join(folder, 'tokenizer.json')), 'weights-missing'],
    [
      'a tokenizer that is no JSON',
      () => writeFileSync(path.join(folder, 'tokenizer.json'), '{'),
      'runtime-unavailable',
    ],
    ['a model that is no ONNX', () => writeFileSync(path.join(folder, 'model.onnx'), 'no'), 'runtime-unavailable'],
    [
      'settings that are no JSON',
      () => writeFileSync(path.join(folder, 'tokenizer_config.json'), '{'),
      'weights-corrupt',
    ],
    ['a pooling that is not known', () => write('1_Pooling/config.json', { pooling_mode_max_tokens: true }), 'runtime-unavailable'], // prettier-ignore
  ];
  it('refuses a folder that is not there with weights-missing', async () => {
    await assert.rejects(testEmbedder({ model: path.join(folder, 'none') }), { code: 'weights-missing' });
  });

  for (const [what, spoil, code] of failures) {
    it(`refuses ${what} with ${code}`, async () => {
      spoil();
      await assert.rejects(testEmbedder({ model: folder }), { code });
    });
  }
});
