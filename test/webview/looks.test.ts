import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import * as esbuild from 'esbuild';
import { COVER } from './answers.ts';
import { drawTheRest, holdTimers, isFullOfRows, paintHits } from './pageWork.ts';
import { EMBEDDING, engineOf, HITS, manyHits, SNIPPETS, snapshotOf, TARGET } from './samples.ts';
import { startBrowser, THEMES, type PageOptions, type SidebarPage, type ThemeName } from './sidebarPage.ts';

const SHOTS = 'out/webview';
const LONG =
  'a-very-long-folder-name-without-any-break/'.repeat(4) +
  '一个非常长的文件名没有任何空格也没有任何分隔符一个非常长的文件名.test.ts';

/** Name -> what is shown. */
const SCENES: Readonly<Record<string, Pick<PageOptions, 'snapshot' | 'stored'>>> = {
  full: { snapshot: snapshotOf({ snippets: SNIPPETS, similar: { pinned: true } }) },
  progress: { snapshot: snapshotOf({ engine: EMBEDDING }) },
  search: {
    stored: { tab: 'search', query: 'session expired' },
    snapshot: snapshotOf({ search: { query: 'session expired', hits: HITS } }),
  },
  filters: {
    stored: {
      tab: 'search',
      query: 'session expired',
      filters: { search: { paths: 'packages/server/**, !**/*.test.ts', languageId: 'typescript', since: 'month' } },
      filtersOpen: { search: true },
    },
    snapshot: snapshotOf({ search: { query: 'session expired', hits: HITS, mode: 'semantic' } }),
  },
  similarFilters: { stored: { filters: { similar: { kind: 'functions' } }, filtersOpen: { similar: true } } },
  coverage: { stored: { tab: 'coverage' } },
  recent: { stored: { tab: 'search', recent: ['糟糕的送货', 'session expired too early'] } },
  empty: { snapshot: snapshotOf({ engine: engineOf({ coverage: { indexed: 0, excluded: 0, skipped: 0, failed: 0 } }), similar: { hits: [], empty: 'not-indexed' } }) }, // prettier-ignore
  failed: {
    snapshot: snapshotOf({
      engineState: 'down',
      problem: 'Indexing ended early: the disk is full (ENOSPC). What was finished is kept.',
      notice: 'The engine ended and was started again. Two documents are embedded again.',
      engine: engineOf({ readOnlyBecausePid: 4711, runtime: 'wasm' }),
      remote: true,
      similar: { hits: [], empty: 'engine-down' },
    }),
  },
  long: {
    snapshot: snapshotOf({
      modelLabel: 'a-model-with-a-name-that-goes-on-and-on-and-on · 1024',
      engine: { ...EMBEDDING, phase: 'paused' },
      similar: {
        target: { ...TARGET, path: LONG, symbol: LONG },
        hidden: 12,
        hits: HITS.map((hit) => ({ ...hit, path: LONG, symbol: LONG, text: LONG.repeat(20) })),
      },
    }),
  },
};

const CURRENT = { currentPath: 'services/gateway/tokens.py' };
const EXPANDED = ['cluster:c1', 'duplicates:exact:d1', 'duplicates:meaning:d4'];
/** The tabs about the whole index. */
const ANALYSIS: typeof SCENES = {
  clusters: { stored: { tab: 'clusters', expanded: EXPANDED } },
  outliers: { stored: { tab: 'outliers' } },
  duplicates: { stored: { tab: 'duplicates', expanded: EXPANDED }, snapshot: snapshotOf(CURRENT) },
  readNext: {
    snapshot: snapshotOf({
      similar: {
        mode: 'next',
        target: { kind: 'file', path: TARGET.path, startLine: 1, endLine: 90, excerpt: TARGET.excerpt },
        hits: HITS.slice(0, 4).map((hit) => ({ ...hit, near: { startLine: 41, endLine: 68 }, why: { words: ['token', 'session'] } })), // prettier-ignore
        cover: COVER,
      },
    }),
  },
};

