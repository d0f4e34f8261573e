// The commands where they stand in VS Code's menus and toolbars, over an index that is done.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import {
  chooseMenuItem, closeToasts, contextMenu, explorerItem, menuItem, openFile, openSidebar, quickInput, quickPickRow,
  runCommand, selectLines, statusBarItem, toast, until,
} from './driver.ts'; // prettier-ignore
import { embedWorkspace, hit, hits, looksAt, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

describe('menus over a finished index', () => {
  // The explorer would select the file that has just opened, whatever was selected meanwhile.
  const workbench = useWorkbench({ settings: { 'explorer.autoReveal': false } });
  let view: Sidebar;

  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
  });

  beforeEach(() => closeToasts(workbench().page));

  /** Opens a context menu, reads our items in it, and leaves it open. */
  async function ours(target: Locator, items: readonly string[]): Promise<string[]> {
    const { page } = workbench();
    await target.click({ button: 'right' });
    await page.locator('.monaco-menu .action-item').first().waitFor();
    const all = (await page.locator('.monaco-menu .action-item').allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? ''); // prettier-ignore
    return all.filter((text) => items.includes(text));
  }

  describe('of the editor', () => {
    const items = ['Find Similar to Selection', 'Embed Selection', 'Compare Selection With…', 'Copy Vector'];
    const word = (): Locator =>
      workbench().page.locator('.editor-instance .view-line span', { hasText: 'operation' }).last();

    it('has all that a selection can be used for', async () => {
      const { page, screenshot } = workbench();
      await openFile(page, 'retry.ts');
      await selectLines(page, 30, 42);
      assert.deepEqual(await ours(word(), items), items);
      await screenshot('menu-editor');
      await chooseMenuItem(page, 'Embed Selection');
      await statusBarItem(page, 'Kept the selection as a snippet').waitFor();
    });

    it('finds what is like the selection', async () => {
      const { page } = workbench();
      await selectLines(page, 32, 41);
      await contextMenu(page, word(), 'Find Similar to Selection');
      await looksAt(view, /Selection.*lines 32–41/s);
      await hit(view, 'backoff.py').waitFor();
    });

    it('compares the selection', async () => {
      const { page } = workbench();
      await contextMenu(page, word(), 'Compare Selection With…');
      await quickPickRow(page, 'Kept Snippet', 'Compare web/http/retry.ts:32–41 With').waitFor();
      await page.keyboard.press('Escape');
    });

    it('copies the vector of the selection', async () => {
      const { page } = workbench();
      await contextMenu(page, word(), 'Copy Vector');
      await toast(page, 'Copied the vector of web/http/retry.ts:32–41').waitFor();
    });

    it('offers without a selection only what needs none', async () => {
      const { page } = workbench();
      await word().click();
      assert.deepEqual(await ours(word(), items), ['Find Similar to Selection']);
      await chooseMenuItem(page, 'Find Similar to Selection');
      await looksAt(view, 'withRetry');
    });

    it('has the telescope in its title', async () => {
      const { page } = workbench();
      const telescope = page.locator('.editor-actions .action-label[aria-label*="Find Similar to File"]');
      await telescope.click();
      await looksAt(view, /retry\.ts.*File/s);
      await hits(view).first().waitFor();
    });
  });

  describe('of the explorer', () => {
    const items = ['Embed File(s)', 'Find Similar to File'];

    before(async () => {
      const { page } = workbench();
      await runCommand(page, 'View: Show Explorer');
      await explorerItem(page, 'docs').click();
      await explorerItem(page, 'kitchen').click();
      await explorerItem(page, 'tomato-soup.md').waitFor();
    });

    it('embeds a file, and finds what is like it', async () => {
      const { page, screenshot } = workbench();
      assert.deepEqual(await ours(explorerItem(page, 'tomato-soup.md'), items), items);
      await screenshot('menu-explorer');
      await chooseMenuItem(page, 'Embed File(s)');
      await toast(page, /Nothing new to embed/).waitFor();
      await contextMenu(page, explorerItem(page, 'tomato-soup.md'), 'Find Similar to File');
      await looksAt(view, /docs\/kitchen.*tomato-soup\.md.*File/s);
      await hit(view, 'weekend-bread.md').waitFor();
      await runCommand(page, 'View: Show Explorer');
    });

    it('embeds a folder', async () => {
      const { page } = workbench();
      assert.deepEqual(await ours(explorerItem(page, 'kitchen'), items), ['Embed File(s)']);
      await chooseMenuItem(page, 'Embed File(s)');
      await toast(page, /Nothing new to embed/).waitFor();
    });

    it('embeds several files at once', async () => {
      const { page } = workbench();
      await explorerItem(page, 'tomato-soup.md').click();
      await explorerItem(page, 'weekend-bread.md').click({ modifiers: ['ControlOrMeta'] });
      assert.deepEqual(await ours(explorerItem(page, 'weekend-bread.md'), items), ['Embed File(s)']);
      await chooseMenuItem(page, 'Embed File(s)');
      await toast(page, /Nothing new to embed/).waitFor();
    });
  });

  describe('of the sidebar', () => {
    const toolbar = (name: string): Locator =>
      workbench().page.locator(`.part.sidebar .title-actions .action-label[aria-label^="${name}"]`);

    const overflow = async (item: string): Promise<void> => {
      await toolbar('Views and More Actions').or(toolbar('More Actions')).first().click();
      await chooseMenuItem(workbench().page, item);
    };

    it('updates the index by its toolbar', async () => {
      const { page } = workbench();
      view = await openSidebar(page);
      await toolbar('Embed Workspace').click();
      await toast(page, /Nothing new to embed/).waitFor();
    });

    it('keeps the selection by its toolbar, while there is one', async () => {
      const { page, screenshot } = workbench();
      await openFile(page, 'retry.ts');
      await selectLines(page, 44, 48);
      await screenshot('menu-sidebar-toolbar');
      await toolbar('Embed Selection').click();
      await looksAt(view, /Snippet.*lines 44–48/s);
    });

    it('has the rest behind its dots', async () => {
      const { page, screenshot } = workbench();
      await toolbar('Views and More Actions').or(toolbar('More Actions')).first().click();
      await menuItem(page, 'Show Index Status').waitFor();
      await screenshot('menu-sidebar');
      const all = await page.locator('.monaco-menu .action-item:not(:has(.separator))').allInnerTexts();
      assert.deepEqual(
        all.map((text) => text.trim()).filter((text) => text !== ''),
        [
          'Show Clusters',
          'Show Outliers',
          'Show Duplicates',
          'Export Analysis…',
          'Import Vectors…',
          'Show Index Status',
          'Retry Failed Files',
          'Verify Index',
          'Repair Index',
          'Prune Index…',
          'Clear Index…',
          'Select Model…',
          'Select Dimension…',
          'Connect OpenAI-Compatible Server…',
          'Show Log',
          'Restart Engine',
        ],
      );
      await chooseMenuItem(page, 'Show Index Status');
      await quickPickRow(page, 'List Files', 'Index Status').waitFor();
      await page.keyboard.press('Escape');
      await quickInput(page).waitFor({ state: 'hidden' });
    });

    it('shows the log', async () => {
      const { page } = workbench();
      await overflow('Show Log');
      await page.locator('.part.panel .output-view .view-line', { hasText: 'engine: started' }).first().waitFor();
      await runCommand(page, 'View: Hide Panel');
    });

    it('restarts the engine, and the list answers as before', async () => {
      const { engines, page } = workbench();
      const [before] = engines();
      await overflow('Restart Engine');
      await until('another engine runs', () => Promise.resolve(engines().some((pid) => pid !== before)));
      await openFile(page, 'totals.ts');
      await looksAt(view, 'totals.ts');
      await hits(view).first().waitFor();
      assert.equal(await view.locator('.banner:visible').count(), 0, 'a restart that was asked for is no news');
    });
  });
});
