import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../../../../src/engine/errors.ts';
import { modelsFolder } from '../../../support/paths.ts';
import { testEmbedder } from '../../../support/testEmbedder.ts';

describe('the check of the weights', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'vectorscope-'));
    cpSync(path.join(modelsFolder, 'minilm'), path.join(folder, 'minilm'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What embedding one text says with the weights of `folder`. */
  async function failure(): Promise<EngineError> {
    const embedder = await testEmbedder({ modelsFolder: folder });
    const error: unknown = await embedder.embedPart(0, ['text']).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await embedder.close();
    assert.ok(error instanceof EngineError, 'it must fail with a coded error');
    return error;
  }

  it('says that weights are missing, with the model and the file', async () => {
    const file = path.join(folder, 'minilm', 'model.onnx');
    rmSync(file);
    const { code, details } = await failure();
    assert.deepEqual([code, details['model'], details['file']], ['weights-missing', 'minilm', file]);
  });

  it('says that the tokenizer is missing, also when tokens are counted', async () => {
    rmSync(path.join(folder, 'minilm', 'tokenizer.json'));
    assert.equal((await failure()).code, 'weights-missing');
    const embedder = await testEmbedder({ modelsFolder: folder });
    assert.throws(() => embedder.countTokens('text'), { code: 'weights-missing' });
    await embedder.close();
  });

  it('says that a tokenizer that is no tokenizer is corrupt when tokens are counted', async () => {
    writeFileSync(path.join(folder, 'minilm', 'tokenizer.json'), '{ "half');
    const embedder = await testEmbedder({ modelsFolder: folder });
    assert.throws(() => embedder.countTokens('text'), { code: 'weights-corrupt' });
    await embedder.close();
  });

  it('says that a truncated file is corrupt', async () => {
    truncateSync(path.join(folder, 'minilm', 'model.onnx'), 1_000_000);
    const { code, details } = await failure();
    assert.deepEqual(
      [code, details['expected'], details['actual']],
      ['weights-corrupt', '22972370 bytes', '1000000 bytes'],
    );
  });

  it('says that a file of the right size and another hash is corrupt, also after it was right', async () => {
    const embedder = await testEmbedder({ modelsFolder: folder });
    await embedder.embedPart(0, ['text']);
    const file = path.join(folder, 'minilm', 'tokenizer.json');
    writeFileSync(file, Buffer.alloc(711_582, ' '));
    await assert.rejects(embedder.embedPart(0, ['text']), { code: 'weights-corrupt' });
    copyFileSync(path.join(modelsFolder, 'minilm', 'tokenizer.json'), file);
    utimesSync(file, 1, 1);
    await embedder.embedPart(0, ['text']); // put right: it works again
    await embedder.close();
  });
});
