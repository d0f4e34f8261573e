import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError, isCancelled, isEngineError } from '../../src/engine/errors.ts';
import { ReadyVectors, type LookedAt, type ReadyVectorsPorts } from '../../src/host/readyVectors.ts';
import { until } from '../support/workspace.ts';

describe('ready vectors of a table', () => {
  const never = new AbortController().signal;
  let folder: string;
  let window: { imported: LookedAt | undefined };
  /** What happened, in its order. */
  let told: string[];
  let vectors: ReadyVectors;
  /** What the engine does with a table. */
  let answer: (signal: AbortSignal) => Promise<unknown>;
  const shown = (): string => window.imported?.file ?? 'workspace';

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-test-'));
    window = { imported: undefined };
    told = [];
    answer = () => Promise.resolve({ chunks: 3, failed: [] });
    const engine = {
      configure: () => Promise.resolve(void told.push(`configure ${shown()}`)),
      request: (name: string, params: { file: string }, signal: AbortSignal) => {
        told.push(`${name} ${params.file}`);
        fs.mkdirSync(window.imported?.folder ?? '', { recursive: true });
        return answer(signal);
      },
    } as unknown as ReadyVectorsPorts['engine'];
    vectors = new ReadyVectors({ engine, window, folder });
    vectors.onChange = () => void told.push(`shown ${shown()}`);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const untilStopped = (signal: AbortSignal): Promise<unknown> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new EngineError('cancelled')), { once: true });
    });

  it('are imported once the engine knows of the table, and then shown', async () => {
    await vectors.look('/a.csv', {}, never);
    assert.deepEqual(told, ['configure /a.csv', 'importVectors /a.csv', 'shown /a.csv']);
  });

  it('are removed when the window goes back to the workspace, and when another table takes their place', async () => {
    await vectors.look('/a.csv', {}, never);
    await vectors.look('/b.csv', {}, never);
    assert.equal(fs.readdirSync(folder).length, 1);
    told = [];
    await vectors.leave();
    assert.deepEqual(told, ['configure workspace', 'shown workspace']);
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it('leave what was looked at before as it was when they can’t be imported', async () => {
    for (const before of ['workspace', '/a.csv']) {
      const held = fs.readdirSync(folder);
      answer = () => Promise.reject(new EngineError('no-text', { path: 'b.csv' }));
      await assert.rejects(vectors.look('/b.csv', {}, never), (error) => isEngineError(error, 'no-text'));
      assert.deepEqual(told.slice(-2), [`configure ${before}`, `shown ${before}`]);
      assert.deepEqual(fs.readdirSync(folder), held);
      answer = () => Promise.resolve({ chunks: 3, failed: [] });
      await vectors.look('/a.csv', {}, never);
    }
  });

  it('are given up when the user goes back, or names another table, while they are read', async () => {
    answer = untilStopped;
    const slow = vectors.look('/slow.csv', {}, never);
    await until(() => told.includes('importVectors /slow.csv'));
    await Promise.all([assert.rejects(slow, isCancelled), vectors.leave()]);
    assert.equal(shown(), 'workspace');
    assert.equal(told.at(-1), 'shown workspace');
    const slower = vectors.look('/slower.csv', {}, never);
    await until(() => told.includes('importVectors /slower.csv'));
    answer = () => Promise.resolve({ chunks: 3, failed: [] });
    await Promise.all([assert.rejects(slower, isCancelled), vectors.look('/a.csv', {}, never)]);
    assert.equal(shown(), '/a.csv');
    assert.equal(fs.readdirSync(folder).length, 1);
  });

  it('of windows that are closed are removed by the next one, those of others stay', async () => {
    const host = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const names = [`${host}-${pid}-0`, `${host}-${process.ppid}-0`, `00000000-${pid}-0`, 'other'];
    for (const name of names) fs.mkdirSync(path.join(folder, name));
    await vectors.removeLeftovers();
    assert.deepEqual(fs.readdirSync(folder).sort(), names.slice(1).sort());
  });
});
