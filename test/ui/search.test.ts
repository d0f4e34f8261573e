// The Search tab over the example workspace: words, path filter, Chinese, recent queries.
import assert from 'node:assert/strict';
import { activeTab, closeToasts, diffShows, openFile, runCommand, until } from './driver.ts';
import { embedWorkspace, emptyState, hit, hitNames, hits, looksAt, rowAction, openFilters, filtersButton, search, searchBox, viewButton, type Sidebar } from './sidebar.ts'; // prettier-ignore
import { useWorkbench } from './workbench.ts';

describe('the Search tab', () => {
  const workbench = useWorkbench();
  let view: Sidebar;

  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
  });

  it('opens by its key with the keyboard in the box', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'totals.ts');
    await page.keyboard.press('Control+Alt+e');
    await view.getByRole('textbox', { name: 'Search by meaning' }).and(view.locator(':focus')).waitFor();
    await view.getByText('Describe what you are looking for, in your own words.').waitFor();
    await screenshot('search-invitation');
  });

  it('finds by meaning what shares no word with the query, while it is typed', async () => {
    const { page, screenshot } = workbench();
    await page.keyboard.type('my cat refuses to eat it');
    await hit(view, 'reviews.tsv').waitFor();
    await hits(view).nth(19).waitFor();
    assert.equal(await hits(view).count(), 20);
    await screenshot('search-english');
  });

  it('finds Chinese notes by a Chinese query', async () => {
    const { screenshot } = workbench();
    await search(view, '接口每秒能请求多少次');
    await hits(view).first().filter({ hasText: '接口限流.md' }).waitFor();
    await search(view, '怎么泡茶');
    await hits(view).first().filter({ hasText: '泡龙井.md' }).waitFor();
    await screenshot('search-chinese');
  });

  it('keeps to the paths of the filter', async () => {
    const { screenshot } = workbench();
    await search(view, 'trying again after a failure', '*.py, !tests');
    await hit(view, 'backoff.py').waitFor();
    const names = await hitNames(view);
    assert.ok(
      names.every((name) => name.endsWith('.py') && !name.startsWith('test_')),
      names.join(),
    );
    await screenshot('search-paths');
  });

  it('says when nothing was found and clears the filters that are in the way', async () => {
    const { screenshot } = workbench();
    await search(view, 'trying again after a failure', 'nowhere/**');
    await emptyState(view).filter({ hasText: 'Nothing similar was found.' }).waitFor();
    await screenshot('search-nothing');
    await emptyState(view).getByRole('button', { name: 'Clear Filters' }).click();
    await hit(view, 'retry.ts').waitFor();
    assert.equal(await view.getByRole('textbox', { name: /^Files to include/ }).inputValue(), '');
  });

  it('keeps to a language and a kind, compares words alone, and says so when the sidebar was closed', async () => {
    const { page, screenshot } = workbench();
    await search(view, 'trying again after a failure');
    await openFilters(view);
    await view.getByRole('combobox', { name: 'Language' }).selectOption('python');
    await view.getByRole('combobox', { name: 'Kind' }).selectOption('functions');
    await hit(view, 'backoff.py').waitFor();
    const allPython = async (): Promise<boolean> => (await hitNames(view)).every((name) => name.endsWith('.py'));
    await until('only Python is found', allPython);
    await view.getByRole('radio', { name: 'Words alone' }).click();
    await view.locator('.hit[aria-label*="Shared words"]:not([aria-label*="Similarity"])').first().waitFor();
    await screenshot('search-filters');
    await runCommand(page, 'View: Show Explorer');
    await runCommand(page, 'Vectorscope: Search by Meaning');
    await searchBox(view).and(view.locator(':focus')).waitFor();
    await filtersButton(view)
      .and(view.getByRole('button', { name: 'Filters (2 set)' }))
      .waitFor();
    assert.equal(await view.getByRole('radio', { name: 'Words alone' }).isChecked(), true);
    await view.getByRole('radio', { name: 'Meaning and words together' }).click();
    await view.locator('.hit[aria-label*="Similarity"]').first().waitFor();
    await viewButton(view, 'Clear Filters').click();
    await hit(view, 'retry.ts').waitFor();
  });

  it('goes from the box to the rows with the arrow key, and opens a row', async () => {
    const { page } = workbench();
    await searchBox(view).press('ArrowDown');
    await view.locator('.hit:focus').waitFor();
    const [first = '?'] = await hitNames(view);
    await page.keyboard.press('Enter');
    await activeTab(page).filter({ hasText: first }).waitFor();
  });

  it('compares a row with the question', async () => {
    const { page, screenshot } = workbench();
    const figure = await hits(view).first().locator('.score-value').innerText();
    await hits(view).first().click({ button: 'right' });
    await view.getByRole('menuitem', { name: 'Compare' }).click();
    await activeTab(page)
      .filter({ hasText: new RegExp(`Question ↔ .*\\(similarity ${figure}\\)`) })
      .waitFor();
    await diffShows(page, 'trying again after a failure', 'How to try again');
    await screenshot('search-compare');
    await closeToasts(page);
  });

  it('goes on from a row to what is like it', async () => {
    await rowAction(hit(view, 'retry.ts'), 'moreLikeThis');
    await looksAt(view, 'retry.ts');
    assert.equal(await view.locator('#tab-similar').getAttribute('aria-selected'), 'true');
  });

  it('remembers the recent queries, also when the sidebar was closed', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, 'View: Show Explorer');
    await runCommand(page, 'Vectorscope: Search by Meaning');
    const box = searchBox(view);
    await box.and(view.locator(':focus')).waitFor();
    assert.equal(await box.inputValue(), 'trying again after a failure');
    await page.keyboard.press('Escape');
    const recent = view.locator('.recent-query');
    await recent.first().waitFor();
    await screenshot('search-recent');
    assert.deepEqual((await recent.allInnerTexts()).slice(0, 3), ['trying again after a failure', '怎么泡茶', '接口每秒能请求多少次']); // prettier-ignore
    await recent.nth(1).click();
    await hits(view).first().filter({ hasText: '泡龙井.md' }).waitFor();
  });

  it('forgets the recent queries when told to', async () => {
    const { page } = workbench();
    await searchBox(view).focus();
    await page.keyboard.press('Escape');
    await viewButton(view, 'Clear Recent Searches').click();
    await view.locator('.recent-query').first().waitFor({ state: 'hidden' });
  });
});
