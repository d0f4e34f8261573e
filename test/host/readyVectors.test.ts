import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError, isEngineError } from '../../src/engine/errors.ts';
import { ReadyVectors, type ReadyVectorsPorts } from '../../src/host/readyVectors.ts';

describe('ready vectors of a table', () => {
  const signal = new AbortController().signal;
  let folder: string;
  let window: { imported: string | undefined };
  /** What happened, in its order. */
  let told: string[];
  let vectors: ReadyVectors;
  let failure: EngineError | undefined;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-test-'));
    window = { imported: undefined };
    told = [];
    failure = undefined;
    const engine = {
      configure: () => Promise.resolve(void told.push(`configure ${window.imported ?? 'workspace'}`)),
      request: (name: string, params: { file: string }) => {
        told.push(`${name} ${params.file}`);
        return failure ? Promise.reject(failure) : Promise.resolve({ chunks: 3, failed: [] });
      },
    } as unknown as ReadyVectorsPorts['engine'];
    vectors = new ReadyVectors({ engine, window, folder });
    vectors.onChange = () => Promise.resolve(void told.push(`shown ${window.imported ?? 'workspace'}`));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('are imported once the engine knows of the table, and then shown', async () => {
    await vectors.look('/a.csv', {}, signal);
    assert.deepEqual(told, ['configure /a.csv', 'importVectors /a.csv', 'shown /a.csv']);
  });

  it('are removed when the window goes back to the workspace', async () => {
    fs.writeFileSync(path.join(folder, 'shard'), 'x');
    await vectors.look('/a.csv', {}, signal);
    told = [];
    await vectors.leave();
    assert.deepEqual(told, ['configure workspace', 'shown workspace']);
    assert.ok(!fs.existsSync(folder));
  });

  it('leave the window where it was when they can’t be imported', async () => {
    for (const before of ['workspace', '/a.csv']) {
      failure = new EngineError('no-text', { path: 'b.csv' });
      await assert.rejects(vectors.look('/b.csv', {}, signal), (error) => isEngineError(error, 'no-text'));
      assert.deepEqual(told.slice(-2), [`configure ${before}`, `shown ${before}`]);
      failure = undefined;
      await vectors.look('/a.csv', {}, signal);
    }
  });
});
