// What the whole workspace says: clusters, outliers, duplicates, and what to read next.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  activeTab,
  closeToasts,
  cursorOn,
  diffShows,
  editorOf,
  openFile,
  openSidebar,
  quickInput,
  quickPickRow,
  runCommand,
  toast,
  until,
} from './driver.ts';
import {
  coverage,
  embedWorkspace,
  hit,
  hitNames,
  hits,
  rowAction,
  showTab,
  viewButton,
  type Sidebar,
} from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

/** In retry.ts, of which again.ts is a copy. */
const SHARED = 'return await operation();';

describe('the whole workspace', () => {
  const workbench = useWorkbench({ settings: { 'vectorscope.exclude': ['vectorscope-export.md'] } });
  let view: Sidebar;
  before(async function () {
    this.timeout(180_000);
    const { folder } = workbench();
    assert.ok(folder !== undefined);
    const file = (name: string): string => path.join(folder, 'web', 'http', name);
    fs.copyFileSync(file('retry.ts'), file('again.ts'));
    view = await embedWorkspace(workbench());
  });

  it('has clusters with labels, whose members open', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, 'Vectorscope: Show Clusters');
    const clusters = view.locator('.panel:visible .cluster');
    await clusters.nth(1).waitFor();
    const labels = await clusters.locator('.group-label').allInnerTexts();
    assert.equal(new Set(labels).size, labels.length);
    const before = labels.length;
    await view.getByRole('slider', { name: 'How Many Clusters' }).press('End');
    await until('there are more clusters', async () => (await clusters.count()) > before);
    await viewButton(view, 'Automatic').click();
    await until('there are as many as before', async () => (await clusters.count()) === before);
    await clusters.first().click();
    const member = view.locator('.panel:visible .level-2').first();
    await member.locator('.score').waitFor(); // the members came
    const name = (await member.locator('.name').innerText()).trim();
    await member.press('Enter');
    await activeTab(page).filter({ hasText: name }).waitFor();
    await screenshot('clusters');
  });

  it('is used by the keyboard alone', async () => {
    const { page } = workbench();
    const { keyboard } = page;
    for (const tab of ['Duplicates', 'Clusters', 'Outliers']) {
      await openFile(page, 'backoff.py');
      await runCommand(page, `Vectorscope: Show ${tab}`);
      const panel = view.locator(`#panel-${tab.toLowerCase()}`); // the row of another tab may have the focus till then
      const row = panel.locator('.hit:focus');
      await row.waitFor(); // the row last gone to, or the first
      await keyboard.press('Home');
      if (tab !== 'Outliers') {
        await keyboard.press('ArrowRight');
        await panel.locator('.level-2').first().waitFor();
      }
      await keyboard.press('ArrowDown');
      const name = (await row.locator('.name').first().innerText()).trim();
      const line = Number.parseInt(await row.locator('.lines').innerText(), 10);
      await keyboard.press('Enter');
      await activeTab(page).filter({ hasText: name }).waitFor();
      await cursorOn(page, line);
      await editorOf(page, name).and(page.locator('.focused')).waitFor();
    }
  });

  it('has outliers with their reasons', async () => {
    const { page, screenshot } = workbench();
    await showTab(view, 'outliers');
    await view.locator('.panel:visible .reason').first().filter({ hasText: 'is usual here' }).waitFor();
    const [first = ''] = await hitNames(view);
    await hits(view)
      .first()
      .dblclick({ position: { x: 120, y: 8 } });
    await activeTab(page).filter({ hasText: first }).waitFor();
    await screenshot('outliers');
  });

  it('has duplicates of a file, which are compared and ignored', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'again.ts');
    await runCommand(page, 'Vectorscope: Find Duplicates of This File');
    const groups = view.locator('.panel:visible .duplicates');
    const group = groups.first();
    await group.filter({ hasText: 'again.ts' }).waitFor();
    // The tab opens with those of the whole workspace, one of which is not of this file.
    await until('only those of the file are listed', async () => {
      return (await groups.filter({ hasNotText: 'again.ts' }).count()) === 0;
    });
    const before = await groups.count();
    await rowAction(group, 'compare');
    await activeTab(page).filter({ hasText: '↔' }).waitFor();
    await diffShows(page, SHARED, SHARED);
    await screenshot('duplicates');
    await rowAction(group, 'hide');
    await view.getByText('1 ignored').waitFor();
    assert.equal(await groups.count(), before - 1);
    await viewButton(view, 'Show').click();
    await view.locator('.panel:visible .ignored').waitFor();
  });

  it('has duplicates compared and ignored by the keyboard alone', async () => {
    const { page } = workbench();
    const { keyboard } = page;
    const row = view.locator('.panel:visible .duplicates:focus');
    const goToRows = async (): Promise<void> => {
      await openFile(page, 'again.ts');
      await runCommand(page, 'Vectorscope: Show Duplicates');
      await row.waitFor();
    };
    await goToRows();
    await keyboard.press('Home');
    await row.filter({ hasText: 'withRetry' }).waitFor();
    await keyboard.press('Shift+F10');
    await view.getByRole('menuitem', { name: 'Compare the First Two' }).and(view.locator(':focus')).waitFor();
    await keyboard.press('Enter');
    await diffShows(page, SHARED, SHARED);
    await goToRows();
    await row.filter({ hasText: 'withRetry' }).waitFor();
    await keyboard.press('End');
    await row.filter({ hasNotText: 'withRetry' }).waitFor();
    await keyboard.press('Delete');
    await view.getByText('2 ignored').waitFor();
    await row.filter({ hasText: 'ignored' }).waitFor();
    await keyboard.press('Delete');
    await view.getByText('1 ignored').waitFor();
  });

  it('says what to read after a file', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'retry.ts');
    await editorOf(page, 'retry.ts').waitFor();
    await runCommand(page, 'Vectorscope: What to Read Next');
    view = await openSidebar(page);
    await hit(view, 'backoff.py').locator('.why', { hasText: 'Near' }).waitFor();
    const names = await hitNames(view);
    assert.equal(new Set(names).size, names.length, 'documents, each once');
    await screenshot('read-next');
  });

  it('is exported to a file', async () => {
    const { page, folder } = workbench();
    await runCommand(page, 'Vectorscope: Export Analysis…');
    await quickPickRow(page, 'Markdown', 'Export Analysis').click();
    const place = quickInput(page).filter({ hasText: 'Export' }).locator('input').first();
    await until('a place is suggested', async () => (await place.inputValue()).endsWith('vectorscope-export.md'));
    await page.keyboard.press('Enter');
    await toast(page, 'places were exported to vectorscope-export.md.').waitFor();
    const report = fs.readFileSync(path.join(folder ?? '', 'vectorscope-export.md'), 'utf8');
    assert.match(report, /## Clusters[^]*## Outliers[^]*## Duplicates[^]*again\.ts/);
  });

  it('has no error for a document that is deleted while its cluster is shown, and forgets it', async () => {
    const { page, folder = '', screenshot } = workbench();
    await closeToasts(page);
    const shown = view.locator('.panel:visible .hit', { hasText: 'again.ts' });
    await showTab(view, 'duplicates');
    await viewButton(view, 'This File Only').click(); // pressed since that test
    await shown.first().waitFor();
    await showTab(view, 'clusters');
    await view.locator('#panel-clusters').getByRole('radio', { name: 'Documents' }).check();
    const closed = view.locator('#panel-clusters .group[aria-expanded="false"]');
    const member = view.locator('#panel-clusters .level-2', { hasText: 'again.ts' });
    await until('its cluster is open', async () => {
      if ((await member.count()) > 0) return true;
      if ((await closed.count()) > 0) await closed.first().click();
      return false;
    });
    const { total } = await coverage(view);
    fs.rmSync(path.join(folder, 'web', 'http', 'again.ts'));
    await until('the index has noticed', async () => (await coverage(view)).total === total - 1);
    await screenshot('clusters-deleted');
    const said = toast(page, 'again.ts was not found.');
    await until('it is shown no more, or does not open and says so', async () => {
      if ((await member.count()) === 0 || (await said.isVisible())) return true;
      await member.dblclick({ timeout: 1000 }).catch(() => undefined); // it may go meanwhile
      return false;
    });
    const refresh = view.locator('.panel:visible .cover-changed .link-button');
    for (const tab of ['clusters', 'outliers', 'duplicates'] as const) {
      await showTab(view, tab);
      await until(`it is not under ${tab}`, async () => {
        if (await refresh.isVisible()) await refresh.click({ timeout: 1000 }).catch(() => undefined);
        return (await shown.count()) === 0 && !(await refresh.isVisible());
      });
    }
    assert.equal(await page.locator('.notification-list-item .codicon-error').count(), 0);
  });
});