/** Each theme, language and width is seen with each scene at least once; the matrix is too large to look at. */
const LOOKS: readonly (readonly [ThemeName, PageOptions['language'], number, readonly string[]])[] = [
  ['dark', 'en', 250, Object.keys(SCENES)],
  ['dark', 'zh-cn', 400, ['full', 'progress', 'search', 'recent', 'filters']],
  ['dark', 'en', 900, ['full', 'search']],
  ['light', 'en', 400, Object.keys(SCENES)],
  ['light', 'zh-cn', 250, Object.keys(SCENES)],
  ['light', 'zh-cn', 900, ['full', 'progress']],
  ['highContrast', 'en', 320, ['full', 'progress', 'coverage', 'failed', 'filters']],
  ['highContrastLight', 'en', 320, ['full', 'search', 'coverage', 'failed', 'filters']],
  ['dark', 'en', 250, Object.keys(ANALYSIS)],
  ['light', 'zh-cn', 320, Object.keys(ANALYSIS)],
  ['highContrast', 'en', 400, ['clusters', 'outliers', 'duplicates']],
];

describe('looks', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  /** Theme and scene: neither width nor language changes what axe finds, and it is slow. */
  const checked = new Set<string>();
  before(async () => {
    fs.mkdirSync(SHOTS, { recursive: true });
    browser = await startBrowser();
  });
  after(() => browser.stop());

  for (const [theme, language = 'en', width, scenes] of LOOKS) {
    it(`${theme}, ${language}, ${width} px: nothing overflows, nothing is inaccessible`, async function () {
      this.timeout(60_000);
      for (const scene of scenes) {
        const sidebar = await browser.open({ theme, language, width, ...SCENES[scene], ...ANALYSIS[scene] });
        if (scene === 'full') await sidebar.rows.nth(1).focus();
        if (scene in ANALYSIS) await sidebar.rows.nth(1).focus();
        if (scene === 'coverage') {
          await sidebar.page.locator('.file').nth(5).waitFor();
          await sidebar.page.getByRole('listbox').focus();
        }
        await sidebar.page.evaluate(() => document.fonts.ready);
        await sidebar.page.screenshot({ path: path.join(SHOTS, `${scene}-${theme}-${language}-${width}.png`) });
        assert.deepEqual(await overflowing(sidebar), [], `${scene} overflows`);
        if (!checked.has(theme + scene)) assert.deepEqual(await accessibilityFaults(sidebar), [], scene);
        checked.add(theme + scene);
        await sidebar.close();
      }
    });
  }

  it('keep their meaning in forced colours and with the row menu open', async () => {
    const sidebar = await browser.open({ width: 320, height: 480 });
    await sidebar.rows.nth(1).focus();
    await sidebar.page.keyboard.press('Shift+F10');
    await sidebar.page.screenshot({ path: path.join(SHOTS, 'menu-dark-en-320.png') });
    assert.deepEqual(await accessibilityFaults(sidebar), []);
    await sidebar.page.keyboard.press('Escape');
    await sidebar.page.emulateMedia({ forcedColors: 'active' });
    await sidebar.page.screenshot({ path: path.join(SHOTS, 'forced-colors-en-320.png') });
    await sidebar.close();
  });

  it('use only variables that VS Code has', () => {
    const known = new Set(Object.values(THEMES).flatMap(({ variables }) => Object.keys(variables)));
    // Colours that are in VS Code's reference and that its own themes leave unset.
    for (const unset of ['list-hoverForeground', 'list-inactiveSelectionForeground']) known.add(`--vscode-${unset}`);
    const css = ['media/sidebar.css', 'media/map.css'].map((file) => fs.readFileSync(file, 'utf8')).join('\n');
    const used = css.match(/--vscode-[\w-]+/g) ?? [];
    assert.deepEqual(
      [...new Set(used)].filter((name) => !known.has(name)),
      [],
    );
  });
});

