// kill -9 of the engine while VS Code runs: the sidebar recovers by itself and says what happened.
import assert from 'node:assert/strict';
import type { VectorscopeApi } from '../../src/extension.ts';
import { NO_FILTER } from '../../src/protocol/viewApi.ts';
import { activated, openPage, run, until } from './support/host.ts';

describe('the engine killed with -9', function () {
  this.timeout(300_000);
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
    await run('embedWorkspace');
  });

  it('comes back ten times, and each time the search answers and the sidebar says what happened', async () => {
    const { page, close } = openPage(api);
    const documents = api.snapshot().engine?.documents;
    for (let i = 0; i < 10; i++) {
      const { pid } = api.engine();
      assert.ok(pid);
      process.kill(pid, 'SIGKILL');
      await until(() => api.engine().pid !== pid);
      await page.request('search', { query: `late delivery ${i}`, filter: NO_FILTER });
      await until(() => !api.snapshot().search.busy && api.snapshot().engineState === 'running');
      const { search, notice, engineState } = api.snapshot();
      assert.equal(search.problem, undefined);
      assert.ok(search.hits.length > 0, search.empty);
      assert.equal(engineState, 'running');
      assert.match(notice ?? '', /ended unexpectedly/);
      assert.equal(api.snapshot().engine?.documents, documents);
      await page.request('dismissNotice', undefined);
      assert.equal(api.snapshot().notice, undefined);
    }
    close();
  });

  it('goes on with the run that was under way', async () => {
    const running = run('embedWorkspace');
    const { pid } = api.engine();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    assert.equal(await running, undefined);
  });

  it('is started again by the user’s command', async () => {
    const { pid } = api.engine();
    assert.equal(await run('restartEngine'), undefined);
    assert.notEqual(api.engine().pid, pid);
    assert.equal(api.engine().state, 'running');
  });
});
