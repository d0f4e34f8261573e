// The Map tab, and the same page in an editor, by hand and by keyboard.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import axe from 'axe-core';
import type { Locator } from 'playwright-core';
import type { ViewSnapshot } from '../../src/protocol/viewApi.ts';
import { toScreen, WHOLE_MAP, type Camera } from '../../src/webview/map/camera.ts';
import { MAP_THEMES } from '../../src/webview/map/theme.ts';
import { CLUSTERS } from './answers.ts';
import { mapSample } from './mapSample.ts';
import { engineOf, HITS, snapshotOf, TARGET, type SnapshotChange } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

const MAP = mapSample(1_204);
const ANSWERS = { map: MAP, snippetAt: { text: HITS[0]!.text } };
const SHOTS = 'out/webview';
/** A file with several points, and one of them. */
const FILE = MAP.paths[0]!;
const IN_FILE = MAP.pathOf.flatMap((path, point) => (path === 0 ? [point] : []));

const placeOf = (point: number) => ({
  path: MAP.paths[MAP.pathOf[point]!]!,
  startLine: MAP.startLine[point]!,
  endLine: MAP.endLine[point]!,
});

describe('the Map tab', function () {
  this.timeout(30_000);
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    fs.mkdirSync(SHOTS, { recursive: true });
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());

  const plot = (): Locator => sidebar.page.locator('.map-plot');
  const items = (): Locator => sidebar.page.getByRole('treeitem');
  const entry = (label: string): Locator => sidebar.page.locator('.map-entry', { hasText: label });
  const counted = (text: string): Promise<void> => sidebar.page.locator('.map-line .hits-count').filter({ hasText: text }).waitFor(); // prettier-ignore
  /** Waits until the map has come to rest and is drawn. */
  async function shown(): Promise<void> {
    await items().first().waitFor();
    await sidebar.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  async function open(options: PageOptions & { readonly change?: SnapshotChange } = {}): Promise<void> {
    const { change = {}, stored, ...rest } = options;
    sidebar = await browser.open({ width: 420, height: 760, answers: ANSWERS, snapshot: snapshotOf(change), ...rest, stored: { tab: 'map', ...(stored as object) } }); // prettier-ignore
  }
  /** Where a point is in the window. */
  async function spotOf(point: number, camera: Camera = WHOLE_MAP): Promise<readonly [number, number]> {
    const box = await plot().boundingBox();
    assert(box);
    const [x, y] = toScreen(camera, box, MAP.x[point]!, MAP.y[point]!);
    return [box.x + x, box.y + y];
  }
  /** A point that no other lies near to, so that a click means it. */
  const lonely = (): number => {
    const away = (a: number, b: number): number => Math.hypot(MAP.x[a]! - MAP.x[b]!, MAP.y[a]! - MAP.y[b]!);
    const all = Array.from(MAP.x.keys());
    const free = all.find((point) => Math.abs(MAP.x[point]!) < 0.8 && MAP.y[point]! > 0.1 && MAP.y[point]! < 0.8 && all.every((other) => other === point || away(point, other) > 0.06)); // prettier-ignore
    assert(free !== undefined);
    return free;
  };
  /** With the rules of looks.test.ts. */
  async function faults(): Promise<readonly string[]> {
    await sidebar.page.evaluate(axe.source);
    return sidebar.page.evaluate(async () => {
      const off = { enabled: false };
      const rules = { region: off, 'page-has-heading-one': off, 'label-content-name-mismatch': off };
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, { rules });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`);
    });
  }
  const snapshot = (revision: number, change: SnapshotChange): ViewSnapshot => snapshotOf({ revision, ...change });

  it('asks for the map when it is shown, not before, and not again when one comes back', async () => {
    sidebar = await browser.open({ answers: ANSWERS });
    assert.deepEqual(await sidebar.sent('map'), []);
    await sidebar.page.locator('#tab-map').click();
    await shown();
    assert.deepEqual(await sidebar.sent('map'), [{ of: 'chunks' }]);
    await sidebar.page.locator('#tab-search').click();
    await sidebar.page.locator('#tab-map').click();
    await shown();
    assert.equal((await sidebar.sent('map')).length, 1);
    assert.equal(await plot().getAttribute('aria-label'), 'Map of 1,204 snippets');
    await sidebar.page.locator('.cover').filter({ hasText: '2,861 of 2,880 files compared' }).waitFor();
  });

  it('draws nothing while another tab is shown', async () => {
    await open();
    await shown();
    await sidebar.page.locator('#tab-search').click();
    await sidebar.page.evaluate(() => {
      const pen = CanvasRenderingContext2D.prototype;
      for (const name of ['putImageData', 'clearRect'] as const) {
        const own = Reflect.get(pen, name) as (...args: unknown[]) => void;
        (pen as unknown as Record<string, unknown>)[name] = function (this: unknown, ...args: unknown[]) {
          document.body.dataset['drawn'] = name;
          own.apply(this, args);
        };
      }
    });
    await sidebar.emit('snapshot', snapshot(2, { similar: { target: { ...TARGET, path: FILE } } }));
    await sidebar.page.setViewportSize({ width: 500, height: 700 });
    await sidebar.page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    assert.equal(await sidebar.page.evaluate(() => document.body.dataset['drawn']), undefined);
    await sidebar.page.locator('#tab-map').click();
    await sidebar.page.waitForFunction(() => document.body.dataset['drawn'] !== undefined);
  });

  it('opens the place of the point that is clicked: as preview, for good, to the side', async () => {
    await open();
    await shown();
    const point = lonely();
    const [x, y] = await spotOf(point);
    const place = placeOf(point);
    await sidebar.page.mouse.click(x, y);
    assert.deepEqual(await sidebar.waitSent('open', 1), [{ place, mode: 'preview' }]);
    await sidebar.page.keyboard.down('Control');
    await sidebar.page.mouse.click(x, y);
    await sidebar.page.keyboard.up('Control');
    assert.deepEqual((await sidebar.waitSent('open', 2)).at(-1), { place, mode: 'side' });
    await sidebar.page.mouse.dblclick(x, y);
    assert.deepEqual((await sidebar.waitSent('open', 4)).slice(2), [
      { place, mode: 'preview' },
      { place, mode: 'open' },
    ]);
  });

  it('shows the place, the cluster and the text of the point under the pointer', async () => {
    await open();
    await shown();
    const point = lonely();
    await sidebar.page.mouse.move(...(await spotOf(point)));
    const tip = sidebar.page.locator('.map-tip');
    await tip.filter({ hasText: 'refreshAccessToken' }).waitFor();
    assert.deepEqual(await sidebar.sent('snippetAt'), [placeOf(point)]);
    const text = await tip.innerText();
    const { path, startLine } = placeOf(point);
    assert(text.includes(path.split('/').at(-1)!) && text.includes(String(startLine)), text);
    assert(text.includes(MAP.clusters[MAP.clusterOf[point]!]?.label ?? 'Unclustered'), text);
    await sidebar.page.mouse.move(...(await spotOf(point).then(([x, y]) => [x + 40, y + 40] as const)));
    await sidebar.page.mouse.move(5, 5);
    await tip.waitFor({ state: 'hidden' });
  });

  it('pans by dragging, zooms by wheel, keys and buttons, and keeps where one was', async () => {
    await open();
    await shown();
    const point = lonely();
    const [x, y] = await spotOf(point);
    await sidebar.page.mouse.move(x, y);
    const kept = (): Promise<string> => sidebar.page.evaluate(() => JSON.stringify((window.fakeHost.stored as { map?: { camera?: unknown } }).map?.camera ?? null)); // prettier-ignore
    const keptAfter = async (before: string): Promise<void> => {
      await sidebar.page.waitForFunction((old) => JSON.stringify((window.fakeHost.stored as { map?: { camera?: unknown } }).map?.camera ?? null) !== old, before); // prettier-ignore
    };
    await keptAfter('null'); // it came to rest when it was opened
    const atFirst = await kept();
    await sidebar.page.mouse.wheel(0, -400);
    await keptAfter(atFirst);
    // The place under the pointer stays there.
    await sidebar.page.mouse.click(x, y);
    assert.deepEqual((await sidebar.waitSent('open', 1)).at(-1), { place: placeOf(point), mode: 'preview' });
    const zoomed = await kept();
    await sidebar.page.mouse.down();
    await sidebar.page.mouse.move(x + 30, y + 20, { steps: 3 });
    await sidebar.page.mouse.up();
    await keptAfter(zoomed);
    await sidebar.page.mouse.click(x + 30, y + 20);
    assert.deepEqual((await sidebar.waitSent('open', 2)).at(-1), { place: placeOf(point), mode: 'preview' });
    await sidebar.page.reload();
    await shown();
    await sidebar.page.mouse.click(x + 30, y + 20);
    assert.deepEqual((await sidebar.waitSent('open', 1)).at(-1), { place: placeOf(point), mode: 'preview' });
    const inSight = async (): Promise<string> => sidebar.page.locator('.map-line .hits-count').innerText();
    assert.notEqual(await inSight(), '1,204 in sight');
    await sidebar.page.getByRole('button', { name: 'Show All of the Map' }).click();
    await counted('1,204 in sight');
  });

  it('is moved and zoomed by two fingers, whose middle keeps its place', async () => {
    await open();
    await shown();
    const point = lonely();
    const [x, y] = await spotOf(point);
    const session = await sidebar.page.context().newCDPSession(sidebar.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number, moved: number): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [-1, 1].map((side, id) => ({ x: x + moved + side * apart, y: y + moved, id })), // prettier-ignore
      });
    await touch('touchStart', 20, 0);
    for (const step of [1, 2, 3, 4]) await touch('touchMove', 20 + 10 * step, 5 * step);
    await touch('touchEnd', 0, 0);
    await sidebar.page.locator('.map-line .hits-count').filter({ hasNotText: '1,204 in sight' }).waitFor();
    await sidebar.page.mouse.click(x + 20, y + 20);
    assert.deepEqual((await sidebar.waitSent('open', 1)).at(-1), { place: placeOf(point), mode: 'preview' });
  });

  it('selects by Shift and drag, adds by Shift and click, lists, copies and clears the selection', async () => {
    await open();
    await shown();
    const box = (await plot().boundingBox())!;
    const [left, top, right, bottom] = [box.x + 60, box.y + 60, box.x + 200, box.y + 190];
    await sidebar.page.mouse.move(left, top);
    await sidebar.page.keyboard.down('Shift');
    await sidebar.page.mouse.down();
    await sidebar.page.mouse.move(right, bottom, { steps: 4 });
    await sidebar.page.mouse.up();
    await sidebar.page.keyboard.up('Shift');
    const inside = Array.from(MAP.x.keys()).filter((point) => {
      const [x, y] = toScreen(WHOLE_MAP, box, MAP.x[point]!, MAP.y[point]!);
      return x >= 60 && x <= 200 && y >= 60 && y <= 190;
    });
    await counted(`${inside.length} selected`);
    await sidebar.page.getByRole('button', { name: 'Copy as Markdown Links' }).click();
    const [copied] = await sidebar.waitSent('copyLinks', 1);
    const key = ({ path, startLine }: { path: string; startLine: number }): string => `${path}:${startLine}`;
    assert.deepEqual([...copied!.places].map(key).sort(), inside.map(placeOf).map(key).sort());
    const outside = lonely();
    await sidebar.page.keyboard.down('Shift');
    await sidebar.page.mouse.click(...(await spotOf(outside)));
    await sidebar.page.keyboard.up('Shift');
    const both = new Set([...inside, outside]).size;
    await counted(`${inside.includes(outside) ? both - 1 : both} selected`);
    await sidebar.page.getByRole('button', { name: 'Clear Selection' }).click();
    await counted('1,204 in sight');
  });

  it('selects with a lasso', async () => {
    await open();
    await shown();
    await sidebar.page.locator('.map-tools.start .mode').nth(2).click();
    const box = (await plot().boundingBox())!;
    const corners = [[80, 60], [220, 90], [190, 220], [60, 170]] as const; // prettier-ignore
    await sidebar.page.mouse.move(box.x + corners[0][0], box.y + corners[0][1]);
    await sidebar.page.mouse.down();
    for (const [x, y] of corners) await sidebar.page.mouse.move(box.x + x, box.y + y, { steps: 8 });
    await sidebar.page.screenshot({ path: `${SHOTS}/map-lasso-dark-en-420.png` });
    await sidebar.page.mouse.up();
    await sidebar.page.locator('.map-line', { hasText: 'selected' }).waitFor();
    const selected = Number.parseInt(await sidebar.page.locator('.map-line .hits-count').innerText(), 10);
    const expected = Array.from(MAP.x.keys()).filter((point) => isInQuad(corners, ...toScreen(WHOLE_MAP, box, MAP.x[point]!, MAP.y[point]!))).length; // prettier-ignore
    assert(Math.abs(selected - expected) <= 2, `${selected}, by its corners ${expected}`);
  });

  it('gives up a selection that is being drawn on Escape', async () => {
    await open();
    await shown();
    const box = (await plot().boundingBox())!;
    await sidebar.page.mouse.move(box.x + 60, box.y + 60);
    await sidebar.page.keyboard.down('Shift');
    await sidebar.page.mouse.down();
    await sidebar.page.mouse.move(box.x + 200, box.y + 200, { steps: 3 });
    await sidebar.page.keyboard.press('Escape');
    await sidebar.page.mouse.up();
    await sidebar.page.keyboard.up('Shift');
    await counted('1,204 in sight');
    assert.equal(await sidebar.page.getByRole('button', { name: 'Clear Selection' }).isVisible(), false);
  });

  it('is reached and used by the keyboard alone', async () => {
    await open({ change: { currentPath: FILE, similar: { target: { ...TARGET, path: FILE } } } });
    await shown();
    const { page } = sidebar;
    await page.locator('#tab-map').focus();
    const stops: string[] = [];
    const reach = async (name: string): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        await page.keyboard.press('Tab');
        stops.push(await sidebar.focused());
        if (stops.at(-1) === name) return;
      }
      assert.fail(`${name} is not among ${stops.join(' > ')}`);
    };
    await reach('Colour');
    await reach('Map of 1,204 snippets');
    for (const key of ['+', '+', '+', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
    await page.waitForFunction(() => !document.querySelector('.map-tip')?.hasAttribute('hidden'));
    const said = await page.locator('[aria-live]').innerText();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    const [opened, beside] = await sidebar.waitSent('open', 2);
    assert.deepEqual([opened?.mode, beside?.mode], ['open', 'side']);
    assert(said.includes(opened!.place.path.split('/').at(-1)!), said);
    await page.keyboard.press('Space');
    await counted('1 selected');
    await page.keyboard.press('Shift+F10');
    assert.deepEqual(await page.locator('.menu-label').allInnerTexts(), ['Open', 'Open to the Side', 'More Like This', 'Copy Link', 'Select Its Cluster', 'Select What Is in Sight']); // prettier-ignore
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await counted('in sight');
    await page.keyboard.press('c');
    await page.waitForFunction(() => !document.querySelector('.map-line .hits-count')?.textContent.startsWith('1,204'));
    await page.keyboard.press('0');
    await counted('1,204 in sight');
    await page.keyboard.press('Control+a');
    await counted('1,204 selected');
    await page.keyboard.press('Escape');

    for (const name of ['Drag: Move the Map', 'Open Map in Editor', 'Zoom In', 'Zoom Out', 'Show All of the Map', 'Centre on the Current File']) await reach(name); // prettier-ignore
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.querySelector('.map-line .hits-count')?.textContent.startsWith('1,204'));
    await page.keyboard.press('Tab');
    assert.match(await sidebar.focused(), /^session · token · refresh, \d+/);
    await page.keyboard.press('Space');
    assert.equal(await entry('session').getAttribute('aria-pressed'), 'true');
    await page.keyboard.press('End');
    assert.match(await sidebar.focused(), /^Unclustered, \d+/);
    await page.keyboard.press('Tab');
    assert.equal(await sidebar.focused(), 'What the map shows, by cluster');
    const active = (): Promise<string> => page.evaluate(() => document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label') ?? ''); // prettier-ignore
    await page.keyboard.press('Home');
    const group = await active();
    await page.keyboard.press('ArrowDown');
    const first = await active();
    assert.match(first, /^\S+, line/);
    assert.equal((await sidebar.waitSent('open', 3)).at(-1)?.mode, 'preview');
    await page.keyboard.press('Enter');
    assert.equal((await sidebar.waitSent('open', 4)).at(-1)?.mode, 'open');
    await page.keyboard.press('Control+c');
    assert.equal((await sidebar.waitSent('copyLink', 1)).length, 1);
    await page.keyboard.press('End');
    assert.notEqual(await active(), first);
    await page.keyboard.press('Home');
    assert.equal(await active(), group);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await items().first().getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.locator('.map-line', { hasText: 'selected' }).waitFor();
  });

  it('keeps the keys that it takes from the workbench, which marks all text of a page at Ctrl+A', async () => {
    await open();
    await shown();
    const { page } = sidebar;
    await page.evaluate(() => addEventListener('keydown', ({ key }) => (document.body.dataset['heard'] = key)));
    const heard = (): Promise<string | undefined> => page.evaluate(() => document.body.dataset['heard']);
    await plot().focus();
    await page.keyboard.press('F6');
    assert.equal(await heard(), 'F6');
    await page.keyboard.press('Control+a');
    await counted('1,204 selected');
    assert.equal(await heard(), 'Control');
  });

  it('colours each dot as its legend says, by cluster, folder, language and score, in every theme', async () => {
    for (const [theme, colour] of [['dark', 'cluster'], ['light', 'folder'], ['highContrast', 'language'], ['highContrastLight', 'outlier']] as const) {
      await open({ theme, stored: { map: { colour } } });
      await shown();
      const point = lonely();
      await sidebar.page.waitForTimeout(250); // until it stands still and is drawn finely
      const box = (await plot().boundingBox())!;
      const [x, y] = toScreen(WHOLE_MAP, box, MAP.x[point]!, MAP.y[point]!);
      const dot = await sidebar.page.locator('canvas').first().evaluate((canvas, at) => {
        const { width, clientWidth } = canvas as HTMLCanvasElement;
        const data = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(Math.floor((at.x * width) / clientWidth), Math.floor((at.y * width) / clientWidth), 1, 1).data;
        return `rgb(${data[0]}, ${data[1]}, ${data[2]})`;
      }, { x, y });
      const colours = await sidebar.page.locator('.map-entry .map-swatch').evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor));
      assert(colours.includes(dot), `${theme}: ${dot} is none of ${colours.join()}`);
      const counts = await sidebar.page.locator('.map-entry .map-count').allInnerTexts();
      assert.equal(counts.reduce((sum, text) => sum + Number(text.replace(',', '')), 0), 1_204);
      if (colour !== 'outlier') await sidebar.close();
    }
  }); // prettier-ignore

  it('leaves only what is pressed in the legend in colour', async () => {
    await open();
    await shown();
    const coloured = (): Promise<number> => sidebar.page.locator('canvas').first().evaluate((canvas, dimmed) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const hex = `#${[0, 1, 2].map((at) => (data[i + at] ?? 0).toString(16).padStart(2, '0')).join('')}`;
        if (data[i + 3] === 255 && hex !== dimmed) count++;
      }
      return count;
    }, MAP_THEMES.dark.dimmed); // prettier-ignore
    const all = await coloured();
    await entry('令牌').click();
    await sidebar.page.mouse.move(1, 1);
    await sidebar.page.waitForTimeout(200);
    const some = await coloured();
    assert(some > 0 && some < all / 2, `${some} of ${all}`);
    await entry('令牌').click();
    assert.equal(await entry('令牌').getAttribute('aria-pressed'), 'false');
  });

  it('lights the current file, follows the cursor, and marks what a search found', async () => {
    const target = { ...TARGET, path: FILE, startLine: MAP.startLine[IN_FILE[1]!]!, endLine: MAP.endLine[IN_FILE[1]!]! }; // prettier-ignore
    const hits = [5, 90, 200].map((point) => ({ ...HITS[0]!, ...placeOf(point) }));
    await open({
      change: { currentPath: FILE, similar: { target }, search: { query: 'session', hits } },
    });
    await shown();
    const marks = sidebar.page.locator('.map-marks');
    await marks.filter({ hasText: `${IN_FILE.length} of sessionTokenService.ts` }).waitFor();
    assert(new RegExp('3 results').test(await marks.innerText()));
    await sidebar.emit('snapshot', snapshot(2, { currentPath: 'README.md', similar: { target: { ...TARGET, path: 'README.md' } } })); // prettier-ignore
    await marks.waitFor({ state: 'hidden' });
    assert(await sidebar.page.getByRole('button', { name: 'Centre on the Current File' }).isDisabled());
    assert.equal((await sidebar.sent('map')).length, 1, 'nothing is worked out anew for that');
  });

  it('says that files changed since, and makes a new map only when asked to', async () => {
    await open({ change: { changes: [3, 4] } });
    await shown();
    await sidebar.emit('snapshot', snapshot(2, { changes: [3, 4, 5, 6], engine: engineOf({ chunks: 19_350 }) }));
    await sidebar.page.locator('.cover-changed', { hasText: '2 files changed since' }).waitFor();
    assert.equal((await sidebar.sent('map')).length, 1);
    await sidebar.page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await sidebar.waitSent('map', 2);
    await sidebar.page.locator('.map-tab .cover-changed').waitFor({ state: 'hidden' });
  });

  it('shows how far the engine is and can be stopped', async () => {
    sidebar = await browser.open({ width: 420, answers: ANSWERS });
    await sidebar.page.evaluate(() => window.fakeHost.held.add('map'));
    await sidebar.page.locator('#tab-map').click();
    await sidebar.emit('snapshot', snapshot(2, { engine: engineOf({ analysis: { stage: 'layout', share: 0.42 } }) }));
    const bar = sidebar.page.getByRole('progressbar', { name: 'Drawing the map' });
    await bar.waitFor();
    assert.equal(await bar.getAttribute('aria-valuenow'), '42');
    await sidebar.page.screenshot({ path: `${SHOTS}/map-progress-dark-en-420.png` });
    await sidebar.page.getByRole('button', { name: 'Stop' }).click();
    await sidebar.page.locator('.empty:visible', { hasText: 'It was stopped.' }).waitFor();
    const cancelled = await sidebar.page.evaluate(() => window.fakeHost.sent.some(({ kind }) => kind === 'cancel'));
    assert(cancelled, 'the engine is told');
    await sidebar.page.evaluate(() => window.fakeHost.held.clear());
    await sidebar.page.getByRole('button', { name: 'Try Again' }).click();
    await shown();
  });

  it('says what went wrong, and what is missing', async () => {
    await open({ answers: { map: { error: { code: 'out-of-memory', details: { sentence: 'There is not enough memory.' } } } } }); // prettier-ignore
    await sidebar.page.locator('.empty:visible', { hasText: 'There is not enough memory.' }).waitFor();
    await sidebar.close();
    await open({ change: { optedIn: false } });
    await sidebar.page.getByRole('button', { name: 'Embed Workspace' }).waitFor();
    assert.deepEqual(await sidebar.sent('map'), []);
    await sidebar.close();
    await open({ answers: { map: { error: { code: 'index-empty', details: {} } } } });
    await sidebar.page.getByRole('button', { name: 'Embed Workspace' }).waitFor();
    await sidebar.close();
    await open({ answers: { map: { x: [] } } });
    await sidebar.page.locator('.empty:visible', { hasText: 'This could not be worked out.' }).waitFor();
  });

  it('draws a map of one point, and of documents', async () => {
    await open({ answers: { ...ANSWERS, map: { ...mapSample(1, 1), of: 'documents' } }, stored: { map: { of: 'documents' } } }); // prettier-ignore
    await shown();
    assert.deepEqual(await sidebar.sent('map'), [{ of: 'documents' }]);
    assert.equal(await plot().getAttribute('aria-label'), 'Map of 1 document');
    await sidebar.page.locator('.map-controls .mode').first().click();
    assert.deepEqual((await sidebar.waitSent('map', 2)).at(-1), { of: 'chunks' });
  });

  it('lists 20,000 points with a screenful of rows', async () => {
    await open({ answers: { map: mapSample(20_000) } });
    await shown();
    assert((await items().count()) < 60, `${await items().count()} rows`);
    await sidebar.page.getByRole('tree').focus();
    await sidebar.page.keyboard.press('End');
    await sidebar.page.locator('.map-row[aria-selected="true"]').waitFor();
    assert((await items().count()) < 60);
  });

  for (const [theme, language, width, height, name] of [['dark', 'en', 250, 640, 'sidebar'], ['light', 'zh-cn', 250, 640, 'sidebar'], ['light', 'en', 400, 760, 'sidebar'], ['highContrast', 'en', 320, 700, 'sidebar'], ['dark', 'en', 1200, 760, 'map'], ['light', 'zh-cn', 1000, 700, 'map'], ['highContrastLight', 'en', 1000, 700, 'map']] as const) {
    it(`${theme}, ${language}, ${width} px, ${name}: nothing overflows, nothing is inaccessible`, async () => {
      const target = { ...TARGET, path: FILE };
      await open({ theme, language, width, height, name, change: { currentPath: FILE, similar: { target } } });
      await shown();
      await sidebar.page.waitForTimeout(250);
      await sidebar.page.screenshot({ path: `${SHOTS}/map-${name}-${theme}-${language}-${width}.png` });
      const over = await sidebar.page.evaluate(() => [...document.querySelectorAll<HTMLElement>('#app *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && element.checkVisibility()).map(({ className }) => className));
      assert.deepEqual(over, []);
      assert.deepEqual(await faults(), []);
    });
  } // prettier-ignore

  it('shows the cluster that the Clusters tab leads to', async () => {
    const clusters = { ...CLUSTERS, clusters: CLUSTERS.clusters.map((cluster) => ({ ...cluster, id: `c${Number(cluster.id.slice(1)) - 1}` })) }; // prettier-ignore
    sidebar = await browser.open({ width: 420, height: 760, answers: { ...ANSWERS, clusters }, stored: { tab: 'clusters' } }); // prettier-ignore
    await sidebar.page.locator('.cluster').nth(1).click({ button: 'right' });
    await sidebar.page.getByRole('menuitem', { name: 'Show on Map' }).click();
    await shown();
    await sidebar.page.locator('.map-entry[data-key="c1"][aria-pressed="true"]').waitFor();
    await sidebar.page.waitForFunction(
      () => !document.querySelector('.map-line .hits-count')?.textContent.startsWith('1,204'),
    );
  });

  it('selects the members of a cluster of another granularity, which may have the id of one that it knows', async () => {
    const members = [...IN_FILE.slice(0, 2), lonely()].map((point) => ({ ...placeOf(point), text: '', centrality: 0.9 })); // prettier-ignore
    const [first] = CLUSTERS.clusters;
    const clusters = { ...CLUSTERS, clusters: [{ ...first, id: 'c1' }] };
    const choices = { tab: 'clusters', analysis: { clusters: { of: 'chunks', granularity: 1 } } };
    sidebar = await browser.open({ width: 420, height: 760, answers: { ...ANSWERS, clusters, clusterMembers: { c1: members } }, stored: choices }); // prettier-ignore
    await sidebar.page.locator('.cluster').first().click({ button: 'right' });
    await sidebar.page.getByRole('menuitem', { name: 'Show on Map' }).click();
    await counted('3 selected');
    assert.deepEqual(await sidebar.sent('clusterMembers'), [{ of: 'chunks', granularity: 1, id: 'c1', offset: 0, count: 1000 }]); // prettier-ignore
    assert.equal(await sidebar.page.locator('.map-entry[aria-pressed="true"]').count(), 0);
  });

  it('in an editor: has no tabs, and leads to those of the sidebar', async () => {
    await open({ name: 'map', width: 1000 });
    await shown();
    assert.equal(await sidebar.page.getByRole('tablist').count(), 0);
    assert.equal(await sidebar.page.getByRole('button', { name: 'Open Map in Editor' }).count(), 0);
    await sidebar.page.locator('.cover').click();
    assert.deepEqual(await sidebar.waitSent('showTab', 1), [{ tab: 'coverage' }]);
    assert(await plot().isVisible());
  });

  it('in the sidebar: opens itself in an editor', async () => {
    await open();
    await shown();
    await sidebar.page.getByRole('button', { name: 'Open Map in Editor' }).click();
    assert.deepEqual(await sidebar.waitSent('command', 1), [{ command: 'showMap' }]);
  });
});

/** By the side of each edge of a convex outline. */
function isInQuad(corners: readonly (readonly [number, number])[], x: number, y: number): boolean {
  const sides = corners.map(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length]!;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0;
  });
  return sides.every((side) => side === sides[0]);
}
