// What the whole workspace says: clusters, outliers, duplicates, and what to read next.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  activeTab,
  editorOf,
  openFile,
  openSidebar,
  quickInput,
  quickPickRow,
  runCommand,
  toast,
  until,
} from './driver.ts';
import { embedWorkspace, hit, hitNames, hits, rowAction, showTab, viewButton, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

describe('the whole workspace', () => {
  const workbench = useWorkbench();
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
    const rows = view.locator('.panel:visible .level-2');
    for (const command of ['Show Duplicates', 'Show Clusters']) {
      await openFile(page, 'backoff.py');
      await runCommand(page, `Vectorscope: ${command}`);
      await view.locator('.panel:visible .hit:focus').waitFor(); // the row last gone to, or the first
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await rows.first().waitFor();
      await page.keyboard.press('ArrowDown');
      const row = view.locator('.panel:visible .level-2:focus');
      const name = (await row.locator('.name').innerText()).trim();
      await page.keyboard.press('Enter');
      await activeTab(page).filter({ hasText: name }).waitFor();
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
    const group = view.locator('.panel:visible .duplicates').first();
    await group.filter({ hasText: 'again.ts' }).waitFor();
    const before = await view.locator('.panel:visible .duplicates').count();
    await rowAction(group, 'compare');
    await activeTab(page).filter({ hasText: '↔' }).waitFor();
    await screenshot('duplicates');
    await rowAction(group, 'hide');
    await view.getByText('1 ignored').waitFor();
    assert.equal(await view.locator('.panel:visible .duplicates').count(), before - 1);
    await viewButton(view, 'Show').click();
    await view.locator('.panel:visible .ignored').waitFor();
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
});
