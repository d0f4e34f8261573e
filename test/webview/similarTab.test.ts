import assert from 'node:assert/strict';
import { COVER } from './answers.ts';
import { HITS, manyHits, SNIPPETS, snapshotOf, TARGET } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

describe('the Similar tab', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());
  const open = async (options?: PageOptions): Promise<SidebarPage> => (sidebar = await browser.open(options));
  const place = (i: number) => {
    const { path, startLine, endLine } = HITS[i]!;
    return { path, startLine, endLine };
  };

  describe('rows', () => {
    it('show similarity, percentile, place and the first lines', async () => {
      await open({ width: 500 });
      assert.equal(await sidebar.rows.count(), HITS.length);
      const row = sidebar.rows.first();
      const text = await row.innerText();
      for (const part of ['0.87', '99.9%', 'refreshAccessToken', 'packages/server', '12–40', 'export async function']) {
        assert(text.replaceAll('\n', '').includes(part), `${part} in ${text}`);
      }
      assert.equal(
        await row.getAttribute('aria-label'),
        'refreshAccessToken.ts, refreshAccessToken, lines 12–40, Similarity 0.87, More similar than 99.9% of random pairs in this workspace, packages/server/src/oauth',
      );
    });

    it('colour code by its syntax without losing a character', async () => {
      await open({ height: 2000 });
      await sidebar.page.locator('.hl-keyword').first().waitFor();
      const row = sidebar.rows.nth(1);
      await row.focus();
      await sidebar.page.keyboard.press('ArrowRight');
      await row.locator('.hl-keyword').first().waitFor();
      const shown = await row.locator('.preview').evaluate((element) => element.textContent);
      assert.equal(shown, HITS[1]!.text.replaceAll(/^ {4}/gm, ''));
    });

    it('show a kept snippet by where it came from', async () => {
      await open({ height: 2000 });
      assert.match((await sidebar.rows.last().getAttribute('aria-label')) ?? '', /^main\.go, lines 51–59/);
    });
  });

  describe('the keyboard', () => {
    it('finds one tab stop in the list, and the row comes back with it', async () => {
      await open({ snapshot: snapshotOf({ snippets: SNIPPETS }) });
      await sidebar.rows.nth(2).focus();
      assert.equal(await sidebar.page.locator('.hits [tabindex="0"]').count(), 1);
      await sidebar.page.keyboard.press('Shift+Tab');
      assert.equal(await sidebar.focused(), 'Expand All');
      await sidebar.page.keyboard.press('Tab');
      assert.match(await sidebar.focused(), /^会话与令牌/);
      await sidebar.page.keyboard.press('Tab');
      assert.match(await sidebar.focused(), /^Model/);
    });

    it('moves with the arrows, Home and End, and previews where it stops', async () => {
      await open();
      await sidebar.rows.first().focus();
      for (const key of ['ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
        await sidebar.page.keyboard.press(key);
      assert.match(await sidebar.focused(), /^会话与令牌/);
      assert.deepEqual(await sidebar.waitSent('open', 1), [{ place: place(2), mode: 'preview' }]);
      await sidebar.page.keyboard.press('End');
      assert.match(await sidebar.focused(), /^main\.go/);
      await sidebar.page.keyboard.press('ArrowDown');
      assert.match(await sidebar.focused(), /^main\.go/);
      await sidebar.page.keyboard.press('Home');
      assert.match(await sidebar.focused(), /^refreshAccessToken/);
      assert.equal(await sidebar.page.locator('[aria-selected="true"].hit').count(), 1);
    });

    it('moves by pages', async () => {
      await open({ snapshot: snapshotOf({ similar: { hits: manyHits(60) } }) });
      await sidebar.rows.first().focus();
      const index = (): Promise<number> =>
        sidebar.page.evaluate(() => [...document.querySelectorAll('.hit')].indexOf(document.activeElement!));
      await sidebar.page.keyboard.press('PageDown');
      const first = await index();
      assert(first > 2 && first < 15, `${first}`);
      await sidebar.page.keyboard.press('PageDown');
      assert((await index()) > first);
      await sidebar.page.keyboard.press('PageUp');
      await sidebar.page.keyboard.press('PageUp');
      assert.equal(await index(), 0);
    });

    const requests = [
      ['Enter', 'open', { place: place(1), mode: 'open' }],
      ['Control+Enter', 'open', { place: place(1), mode: 'side' }],
      ['Meta+Enter', 'open', { place: place(1), mode: 'side' }],
      ['Delete', 'hide', { place: place(1) }],
      ['Control+c', 'copyLink', { place: place(1) }],
    ] as const;
    for (const [key, name, params] of requests) {
      it(`${key} asks for ${name}`, async () => {
        await open();
        await sidebar.rows.nth(1).focus();
        await sidebar.page.keyboard.press(key);
        assert.deepEqual(await sidebar.waitSent(name, 1), [params]);
      });
    }

    it('expands with Right, collapses with Left, and keeps it over a reload', async () => {
      await open();
      const row = sidebar.rows.first();
      await row.focus();
      assert.equal(await row.getAttribute('aria-expanded'), 'false');
      const collapsed = (await row.boundingBox())!.height;
      await sidebar.page.keyboard.press('ArrowRight');
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
      assert((await row.boundingBox())!.height > collapsed);
      await sidebar.page.waitForFunction(() =>
        JSON.stringify(window.fakeHost.stored ?? {}).includes('refreshAccessToken'),
      );
      await sidebar.page.reload();
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
      await row.focus();
      await sidebar.page.keyboard.press('ArrowLeft');
      assert.equal(await row.getAttribute('aria-expanded'), 'false');
    });

    for (const key of ['Shift+F10', 'ContextMenu']) {
      it(`opens the row's menu with ${key}, walks in it and gives the focus back`, async () => {
        await open();
        await sidebar.rows.nth(1).focus();
        await sidebar.page.keyboard.press(key);
        const items = sidebar.page.getByRole('menuitem');
        assert.deepEqual(
          (await items.allInnerTexts()).map((text) => text.split('\n')[0]),
          ['Open', 'Open to the Side', 'Compare', 'More Like This', 'Copy Link', 'Expand', 'Hide'],
        );
        await sidebar.page.keyboard.press('Escape');
        assert.equal(await items.count(), 0);
        assert.match(await sidebar.focused(), /^tokens\.py/);
        await sidebar.page.keyboard.press(key);
        await sidebar.page.keyboard.press('ArrowUp');
        assert.match(await sidebar.focused(), /^Hide/);
        await sidebar.page.keyboard.press('m');
        await sidebar.page.keyboard.press('Enter');
        assert.deepEqual(await sidebar.waitSent('moreLikeThis', 1), [{ place: place(1) }]);
        assert.match(await sidebar.focused(), /^tokens\.py/);
      });
    }
  });

  describe('the pointer', () => {
    it('previews with a click, opens with two, opens to the side with Ctrl', async () => {
      await open({ width: 400 });
      await sidebar.rows.nth(1).locator('.place').click();
      assert.deepEqual(await sidebar.waitSent('open', 1), [{ place: place(1), mode: 'preview' }]);
      await sidebar.rows.nth(0).locator('.place').dblclick();
      assert.deepEqual((await sidebar.waitSent('open', 2)).at(-1), { place: place(0), mode: 'open' });
      await sidebar.rows
        .nth(2)
        .locator('.place')
        .click({ modifiers: ['Control'] });
      assert.deepEqual((await sidebar.waitSent('open', 3)).at(-1), { place: place(2), mode: 'side' });
    });

    it('reaches the actions of a row, and the rest in its menu', async () => {
      await open({ width: 400 });
      const row = sidebar.rows.first();
      await row.hover();
      await row.getByRole('button', { name: 'Compare' }).click();
      assert.deepEqual(await sidebar.waitSent('compare', 1), [{ place: place(0) }]);
      await row.getByRole('button', { name: 'More Actions…' }).click();
      await sidebar.page.getByRole('menuitem', { name: 'Copy Link' }).click();
      assert.deepEqual(await sidebar.waitSent('copyLink', 1), [{ place: place(0) }]);
      await row.click({ button: 'right' });
      assert.equal(await sidebar.page.getByRole('menu').count(), 1);
      await sidebar.page.locator('footer').click();
      assert.equal(await sidebar.page.getByRole('menu').count(), 0);
      await row.locator('.twistie').click();
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
    });
  });

  describe('a new snapshot', () => {
    it('leaves focus and scroll where they are', async () => {
      const hits = manyHits(40);
      await open({ snapshot: snapshotOf({ similar: { hits } }) });
      await sidebar.rows.nth(20).focus();
      const name = await sidebar.focused();
      const top = (): Promise<number> =>
        sidebar.page.locator('.scroller:visible').evaluate((element) => element.scrollTop);
      const before = await top();
      assert(before > 0);
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { hits: [...hits.slice(0, 20), ...hits.slice(20).reverse()] } })); // prettier-ignore
      assert.equal(await sidebar.focused(), name);
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, similar: { hits } }));
      assert.equal(await sidebar.focused(), name);
      assert.equal(await top(), before);
    });

    it('gives the focus of a hidden row to the next one, and of the last one to the cure', async () => {
      await open();
      await sidebar.rows.nth(1).focus();
      await sidebar.emit(
        'snapshot',
        snapshotOf({ revision: 2, similar: { hits: HITS.filter((_, i) => i !== 1), hidden: 1 } }),
      );
      assert.match(await sidebar.focused(), /^会话与令牌/);
      assert.match(await sidebar.page.locator('.hits-toolbar:visible').innerText(), /5 results\s*1 hidden/);
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, similar: { hits: [], empty: 'no-hits', hidden: 6 } }));
      assert.equal(await sidebar.focused(), 'Show Hidden');
      await sidebar.page.keyboard.press('Enter');
      await sidebar.waitSent('unhideAll', 1);
    });

    it('offers to bring back the rows when all are hidden', async () => {
      await open({ snapshot: snapshotOf({ similar: { hits: HITS.slice(0, 1) } }) });
      await sidebar.rows.first().focus();
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { hits: [], hidden: 1 } }));
      assert.equal(await sidebar.focused(), 'Show Hidden');
    });

    it('does not take the focus from elsewhere', async () => {
      await open();
      await sidebar.page.getByRole('tab', { name: 'Similar' }).focus();
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { hits: [...HITS].reverse() } }));
      assert.equal(await sidebar.focused(), 'Similar');
    });

    it('is announced by its count when results are there', async () => {
      await open();
      const said = (): Promise<string> => sidebar.page.locator('[aria-live]').innerText();
      assert.equal(await said(), '6 results');
      await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { hits: [], busy: true } }));
      assert.equal(await said(), '6 results');
      await sidebar.emit('snapshot', snapshotOf({ revision: 3, similar: { hits: HITS.slice(0, 1) } }));
      assert.equal(await said(), '1 result');
      await sidebar.emit('snapshot', snapshotOf({ revision: 4, similar: { hits: [], empty: 'no-hits' } }));
      assert.equal(await said(), '0 results');
    });
  });

  describe('the head', () => {
    it('says in two lines what is compared, and goes there', async () => {
      await open({ width: 600 });
      const target = sidebar.page.locator('.target');
      const text = await target.evaluate((element) => element.textContent);
      assert.equal(text, 'packages/server/src/auth›sessionTokenService.tsSessionTokenService.refreshlines 41–68');
      await target.click();
      const [request] = await sidebar.waitSent('open', 1);
      assert.deepEqual(request, { place: { path: TARGET.path, startLine: 41, endLine: 68 }, mode: 'open' });
    });

    it('pins, goes back, and shows the kept snippets', async () => {
      await open({ snapshot: snapshotOf({ snippets: SNIPPETS }) });
      const button = (name: string) => sidebar.page.getByRole('button', { name });
      const pin = button('Pin');
      assert.equal(await pin.getAttribute('aria-pressed'), 'false');
      await pin.click();
      assert.deepEqual(await sidebar.waitSent('pin', 1), [{ pinned: true }]);
      await sidebar.emit(
        'snapshot',
        snapshotOf({ revision: 2, snippets: SNIPPETS, similar: { pinned: true, canGoBack: false } }),
      );
      assert.equal(await pin.getAttribute('aria-pressed'), 'true');
      assert.equal(await button('Back').count(), 0);
      const snippets = button('Kept Snippets (2)');
      await snippets.click();
      assert.equal(await snippets.getAttribute('aria-expanded'), 'true');
      await sidebar.page.locator('.snippet').first().click();
      assert.deepEqual(await sidebar.waitSent('showSnippet', 1), [{ path: 'snippets/4f1c' }]);
      await button('Remove the snippet cmd/proxy/main.go, lines 51–59').click();
      assert.deepEqual(await sidebar.waitSent('removeSnippet', 1), [{ path: 'snippets/4f1c' }]);
    });
  });

  it('steps through the hits without taking the focus', async () => {
    await open();
    await sidebar.page.getByRole('tab', { name: 'Similar' }).focus();
    await sidebar.emit('step', { by: 1 });
    await sidebar.emit('step', { by: 1 });
    await sidebar.emit('step', { by: -1 });
    await sidebar.emit('step', { by: -1 });
    const places = (await sidebar.waitSent('open', 4)).map((params) => params.place.path);
    assert.deepEqual(places, [HITS[0]!.path, HITS[1]!.path, HITS[0]!.path, HITS.at(-1)!.path]);
    assert.equal(await sidebar.focused(), 'Similar');
    assert.equal(await sidebar.rows.last().getAttribute('aria-selected'), 'true');
  });

  it('puts the focus on a row when the host reveals it', async () => {
    await open({ stored: { tab: 'search' } });
    await sidebar.emit('reveal', { tab: 'similar', focus: true });
    assert.match(await sidebar.focused(), /^refreshAccessToken/);
    assert.deepEqual(await sidebar.waitSent('showTab', 1), [{ tab: 'similar' }]);
  });

  it('shows what to read next, with what it is near and why, and asks the host for it', async () => {
    const near = { startLine: 41, endLine: 68, symbol: 'SessionTokenService.refresh' };
    const hits = HITS.slice(0, 2).map((hit) => ({ ...hit, near, why: { words: ['token', 'session'] } }));
    await open();
    await sidebar.page.getByRole('radio', { name: /^Documents to read/ }).check({ force: true });
    assert.deepEqual(await sidebar.waitSent('setSimilarMode', 1), [{ mode: 'next' }]);
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { mode: 'next', hits, cover: COVER } }));
    await sidebar.page.getByText('Near SessionTokenService.refresh · token, session').first().waitFor();
    assert.match((await sidebar.rows.first().getAttribute('aria-label')) ?? '', /Shared words: token, session, Near SessionTokenService\.refresh/); // prettier-ignore
    assert.equal(await sidebar.page.locator('.similar-modes :checked').inputValue(), 'next');
    assert.equal(await sidebar.page.locator('#panel-similar [aria-controls^="filters-"]').isVisible(), false);
    const cover = sidebar.page.locator('#panel-similar .cover-line');
    assert.equal(await cover.innerText(), '2,861 of 2,880 files compared');
    await sidebar.emit('snapshot', snapshotOf({ revision: 3 })); // what is similar again
    await cover.waitFor({ state: 'hidden' });
  });
});
