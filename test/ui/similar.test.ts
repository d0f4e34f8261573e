// The Similar tab over the example workspace: what it follows, and all that can be done with its rows.
import assert from 'node:assert/strict';
import {
  activeTab, clipboard, closeToasts, diffShows, editorOf, goToLine, openFile, runCommand, selectLines, setSidebarWidth, statusBarItem, toast, until,
} from './driver.ts'; // prettier-ignore
import {
  embedWorkspace, emptyState, hit, hitNames, hits, looksAt, rowAction, target, viewButton, type Sidebar,
} from './sidebar.ts'; // prettier-ignore
import { useWorkbench } from './workbench.ts';

describe('the Similar tab', () => {
  const workbench = useWorkbench();
  let view: Sidebar;

  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
    await setSidebarWidth(workbench().page, 380);
  });

  /** Puts the cursor into `withRetry`, whose relatives are known. */
  async function showWithRetry(): Promise<void> {
    const { page } = workbench();
    await openFile(page, 'retry.ts');
    await goToLine(page, 35);
    await looksAt(view, 'withRetry');
    await hit(view, 'backoff.py').waitFor();
  }

  it('follows the function around the cursor, also while the language server still starts', async () => {
    const { screenshot } = workbench();
    await showWithRetry();
    assert.match(await target(view).innerText(), /web\/http.*retry\.ts.*withRetry.*lines 30–42/s);
    await hit(view, 'writing-retries.md').waitFor(); // the guide; backoff.py is the same in another language
    await screenshot('similar-symbol');
  });

  it('follows the selection', async () => {
    const { page, screenshot } = workbench();
    await selectLines(page, 45, 48);
    await looksAt(view, /retry\.ts.*Selection.*lines 45–48/s);
    await hit(view, 'secondsToWait').waitFor();
    await screenshot('similar-selection');
  });

  it('follows to another file, and takes the section around the cursor in Markdown', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'on-call.md');
    await goToLine(page, 8);
    await looksAt(view, /docs\/guides.*on-call\.md.*When it rings.*lines 6–12/s);
    await hit(view, 'writing-retries.md').waitFor();
    await screenshot('similar-markdown');
  });

  it('goes back, and stays there until the cursor jumps', async () => {
    const { page } = workbench();
    await until('Back has come to retry.ts', async () => {
      await viewButton(view, 'Back').click();
      return (await target(view).innerText()).includes('retry.ts');
    });
    await hit(view, 'secondsToWait').waitFor();
    await goToLine(page, 24);
    await looksAt(view, /on-call\.md.*Afterwards/s);
  });

  it('stays where it is while it is pinned', async () => {
    const { page, screenshot } = workbench();
    await viewButton(view, 'Pin: stop following the cursor').click();
    await view.locator('button[aria-pressed="true"]').waitFor();
    await openFile(page, 'totals.ts');
    await goToLine(page, 20);
    assert.match(await target(view).innerText(), /on-call\.md/);
    await screenshot('similar-pinned');
    await view.locator('button[aria-pressed="true"]').click();
    await looksAt(view, /totals\.ts/);
  });

  it('runs through the rows with the arrow keys and shows each place without taking the focus', async () => {
    const { page, screenshot } = workbench();
    await showWithRetry();
    const names = await hitNames(view);
    const other = names.findIndex((name) => name !== 'retry.ts');
    await hits(view)
      .nth(other - 1)
      .focus();
    await page.keyboard.press('ArrowDown');
    await activeTab(page)
      .filter({ hasText: names[other] ?? '?' })
      .waitFor();
    await page.locator('.tab.active.tab-actions-right .label-name').waitFor();
    assert.equal(await hits(view).nth(other).and(view.locator(':focus')).count(), 1, 'the row keeps the focus');
    assert.match(await target(view).innerText(), /withRetry/, 'the list stays');
    await screenshot('similar-keyboard');
  });

  it('opens and closes a row with Right and Left', async () => {
    const { page, screenshot } = workbench();
    await hit(view, 'backoff.py').focus();
    await page.keyboard.press('ArrowRight');
    await view.locator('.hit:focus[aria-expanded="true"] .preview.expanded').waitFor();
    await screenshot('similar-expanded');
    await page.keyboard.press('ArrowLeft');
    await view.locator('.hit:focus[aria-expanded="false"]').waitFor();
  });

  it('opens a place with Enter, and to the side with Ctrl+Enter', async () => {
    const { page, screenshot } = workbench();
    const row = hit(view, 'backoff.py');
    const groups = page.locator('.editor-group-container');
    await row.focus();
    await page.keyboard.press('Enter');
    await page.locator('.monaco-editor.focused[data-uri$="/backoff.py"]').waitFor();
    assert.equal(await groups.count(), 1);
    await row.focus();
    await page.keyboard.press('Control+Enter');
    await until('two editor groups', async () => (await groups.count()) === 2);
    await groups.nth(1).locator('.tab', { hasText: 'backoff.py' }).waitFor();
    await screenshot('similar-to-the-side');
    await runCommand(page, 'View: Close All Editors in Group');
    assert.match(await target(view).innerText(), /withRetry/, 'the list stays');
  });

  it('compares a row with the target in the diff editor and says the same figure as the row', async () => {
    const { page, screenshot } = workbench();
    await showWithRetry();
    const row = hit(view, 'backoff.py');
    const figure = await row.locator('.score-value').innerText();
    await rowAction(row, 'compare');
    const title = new RegExp(`retry\\.ts:30–42 ↔ warehouse/backoff\\.py:\\d+–\\d+ \\(similarity ${figure}\\)`);
    await activeTab(page).filter({ hasText: title }).waitFor();
    await toast(page, new RegExp(`Similarity ${figure}: nearer than \\d+\\.\\d % of random pairs`)).waitFor(); // it goes after a while
    await diffShows(page, 'return await operation();', 'for number in range(1, tries + 1):');
    assert.match(await target(view).innerText(), /withRetry/, 'the list does not follow into the diff');
    await screenshot('similar-compare');
    await closeToasts(page);
  });

  it('copies a link to a row', async () => {
    const { page } = workbench();
    await hit(view, 'backoff.py').focus();
    await page.keyboard.press('Control+c');
    await statusBarItem(page, 'Copied the link to warehouse/backoff.py').waitFor();
    assert.match(await clipboard(page), /^\[warehouse\/backoff\.py:\d+–\d+\]\(warehouse\/backoff\.py#L\d+-L\d+\)$/);
  });

  it('shows all that can be done with a row in its menu', async () => {
    const { page, screenshot } = workbench();
    await hit(view, 'backoff.py').click({ button: 'right' });
    const menu = view.getByRole('menu');
    await menu.waitFor();
    await screenshot('similar-menu');
    const items = await menu.getByRole('menuitem').locator('.menu-label').allInnerTexts();
    assert.deepEqual(items, ['Open', 'Open to the Side', 'Compare', 'More Like This', 'Copy Link', 'Expand', 'Hide']);
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  });

  it('hides a row and shows it again', async () => {
    const { screenshot } = workbench();
    const row = hit(view, 'writing-retries.md');
    const name = (await row.getAttribute('aria-label')) ?? '?';
    await rowAction(row, 'hide');
    await view.locator('.hits-toolbar:visible', { hasText: '1 hidden' }).waitFor();
    assert.equal(await view.locator(`.hit[aria-label=${JSON.stringify(name)}]`).count(), 0);
    await screenshot('similar-hidden');
    await viewButton(view, 'Show Hidden').filter({ visible: true }).click();
    await view.locator(`.hit[aria-label=${JSON.stringify(name)}]`).waitFor();
  });

  it('finds more like a row', async () => {
    const { screenshot } = workbench();
    await rowAction(hit(view, 'backoff.py'), 'moreLikeThis');
    await looksAt(view, /warehouse.*backoff\.py.*call_patiently.*lines \d+–\d+/s);
    await hit(view, 'retry.ts').waitFor();
    await screenshot('similar-more-like-this');
    await viewButton(view, 'Back').click();
    await looksAt(view, 'withRetry');
  });

  it('steps through the rows with F4 and Shift+F4 from the editor', async () => {
    const { page } = workbench();
    await showWithRetry();
    const shows = async (index: number): Promise<void> => {
      await hits(view).nth(index).and(view.locator('[aria-selected="true"]')).waitFor();
      await editorOf(page, (await hitNames(view))[index] ?? '?').waitFor();
    };
    await hits(view).nth(1).focus();
    await page.keyboard.press('Enter');
    await shows(1);
    await page.keyboard.press('F4');
    await shows(2);
    await page.keyboard.press('F4');
    await shows(3);
    await page.keyboard.press('Shift+F4');
    await shows(2);
  });

  it('says so when a text is too short', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, 'Create: New File...');
    await page.keyboard.type('text');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.type('ok');
    await emptyState(view).filter({ hasText: 'too short' }).waitFor();
    await screenshot('similar-too-short');
  });
});
