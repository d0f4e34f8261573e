import assert from 'node:assert/strict';
import type { RemoteConfig } from '../../src/engine/model.ts';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { createWorkspace, startEngine, until, type TestWorkspace } from '../support/workspace.ts';

const MODEL = 'text-embedding-async-v2';
const SEND = '/api/v1/services/embeddings/text-embedding/text-embedding';
const DOCUMENTS = 130;

function remoteFor({ url, key }: DashScopeEmulator): RemoteConfig {
  return {
    provider: 'dashscope',
    baseUrl: url,
    key,
    api: 'native',
    sendDimension: true,
    rowsPerRequest: 64,
    tokensPerRow: 8192,
    encodingFormat: 'float',
    queryPrefix: '',
    documentPrefix: '',
    consent: true,
  };
}

describe('Indexing with a model of batch jobs', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let emulator: DashScopeEmulator;

  beforeEach(async () => {
    emulator = await startDashScope({ tasks: { unit: 'ms', pending: 0, running: 2500 }, shuffle: 5 });
    const files = Array.from({ length: DOCUMENTS }, (_, i) => [
      `notes/${i}.md`,
      `Note ${i} is about subject ${i * 7}.\n`,
    ]);
    workspace = createWorkspace(Object.fromEntries(files) as Record<string, string>);
  });
  afterEach(async () => {
    workspace.remove();
    await emulator.close();
  });

  const sent = (isAsync: boolean) =>
    emulator.requests.filter(
      ({ path, headers }) => path === SEND && (headers['x-dashscope-async'] === 'enable') === isAsync,
    );

  it('gathers the texts in a job, and asks the twin for queries and small updates', async () => {
    const { engine } = await startEngine(workspace, { model: MODEL, remote: remoteFor(emulator) });
    const summary = await engine.index({});
    assert.deepEqual([summary.documents, summary.embedded, summary.reused], [DOCUMENTS, DOCUMENTS, 0]);
    assert.deepEqual([sent(true).length, sent(false).length], [1, 0]);
    assert.equal(engine.status().space?.model, 'text-embedding-v2');
    assert.ok((summary.cost ?? 0) > 0);
    assert.deepEqual(await engine.jobs(), []); // its rows are in the index
    workspace.write('notes/new.md', 'A new note.\n');
    assert.equal((await engine.index({})).embedded, 1);
    await engine.search({ query: 'a note', top: 3 });
    assert.deepEqual(sent(false).map(({ body }) => (body as { model: string }).model), ['text-embedding-v2', 'text-embedding-v2']); // prettier-ignore
    assert.equal(sent(true).length, 1);
    await engine.close();
  });

  it('ended while the job runs and started again, stores each row once and submits nothing twice', async () => {
    const settings = { model: MODEL, remote: remoteFor(emulator) };
    const first = (await startEngine(workspace, settings)).engine;
    const stopped = first.index({}).catch(() => undefined);
    await until(async () => (await first.jobs())[0]?.state === 'running');
    await first.close();
    await stopped;
    const { engine } = await startEngine(workspace, settings);
    await until(async () => (await engine.jobs())[0]?.state === 'done', 20_000); // by itself
    const summary = await engine.index({});
    assert.deepEqual([summary.documents, summary.chunks, summary.embedded], [DOCUMENTS, DOCUMENTS, DOCUMENTS]);
    assert.deepEqual([sent(true).length, sent(false).length], [1, 0]);
    assert.equal((await engine.index({})).embedded, 0);
    await engine.close();
  });

  it('keeps what a job made until all of it is in the index, also when only one document of it is asked for', async () => {
    const settings = { model: MODEL, remote: remoteFor(emulator) };
    const first = (await startEngine(workspace, settings)).engine;
    const stopped = first.index({}).catch(() => undefined);
    await until(async () => (await first.jobs())[0]?.state === 'running');
    await first.close();
    await stopped;
    const { engine } = await startEngine(workspace, settings);
    assert.equal((await engine.index({ paths: ['notes/7.md'] })).documents, 1);
    assert.equal((await engine.index({})).documents, DOCUMENTS);
    assert.deepEqual([sent(true).length, sent(false).length], [1, 0]);
    assert.deepEqual(await engine.jobs(), []);
    await engine.close();
  });
});
