import assert from 'node:assert/strict';
import { ANSWERS, GROUPS } from './answers.ts';
import { snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

const CURRENT = 'services/gateway/tokens.py';
const FIRST = { path: 'packages/server/src/oauth/refreshAccessToken.ts', startLine: 12, endLine: 40 };
const SECOND = { path: `services/copy1/${FIRST.path}`, startLine: 13, endLine: 41 };
const THIRD = { path: `services/copy2/${FIRST.path}`, startLine: 14, endLine: 42 };

describe('the Duplicates tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options: PageOptions = {}): Promise<SidebarPage> => {
    sidebar = await browser.open({ stored: { tab: 'duplicates' }, ...options });
    await sidebar.rows.first().waitFor();
    return sidebar;
  };
  const labels = () => sidebar.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  const chip = (name: string) => sidebar.page.locator('.duplicates-tab .chip', { hasText: name });
  const summary = (text: string) => sidebar.page.locator('.duplicates-tab .hits-count', { hasText: text }).waitFor();
  const answerWith = (change: object) =>
    sidebar.page.evaluate((duplicates) => {
      window.fakeHost.answers['duplicates'] = duplicates;
    }, { ...(ANSWERS['duplicates'] as object), ...change }); // prettier-ignore

  it('lists groups by kind with what they repeat, and shows one kind alone', async () => {
    await open();
    assert.deepEqual(await sidebar.sent('duplicates'), [{}]);
    assert.deepEqual(await labels(), [
      'refreshAccessToken, refreshAccessToken.ts, Exact, 3 places, 58 lines repeated',
      'Getting started, README.md, Exact, 2 places, 13 lines repeated',
      'TokenStore.renew, tokens.py, Near, 2 places, 17 lines repeated, 0.96',
      '会话管理 › 刷新令牌, 会话与令牌.md, refreshAccessToken.ts, tokens.py, Same meaning, 3 places, 33 lines alike, 0.87',
    ]);
    await summary('4 groups · 88 lines repeated');
    await chip('Near').click();
    assert.equal((await labels()).length, 1);
    await summary('1 group · 17 lines repeated');
    assert.equal(await chip('Exact').getAttribute('aria-label'), 'Exact: 2 groups');
    await chip('Near').click();
    assert.equal((await labels()).length, 4);
    assert.equal((await sidebar.sent('duplicates')).length, 1);
  });

  it('compares members side by side: the first two, one with the first, or any two', async () => {
    await open();
    const { page } = sidebar;
    await sidebar.rows.first().focus();
    await page.keyboard.press('ArrowRight');
    assert.equal((await labels()).length, 7);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Compare the First Two' }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Select for Compare' }).click();
    assert.match(await sidebar.focused(), /copy1/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Compare With refreshAccessToken.ts:13' }).click();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Compare With refreshAccessToken.ts:12' }).click();
    assert.deepEqual(await sidebar.waitSent('compare', 3), [
      { place: FIRST, other: SECOND, similarity: 1 },
      { place: SECOND, other: THIRD, similarity: 1 },
      { place: THIRD, other: FIRST, similarity: 1 },
    ]);
    assert.equal(await sidebar.rows.nth(1).locator('.preview').count(), 1);
    assert.equal(await sidebar.rows.nth(2).locator('.preview').count(), 0, 'the same text once is enough');
  });

  it('ignores a group at once, shows the ignored ones, and brings one back', async () => {
    await open();
    const { page } = sidebar;
    await page.evaluate(() => window.fakeHost.held.add('ignoreDuplicates'));
    await sidebar.rows.first().focus();
    await page.keyboard.press('Delete');
    assert.equal((await labels()).length, 3);
    assert.match(await sidebar.focused(), /^Getting started/);
    assert.equal((await sidebar.sent('duplicates')).length, 1, 'it waits until the group is kept as ignored');
    await answerWith({ groups: GROUPS.slice(1), ignored: 3 });
    await page.evaluate(() => window.fakeHost.release('ignoreDuplicates'));
    await page.getByText('3 ignored').waitFor();
    assert.deepEqual(await sidebar.sent('ignoreDuplicates'), [{ ids: ['d1'], ignored: true }]);
    assert.equal((await labels()).length, 3);
    await answerWith({ groups: GROUPS.map((group) => (group.id === 'd1' ? { ...group, ignored: true } : group)), ignored: 3 }); // prettier-ignore
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    assert.deepEqual((await sidebar.waitSent('duplicates', 3)).at(-1), { ignored: true });
    await sidebar.rows.nth(3).waitFor();
    assert.match((await labels())[0] ?? '', /ignored$/);
    await sidebar.rows.first().focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Stop Ignoring' }).click();
    assert.deepEqual((await sidebar.waitSent('ignoreDuplicates', 2)).at(-1), { ids: ['d1'], ignored: false });
  });

  it('is about the current file alone when one says so, and follows it', async () => {
    await open({ snapshot: snapshotOf({ currentPath: CURRENT }) });
    await chip('This File Only').click();
    assert.deepEqual((await sidebar.waitSent('duplicates', 2)).at(-1), { path: CURRENT });
    await answerWith({ groups: [] });
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, currentPath: 'docs/readme.md' }));
    assert.deepEqual((await sidebar.waitSent('duplicates', 3)).at(-1), { path: 'docs/readme.md' });
    await sidebar.page.getByText('Nothing of readme.md is anywhere else.').waitFor();
    await answerWith({});
    await sidebar.emit('snapshot', snapshotOf({ revision: 3 }));
    await sidebar.page.getByText('Open a file to see what of it is elsewhere too.').waitFor();
    await sidebar.page.getByRole('button', { name: 'Show All' }).click();
    await sidebar.rows.nth(3).waitFor();
    await sidebar.emit('reveal', { tab: 'duplicates', focus: true, thisFile: true });
    assert.equal(await chip('This File Only').getAttribute('aria-pressed'), 'true');
  });

  it('takes another threshold for what means the same, and gives it back', async () => {
    await open();
    const { page } = sidebar;
    const slider = page.getByRole('slider', { name: 'Same meaning from' });
    assert.equal(await slider.getAttribute('aria-valuetext'), '0.86');
    await answerWith({ minSimilarity: 0.88 });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await slider.getAttribute('aria-valuetext'), '0.88');
    assert.deepEqual((await sidebar.waitSent('duplicates', 2)).slice(1), [{ minSimilarity: 0.88 }]);
    await page.locator('.duplicates-tab').getByRole('button', { name: 'Automatic' }).click();
    assert.deepEqual((await sidebar.waitSent('duplicates', 3)).at(-1), {});
  });

  it('keeps groups of the same texts in two kinds apart', async () => {
    const [, , near] = GROUPS;
    const groups = [near, { ...near, tier: 'meaning' as const }];
    await open({ answers: { ...ANSWERS, duplicates: { ...(ANSWERS['duplicates'] as object), groups } } });
    assert.equal((await labels()).length, 2);
    await sidebar.rows.last().focus();
    await sidebar.page.keyboard.press('ArrowRight');
    assert.deepEqual(await sidebar.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-level'))), ['1', '1', '2', '2']); // prettier-ignore
  });

  it('says when there are none of a kind', async () => {
    await open({ answers: { ...ANSWERS, duplicates: { ...(ANSWERS['duplicates'] as object), groups: GROUPS.slice(0, 2) } } }); // prettier-ignore
    await chip('Near').click();
    await sidebar.page.getByText('None of this kind.').waitFor();
    await sidebar.page.getByRole('button', { name: 'Show All' }).click();
    await sidebar.rows.nth(1).waitFor();
  });
});
