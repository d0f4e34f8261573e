import assert from 'node:assert/strict';
import { NO_FILTER, type ViewFilter } from '../../src/protocol/viewApi.ts';
import type { SnapshotChange } from './samples.ts';
import { HITS, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

describe('the Search tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options?: PageOptions): Promise<SidebarPage> =>
    (sidebar = await browser.open({ stored: { tab: 'search' }, ...options }));
  const query = () => sidebar.page.getByRole('textbox', { name: 'Search by meaning' });
  const paths = () => sidebar.page.getByRole('textbox', { name: /^Files to include/ });
  const filters = () => sidebar.page.getByRole('button', { name: /^Filters/ });
  const asked = (text: string, change: Partial<ViewFilter> = {}) => ({
    query: text,
    filter: { ...NO_FILTER, ...change },
  });
  const found = (change: NonNullable<SnapshotChange['search']>) => sidebar.emit('snapshot', snapshotOf({ revision: 2, search: { hits: HITS, ...change } })); // prettier-ignore

  it('searches once after a pause in typing', async () => {
    await open();
    await query().pressSequentially('bad delivery', { delay: 20 });
    assert.deepEqual(await sidebar.sent('search'), []);
    assert.deepEqual(await sidebar.waitSent('search', 1), [asked('bad delivery')]);
  });

  it('says which words a hit shares, and no similarity where only words were compared', async () => {
    await open({ stored: { tab: 'search', query: 'refresh token' } });
    const [first, second] = HITS;
    const byWords = { ...second!, similarity: 0, percentile: 0, score: 0.5, why: { words: ['token'] } };
    const byBoth = { ...first!, score: 1, why: { similarity: 0.873, percentile: 99.94, words: ['refresh', 'token'] } };
    await found({ query: 'refresh token', hits: [byBoth, byWords] });
    const rows = sidebar.page.getByRole('treeitem');
    assert.match((await rows.nth(0).getAttribute('aria-label'))!, /Similarity 0.87.*Shared words: refresh, token/);
    assert.match((await rows.nth(0).locator('.score').getAttribute('title'))!, /Shared words: refresh, token$/);
    const label = (await rows.nth(1).getAttribute('aria-label'))!;
    assert.match(label, /Shared words: token/);
    assert.doesNotMatch(label, /Similarity/);
    assert.equal(await rows.nth(1).locator('.score-value').textContent(), '0.50');
  });

  it('searches at once on Enter, and not again after the pause', async () => {
    await open();
    await query().fill('  bad delivery ');
    await query().press('Enter');
    assert.deepEqual(await sidebar.sent('search'), [asked('bad delivery')]);
    await filters().click();
    await paths().fill('data/**');
    const all = await sidebar.waitSent('search', 2);
    assert.deepEqual(all.at(-1), asked('bad delivery', { paths: 'data/**' }));
    assert.equal(all.length, 2);
  });

  it('cancels a search that a newer one replaces', async () => {
    await open();
    await query().fill('one');
    await sidebar.page.evaluate(() => {
      // A host that takes its time: it answers no search.
      const answer = window.postMessage.bind(window);
      window.postMessage = ((message: { kind: string }, target: string) => {
        if (message.kind !== 'result') answer(message, target);
      }) as typeof window.postMessage;
    });
    await query().press('Enter');
    await query().fill('two');
    await query().press('Enter');
    const kinds = await sidebar.page.evaluate(() => window.fakeHost.sent.map(({ kind, name }) => name || kind));
    assert.deepEqual(kinds.slice(-3), ['search', 'cancel', 'search']);
  });

  it('waits for the end of a composition', async () => {
    await open();
    await query().focus();
    const session = await sidebar.page.context().newCDPSession(sidebar.page);
    await session.send('Input.imeSetComposition', { text: 'xian', selectionStart: 4, selectionEnd: 4 });
    await sidebar.page.keyboard.press('ArrowDown');
    await sidebar.emit('snapshot', snapshotOf({ revision: 2 }));
    assert.equal(await query().inputValue(), 'xian');
    await session.send('Input.insertText', { text: '线程池' });
    assert.deepEqual(await sidebar.waitSent('search', 1), [asked('线程池')]);
  });

  it('shows what was found and goes from the box into the rows', async () => {
    await open();
    await query().fill('session');
    await query().press('Enter');
    await found({ query: 'session' });
    assert.equal(await sidebar.rows.count(), HITS.length);
    await query().press('ArrowDown');
    assert.match(await sidebar.focused(), /^refreshAccessToken/);
    const [preview] = await sidebar.waitSent('open', 1);
    assert.deepEqual([preview?.place.path, preview?.mode], [HITS[0]!.path, 'preview']);
  });

  it('clears with its button or Escape, and then shows no results of before', async () => {
    await open();
    await query().fill('session');
    await query().press('Enter');
    await found({ query: 'session' });
    await sidebar.page.getByRole('button', { name: 'Clear', exact: true }).click();
    assert.equal(await query().inputValue(), '');
    assert.equal(await sidebar.rows.count(), 0);
    assert.deepEqual((await sidebar.sent('search')).at(-1), asked(''));
    await query().fill('x');
    await query().press('Escape');
    assert.equal(await query().inputValue(), '');
  });

  it('offers recent queries in the empty box and keeps them over a reload', async () => {
    await open();
    for (const text of ['first', 'second']) {
      await query().fill(text);
      await query().press('Enter');
    }
    await query().fill('');
    await sidebar.page.waitForFunction(() => JSON.stringify(window.fakeHost.stored ?? {}).includes('"query":""'));
    await sidebar.page.reload();
    await query().focus();
    await query().press('ArrowDown');
    assert.equal(await sidebar.focused(), 'second');
    await sidebar.page.keyboard.press('ArrowDown');
    assert.equal(await sidebar.focused(), 'first');
    await sidebar.page.keyboard.press('Enter');
    assert.equal(await query().inputValue(), 'first');
    assert.deepEqual((await sidebar.waitSent('search', 1)).at(-1), asked('first'));
    await query().fill('');
    await sidebar.page.getByRole('button', { name: 'Clear Recent Searches' }).click();
    assert.equal(await sidebar.page.locator('.recent-query').count(), 0);
  });

  it('searches again for the kept query when the host has forgotten it', async () => {
    await open({ stored: { tab: 'search', query: 'kept', filters: { search: { paths: 'src/**' } } } });
    assert.equal(await query().inputValue(), 'kept');
    assert.deepEqual(await sidebar.waitSent('search', 1), [asked('kept', { paths: 'src/**' })]);
  });

  it('takes over a search that a command began', async () => {
    await open();
    await sidebar.emit('reveal', { tab: 'search', focus: true });
    await found({ query: '糟糕的送货', filter: { ...NO_FILTER, paths: 'data/**' } });
    assert.equal(await query().inputValue(), '糟糕的送货');
    await filters().click();
    assert.equal(await paths().inputValue(), 'data/**');
    await filters().click();
    await query().focus();
    assert.equal(await sidebar.focused(), 'Search by meaning');
    assert.deepEqual(await sidebar.sent('search'), []);
  });

  it('offers to clear the filters when nothing was found with them', async () => {
    await open({
      stored: { tab: 'search', query: 'session', filters: { search: { paths: 'docs/**', kind: 'rows' } } },
    });
    await found({
      query: 'session',
      filter: { ...NO_FILTER, paths: 'docs/**', kind: 'rows' },
      hits: [],
      empty: 'no-hits',
    });
    await sidebar.page.getByRole('button', { name: 'Clear Filters' }).click();
    assert.deepEqual((await sidebar.sent('search')).at(-1), asked('session'));
  });

  it('opens its filters with the funnel, asks at once for each that is chosen, and says how many are set', async () => {
    await open({ stored: { tab: 'search', query: 'session' } });
    assert.equal(await paths().count(), 0);
    await filters().press('Enter');
    assert.equal(await filters().getAttribute('aria-expanded'), 'true');
    const select = (name: string) => sidebar.page.getByRole('combobox', { name });
    assert.deepEqual(await select('Language').locator('option').allInnerTexts(), ['Any language', 'typescript (2,204)', 'markdown (318)', 'python (298)', 'jsonc (41)']); // prettier-ignore
    await select('Language').selectOption('python');
    await select('Kind').selectOption({ label: 'Functions and methods' });
    await select('Modified').selectOption({ label: 'Last 7 days' });
    const chosen: Partial<ViewFilter> = { languageId: 'python', kind: 'functions', since: 'week' };
    assert.deepEqual((await sidebar.waitSent('search', 4)).at(-1), asked('session', chosen));
    assert.equal(await filters().getAttribute('aria-label'), 'Filters (3 set)');
    await filters().click();
    assert.equal(await select('Kind').count(), 0);
    await sidebar.page.waitForFunction(() => JSON.stringify(window.fakeHost.stored ?? {}).includes('"search":false'));
    await sidebar.page.reload();
    assert.equal(await filters().getAttribute('aria-label'), 'Filters (3 set)');
    await filters().click();
    await sidebar.page.getByRole('button', { name: 'Clear Filters' }).click();
    assert.equal(await sidebar.focused(), 'Filters');
    assert.deepEqual((await sidebar.sent('search')).at(-1), asked('session'));
    assert.equal(await select('Language').inputValue(), '');
  });

  it('keeps a language that is no longer indexed in its list', async () => {
    const stored = { tab: 'search', filters: { search: { languageId: 'cobol' } }, filtersOpen: { search: true } };
    await open({ stored });
    assert.equal(await sidebar.page.getByRole('combobox', { name: 'Language' }).inputValue(), 'cobol');
  });

  it('says what is compared, and asks the host for another way', async () => {
    await open({ stored: { tab: 'search', filtersOpen: { search: true } } });
    const way = (name: string) => sidebar.page.getByRole('radio', { name });
    assert.equal(await way('Meaning and words together').isChecked(), true);
    await way('Meaning and words together').focus();
    await sidebar.page.keyboard.press('ArrowRight');
    await way('Words alone').click();
    assert.deepEqual(await sidebar.waitSent('setSearchMode', 2), [{ mode: 'semantic' }, { mode: 'keyword' }]);
    await found({ mode: 'keyword' });
    assert.equal(await way('Words alone').isChecked(), true);
    assert.equal(await sidebar.page.getByRole('radiogroup', { name: 'Compare' }).count(), 1);
  });

  it('changes tabs with the arrow keys, Home and End, and tells the host', async () => {
    await open({ stored: undefined });
    await sidebar.page.getByRole('tab', { name: 'Similar' }).focus();
    for (const [key, tab] of [
      ['ArrowRight', 'Search'],
      ['End', 'Coverage'],
      ['ArrowRight', 'Similar'],
      ['End', 'Coverage'],
      ['Home', 'Similar'],
      ['ArrowLeft', 'Coverage'],
    ] as const) {
      // prettier-ignore
      await sidebar.page.keyboard.press(key);
      assert.equal(await sidebar.focused(), tab);
      assert.equal(await sidebar.page.getByRole('tab', { selected: true }).innerText(), tab);
      assert.equal(await sidebar.page.getByRole('tabpanel').count(), 1);
    }
    assert.equal((await sidebar.sent('showTab')).length, 6);
  });
});
