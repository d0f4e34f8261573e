import assert from 'node:assert/strict';
import type { CoverageRow } from '../../src/protocol/viewApi.ts';
import { engineOf, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

const MANY: readonly CoverageRow[] = Array.from({ length: 50_000 }, (_, i) => ({
  path: `packages/p${i % 40}/src/module${i}.ts`,
  state: 'indexed',
  sentence: `${1 + (i % 9)} chunks`,
}));

describe('the Coverage tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options: PageOptions = {}): Promise<SidebarPage> => {
    sidebar = await browser.open({ stored: { tab: 'coverage' }, ...options });
    await sidebar.page.locator('.file:not(.waiting)').first().waitFor();
    return sidebar;
  };
  const chip = (name: string | RegExp) => sidebar.page.locator('.chip', { hasText: name });
  const files = () => sidebar.page.locator('.file');
  const counted = () => sidebar.page.locator('.coverage-tab .hits-count');
  const list = () => sidebar.page.getByRole('listbox', { name: 'Files and the Index' });
  const active = () =>
    sidebar.page.evaluate(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant');
      return (id && document.getElementById(id)?.getAttribute('aria-label')) ?? '';
    });

  it('counts states and reasons, and lists what is not in order first', async () => {
    await open();
    assert.deepEqual(await sidebar.page.locator('.states .chip').allInnerTexts().then((all) => all.map((text) => text.replace(/\s+/g, ' '))), ['Indexed 2', 'Excluded 3', 'Skipped 3', 'Failed 2']); // prettier-ignore
    assert.equal(await chip(/^Failed/).getAttribute('aria-label'), 'Failed: 2 files');
    assert.equal(await files().count(), 10);
    assert.equal(await counted().innerText(), '10 files');
    assert.equal(
      await files().first().getAttribute('aria-label'),
      '会话与令牌.md, Failed, could not be embedded (child-died), docs/架构',
    );
    assert.equal(await files().first().getAttribute('aria-setsize'), '10');
  });

  it('filters by state, then by one of its reasons, and back', async () => {
    await open();
    await chip(/^Skipped/).click();
    await counted().filter({ hasText: '3 files' }).waitFor();
    assert.equal(await sidebar.page.locator('.reasons .chip').count(), 2);
    await chip(/^was generated/).click();
    await counted().filter({ hasText: '1 file' }).waitFor();
    assert.deepEqual((await sidebar.sent('coverage')).at(-1), { offset: 0, count: 200, state: 'skipped', reason: 'generated' }); // prettier-ignore
    assert.equal(await chip(/^was generated/).getAttribute('aria-pressed'), 'true');
    await chip(/^Skipped/).click();
    await counted().filter({ hasText: '10 files' }).waitFor();
    assert.equal(await sidebar.page.locator('.chip[aria-pressed="true"]').count(), 0);
  });

  it('filters by path while one types, says when nothing matches, and shows all again', async () => {
    await open();
    const box = sidebar.page.getByRole('textbox', { name: 'Filter by path' });
    await box.fill('SERVER/');
    await counted().filter({ hasText: '3 files' }).waitFor();
    await box.fill('nowhere');
    await counted().filter({ hasText: 'No file matches.' }).waitFor();
    await sidebar.page.getByRole('button', { name: 'Show All' }).click();
    await counted().filter({ hasText: '10 files' }).waitFor();
    assert.equal(await sidebar.focused(), 'Filter by path');
  });

  it('is reached and used by the keyboard alone', async () => {
    await open();
    const { page } = sidebar;
    await page.locator('#tab-coverage').focus();
    await page.keyboard.press('Tab');
    assert.equal(await sidebar.focused(), 'Filter by path');
    await page.keyboard.press('Tab');
    assert.equal(await sidebar.focused(), 'Indexed: 2 files');
    await page.keyboard.press('End');
    assert.equal(await sidebar.focused(), 'Failed: 2 files');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await sidebar.focused(), 'Retry Failed');
    await page.keyboard.press('Tab');
    assert.match(await active(), /^会话与令牌\.md/);
    await page.keyboard.press('End');
    assert.match(await active(), /^README\.md, Indexed/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+c');
    const path = 'packages/server/src/auth/sessionTokenService.ts';
    assert.deepEqual(await sidebar.waitSent('coverageAct', 3), [
      { path, act: 'open' },
      { path, act: 'side' },
      { path, act: 'copyPath' },
    ]);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+F10');
    assert.deepEqual(
      await page.getByRole('menuitem').evaluateAll((items) => items.map((item) => item.querySelector('.menu-label')?.textContent)),
      ['Open', 'Open to the Side', 'Go to the Rule', 'Embed Anyway', 'Copy Path'],
    ); // prettier-ignore
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual((await sidebar.waitSent('coverageAct', 4)).at(-1), {
      path: 'packages/server/logs/2026-11-27.log',
      act: 'rule',
    });
    assert.equal(await sidebar.focused(), 'Files and the Index');
  });

  it('reveals a folder instead of opening it, and offers to embed no whole excluded folder', async () => {
    await open();
    await files().filter({ hasText: 'node_modules/' }).first().click({ button: 'right' });
    const labels = await sidebar.page.locator('.menu-label').allInnerTexts();
    assert.deepEqual(labels, ['Reveal in Explorer', 'Copy Path']);
    await sidebar.page.getByRole('menuitem', { name: 'Reveal in Explorer' }).click();
    assert.deepEqual(await sidebar.waitSent('coverageAct', 1), [{ path: 'node_modules/', act: 'open' }]);
  });

  it('offers to retry while something failed', async () => {
    await open();
    await sidebar.page.getByRole('button', { name: 'Retry Failed' }).click();
    assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'retryFailed' }]);
    await sidebar.close();
    await open({ files: MANY.slice(0, 3) });
    assert.equal(await sidebar.page.getByRole('button', { name: 'Retry Failed' }).count(), 0);
  });

  it('lists 50,000 files with a screenful of rows, and asks for no page between the first and the last', async () => {
    await open({ files: MANY });
    assert.ok((await files().count()) < 60, `${await files().count()} rows`);
    assert.deepEqual(await sidebar.sent('coverage'), [{ offset: 0, count: 200 }]);
    await list().focus();
    await sidebar.page.keyboard.press('End');
    await files().filter({ hasText: 'module49999.ts' }).waitFor();
    assert.match(await active(), /^module49999\.ts/);
    assert.deepEqual((await sidebar.sent('coverage')).slice(1), [{ offset: 49_800, count: 200 }]);
    assert.ok((await files().count()) < 60);
  });

  it('asks again when the engine says that something changed, and keeps its place', async () => {
    await open({ files: MANY });
    await sidebar.page.locator('.files-scroller').evaluate((element) => element.scrollTo({ top: 44 * 1_000 }));
    await files().filter({ hasText: 'module1003.ts' }).waitFor();
    const before = (await sidebar.sent('coverage')).length;
    const coverage = { indexed: 50_001, excluded: 0, skipped: 0, failed: 0 };
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine: engineOf({ coverage }) }));
    await sidebar.waitSent('coverage', before + 1);
    assert.equal(await sidebar.page.locator('.files-scroller').evaluate((element) => element.scrollTop), 44_000);
  });

  it('is where the count in the foot leads, with the filter that was left', async () => {
    sidebar = await browser.open({ stored: { tab: 'similar', files: { text: '', state: 'failed' } } });
    await sidebar.page.getByRole('button', { name: /^Coverage/ }).click();
    await counted().filter({ hasText: '2 files' }).waitFor();
    assert.equal(await chip(/^Failed/).getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await sidebar.waitSent('showTab', 1), [{ tab: 'coverage' }]);
  });

  it('shows the files of a folder when the host says so', async () => {
    await open();
    await sidebar.emit('reveal', { tab: 'coverage', focus: true, files: 'assets/' });
    await counted().filter({ hasText: '2 files' }).waitFor();
    assert.equal(await sidebar.page.getByRole('textbox', { name: 'Filter by path' }).inputValue(), 'assets/');
  });

  it('says why there is nothing to list', async () => {
    sidebar = await browser.open({ stored: { tab: 'coverage' }, snapshot: snapshotOf({ optedIn: false }) });
    await sidebar.page.getByRole('button', { name: 'Embed Workspace' }).waitFor();
    assert.equal(await list().isVisible(), false);
    assert.deepEqual(await sidebar.sent('coverage'), []);
  });
});
