import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Hit } from '../../src/engine/model.ts';
import { HITS, snapshotOf } from './samples.ts';
import { startBrowser, type PageOptions, type SidebarPage } from './sidebarPage.ts';

const image = (path: string, similarity: number): Hit => ({
  path,
  startLine: 1,
  endLine: 1,
  text: 'photos',
  kind: 'image',
  languageId: 'image',
  similarity,
  percentile: 99,
});
const IMAGES = [
  image('photos/trips/red bicycle #2.png', 0.71),
  image('图片/西湖的日出.jpg', 0.66),
  image('photos/broken.bmp', 0.51),
];

describe('hits that are images', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());

  const hits = [...IMAGES.slice(0, 2), HITS[0]!, ...IMAGES.slice(2)];
  const snapshot = snapshotOf({
    similar: { pinned: false, canGoBack: false, busy: false, hits },
    imageRoots: [{ prefix: '', uri: '/workspace' }],
  });
  const open = async (options: PageOptions = {}): Promise<SidebarPage> =>
    (sidebar = await browser.open({ snapshot, height: 720, ...options }));
  /** All that can be shown is. */
  const settled = async (): Promise<void> => {
    await sidebar.page.locator('.thumbnail-icon').first().waitFor();
    await sidebar.page.waitForFunction(() =>
      [...document.querySelectorAll('img')].every((each) => each.complete && each.naturalWidth > 0),
    );
  };

  for (const theme of ['dark', 'light'] as const) {
    it(`show a thumbnail, which a broken one does not (${theme})`, async () => {
      await open({ theme, language: theme === 'light' ? 'zh-cn' : 'en' });
      await settled();
      assert.equal(await sidebar.page.locator('.thumbnail img').count(), 2);
      assert.equal(await sidebar.page.locator('.thumbnail-icon').count(), 1);
      assert.equal(await sidebar.page.locator('.preview').count(), 1);
      fs.mkdirSync('out/ui', { recursive: true });
      await sidebar.page.screenshot({ path: `out/ui/thumbnails-${theme}.png` });
    });
  }

  it('have a fixed height and a name, and say no lines', async () => {
    await open();
    await settled();
    const heights = await sidebar.page.locator('.thumbnail').evaluateAll((all) => all.map((each) => each.clientHeight));
    assert.deepEqual(heights, [72, 72, 72]);
    const row = sidebar.rows.first();
    assert.equal(
      await row.getAttribute('aria-label'),
      'red bicycle #2.png, Similarity 0.71, More similar than 99% of random pairs in this workspace, photos/trips',
    );
    assert.equal(await row.locator('img').getAttribute('alt'), 'Image red bicycle #2.png');
    assert.equal(await row.locator('img').getAttribute('loading'), 'lazy');
    assert.equal(await row.locator('.lines').count(), 0);
  });

  it('grow when they are expanded, and open like other hits', async () => {
    await open();
    await settled();
    await sidebar.rows.first().focus();
    await sidebar.page.keyboard.press('ArrowRight');
    await sidebar.page.locator('.thumbnail.expanded').waitFor();
    await sidebar.page.keyboard.press('Enter');
    const [sent] = await sidebar.waitSent('open', 1);
    assert.deepEqual(sent, { place: { path: IMAGES[0]!.path, startLine: 1, endLine: 1 }, mode: 'open' });
  });

  it('keep their image when the list is pushed again', async () => {
    await open();
    await settled();
    await sidebar.page.locator('img').first().evaluate((each) => each.setAttribute('data-kept', '')); // prettier-ignore
    await sidebar.emit('snapshot', { ...snapshot, revision: snapshot.revision + 1 });
    assert.equal(await sidebar.page.locator('img[data-kept]').count(), 1);
  });
});
