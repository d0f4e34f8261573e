import assert from 'node:assert/strict';
import type { EmptyState, ViewCommand } from '../../src/protocol/viewApi.ts';
import { EMBEDDING, ENGINE, engineOf, HITS, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

describe('states of the page', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options?: PageOptions): Promise<SidebarPage> => (sidebar = await browser.open(options));
  const button = (name: string | RegExp) => sidebar.page.getByRole('button', { name, exact: true });

  describe('an empty tab says why, with the button that cures it', () => {
    const cures: Readonly<
      Record<Exclude<EmptyState, 'nothing-selected' | 'too-short' | 'indexing' | 'no-hits'>, ViewCommand>
    > = {
      'no-folder': 'openFolder',
      untrusted: 'manageTrust',
      'not-indexed': 'embedWorkspace',
      'file-left-out': 'findSimilarToFile',
      'consent-needed': 'reviewSending',
      'key-missing': 'setKey',
      'engine-down': 'restartEngine',
    };
    for (const [empty, command] of Object.entries(cures) as [EmptyState, ViewCommand][]) {
      it(`${empty}: ${command}`, async () => {
        await open({
          snapshot: snapshotOf({ similar: { hits: [], empty, emptyDetail: 'Excluded by .gitignore: *.log' } }),
        });
        const text = await sidebar.page.locator('.empty:visible').innerText();
        assert(text.length > 20);
        assert.equal(text.includes('.gitignore'), empty === 'file-left-out');
        assert.equal(await sidebar.rows.count(), 0);
        await sidebar.page.locator('.empty:visible button').first().click();
        assert.deepEqual(await sidebar.waitSent('command', 1), [{ command }]);
      });
    }

    for (const empty of ['nothing-selected', 'too-short'] as const) {
      it(`${empty}: the Search tab`, async () => {
        await open({ snapshot: snapshotOf({ similar: { hits: [], empty } }) });
        await button('Search by Meaning').click();
        assert.equal(await sidebar.page.getByRole('tab', { selected: true }).innerText(), 'Search');
      });
    }

    it('no-hits: the Coverage tab', async () => {
      await open({ snapshot: snapshotOf({ similar: { hits: [], empty: 'no-hits' } }) });
      await button('Show What Is Indexed').click();
      assert.equal(await sidebar.page.getByRole('tab', { selected: true }).innerText(), 'Coverage');
    });

    it('indexing: nothing to press while it runs, Resume while it is paused', async () => {
      const similar = { hits: [], empty: 'indexing' } as const;
      await open({ snapshot: snapshotOf({ engine: EMBEDDING, similar }) });
      assert.equal(await sidebar.page.locator('.empty:visible button').count(), 0);
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine: { ...EMBEDDING, phase: 'paused' }, similar }));
      await sidebar.page.locator('.empty:visible').getByRole('button', { name: 'Resume' }).click();
      assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'resumeIndexing' }]);
    });

    for (const empty of ['no-folder', 'untrusted', 'not-indexed', 'engine-down'] as const) {
      it(`${empty}: in the Search tab too, before anything is typed`, async () => {
        await open({ stored: { tab: 'search' }, snapshot: snapshotOf({ search: { empty } }) });
        assert.equal(await sidebar.page.locator('.empty:visible').count(), 1);
      });
    }
  });

  describe('indexing', () => {
    it('shows counts, time left, Pause and Stop; results stay and are called partial', async () => {
      await open({ snapshot: snapshotOf({ engine: EMBEDDING }) });
      const text = await sidebar.page.locator('.progress').innerText();
      assert.match(text, /Embedding 412 \/ 2,880 documents\s+4 min left/);
      const bar = sidebar.page.getByRole('progressbar', { name: 'Embedding 412 / 2,880 documents' });
      assert.equal(await bar.getAttribute('aria-valuenow'), '412');
      assert.equal(await bar.getAttribute('aria-valuemax'), '2880');
      assert.equal(await sidebar.rows.count(), HITS.length);
      assert.match(await sidebar.page.locator('.hits-toolbar:visible').innerText(), /6 results\s*partial/);
      await button('Pause').click();
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine: { ...EMBEDDING, phase: 'paused' } }));
      assert.match(await sidebar.page.locator('.progress').innerText(), /412 \/ 2,880/);
      await button('Resume').click();
      await button('Stop').click();
      assert.deepEqual(await sidebar.waitSent('command', 3), [
        { command: 'pauseIndexing' },
        { command: 'resumeIndexing' },
        { command: 'stopIndexing' },
      ]);
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, engine: { ...EMBEDDING, phase: 'stopping' } }));
      assert(await button('Stop').isDisabled());
      await sidebar.emit('snapshot', snapshotOf({ revision: 4 }));
      assert.equal(await sidebar.page.getByRole('progressbar').count(), 0);
    });

    it('says where it was stopped while documents wait, goes on from there, and calls results partial till then', async () => {
      const stopped = { ...ENGINE, coverage: { ...EMBEDDING.coverage, skipped: 2_468 } };
      await open({ snapshot: snapshotOf({ engine: { ...stopped, waiting: 2_452 }, halted: true }) });
      const bar = sidebar.page.getByRole('progressbar', { name: 'Stopped at 412 / 2,880 documents' });
      assert.equal(await bar.getAttribute('aria-valuenow'), '412');
      assert.match(await sidebar.page.locator('.hits-toolbar:visible').innerText(), /6 results\s*partial/);
      assert.equal(await button('Stop').count(), 0);
      await button('Resume').click();
      assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'resumeIndexing' }]);
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine: stopped, halted: true }));
      assert.equal(await bar.count(), 0, 'it was stopped when all was done');
      assert.doesNotMatch(await sidebar.page.locator('.hits-toolbar:visible').innerText(), /partial/);
    });

    it('claims no share while it still looks for documents', async () => {
      const progress = { ...EMBEDDING.progress!, documentsDone: 0, documentsTotal: 731 };
      await open({ snapshot: snapshotOf({ engine: { ...EMBEDDING, phase: 'scanning', progress } }) });
      assert.match(await sidebar.page.locator('.progress').innerText(), /731/);
      assert.equal(await sidebar.page.getByRole('progressbar').getAttribute('aria-valuenow'), null);
    });
  });

  describe('banners', () => {
    it('tell a problem, show the log, and go away until there is another', async () => {
      await open({ snapshot: snapshotOf({ problem: 'The disk is full.' }) });
      const alert = sidebar.page.getByRole('alert');
      assert.match(await alert.innerText(), /The disk is full\./);
      await alert.getByRole('button', { name: 'Show Log' }).click();
      assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'showLog' }]);
      await alert.getByRole('button', { name: 'Dismiss' }).click();
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, problem: 'The disk is full.' }));
      assert.equal(await alert.count(), 0);
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, problem: 'No model.' }));
      assert.equal(await alert.count(), 1);
    });

    it('tell what happened by itself, and the host when it was read', async () => {
      await open({ snapshot: snapshotOf({ notice: 'The engine was restarted.' }) });
      await sidebar.page.getByRole('status').getByRole('button', { name: 'Dismiss' }).click();
      await sidebar.waitSent('dismissNotice', 1);
    });

    it('tell what went wrong with this question only in its tab', async () => {
      await open({ snapshot: snapshotOf({ similar: { hits: [], problem: 'The model could not be loaded.' } }) });
      assert.equal(await sidebar.page.getByRole('alert').count(), 1);
      await sidebar.page.getByRole('tab', { name: 'Search' }).click();
      assert.equal(await sidebar.page.getByRole('alert').count(), 0);
    });
  });

  describe('the foot', () => {
    const footer = async (): Promise<string> =>
      (await sidebar.page.locator('footer').innerText()).replaceAll(/\s+/g, ' ');

    it('names model, place and coverage, and leads to their commands', async () => {
      await open({ width: 500 });
      assert.equal(await footer(), 'local all-MiniLM-L6-v2 2,861 / 2,880 · 3 failed');
      await button('Model: all-MiniLM-L6-v2').click();
      assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'selectModel' }]);
      await button(/^Coverage/).click();
      assert.deepEqual(await sidebar.waitSent('showTab', 1), [{ tab: 'coverage' }]);
    });

    it('marks a remote model, an index that is only read, and WASM', async () => {
      const engine = engineOf({ readOnlyBecausePid: 4711, runtime: 'wasm' });
      await open({ width: 500, snapshot: snapshotOf({ engine, remote: true, modelLabel: 'text-embedding-v4' }) });
      assert.match(await footer(), /^remote text-embedding-v4 read-only WASM/);
    });

    it('says why an index is only read', async () => {
      const detail = (): Promise<string | null> =>
        sidebar.page.locator('footer .badge', { hasText: 'read-only' }).getAttribute('title');
      await open({ snapshot: snapshotOf({ engine: engineOf({ readOnlyBecausePid: 4711 }) }) });
      assert.equal(await detail(), 'Another window (process 4711) writes this index; this one only reads it.');
      const engine = engineOf({ readOnlyBecauseErrno: 'EROFS' });
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine }));
      assert.equal(await detail(), 'The folder of this index can’t be written to (EROFS), so it is only read.');
    });

    for (const [width, language] of [
      [250, 'en'],
      [250, 'zh-cn'],
      [300, 'en'],
      [400, 'en'],
    ] as const) {
      // prettier-ignore
      it(`stays one line while the engine comes back (${width} px, ${language})`, async () => {
        const coverage = { indexed: 12_861, excluded: 12, skipped: 9, failed: 0 };
        const engine = engineOf({ coverage });
        await open({ width, language, snapshot: snapshotOf({ engine, modelLabel: 'minilm · 384' }) });
        const box = sidebar.page.locator('footer');
        const before = await box.boundingBox();
        await sidebar.emit('snapshot', snapshotOf({ revision: 2, engine, engineState: 'restarting' }));
        await sidebar.page.locator('.engine-state:visible').waitFor();
        assert.deepEqual(await box.boundingBox(), before);
        assert((before?.height ?? 99) <= 26, `${before?.height} px high`);
        const said = sidebar.page.locator('.engine-state');
        assert.equal(await said.getAttribute('title'), await said.textContent());
        assert(((await said.boundingBox())?.width ?? 0) >= 60);
        await sidebar.page.screenshot({ path: `out/webview/restarting-${language}-${width}.png` });
      });
    }

    it('says that nothing is indexed, and that the engine starts', async () => {
      const coverage = { indexed: 0, excluded: 12, skipped: 0, failed: 0 };
      await open({ snapshot: snapshotOf({ engine: engineOf({ coverage }), engineState: 'restarting' }) });
      assert.match(await footer(), /not indexed/);
      assert.match(await footer(), /Restarting the engine/);
      assert.equal(await sidebar.page.locator('.busy-bar.on').count(), 1);
    });
  });
});
