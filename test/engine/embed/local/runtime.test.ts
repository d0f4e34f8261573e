import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { distFolder } from '../../../support/paths.ts';
import { dot, embedRows, testEmbedder } from '../../../support/testEmbedder.ts';

const TEXTS = ['const rows = table.filter(isLive);', 'The parcel came late.', '数组排序', 'long text '.repeat(20)];

describe('the runtimes', function () {
  this.timeout(120_000); // WebAssembly is slow, and must be compiled first
  afterEach(() => delete process.env['VECTORSCOPE_RUNTIME']);

  for (const model of ['minilm', 'bge-small-zh']) {
    it(`agree: ${model} in WebAssembly is within cosine .99 of the native one`, async () => {
      const native = await testEmbedder({ model });
      const expected = await embedRows(native, TEXTS);
      process.env['VECTORSCOPE_RUNTIME'] = 'wasm';
      const wasm = await testEmbedder({ model });
      const rows = await embedRows(wasm, TEXTS);
      const runtimes = [native.runtime, wasm.runtime];
      await Promise.all([native.close(), wasm.close()]);
      assert.deepEqual(runtimes, ['native', 'wasm']);
      for (const [i, row] of rows.entries()) assert.ok(dot(row, expected[i]!) > 0.99, `text ${i}`);
    });
  }

  /** dist/inference.js with a runtime folder of its own. */
  async function withRuntime(
    change: (runtime: string) => void,
    check: (entry: string) => Promise<void>,
  ): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'vectorscope-'));
    copyFileSync(path.join(distFolder, 'inference.js'), path.join(folder, 'inference.js'));
    cpSync(path.join(distFolder, 'runtime'), path.join(folder, 'runtime'), { recursive: true });
    change(path.join(folder, 'runtime'));
    await check(path.join(folder, 'inference.js')).finally(() => rmSync(folder, { recursive: true }));
  }

  it('need no node_modules: dist/inference.js and dist/runtime are enough', () =>
    withRuntime(
      () => undefined,
      async (inferenceEntry) => {
        const embedder = await testEmbedder({ inferenceEntry });
        await embedder.embedQuery('text');
        assert.equal(embedder.runtime, 'native');
        await embedder.close();
      },
    ));

  it('fall back to WebAssembly where the native binding does not load', () =>
    withRuntime(
      (runtime) => writeFileSync(path.join(runtime, 'onnxruntime_binding.node'), 'not a library'),
      async (inferenceEntry) => {
        const embedder = await testEmbedder({ inferenceEntry });
        await embedder.embedQuery('text');
        assert.equal(embedder.runtime, 'wasm');
        await embedder.close();
      },
    ));

  it('say so when none loads, with what each said', () =>
    withRuntime(
      (runtime) => rmSync(runtime, { recursive: true }),
      async (inferenceEntry) => {
        const embedder = await testEmbedder({ inferenceEntry });
        await assert.rejects(embedder.embedQuery('text'), (error: { code: string; details: { reason: string } }) => {
          assert.equal(error.code, 'runtime-unavailable');
          assert.match(error.details.reason, /native: .*wasm: /s);
          return true;
        });
        await embedder.close();
      },
    ));
});