describe('speed and size', () => {
  it('is less than 250 KB of script', async () => {
    const { outputFiles } = await esbuild.build({
      entryPoints: ['src/webview/main.ts'],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'chrome128',
      write: false,
    });
    const bytes = outputFiles[0]!.contents.length;
    assert(bytes < 250_000, `${bytes}`);
    console.log(`      webview.js: ${bytes} bytes minified`);
  });

  it('draws a screenful of fifty hits, and of fifty others, for the first frame, and the rest after that', async () => {
    const browser = await startBrowser();
    const sidebar = await browser.open({ height: 1000, snapshot: snapshotOf({ similar: { hits: [] } }) });
    const others = manyHits(50).map((hit) => ({ ...hit, path: `x/${hit.path}` }));
    for (const [at, hits] of [manyHits(50), others, manyHits(50)].entries()) {
      await paintHits(sidebar, 2 + at, hits);
      assert(await isFullOfRows(sidebar), 'the first frame has empty space where rows belong');
      const drawn = await sidebar.rows.count();
      assert(drawn <= 20, `${drawn} rows for the first frame`);
      await drawTheRest(sidebar, hits.length);
      const labels = await sidebar.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
      for (const [row, hit] of hits.entries()) {
        const folder = path.posix.dirname(hit.kept?.sourcePath ?? hit.path);
        assert(labels[row]?.endsWith(folder), `${labels[row]} where ${hit.path} belongs`);
      }
    }
    await sidebar.page.locator('.hit .hl-keyword').first().waitFor();
    await sidebar.close();
    await browser.stop();
  });

  it('draws all rows at once for who asks for one of them before they are all there', async () => {
    const browser = await startBrowser();
    const sidebar = await browser.open({ snapshot: snapshotOf({ similar: { hits: [] } }) });
    await holdTimers(sidebar);
    await sidebar.emit('snapshot', snapshotOf({ revision: 2, similar: { hits: manyHits(50) } }));
    const drawn = await sidebar.rows.count();
    assert(drawn < 50, `${drawn} rows at first`);
    await sidebar.rows.first().focus();
    await sidebar.page.keyboard.press('End');
    assert.equal(await sidebar.rows.count(), 50);
    assert(await sidebar.rows.last().evaluate((row) => row === document.activeElement));
    await sidebar.emit('snapshot', snapshotOf({ revision: 3, similar: { hits: manyHits(49) } }));
    assert.equal(await sidebar.rows.count(), 49);
    assert(await sidebar.rows.last().evaluate((row) => row === document.activeElement));
    await sidebar.close();
    await browser.stop();
  });
});

/** Elements whose content is wider than they are without a rule that clips it with an ellipsis, and a page that scrolls. */
function overflowing(sidebar: SidebarPage): Promise<readonly string[]> {
  return sidebar.page.evaluate(() => {
    const faults: string[] = [];
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > limit) faults.push('the page');
    for (const element of document.querySelectorAll<HTMLElement>('#app *')) {
      if (element.closest('.middle, .place-line, .sr-only, .recent-query') || element.offsetParent === null) continue;
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > limit + 0.5 || box.left < -0.5)) faults.push(element.className);
    }
    return faults;
  });
}

async function accessibilityFaults(sidebar: SidebarPage): Promise<readonly string[]> {
  await sidebar.page.evaluate(axe.source);
  return sidebar.page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      rules: {
        // The page is a part of VS Code's window, which has the landmarks and the heading.
        region: { enabled: false },
        'page-has-heading-one': { enabled: false },
        // Figures (0.87, 12–40, 2,861 / 2,880) are named by sentences that a listener understands.
        'label-content-name-mismatch': { enabled: false },
      },
    });
    /** In the lines of a preview that the style sheet clips away. */
    const isClipped = (selector: string): boolean => {
      const element = document.querySelector(selector);
      const preview = element?.closest('.preview');
      return !!preview && element!.getBoundingClientRect().bottom > preview.getBoundingClientRect().bottom;
    };
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !isClipped(String(target[0])))
        .map((node) => `${id}: ${node.html.slice(0, 90)} ${node.any[0]?.message ?? ''}`),
    );
  });
}
