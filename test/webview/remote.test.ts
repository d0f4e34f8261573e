import assert from 'node:assert/strict';
import type { RemoteStatus } from '../../src/protocol/engineApi.ts';
import { REMOTE, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

const HOST = 'dashscope-finance.aliyuncs.com';

function withService(change: Partial<RemoteStatus> = {}) {
  const { remote } = REMOTE;
  assert.ok(remote);
  const engine = { ...REMOTE, remote: { ...remote, ...change } };
  return snapshotOf({ engine, remote: true, remoteHost: HOST, modelLabel: 'qwen3.7-text-embedding-flash · 1024' });
}

describe('the footer with a service', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options?: PageOptions): Promise<SidebarPage> => (sidebar = await browser.open(options));
  const part = (name: string) => sidebar.page.locator(`.footer .${name}`);

  it('names the host, what was spent and the budget, and opens the table', async () => {
    await open({ snapshot: withService() });
    assert.match((await part('where').getAttribute('title')) ?? '', new RegExp(HOST));
    assert.equal(await part('spend').innerText(), '¥0.0123');
    assert.match((await part('spend').getAttribute('title')) ?? '', /¥5\.00/);
    await part('spend').click();
    assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'showSpending' }]);
  });

  it('shows tokens where no price is known, and nothing for this computer', async () => {
    const spend = { requests: 1, tokens: 1234, images: 0, currency: 'CNY' };
    await open({ snapshot: withService({ spend }) });
    assert.equal(await part('spend').innerText(), '1,234 tokens');
    await sidebar.emit('snapshot', snapshotOf({ revision: 2 }));
    assert.equal(await part('spend').isHidden(), true);
  });

  for (const [link, text] of [
    ['limited', 'waiting for the rate limit'],
    ['offline', 'no network: waiting'],
  ] as const) {
    it(`says that the link is ${link}`, async () => {
      await open({ snapshot: withService({ link }) });
      assert.equal(await part('engine-state').innerText(), text);
    });
  }

  it('fits into 250 pixels', async () => {
    await open({ snapshot: withService({ link: 'limited' }) });
    await sidebar.page.setViewportSize({ width: 250, height: 600 });
    const overflow = await sidebar.page
      .locator('.footer')
      .evaluate((footer) => footer.scrollWidth - footer.clientWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  });

  it('lets a problem be cured by its own button', async () => {
    const problem = { problem: 'Stopped at the budget.', problemAction: { title: 'Change the Budget…', command: 'setBudget' } } as const; // prettier-ignore
    await open({ snapshot: { ...withService(), ...problem } });
    await sidebar.page.getByRole('button', { name: 'Change the Budget…' }).click();
    assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'setBudget' }]);
  });
});
