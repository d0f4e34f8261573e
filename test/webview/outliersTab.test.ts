import assert from 'node:assert/strict';
import { ANSWERS } from './answers.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

describe('the Outliers tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options: PageOptions = {}): Promise<SidebarPage> => {
    sidebar = await browser.open({ stored: { tab: 'outliers' }, ...options });
    await sidebar.rows.first().waitFor();
    return sidebar;
  };

  it('says in words why each is unusual, and how many fragments were left out', async () => {
    await open();
    assert.deepEqual(await sidebar.sent('outliers'), [{ of: 'chunks', top: 200 }]);
    assert.equal(
      await sidebar.rows.first().getAttribute('aria-label'),
      'reviews.tsv, line 318, data, Its neighbours are only 0.31 similar on average; 0.78 is usual here., ' +
        'More unusual than 99.9% of all, nearest relative README.md, similarity 0.38',
    );
    const { page } = sidebar;
    await page.locator('.hits-count', { hasText: 'The 5 most unusual of 1,204 snippets' }).waitFor();
    assert.equal(await page.getByText('312 fragments left out').getAttribute('title'), 'Fragments that are too short, and boilerplate, are not called unusual.'); // prettier-ignore
    assert.equal(await sidebar.rows.nth(2).locator('.nearest').count(), 0);
  });

  it('leads to the nearest relative, and compares with it without measuring again', async () => {
    await open();
    const { page } = sidebar;
    const nearest = { path: 'README.md', startLine: 7, endLine: 19 };
    await page.getByRole('button', { name: 'README.md › Getting started' }).first().click();
    assert.deepEqual(await sidebar.waitSent('open', 1), [{ place: nearest, mode: 'open' }]);
    await sidebar.rows.first().focus();
    await page.keyboard.press('Shift+F10');
    assert.deepEqual(await page.locator('.menu-label').allInnerTexts(), ['Open', 'Open to the Side', 'Open the Nearest Relative', 'Compare With the Nearest Relative', 'More Like This', 'Copy Link', 'Expand']); // prettier-ignore
    await page.getByRole('menuitem', { name: 'Compare With the Nearest Relative' }).click();
    const place = { path: 'data/reviews.tsv', startLine: 318, endLine: 318 };
    assert.deepEqual(await sidebar.waitSent('compare', 1), [{ place, other: nearest, similarity: 0.38 }]);
  });

  it('goes from one to the next by arrow key and by F4, and expands by Right', async () => {
    await open();
    const { page } = sidebar;
    await sidebar.rows.first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal((await sidebar.waitSent('open', 1)).at(-1)?.place.path, 'docs/架构/会话与令牌.md');
    await page.keyboard.press('ArrowRight');
    assert.equal(await sidebar.rows.nth(1).getAttribute('aria-expanded'), 'true');
    assert.equal(await sidebar.rows.nth(1).locator('.preview.expanded').count(), 1);
    await sidebar.emit('step', { by: 1 });
    assert.equal((await sidebar.waitSent('open', 2)).at(-1)?.place.path, 'README.md');
    await page.getByRole('radio', { name: 'Documents' }).check({ force: true });
    assert.deepEqual((await sidebar.waitSent('outliers', 2)).at(-1), { of: 'documents', top: 200 });
  });

  it('says when nothing stands apart', async () => {
    const none = { ...(ANSWERS['outliers'] as object), outliers: [] };
    sidebar = await browser.open({ stored: { tab: 'outliers' }, answers: { ...ANSWERS, outliers: none } });
    await sidebar.page.getByText('Nothing stands apart.').waitFor();
  });
});
