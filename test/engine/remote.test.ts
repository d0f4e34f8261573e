// The whole engine with a service behind it, against the strict emulator.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EngineError, isEngineError, type ErrorCode } from '../../src/engine/errors.ts';
import type { RemoteConfig } from '../../src/engine/model.ts';
import type { EngineConfig } from '../../src/protocol/engineApi.ts';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { FORBIDDEN_TEXT } from '../support/dashscope/textRequests.ts';
import { openAiLikeKinds } from '../support/openai/manners.ts';
import { startOpenAiLike, type OpenAiLike } from '../support/openai/startOpenAiLike.ts';
import { createWorkspace, startEngine, until, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'notes/bread.md':
    '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake bread in a hot oven.\n',
  'notes/soup.md':
    '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
  'notes/retry.md': '# Retries\n\nWait twice as long after each failed attempt before the request is sent again.\n',
};

const REMOTE: RemoteConfig = {
  provider: 'dashscope',
  baseUrl: '',
  api: 'native',
  sendDimension: true,
  rowsPerRequest: 64,
  tokensPerRow: 8192,
  encodingFormat: 'float',
  queryPrefix: '',
  documentPrefix: '',
  consent: true,
};

const isCode =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    isEngineError(error, code);

describe('the engine with a service', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let emulator: DashScopeEmulator;
  let running: TestEngine | undefined;
  let server: OpenAiLike | undefined;

  beforeEach(async () => {
    workspace = createWorkspace(FILES);
    emulator = await startDashScope({ rateLimits: false });
  });
  afterEach(async () => {
    await running?.engine.close();
    running = undefined;
    await emulator.close();
    await server?.close();
    server = undefined;
    workspace.remove();
  });

  async function start(remote: Partial<RemoteConfig> = {}, config: Partial<EngineConfig> = {}): Promise<TestEngine> {
    await running?.engine.close();
    const all = { ...REMOTE, baseUrl: emulator.url, key: emulator.key, ...remote };
    running = await startEngine(workspace, { model: 'text-embedding-v4', workspaceName: 'w', ...config, remote: all });
    return running;
  }
  const rows = (): (number | undefined)[] => emulator.requests.map((request) => request.rows);
  const bodies = (): unknown[] => emulator.requests.map(({ body }) => body);

  it('indexes, searches, and sends nothing again after a restart', async () => {
    const { engine } = await start();
    const summary = await engine.index({});
    assert.equal(summary.documents, 3);
    assert.equal(summary.embedded, summary.chunks);
    assert.ok(summary.cost !== undefined && summary.cost > 0 && summary.tokens > 0);
    assert.deepEqual(rows(), [summary.chunks]);
    const found = await engine.search({ query: 'bake bread', top: 1 });
    assert.equal(found.hits[0]?.path, 'notes/bread.md');
    await engine.search({ query: 'bake bread', top: 3 });
    assert.equal(emulator.requests.length, 2, 'a question is sent once');

    const again = await (await start()).engine.index({});
    assert.deepEqual([again.embedded, again.documents], [0, 3]);
    const similar = await running!.engine.similar({ example: { path: 'notes/bread.md' }, top: 3 });
    assert.equal(similar.from, 'stored');
    assert.equal(emulator.requests.length, 2);
  });

  it('asks as a query and indexes as documents, each with what its model takes', async () => {
    const { engine } = await start({ instruct: 'Find the recipe', workspaceId: 'ws-1' }, { dimension: 256 });
    await engine.index({});
    await engine.search({ query: 'bread', top: 1 });
    const parameters = bodies().map((body) => (body as { parameters: unknown }).parameters);
    assert.deepEqual(parameters, [
      { text_type: 'document', dimension: 256 },
      { text_type: 'query', dimension: 256, instruct: 'Find the recipe' },
    ]);
    assert.ok(emulator.requests.every(({ headers }) => headers['x-dashscope-workspace'] === 'ws-1'));

    const old = await start({}, { model: 'text-embedding-v2' });
    await old.engine.index({});
    assert.deepEqual((bodies().at(-1) as { parameters: unknown }).parameters, { text_type: 'document' });
  });

  it('keeps sparse vectors where they are wanted, in a space of their own, and weighs words by them', async () => {
    const { engine } = await start({ sparse: true });
    const { chunks } = await engine.index({});
    const outputs = (): unknown[] =>
      bodies().map((body) => (body as { parameters: { output_type?: string } }).parameters.output_type);
    assert.deepEqual(outputs(), ['dense&sparse']);
    assert.equal(engine.status().space?.output, 'dense+sparse');
    const [found] = (await engine.search({ query: 'tomato soup', top: 3 })).hits;
    assert.equal(found?.path, 'notes/soup.md');
    assert.ok((found.why?.words.length ?? 0) > 0 && (found.score ?? 0) > 0.99, 'nearest, and most of the words');
    await engine.search({ query: 'tomato soup', top: 3, mode: 'semantic' });
    assert.deepEqual(outputs(), ['dense&sparse', 'dense&sparse'], 'one request for a question in every mode');

    // A restart sends nothing; a moved file finds its sparse vectors too.
    const again = await start({ sparse: true });
    assert.equal((await again.engine.index({})).embedded, 0);
    workspace.write('notes/copy/soup.md', FILES['notes/soup.md']);
    assert.equal((await again.engine.index({})).embedded, 0);
    assert.equal((await again.engine.search({ query: 'tomato soup', top: 1 })).hits[0]?.score, found.score);
    // A text that goes and comes back has both vectors still, also after a restart.
    fs.rmSync(path.join(workspace.folder, 'notes/bread.md'));
    await again.engine.index({});
    const later = await start({ sparse: true });
    workspace.write('notes/bread.md', FILES['notes/bread.md']);
    assert.equal((await later.engine.index({})).embedded, 0);

    const dense = await start();
    assert.ok((await dense.engine.index({})).embedded >= chunks, 'the dense space is another one');
    const compatible = await start({ sparse: true, api: 'compatible' });
    await compatible.engine.index({});
    assert.equal(compatible.engine.status().space?.output, 'dense');
  });

  it('sends nothing of a folder that another workspace has indexed, and says so beforehand', async () => {
    const registryFolder = path.join(workspace.storageFolder, 'registry');
    const storageFolder = path.join(workspace.storageFolder, 'other');
    await (await start({ sparse: true }, { registryFolder })).engine.index({});
    const before = rows();
    const { engine } = await start({ sparse: true }, { registryFolder, storageFolder });
    const { chunks, reused, tokens } = await engine.estimate({});
    assert.deepEqual([chunks, reused, tokens], [0, 3, 0]);
    assert.equal((await engine.index({})).reused, 3);
    assert.deepEqual(rows(), before);
    const [found] = (await engine.search({ query: 'tomato soup', top: 1 })).hits;
    assert.ok((found?.why?.words.length ?? 0) > 0, 'sparse vectors came too');
  });

  it('speaks the compatible API too', async () => {
    const { engine } = await start({ api: 'compatible' }, { dimension: 512 });
    await engine.index({});
    const { hits } = await engine.search({ query: 'tomato soup', top: 1 });
    assert.equal(hits[0]?.path, 'notes/soup.md');
    const [request] = emulator.requests;
    assert.ok(request?.path.startsWith('/compatible-mode/v1/embeddings') === true);
    assert.equal((request.body as { dimensions: number }).dimensions, 512);
    await assert.rejects(engine.embed({ texts: ['a'], output: 'sparse' }), isCode('not-supported'));
  });

  it('keeps each model and dimension in a space of its own, and going back costs nothing', async () => {
    await (await start()).engine.index({});
    await (await start({}, { dimension: 64 })).engine.index({});
    await (await start({}, { model: 'text-embedding-v3' })).engine.index({});
    const sent = emulator.requests.length;
    assert.equal(sent, 3);
    const { engine } = await start();
    assert.equal((await engine.index({})).embedded, 0);
    assert.equal(emulator.requests.length, sent);
    const spaces = (await engine.spaces()).map(({ space, active }) => [space.model, space.dimension, active]);
    assert.deepEqual(spaces.sort(), [
      ['text-embedding-v3', 1024, false],
      ['text-embedding-v4', 1024, true],
      ['text-embedding-v4', 64, false],
    ].sort()); // prettier-ignore
  });

  it('takes a model that the catalogue does not know, by one call for its dimension', async () => {
    server = await startOpenAiLike('openai', { model: 'future-model', dimension: 96 });
    const remote = { provider: 'openai', baseUrl: server.url, key: server.key!, sendDimension: false } as const;
    await (await start(remote, { model: 'future-model' })).engine.index({});
    assert.equal(server.requests.length, 2, 'one to learn the dimension, one for the documents');
    const { engine } = await start(remote, { model: 'future-model' });
    assert.equal((await engine.index({})).embedded, 0);
    assert.equal(server.requests.length, 2, 'the dimension is remembered');
    assert.equal(engine.status().space?.dimension, 96);
  });

  it('tells what would be sent, and sends nothing for it', async () => {
    workspace.write('.env', 'KEY=1\n');
    const { engine } = await start({ consent: false });
    const estimate = await engine.estimate({});
    assert.deepEqual([estimate.documents, estimate.chunks, estimate.reused], [3, 3, 0]);
    assert.ok(estimate.tokens > 40 && estimate.amount !== undefined);
    assert.ok(Math.abs(estimate.amount - estimate.tokens * 0.0005e-3) < 1e-12);
    assert.equal(estimate.excluded['security'], 1);
    assert.equal(estimate.origin, emulator.url);
    assert.equal(emulator.requests.length, 0);
  });

  it('sends nothing without consent, whatever is asked', async () => {
    await (await start()).engine.index({});
    const sent = emulator.requests.length;
    workspace.write('new.md', '# New\n\nSomething that was not here before.\n');
    const { engine } = await start({ consent: false });
    const attempts: readonly (() => Promise<unknown>)[] = [
      () => engine.index({}),
      () => engine.search({ query: 'bread', top: 1, mode: 'semantic' }),
      () => engine.compare({ a: 'one text', b: 'another text' }),
      () => engine.embed({ texts: ['a text'] }),
      () => engine.similar({ example: { path: 'x.md', text: 'some unsaved text of it' }, top: 1 }),
      () => engine.keepSnippet({ example: { path: 'x.md', text: 'some unsaved text of it' } }),
    ];
    for (const attempt of attempts) await assert.rejects(attempt(), isCode('consent-needed'));
    const { hits } = await engine.similar({ example: { path: 'notes/bread.md' }, top: 2 });
    assert.equal(hits.length, 2, 'what is stored is found all the same');
    const byWords = await engine.search({ query: 'bread', top: 1, mode: 'keyword' });
    assert.deepEqual([byWords.hits[0]?.path, byWords.wordsOnly], ['notes/bread.md', undefined]);
    const hybrid = await engine.search({ query: 'bread', top: 1 });
    assert.deepEqual([hybrid.hits, hybrid.mode, hybrid.wordsOnly?.code], [byWords.hits, 'keyword', 'consent-needed']);
    assert.equal(emulator.requests.length, sent);
  });

  it('stops at the budget and goes on when it is raised', async () => {
    for (let i = 0; i < 60; i++)
      workspace.write(`many/${i}.md`, `# Note ${i}\n\n${'A sentence about things. '.repeat(20)}${i}\n`);
    const { engine } = await start({ budget: 0.001 });
    await assert.rejects(engine.index({}), isCode('budget-reached'));
    const { problem, remote, documents } = engine.status();
    const sent = (bodies() as { input: { texts: string[] } }[]).flatMap(({ input }) => input.texts);
    assert.equal(documents, sent.length, 'what was paid for is kept');
    assert.equal(problem?.code, 'budget-reached');
    const { amount = 0 } = remote?.spend ?? {};
    assert.ok(amount > 0.0005 && amount <= 0.001, `${amount}`);
    assert.ok(documents > 0 && documents < 63, `${documents}`);
    const more = await start({ budget: 5 });
    const summary = await more.engine.index({});
    assert.equal(summary.documents, 63);
    assert.equal(summary.reused + summary.embedded >= 63 - documents, true);
  });

  describe('keeps what was paid for of a document that could not be finished', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `item ${i}\tthe description of item number ${i * 31}`);
    const sentTexts = (): string[] =>
      (bodies() as { input: { texts: string[] } }[]).flatMap(({ input }) => input.texts);

    beforeEach(() => workspace.write('table.tsv', `name\ttext\n${lines.join('\n')}\n`));

    it('because the budget was reached', async () => {
      const { engine } = await start({ budget: 0.0002 });
      await assert.rejects(engine.index({ paths: ['table.tsv'] }), isCode('budget-reached'));
      const paid = sentTexts();
      assert.ok(paid.length >= 10 && paid.length < 60, `${paid.length}`);
      assert.equal((await engine.coverage()).find(({ path: at }) => at === 'table.tsv')?.reason, 'not-indexed-yet');
      const more = await start({ budget: 5 });
      const summary = await more.engine.index({ paths: ['table.tsv'] });
      assert.deepEqual([summary.embedded, summary.reused], [60 - paid.length, paid.length]);
      assert.equal(new Set(sentTexts()).size, sentTexts().length, 'no text was sent twice');
      assert.equal((await more.engine.index({ paths: ['table.tsv'] })).embedded, 0);
      assert.equal(sentTexts().length, 60);
    });

    it('because one request of it failed for good', async () => {
      const holds = (word: string) => (request: { body: unknown }) => JSON.stringify(request.body).includes(word);
      emulator.faults([{ kind: 'internal', times: 5, when: holds('number 961') }]);
      const { engine } = await start();
      const first = await engine.index({ paths: ['table.tsv'] });
      assert.deepEqual(first.failed.map(({ path: at, error }) => [at, error]), [['table.tsv', 'server-failed']]); // prettier-ignore
      assert.equal(first.embedded, 50);
      const second = await engine.index({ paths: ['table.tsv'] });
      assert.deepEqual([second.embedded, second.failed], [10, []]);
    });

    it('because it was stopped', async () => {
      emulator.faults([{ kind: 'hang', when: ({ body }) => JSON.stringify(body).includes('number 961') }]);
      const { engine } = await start();
      const stopped = engine.index({ paths: ['table.tsv'] });
      stopped.catch(() => undefined);
      await until(() => engine.status().remote?.spend.requests === 5 && emulator.requests.length === 6);
      const startedMs = performance.now();
      await engine.stop();
      await assert.rejects(stopped, isCode('cancelled'));
      assert.ok(performance.now() - startedMs < 1000);
      const summary = await engine.index({ paths: ['table.tsv'] });
      assert.deepEqual([summary.embedded, summary.reused], [10, 50]);
    });
  });

  it('accounts for what was spent by day and model, over restarts', async () => {
    await (await start()).engine.index({});
    const { engine } = await start({}, { model: 'text-embedding-v3' });
    await engine.index({});
    const table = await engine.spending();
    assert.deepEqual(table.map(({ model, requests, workspace: name }) => [model, requests, name]), [
      ['text-embedding-v3', 1, 'w'],
      ['text-embedding-v4', 1, 'w'],
    ]); // prettier-ignore
    const total = table.reduce((sum, { amount = 0 }) => sum + amount, 0);
    assert.ok(Math.abs(total - (engine.status().remote?.spend.amount ?? 0)) < 1e-12);
  });

  it('leaves out the chunk that the service refuses, keeps the rest of the file, and says so', async () => {
    workspace.write('table.tsv', `name\ttext\nlamp\ta bright light\nbad\t${FORBIDDEN_TEXT}\ncup\thot tea to drink\n`);
    const { engine } = await start();
    const summary = await engine.index({});
    assert.deepEqual(summary.failed, [{ path: 'table.tsv', error: 'row-refused: DataInspectionFailed, lines 3-3' }]);
    assert.equal(summary.documents, 4);
    const { hits } = await engine.search({ query: 'hot tea', top: 1 });
    assert.deepEqual([hits[0]?.path, hits[0]?.startLine], ['table.tsv', 4]);
    const sent = emulator.requests.length;
    await engine.index({});
    assert.equal(emulator.requests.length, sent, 'what is refused for its content is not sent again');
  });

  it('embeds odd rows or says why not', async () => {
    const { engine } = await start();
    const texts = ['风'.repeat(8000), '', 'x'.repeat(200 * 1024), ' \t ', '😀'.repeat(1000), FORBIDDEN_TEXT, 'plain'];
    const { vectors, parts, refused } = await engine.embed({ texts });
    assert.deepEqual(vectors.map((vector) => vector?.length), [1024, undefined, 1024, undefined, 1024, undefined, 1024]); // prettier-ignore
    assert.deepEqual(Object.entries(refused).map(([i, { code }]) => [i, code]), [['1', 'no-text'], ['3', 'no-text'], ['5', 'row-refused']]); // prettier-ignore
    assert.deepEqual(Object.keys(parts), ['2']);
  });

  const wrong: readonly (readonly [string, Partial<RemoteConfig>, Partial<EngineConfig>, ErrorCode])[] = [
    ['a wrong key', { key: 'sk-wrong-0000' }, {}, 'key-refused'],
    ['a key of another service’s shape', { key: '密钥 with spaces' }, {}, 'key-refused'],
    ['no key', { key: '' }, {}, 'key-missing'],
    ['a dimension that the model lacks', {}, { dimension: 100 }, 'dimension-not-allowed'],
    ['a batch model', {}, { model: 'no-such-model', dimension: 64 }, 'access-denied'],
    ['no address', { baseUrl: 'nonsense' }, {}, 'bad-endpoint'],
    ['an address of another protocol', { baseUrl: 'ftp://127.0.0.1/' }, {}, 'bad-endpoint'],
    ['http outside this network', { baseUrl: 'http://example.com' }, {}, 'bad-endpoint'],
    ['http outside this network, by number', { baseUrl: 'http://[2606:4700::1111]/' }, {}, 'bad-endpoint'],
    ['an address with a password', { baseUrl: 'https://a:b@example.com' }, {}, 'bad-endpoint'],
    ['nobody listening', { baseUrl: 'http://127.0.0.1:1' }, {}, 'network-failed'],
  ];
  for (const [name, remote, config, code] of wrong) {
    it(`says ${code} for ${name}, and keeps the index`, async () => {
      await (await start()).engine.index({});
      workspace.write('new.md', '# New\n\nSomething that was not here before.\n');
      const { engine } = await start(remote, config);
      await assert.rejects(engine.index({}), (error) => {
        assert.ok(error instanceof EngineError);
        assert.equal(error.code, code, error.message);
        return true;
      });
      const whole = await start();
      assert.equal((await whole.engine.index({})).documents, 4);
    });
  }

  it('ends at once also while it waits to learn a dimension', async () => {
    server = await startOpenAiLike('openai', { fault: () => ({ broken: 'hang' }) });
    const { engine } = await start(
      { provider: 'openai', baseUrl: server.url, key: server.key! },
      { model: server.model },
    );
    const ended = assert.rejects(engine.search({ query: 'bread', top: 1 }), isCode('cancelled'));
    await until(() => server?.requests.length === 1);
    const startedMs = performance.now();
    await engine.close();
    await ended;
    assert.ok(performance.now() - startedMs < 1000);
  });

  it('tries a connection with a text of its own', async () => {
    const { engine } = await start({ consent: false });
    const { dimension, origin, latencyMs } = await engine.testConnection();
    assert.deepEqual([dimension, origin, latencyMs > 0], [1024, emulator.url, true]);
    assert.deepEqual((bodies()[0] as { input: unknown }).input, { texts: ['vectorscope'] });
  });

  it('puts a key, a text or a vector into no status, no error and no file of its own', async () => {
    const secret = 'PRIVATE-DIARY-7719';
    workspace.write('diary.md', `# Diary\n\n${secret} ${FORBIDDEN_TEXT}\n`);
    const { engine } = await start();
    await engine.index({});
    await engine.search({ query: `${secret} search`, top: 1 });
    const failing = await start({ key: 'sk-wrong-0000' });
    const error: unknown = await failing.engine.search({ query: secret, top: 1 }).catch((e: unknown) => e);
    const told = [
      JSON.stringify(engine.status()),
      JSON.stringify(await engine.spending()),
      String(error),
      JSON.stringify(error),
    ];
    for (const text of told) assert.doesNotMatch(text, new RegExp(`${secret}|${emulator.key}|sk-wrong`));
    for (const name of fs.readdirSync(workspace.storageFolder, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(workspace.storageFolder, name);
      if (fs.statSync(file).isFile()) assert.ok(!fs.readFileSync(file).includes(emulator.key), name);
    }
  });

  for (const kind of openAiLikeKinds) {
    it(`indexes through a server in the manner of ${kind}`, async () => {
      for (let i = 0; i < 80; i++)
        workspace.write(`many/${i}.md`, `# Note ${i}\n\nA sentence about thing number ${i}.\n`);
      server = await startOpenAiLike(kind, { shuffle: 3 });
      const { engine } = await start(
        {
          provider: 'openai',
          baseUrl: server.url,
          ...(server.key !== undefined && { key: server.key }),
          sendDimension: false,
        },
        { model: server.model },
      );
      const summary = await engine.index({});
      assert.deepEqual([summary.documents, summary.failed.length], [83, 0]);
      const { hits } = await engine.search({ query: 'tomato soup with basil', top: 1 });
      assert.equal(hits[0]?.path, 'notes/soup.md');
    });
  }
});
