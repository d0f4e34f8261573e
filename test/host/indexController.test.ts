import assert from 'node:assert/strict';
import { IndexController } from '../../src/host/indexController.ts';
import { readScope, type ScopeStore } from '../../src/host/indexScope.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { until } from './support/until.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const summary = { documents: 0, chunks: 0, embedded: 0, reused: 0, skipped: [], failed: [], tokens: 0, seconds: 0 };

function memory(): ScopeStore & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

function start(store = memory(), mayRead = true, gatherMs = 1) {
  const requests: { name: string; params: unknown }[] = [];
  let failWith: EngineError | undefined;
  let secret: string | undefined;
  let forbidden = false;
  let held = false;
  const engine = {
    request: (name: string, params: unknown, signal?: AbortSignal) => {
      requests.push({ name, params });
      if (held) return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new EngineError('cancelled')))); // prettier-ignore
      const { paths = [] } = (params ?? {}) as { paths?: readonly string[] };
      if (secret !== undefined && paths.includes(secret)) {
        return Promise.reject(new EngineError('security-file', { path: secret, rule: '.env*' }));
      }
      return failWith ? Promise.reject(failWith) : Promise.resolve(name === 'index' ? summary : undefined);
    },
  };
  const index = new IndexController(
    engine as never,
    store,
    () => mayRead && !forbidden,
    silent,
    () => undefined,
    gatherMs,
  );
  return {
    index,
    requests,
    hold: (on = true) => (held = on),
    store,
    fail: (error: EngineError) => (failWith = error),
    refuse: (path: string) => (secret = path),
    forbid: () => (forbidden = true),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('indexing', () => {
  it('does nothing by itself before the user asked', async () => {
    const { index, requests } = start();
    await index.catchUp();
    index.filesChanged(['a.ts']);
    await settle();
    assert.deepEqual(requests, []);
  });

  it('of the workspace is remembered, and caught up with at the next start', async () => {
    const { index, store, requests } = start();
    await index.embedWorkspace();
    assert.deepEqual(requests, [{ name: 'index', params: {} }]);
    const next = start(store);
    await next.index.catchUp();
    assert.deepEqual(next.requests, [{ name: 'index', params: {} }]);
  });

  it('of named files is remembered as those files', async () => {
    const { index, store } = start();
    await index.embedPaths(['docs', 'a.ts'], false);
    const next = start(store);
    await next.index.catchUp();
    assert.deepEqual(next.requests, [{ name: 'index', params: { paths: ['docs', 'a.ts'], asked: 'named' } }]);
    next.index.filesChanged(['docs/x.md', 'a.ts', 'b.ts', 'docs2/x.md']);
    await until(() => next.requests.length === 2);
    assert.deepEqual(next.requests[1]?.params, { paths: ['docs/x.md', 'a.ts'] });
  });

  it('insists only when the user does', async () => {
    const { index, requests } = start();
    await index.embedPaths(['.env'], true);
    assert.deepEqual(requests[0]?.params, { paths: ['.env'], asked: 'insisted' });
  });

  it('leaves out a named file that may hold secrets, embeds the others, and does not name it again', async () => {
    const { index, store, requests, refuse } = start();
    refuse('.env');
    const { summary: done, secret } = await index.embedPaths(['.env', 'a.ts'], false);
    assert.ok(done);
    assert.deepEqual(secret, ['.env']);
    assert.deepEqual(requests.at(-1)?.params, { paths: ['a.ts'], asked: 'named' });
    assert.deepEqual(readScope(store).paths, ['a.ts']);
    assert.equal((await index.embedPaths(['.env'], false)).summary, undefined);
  });

  it('gathers changes of files into one request', async () => {
    const { index, requests } = start();
    await index.embedWorkspace();
    index.filesChanged(['a.ts']);
    index.filesChanged(['a.ts', 'b.ts', '.git/HEAD', 'node_modules/x/y.js']);
    await until(() => requests.length === 2);
    assert.deepEqual(requests[1]?.params, { paths: ['a.ts', 'b.ts'] });
  });

  it('scans anew after a branch switch or a change of the rules', async () => {
    const { index, requests } = start();
    await index.embedWorkspace();
    index.filesChanged(Array.from({ length: 500 }, (_, i) => `f${i}`));
    await until(() => requests.length === 2);
    assert.deepEqual(requests[1]?.params, {});
    for (const [i, rules] of [
      'src/.gitignore',
      '.vectorscopeignore',
      'docs/.vectorscopeignore',
      '.git/info/exclude',
    ].entries()) {
      index.filesChanged([rules]);
      await until(() => requests.length === 3 + i);
      assert.deepEqual(requests.at(-1)?.params, {}, rules);
    }
  });

  it('goes by the rules anew in the folders that the user named, wherever the rules stand', async () => {
    const { index, requests } = start();
    await index.embedPaths(['docs'], false);
    index.filesChanged(['.gitignore', 'src/a.ts']);
    await until(() => requests.length === 2);
    assert.deepEqual(requests[1]?.params, { paths: ['docs'], asked: 'named' });
  });

  it('waits until changes have settled, but not for ever', async () => {
    const { index, requests } = start(memory(), true, 150);
    await index.embedWorkspace();
    const began = performance.now();
    for (let i = 0; requests.length < 2; i++) {
      index.filesChanged([`f${i}.ts`]);
      await settle();
    }
    const took = performance.now() - began;
    assert.ok(took >= 600, `asked after ${took} ms of changes every 20 ms`);
    const { paths } = requests[1]?.params as { paths: readonly string[] };
    assert.ok(paths.length > 5, `${paths.length} changes in one request`);
  });

  it('runs for just what failed', async () => {
    const { index, requests } = start();
    await index.retryFailed();
    assert.deepEqual(requests, [{ name: 'index', params: { failed: true } }]);
  });

  it('does nothing by itself after Stop until the user asks again', async () => {
    const { index, requests } = start();
    await index.embedWorkspace();
    index.filesChanged(['a.ts']);
    await index.stop();
    index.filesChanged(['b.ts']);
    await index.catchUp();
    await settle();
    assert.deepEqual(
      requests.map(({ name }) => name),
      ['index', 'stop'],
    );
    assert.equal(index.halted, true);
    await index.goOn();
    assert.equal(index.halted, false);
    assert.equal(requests.at(-1)?.name, 'index');
  });

  it('does not begin a run that was stopped while the user’s wish was written down', async () => {
    for (const embed of [
      (index: IndexController) => index.embedWorkspace(),
      (index: IndexController) => index.embedPaths(['a.ts'], false),
    ]) {
      const { index, requests } = start();
      const run = embed(index);
      await index.stop();
      await assert.rejects(run, { code: 'cancelled' });
      assert.deepEqual(
        requests.map(({ name }) => name),
        ['stop'],
      );
    }
  });

  it('does nothing by itself in Restricted Mode', async () => {
    const { store } = start();
    await start(store).index.embedWorkspace();
    const { index, requests } = start(store, false);
    await index.catchUp();
    index.filesChanged(['a.ts']);
    await settle();
    assert.deepEqual(requests, []);
  });

  it('is forgotten when the index is cleared', async () => {
    const { index, store, requests } = start();
    await index.embedWorkspace();
    await index.noteSnippet();
    await index.clear();
    assert.deepEqual(
      requests.map(({ name }) => name),
      ['index', 'stop', 'clear'],
    );
    assert.deepEqual(readScope(store), { workspace: false, paths: [], snippets: false });
  });

  it('embeds no change that was gathered before another model was chosen, which the user has not agreed to', async () => {
    const { index, requests, forbid } = start();
    await index.embedWorkspace();
    index.filesChanged(['a.ts']);
    forbid();
    await settle();
    assert.deepEqual(requests, [{ name: 'index', params: {} }]);
  });

  for (const [how, act] of [
    ['goes on under other settings', undefined],
    ['is over where those send to what the user has not agreed to', ({ forbid }) => forbid()],
    ['is over where he stopped it', ({ index }) => index.stop()],
  ] as const satisfies readonly (readonly [string, ((started: ReturnType<typeof start>) => unknown) | undefined])[]) {
    it(`a run under way when the settings change ${how}`, async () => {
      const started = start();
      const { index, requests, hold } = started;
      hold();
      const run = index.embedWorkspace();
      await until(() => requests.length === 1);
      hold(false);
      await act?.(started);
      index.endRuns();
      if (!act) assert.equal(await run, summary);
      else await assert.rejects(run, { code: 'cancelled' });
      assert.equal(requests.filter(({ name }) => name === 'index').length, act ? 1 : 2);
    });
  }

  it('swallows the problems of runs that nobody waits for, not of those that the user asked for', async () => {
    const { index, fail } = start();
    await index.embedWorkspace();
    fail(new EngineError('index-locked', { pid: 1 }));
    await index.catchUp();
    await assert.rejects(index.embedWorkspace(), { code: 'index-locked' });
  });

  it('reads a scope that something else wrote as none', () => {
    const store = memory();
    for (const odd of [undefined, 7, 'all', { paths: 'a' }, { workspace: 'yes', paths: [1, 'a'] }]) {
      store.values.set('vectorscope.scope', odd);
      const scope = readScope(store);
      assert.equal(scope.workspace, false);
      assert.ok(scope.paths.every((path) => typeof path === 'string'));
    }
  });
});
