// Ready vectors whose import is stopped, or fails, while they are stored: the earlier ones stay.
import assert from 'node:assert/strict';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { IMPORTED } from '../../../src/engine/embed/imported/importedEmbedder.ts';
import { isCancelled, isEngineError } from '../../../src/engine/errors.ts';
import { meaningVector, textFeatures } from '../../support/meaningVectors.ts';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../../support/workspace.ts';

const EARLIER = ['tomato soup with garlic', 'leek soup with cream'];
const LATER = ['the ledger was signed', 'the auditor read the ledger', 'sail and mast'];

describe('an import that ends while it is stored', function () {
  this.timeout(60_000);
  const { open } = fsPromises;
  let workspace: TestWorkspace;
  let running: TestEngine;
  beforeEach(async () => {
    workspace = createWorkspace();
    running = await startEngine(workspace, { model: IMPORTED });
  });
  afterEach(async () => {
    fsPromises.open = open;
    await running.engine.close();
    workspace.remove();
  });

  const table = (name: string, texts: readonly string[], dimension: number): string => {
    const vectorOf = (text: string): string => JSON.stringify(meaningVector(textFeatures(text), text, { space: 'test', dimension })); // prettier-ignore
    return workspace.write(name, ['text,embedding', ...texts.map((text) => `"${text}","${vectorOf(text)}"`), ''].join('\n')); // prettier-ignore
  };
  /** When the vectors are written. */
  const atShard = (act: () => void): void => {
    fsPromises.open = async (file, ...rest) => {
      if (/^shard-.*\.tmp$/.test(path.basename(String(file)))) act();
      return open(file, ...rest);
    };
  };
  const found = async (query: string): Promise<string[]> => {
    const { hits } = await running.engine.search({ query, top: 5, mode: 'keyword' });
    return hits.map((hit) => `${hit.path}:${hit.startLine}`);
  };
  const spaces = async () =>
    (await running.engine.spaces()).map(({ space, documents, chunks }) => [space.dimension, documents, chunks]);

  for (const dimension of [64, 32]) {
    for (const [how, act] of Object.entries({
      stopped: (stopping: AbortController) => stopping.abort(),
      'on a full disk': () => {
        throw Object.assign(new Error('injected'), { code: 'ENOSPC' });
      },
    })) {
      it(`leaves the earlier one when it is ${how}, of ${dimension} numbers after 64`, async () => {
        await running.engine.importVectors({ file: table('earlier.csv', EARLIER, 64) });
        const file = table('later.csv', LATER, dimension);
        const stopping = new AbortController();
        atShard(() => act(stopping));
        const isWanted = how === 'stopped' ? isCancelled : (error: unknown) => isEngineError(error, 'storage-failed');
        await assert.rejects(running.engine.importVectors({ file }, stopping.signal), isWanted);
        fsPromises.open = open;
        for (const again of [false, true]) {
          if (again) {
            await running.engine.close();
            running = await startEngine(workspace, { model: IMPORTED });
          }
          assert.deepEqual(await found('soup'), ['earlier.csv:2', 'earlier.csv:3']);
          assert.deepEqual(await found('ledger'), []);
          assert.deepEqual(await spaces(), [[64, 1, 2]]);
        }
        await running.engine.importVectors({ file });
        assert.deepEqual(await found('ledger'), ['later.csv:2', 'later.csv:3']);
        assert.deepEqual([await found('soup'), await spaces()], [[], [[dimension, 1, 3]]]);
      });
    }
  }

  it('is told with the share of the file that was read, until it is over', async () => {
    const told: unknown[] = [];
    atShard(() => told.push(running.engine.status().importing));
    await running.engine.importVectors({ file: table('later.csv', LATER, 64) });
    assert.ok(told.length > 0 && told.every((share) => share === 1), JSON.stringify(told));
    assert.equal(running.engine.status().importing, undefined);
    await assert.rejects(running.engine.importVectors({ file: table('empty.csv', [], 64) }));
    assert.equal(running.engine.status().importing, undefined);
  });

  it('leaves nothing when it is stopped and there was none', async () => {
    const stopping = new AbortController();
    atShard(() => stopping.abort());
    const file = table('later.csv', LATER, 64);
    await assert.rejects(running.engine.importVectors({ file }, stopping.signal), isCancelled);
    assert.deepEqual(await fsPromises.readdir(workspace.storageFolder), []);
    await assert.rejects(found('ledger'), (error) => isEngineError(error, 'index-empty'));
  });
});
