import assert from 'node:assert/strict';
import type { ClusterMember } from '../../src/engine/model.ts';
import type { ClusterResult } from '../../src/protocol/engineApi.ts';
import { ANSWERS, CLUSTERS, membersOf } from './answers.ts';
import { EMBEDDING, engineOf, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

describe('the Clusters tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options: PageOptions = {}): Promise<SidebarPage> => {
    sidebar = await browser.open({ stored: { tab: 'clusters' }, ...options });
    await sidebar.rows.first().waitFor();
    return sidebar;
  };
  const labels = () => sidebar.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  const slider = () => sidebar.page.getByRole('slider', { name: 'How Many Clusters' });
  const answerWith = (answer: ClusterResult) =>
    sidebar.page.evaluate((clusters) => {
      window.fakeHost.answers['clusters'] = clusters;
    }, answer);

  it('lists clusters with label, size and cohesion, and what belongs to none at the end', async () => {
    await open();
    assert.deepEqual(await sidebar.sent('clusters'), [{ of: 'chunks' }]);
    const all = await labels();
    assert.equal(all.length, 5);
    assert.equal(all[0], 'session · token · refresh · login, 412 snippets, cohesion 0.71 (1: all the same)');
    assert.equal(all[4], 'Unclustered, 387 snippets, like no group enough to belong to it');
    const { page } = sidebar;
    await page.locator('.hits-count', { hasText: '4 clusters · 817 of 1,204 snippets grouped' }).waitFor(); // places, not texts
    await page.getByText('2,861 of 2,880 files compared').waitFor();
  });

  it('names a row that has only a number with its table, so that it is no count', async () => {
    const [first, ...others] = CLUSTERS.clusters;
    assert.ok(first);
    const representative = { ...first.representative, path: 'data/reviews.tsv', symbol: '1091' };
    await open({ answers: { ...ANSWERS, clusters: { ...CLUSTERS, clusters: [{ ...first, representative }, ...others] } } }); // prettier-ignore
    assert.match(await sidebar.page.locator('.cluster').first().innerText(), /412\s*·\s*reviews\.tsv › 1091/);
  });

  it('expands to the representative at once, then to the members by centrality, page by page', async () => {
    await open();
    await sidebar.page.evaluate(() => window.fakeHost.held.add('clusterMembers'));
    await sidebar.rows.first().click();
    assert.match((await labels())[1] ?? '', /^refreshAccessToken\.ts, refreshAccessToken, lines 12–40.*most typical/);
    await sidebar.page.evaluate(() => window.fakeHost.release('clusterMembers'));
    await sidebar.rows.nth(5).waitFor();
    await sidebar.rows.first().focus();
    await sidebar.page.keyboard.press('ArrowRight'); // into the group
    await sidebar.page.keyboard.press('End');
    await sidebar.rows.filter({ hasText: 'Unclustered' }).waitFor();
    await sidebar.page.locator('.rows .more').scrollIntoViewIfNeeded();
    assert.deepEqual((await sidebar.waitSent('clusterMembers', 2)).slice(0, 2), [
      { of: 'chunks', id: 'c1', offset: 0, count: 100 },
      { of: 'chunks', id: 'c1', offset: 100, count: 100 },
    ]);
    await sidebar.page.getByText('200 of 412 shown: more…').waitFor({ state: 'attached' });
  });

  it('has the focus on its first row when it is asked for by a command, also where the answer comes later', async () => {
    await open({ stored: { tab: 'similar' } });
    await sidebar.page.evaluate(() => window.fakeHost.held.add('clusters'));
    await sidebar.emit('reveal', { tab: 'clusters', focus: true });
    await sidebar.waitSent('clusters', 1);
    await sidebar.page.evaluate(() => window.fakeHost.release('clusters'));
    await sidebar.page.waitForFunction(() => document.activeElement?.matches('.cluster'));
    assert.match(await sidebar.focused(), /^session · token/);
  });

  it('is used by the keyboard alone', async () => {
    await open();
    const { page } = sidebar;
    await page.locator('#tab-clusters').focus();
    const stops: string[] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Tab');
      stops.push(await sidebar.focused());
    }
    assert.deepEqual(stops.slice(0, 5), [
      'Snippets',
      'How Many Clusters',
      'Automatic',
      '2,861 of 2,880 files compared',
      'Export Analysis…',
    ]);
    assert.match(stops[5] ?? '', /^session · token/);
    await page.keyboard.press('ArrowDown');
    assert.match(await sidebar.focused(), /^令牌 · 会话/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    assert.match(await sidebar.focused(), /most typical/);
    const place = { path: 'docs/架构/会话与令牌.md', startLine: 1204, endLine: 1219 };
    assert.deepEqual(await sidebar.waitSent('open', 1), [{ place, mode: 'preview' }]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+c');
    assert.deepEqual((await sidebar.waitSent('open', 3)).slice(1), [
      { place, mode: 'open' },
      { place, mode: 'side' },
    ]);
    assert.deepEqual(await sidebar.waitSent('copyLink', 1), [{ place }]);
    await page.keyboard.press('Shift+F10');
    assert.deepEqual(await page.locator('.menu-label').allInnerTexts(), ['Open', 'Open to the Side', 'More Like This', 'Copy Link', 'Expand']); // prettier-ignore
    await page.getByRole('menuitem', { name: 'More Like This' }).click();
    assert.deepEqual(await sidebar.waitSent('moreLikeThis', 1), [{ place }]);
    await page.keyboard.press('ArrowLeft'); // to the group
    assert.match(await sidebar.focused(), /^令牌 · 会话/);
    await page.keyboard.press('ArrowLeft');
    assert.equal((await labels()).length, 5);
    await page.keyboard.press('End');
    assert.match(await sidebar.focused(), /^Unclustered/);
  });

  it('follows the slider, says the number before the answer, and keeps what is expanded', async () => {
    await open();
    const { page } = sidebar;
    await sidebar.rows.first().click();
    await sidebar.rows.nth(5).waitFor();
    await page.evaluate(() => window.fakeHost.held.add('clusters'));
    const [first, ...others] = CLUSTERS.clusters;
    await answerWith({ ...CLUSTERS, granularity: 0.6, clusters: [...others, { ...first!, size: 300, words: [] }] });
    await slider().focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    assert.equal(await slider().getAttribute('aria-valuetext'), '14 clusters');
    await page.evaluate(() => window.fakeHost.release('clusters'));
    // One was under way; of the rest only the newest was asked.
    assert.deepEqual(await sidebar.waitSent('clusters', 3), [
      { of: 'chunks' },
      { of: 'chunks', granularity: 0.6 },
      { of: 'chunks', granularity: 1 },
    ]);
    await sidebar.waitSent('clusterMembers', 3);
    await page.getByText('refreshAccessToken.ts').first().waitFor();
    assert.match((await labels())[3] ?? '', /^session · token · refresh · login, 300 snippets/);
    assert.deepEqual((await sidebar.sent('clusterMembers')).at(-1), { of: 'chunks', granularity: 1, id: 'c1', offset: 0, count: 100 }); // prettier-ignore
    await page.getByRole('button', { name: 'Automatic' }).click();
    assert.deepEqual((await sidebar.waitSent('clusters', 4)).at(-1), { of: 'chunks' });
  });

  it('compares documents instead, and keeps that for the next time', async () => {
    await open();
    await sidebar.page.getByRole('radio', { name: 'Documents' }).check({ force: true });
    assert.deepEqual((await sidebar.waitSent('clusters', 2)).at(-1), { of: 'documents' });
    await sidebar.page.waitForFunction(() => JSON.stringify(window.fakeHost.stored).includes('"documents"'));
    assert.match((await labels())[0] ?? '', /412 documents/);
  });

  it('asks nothing while it is hidden, and keeps its answer while another tab is shown', async () => {
    sidebar = await browser.open({ stored: { tab: 'similar' } });
    assert.deepEqual(await sidebar.sent('clusters'), []);
    await sidebar.page.locator('#tab-clusters').click();
    await sidebar.page.getByText('Unclustered').waitFor();
    await sidebar.page.locator('#tab-similar').click();
    await sidebar.page.locator('#tab-clusters').click();
    assert.equal(await sidebar.page.locator('.clusters-tab .hit').count(), 5);
    assert.equal((await sidebar.sent('clusters')).length, 1);
  });

  it('says how many files changed since, and asks again when told to', async () => {
    await open({ snapshot: snapshotOf({ changes: [4, 5] }) });
    const changed = sidebar.page.locator('.clusters-tab .cover-changed');
    assert.equal(await changed.isVisible(), false);
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, changes: [5, 6, 7] }));
    await sidebar.page.getByText('2 files changed since').waitFor();
    await changed.getByRole('button', { name: 'Refresh' }).click();
    assert.equal((await sidebar.waitSent('clusters', 2)).length, 2);
    await changed.waitFor({ state: 'hidden' });
  });

  it('shows what the engine does, and stops it', async () => {
    sidebar = await browser.open({ stored: { tab: 'similar' } });
    const { page } = sidebar;
    await page.evaluate(() => window.fakeHost.held.add('clusters'));
    await page.locator('#tab-clusters').click();
    const engine = engineOf({ analysis: { stage: 'graph', share: 0.42 } });
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine }));
    const bar = page.locator('.clusters-tab').getByRole('progressbar', { name: 'Finding neighbours' });
    await bar.waitFor();
    assert.equal(await bar.getAttribute('aria-valuenow'), '42');
    await page.locator('.clusters-tab').getByRole('button', { name: 'Stop' }).click();
    await page.getByText('It was stopped.').waitFor();
    const cancelled = await page.evaluate(() => window.fakeHost.sent.filter(({ kind }) => kind === 'cancel').length);
    assert.equal(cancelled, 1);
    await page.evaluate(() => window.fakeHost.release('clusters'));
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByText('Unclustered').waitFor();
  });

  describe('with an answer of an older index', () => {
    const [first, ...others] = CLUSTERS.clusters;
    const newer = (clusters: ClusterResult['clusters']): ClusterResult => ({
      ...CLUSTERS,
      cover: { ...CLUSTERS.cover, revision: CLUSTERS.cover.revision + 1 },
      clusters,
    });
    const membersAre = (members: Readonly<Record<string, readonly ClusterMember[]>>) =>
      sidebar.page.evaluate((now) => {
        window.fakeHost.answers['clusterMembers'] = now;
      }, members);
    const hold = (name: string) => sidebar.page.evaluate((held) => window.fakeHost.held.add(held), name);
    const release = (name: string) => sidebar.page.evaluate((held) => window.fakeHost.release(held), name);

    it('shows nothing of a cluster that is gone, and lists anew by itself', async () => {
      await open();
      await membersAre({});
      await hold('clusters');
      await sidebar.rows.first().click();
      await sidebar.waitSent('clusters', 2);
      assert.equal((await labels()).length, 5);
      await answerWith(newer(others));
      await release('clusters');
      await sidebar.page.getByText('session · token').waitFor({ state: 'detached' });
      assert.equal((await labels()).length, 4);
    });

    it('shows the members that are left, and lists anew by itself', async () => {
      await open();
      await membersAre({ c4: membersOf(57, 3).slice(1) });
      await answerWith(newer([first!, ...others.map((cluster) => (cluster.id === 'c4' ? { ...cluster, size: 56 } : cluster))])); // prettier-ignore
      await sidebar.rows.nth(3).click();
      await sidebar.page.locator('.cluster[aria-label*="56 snippets"]').waitFor();
      await sidebar.waitSent('clusterMembers', 2);
      assert.equal((await sidebar.sent('clusters')).length, 2);
      const { path, startLine } = membersOf(57, 3)[0]!;
      const gone = `${path.split('/').at(-1) ?? ''}, lines ${startLine}`;
      assert.ok((await labels()).every((label) => !label.startsWith(gone)));
      await sidebar.page.locator('.rows .more').waitFor({ state: 'detached' });
    });

    it('asks once, also where the newer answer counts more than there is', async () => {
      await open();
      await membersAre({ c4: membersOf(20, 3) });
      await sidebar.rows.nth(3).click();
      await sidebar.waitSent('clusterMembers', 2);
      await membersAre({ c4: membersOf(20, 3), c3: membersOf(20, 1) });
      await sidebar.rows.nth(2).click();
      await sidebar.waitSent('clusterMembers', 3);
      await sidebar.rows.nth(40).waitFor();
      assert.equal((await sidebar.sent('clusters')).length, 2);
    });

    it('waits for the end of an index run with that', async () => {
      await open({ snapshot: snapshotOf({ engine: EMBEDDING }) });
      await sidebar.emit('snapshot', snapshotOf({ revision: 2 })); // partial: asked again
      await sidebar.waitSent('clusters', 2);
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, engine: EMBEDDING }));
      await membersAre({});
      await sidebar.page.locator('.clusters-tab .badge', { hasText: 'partial' }).waitFor();
      await sidebar.rows.first().click();
      await sidebar.page.locator('.cluster[aria-expanded="true"]').waitFor();
      await sidebar.page.locator('.rows .more').waitFor({ state: 'detached' });
      assert.equal((await sidebar.sent('clusters')).length, 2);
      await answerWith(newer(others));
      await sidebar.emit('snapshot', snapshotOf({ revision: 4 }));
      await sidebar.page.getByText('session · token').waitFor({ state: 'detached' });
      assert.equal((await sidebar.sent('clusters')).length, 3);
    });

    it('shows what the engine does while it works out members, and stops it', async () => {
      await open();
      const { page } = sidebar;
      await hold('clusterMembers');
      await sidebar.rows.first().click();
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine: engineOf({ analysis: { stage: 'graph', share: 0.42 } }) })); // prettier-ignore
      await page.locator('.clusters-tab').getByRole('progressbar', { name: 'Finding neighbours' }).waitFor();
      await page.locator('.clusters-tab').getByRole('button', { name: 'Stop' }).click();
      const stopped = page.locator('.rows .more', { hasText: 'It was stopped.' });
      await stopped.waitFor();
      await page.locator('.analysis-progress').first().waitFor({ state: 'hidden' });
      const cancelled = await page.evaluate(() => window.fakeHost.sent.filter(({ kind }) => kind === 'cancel').length);
      assert.equal(cancelled, 1);
      await release('clusterMembers');
      await stopped.click();
      await sidebar.rows.nth(5).waitFor();
      const asked = { of: 'chunks', id: 'c1', offset: 0, count: 100 };
      assert.deepEqual(await sidebar.sent('clusterMembers'), [asked, asked]);
    });
  });

  it('says why it failed, with the log', async () => {
    const failed = { error: { code: 'storage-failed', details: { sentence: 'The disk is full.' } } };
    sidebar = await browser.open({ stored: { tab: 'clusters' }, answers: { ...ANSWERS, clusters: failed } });
    await sidebar.page.getByText('The disk is full.').waitFor();
    await sidebar.page.getByRole('button', { name: 'Show Log' }).click();
    assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'showLog' }]);
  });

  it('waits for the first index, says that an answer is partial, and asks again when the run is over', async () => {
    const empty = { error: { code: 'index-empty', details: {} } };
    sidebar = await browser.open({
      stored: { tab: 'clusters' },
      snapshot: snapshotOf({ engine: { ...EMBEDDING, chunks: 0 } }),
      answers: { ...ANSWERS, clusters: empty },
    });
    const { page } = sidebar;
    await page.getByText('The first results come in a moment.').waitFor();
    await answerWith(CLUSTERS);
    await sidebar.emit('snapshot', snapshotOf({ revision: 2 }));
    await page.getByText('Unclustered').waitFor();
    assert.equal((await sidebar.sent('clusters')).length, 2);
    await sidebar.emit('snapshot', snapshotOf({ revision: 3, engine: EMBEDDING }));
    await page.locator('.clusters-tab .badge', { hasText: 'partial' }).waitFor();
  });

  it('says why there is nothing, and asks nothing then', async () => {
    sidebar = await browser.open({ stored: { tab: 'clusters' }, snapshot: snapshotOf({ optedIn: false }) });
    await sidebar.page.getByRole('button', { name: 'Embed Workspace' }).waitFor();
    assert.deepEqual(await sidebar.sent('clusters'), []);
  });

  it('draws 2,000 clusters a screen at a time, and goes to the last at once', async () => {
    const [like] = CLUSTERS.clusters;
    const clusters = Array.from({ length: 2_000 }, (_, i) => ({ ...like!, id: `x${i}`, label: `group ${i}`, size: 4 }));
    await open({ answers: { ...ANSWERS, clusters: { ...CLUSTERS, clusters, unclustered: 0 }, clusterMembers: { x1999: membersOf(4, 0) } } }); // prettier-ignore
    assert.ok((await sidebar.rows.count()) < 300, `${await sidebar.rows.count()} rows`);
    await sidebar.rows.first().focus();
    await sidebar.page.keyboard.press('End');
    assert.match(await sidebar.focused(), /^group 1999,/);
    assert.equal(await sidebar.rows.last().getAttribute('aria-posinset'), '2000');
  });

  it('shows names by a language model where there is one, and the words again', async () => {
    const answers = { ...ANSWERS, nameClusters: { c1: 'Signing in again' } };
    await open({ answers });
    assert.equal(await sidebar.page.getByRole('button', { name: 'Name With a Language Model…' }).count(), 0);
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, canNameClusters: true }));
    await sidebar.page.getByRole('button', { name: 'Name With a Language Model…' }).click();
    assert.deepEqual(await sidebar.waitSent('nameClusters', 1), [{ of: 'chunks' }]);
    await sidebar.page.getByText('Signing in again').waitFor();
    await sidebar.page.getByRole('button', { name: 'Show the Words Again' }).click();
    await sidebar.page.getByText('session · token · refresh · login').waitFor();
  });

  it('says that the language model is asked, stops it when pressed again, and asks one question at a time', async () => {
    await open({ answers: { ...ANSWERS, nameClusters: { c1: 'Signing in again' } }, snapshot: snapshotOf({ canNameClusters: true }) }); // prettier-ignore
    const { page } = sidebar;
    const ask = page.getByRole('button', { name: 'Name With a Language Model…' });
    const stop = page.getByRole('button', { name: 'Stop Naming' });
    await page.evaluate(() => window.fakeHost.held.add('nameClusters'));
    await ask.click();
    assert.equal(await stop.getAttribute('aria-busy'), 'true');
    await stop.click();
    assert.equal(await ask.getAttribute('aria-busy'), null);
    const cancelled = await page.evaluate(() => window.fakeHost.sent.filter(({ kind }) => kind === 'cancel').length);
    assert.deepEqual([(await sidebar.sent('nameClusters')).length, cancelled], [1, 1]);
    await ask.click();
    await page.evaluate(() => window.fakeHost.release('nameClusters'));
    await page.getByText('Signing in again').waitFor();
    assert.equal((await sidebar.sent('nameClusters')).length, 2);
  });

  it('can ask again where the language model gave no names', async () => {
    const failed = { error: { code: 'internal', details: {} } };
    await open({ answers: { ...ANSWERS, nameClusters: failed }, snapshot: snapshotOf({ canNameClusters: true }) });
    await sidebar.page.getByRole('button', { name: 'Name With a Language Model…' }).click();
    await sidebar.page.locator('.clusters-tab [aria-busy]').waitFor({ state: 'detached' });
    await sidebar.page.getByRole('button', { name: 'Name With a Language Model…' }).waitFor();
  });

  it('keeps names to the clusters they were made for: a part of one with its id has its own words', async () => {
    await open({ answers: { ...ANSWERS, nameClusters: { c1: 'Signing in again' } }, snapshot: snapshotOf({ canNameClusters: true }) }); // prettier-ignore
    const { page } = sidebar;
    await page.getByRole('button', { name: 'Name With a Language Model…' }).click();
    await page.getByText('Signing in again').waitFor();
    await answerWith({ ...CLUSTERS, granularity: 0.6 });
    await slider().focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('session · token · refresh · login').waitFor();
    await page.getByRole('button', { name: 'Name With a Language Model…' }).waitFor();
    await answerWith(CLUSTERS);
    await page.getByRole('button', { name: 'Automatic' }).click();
    await page.getByText('Signing in again').waitFor();
    await page.getByRole('radio', { name: 'Documents' }).check({ force: true });
    await sidebar.waitSent('clusters', 4);
    await page.getByText('session · token · refresh · login').waitFor();
  });

  it('leads to the map of the same unit', async () => {
    await open({ stored: { tab: 'clusters', analysis: { clusters: { of: 'documents' } }, map: { of: 'chunks' } } });
    await sidebar.rows.first().focus();
    await sidebar.page.keyboard.press('Shift+F10');
    await sidebar.page.getByRole('menuitem', { name: 'Show on Map' }).click();
    assert.deepEqual(await sidebar.waitSent('showTab', 1), [{ tab: 'map' }]);
    assert.deepEqual(await sidebar.waitSent('map', 1), [{ of: 'documents' }]);
  });
});
