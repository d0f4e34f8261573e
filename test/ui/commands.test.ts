// Every command from the palette over an index that is done: what the user then sees.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  activeTab, button, clipboard, closeToasts, diffShows, editorOf, goToLine, modalDialog, openFile, openSidebar, quickPickRow,
  runCommand, selectLines, statusBarItem, toast, until,
} from './driver.ts'; // prettier-ignore
import { coverage, embedWorkspace, emptyState, hit, hits, indexed, looksAt, searchBox, showTab, target, viewButton, type Sidebar } from './sidebar.ts'; // prettier-ignore
import { useWorkbench } from './workbench.ts';

describe('commands over a finished index', () => {
  const workbench = useWorkbench({ settings: { 'search.useIgnoreFiles': false } }); // so that Ctrl+P finds them
  let view: Sidebar;

  before(async function () {
    this.timeout(180_000);
    const { folder = '' } = workbench();
    fs.mkdirSync(path.join(folder, 'exports'));
    fs.writeFileSync(path.join(folder, 'exports/orders.md'), '# Orders\n\nThree parcels went out late in May.\n');
    fs.writeFileSync(path.join(folder, '.env.local'), 'PAYMENT_PASSWORD=an invented one for the card terminal\n');
    view = await embedWorkspace(workbench());
  });

  beforeEach(() => closeToasts(workbench().page));

  const run = (title: string): Promise<void> => runCommand(workbench().page, `Vectorscope: ${title}`);

  /** Waits for a notification and closes it. */
  async function told(text: string | RegExp): Promise<void> {
    const { page } = workbench();
    await toast(page, text).waitFor();
    await closeToasts(page);
  }

  it('Embed Selection keeps the snippet and shows its relatives, not itself', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'retry.ts');
    await selectLines(page, 30, 42);
    await run('Embed Selection');
    await statusBarItem(page, 'Kept the selection as a snippet').waitFor();
    await looksAt(view, /retry\.ts.*Snippet.*lines 30–42/s);
    await hit(view, 'backoff.py').waitFor();
    await screenshot('command-embed-selection');
    assert.equal(await hits(view).locator('.kind-snippet').count(), 0);
    assert.notEqual(await hits(view).first().locator('.score-value').innerText(), '1.00');
  });

  it('lists the kept snippets, shows one, and removes it', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'totals.ts');
    await goToLine(page, 30);
    await looksAt(view, 'totals.ts');
    await viewButton(view, 'Kept Snippets (1)').click();
    const snippet = view.locator('.snippets .snippet');
    await snippet.click();
    await looksAt(view, /retry\.ts.*Snippet/s);
    await screenshot('command-kept-snippets');
    await view.getByRole('button', { name: 'Remove the snippet web/http/retry.ts, lines 30–42' }).click();
    await snippet.waitFor({ state: 'hidden' });
  });

  it('Embed File(s) takes the file of the active editor', async () => {
    await openFile(workbench().page, 'totals.ts');
    await run('Embed File(s)');
    await told(/Nothing new to embed\. Documents in the index: \d+\./);
  });

  it('Embed Workspace embeds nothing that is unchanged', async () => {
    await run('Embed Workspace');
    await told(/Nothing new to embed\. Documents in the index: \d+\./);
  });

  it('Find Similar to Selection takes the selection, else the symbol around the cursor', async () => {
    const { page } = workbench();
    await openFile(page, 'retry.ts');
    await selectLines(page, 45, 48);
    await run('Find Similar to Selection');
    await looksAt(view, /retry\.ts.*Selection.*lines 45–48/s);
    await goToLine(page, 35);
    await page.keyboard.press('Control+Alt+j');
    await looksAt(view, /retry\.ts.*withRetry/s);
  });

  it('Find Similar to File takes the whole file', async () => {
    await run('Find Similar to File');
    await looksAt(view, /retry\.ts.*File/s);
    await hits(view).first().waitFor();
  });

  it('Find Similar to File names a file that is left out, says why, and compares it when told to', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, '.env.local');
    await emptyState(view)
      .filter({ hasText: /left out of the index.*may hold secrets \(\.env/s })
      .waitFor();
    assert.match(await target(view).innerText(), /\.env\.local/);
    await screenshot('command-left-out');
    await viewButton(view, 'Compare It Anyway').click();
    await hits(view).first().waitFor();
  });

  it('Find Similar to File compares a file that Git ignores', async () => {
    const { page } = workbench();
    await openFile(page, 'orders.md');
    await run('Find Similar to File');
    await looksAt(view, /exports.*orders\.md.*File/s);
    await hits(view).first().waitFor();
  });

  it('Embed File(s) embeds a file that Git ignores, once the user names it', async () => {
    const { indexed: before } = await coverage(view);
    await run('Embed File(s)');
    await told(/Chunks embedded: 1, unchanged: 0\./);
    await until('it is counted', async () => (await coverage(view)).indexed === before + 1);
  });

  it('Embed File(s) does not embed what may hold secrets, unless the user insists', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, '.env.local');
    await run('Embed File(s)');
    const warning = toast(page, '.env.local may hold secrets, so it was not embedded.');
    await warning.waitFor();
    await screenshot('command-secrets');
    const { indexed: before } = await coverage(view);
    await button(warning, 'Embed Anyway').click();
    await told(/Chunks embedded: \d+/);
    await until('it is counted', async () => (await coverage(view)).indexed === before + 1);
  });

  it('Search by Meaning opens the Search tab', async () => {
    await run('Search by Meaning');
    await searchBox(view).and(view.locator(':focus')).waitFor();
    await showTab(view, 'similar');
  });

  it('Compare Selection With… takes a remembered selection', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'retry.ts');
    await selectLines(page, 30, 42);
    await run('Compare Selection With');
    await quickPickRow(page, 'Remember This Selection', 'Compare').click();
    await statusBarItem(page, 'Remembered web/http/retry.ts:30–42').waitFor();
    await selectLines(page, 45, 48);
    await run('Compare Selection With');
    await quickPickRow(page, 'Remembered Selection', 'Compare').waitFor();
    await screenshot('command-compare-choices');
    await quickPickRow(page, 'Remembered Selection', 'Compare').click();
    await activeTab(page)
      .filter({ hasText: /retry\.ts:45–48 ↔ .*retry\.ts:30–42 \(similarity 0\.\d\d\)/ })
      .waitFor();
    await told(/Similarity 0\.\d\d: nearer than \d+\.\d % of random pairs/); // it goes after a while
    await diffShows(page, 'function retryAfterMs(error: unknown)', 'return await operation();');
    await runCommand(page, 'View: Close Editor');
  });

  it('Compare Selection With… takes the clipboard', async () => {
    const { page } = workbench();
    await openFile(page, 'retry.ts');
    await selectLines(page, 30, 42);
    await page.keyboard.press('ControlOrMeta+c');
    await run('Compare Selection With');
    await quickPickRow(page, 'Clipboard', 'Compare').click();
    await activeTab(page)
      .filter({ hasText: /Clipboard \(similarity 1\.00\)/ })
      .waitFor();
    await diffShows(page, 'return await operation();', 'return await operation();');
    await closeToasts(page);
    await runCommand(page, 'View: Close Editor');
  });

  it('Copy Vector puts the numbers on the clipboard', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'retry.ts');
    await selectLines(page, 30, 42);
    await run('Copy Vector');
    await toast(page, 'Copied the vector of web/http/retry.ts:30–42: bilingual, 896 dimensions.').waitFor();
    await screenshot('command-copy-vector');
    const vector = JSON.parse(await clipboard(page)) as number[];
    assert.equal(vector.length, 896);
    const length = (from: number, to: number): number => Math.hypot(...vector.slice(from, to));
    assert.ok(Math.abs(length(0, 384) - 1) < 1e-6 && Math.abs(length(384, 896) - 1) < 1e-6, 'each half has length 1');
  });

  for (const [title, answer] of [
    ['Pause Indexing', 'Nothing is being indexed.'],
    ['Resume Indexing', 'Indexing is not paused.'],
    ['Stop Indexing', 'Nothing is being indexed.'],
  ] as const) {
    it(`${title} says that there is nothing to do`, async () => {
      await run(title);
      await told(answer);
    });
  }

  it('Show Index Status tells what is embedded and lists every file', async () => {
    const { page, screenshot } = workbench();
    await run('Show Index Status');
    await quickPickRow(page, 'bilingual · 896', 'Index Status').waitFor();
    await screenshot('command-status');
    await quickPickRow(page, 'List Files', 'Index Status').click();
    const view = await openSidebar(page);
    const files = view.getByRole('listbox', { name: 'Files and the Index' });
    await files.getByRole('option', { name: /^README\.md/ }).waitFor();
    await screenshot('command-files');
    await view.getByRole('textbox', { name: 'Filter by path' }).fill('接口限流');
    await view.locator('.hits-count:visible', { hasText: '1 file' }).waitFor();
    await files.getByRole('option', { name: /^接口限流\.md/ }).click();
    await editorOf(page, '接口限流.md').waitFor();
  });

  it('Show Index Status says why a file is here or not', async () => {
    const { page } = workbench();
    await run('Show Index Status');
    await quickPickRow(page, 'Why Isn’t This File Here?', 'Index Status').click();
    await told(/文档\/指南\/接口限流\.md is in the index: \d+ chunks\./);
  });

  it('Select Dimension says that this model has only one', async () => {
    await run('Select Dimension');
    await told('bilingual has one dimension only: 896.');
  });

  it('Select Model opens another index beside this one, and comes back to it at no cost', async () => {
    const { page, screenshot } = workbench();
    const footer = (model: string): Promise<void> => view.locator('.footer .model', { hasText: model }).waitFor();
    await run('Select Model');
    await quickPickRow(page, 'bge-small-en', 'Select Model').filter({ hasText: 'not installed' }).waitFor();
    await screenshot('command-select-model');
    await quickPickRow(page, 'minilm', 'Select Model').click();
    await footer('minilm · 384');
    await indexed(view);
    await run('Select Model');
    await quickPickRow(page, 'auto', 'Select Model').click();
    await footer('bilingual · 896');
    await indexed(view);
    await run('Show Index Status');
    await quickPickRow(page, 'minilm · 384', 'Index Status').waitFor();
    await page.keyboard.press('Escape');
  });

  it('Clear Index… asks first, then takes everything away', async () => {
    const { page, screenshot } = workbench();
    await run('Clear Index');
    await modalDialog(page).filter({ hasText: 'Your files stay as they are.' }).waitFor();
    await screenshot('command-clear');
    await button(modalDialog(page), 'Cancel').click();
    assert.ok((await coverage(view)).indexed > 0);
    await run('Clear Index');
    await button(modalDialog(page), 'Clear Index').click();
    await emptyState(view).filter({ hasText: 'See what is alike in this workspace.' }).waitFor();
    await view.locator('.coverage', { hasText: 'not indexed' }).waitFor();
    await screenshot('command-cleared');
  });
});
