// A window with two folders, one of them under another name, with files of the same names in both.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import {
  activeTab,
  editorOf,
  goToLine,
  openFile,
  openSidebar,
  setSidebarWidth,
  toast,
  until,
  workbenchReady,
} from './driver.ts';
import { coverage, embedWorkspace, hit, hits, indexed, looksAt, search, showTab, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const FILES = {
  'shop/README.md':
    '# Shop\n\nThe service that takes orders, charges cards and gives the money back within five working days.\n',
  'shop/src/refund.ts':
    '/** Gives a customer the money back. */\nexport function refundOrder(order: Order, reason: string): Payment {\n' +
    '  if (order.paidAt === undefined) throw new Error("never paid");\n  return payBack(order.card, order.total, reason);\n}\n',
  'shop/.gitignore': 'secret-plan.md\n',
  'shop/secret-plan.md': '# Refunds\n\nWhat only this root leaves out.\n',
  'texts/README.md':
    '# Help pages\n\nWhat customers read: how to send a parcel back, and when the money of a refund arrives.\n',
  'texts/refunds.md':
    '# When do I get my money back?\n\nWithin five working days after the returned goods have reached our warehouse.\n',
  'texts/garden.md': '# Watering\n\nTomatoes want water in the morning, at the root, and never on the leaves.\n',
};

describe('in a workspace of two folders', () => {
  const workbench = useWorkbench({ files: FILES, roots: [{ path: 'shop' }, { path: 'texts', name: 'Help texts' }] });
  let view: Sidebar;

  it('both are embedded, each by its own .gitignore', async () => {
    const { page } = workbench();
    view = await embedWorkspace(workbench());
    await setSidebarWidth(page, 380);
    assert.deepEqual(await coverage(view), { indexed: 6, total: 6 }); // the five texts and the .gitignore itself
  });

  it('hits of both are found, under the names of their folders', async () => {
    const { screenshot } = workbench();
    await search(view, 'giving customers their money back');
    for (const folder of ['shop/src', 'shop:', 'Help texts:']) await placed(folder).first().waitFor();
    await screenshot('roots-search');
    await search(view, 'giving customers their money back', 'Help texts/**');
    await until('the other folder has gone', async () => (await placed('shop').count()) === 0);
    assert.equal(await hits(view).count(), 3);
    await screenshot('roots-filter');
    await search(view, 'giving customers their money back');
    await placed('shop').first().waitFor();
  });

  it('the hit of each opens, also where both have a file of that name', async () => {
    const { page } = workbench();
    for (const [place, folder] of [
      ['Help texts:', 'texts'],
      ['shop:', 'shop'],
    ] as const) {
      // prettier-ignore
      await placed(place).filter({ hasText: 'README.md' }).dblclick();
      await activeTab(page).filter({ hasText: 'README.md' }).waitFor();
      await editorOf(page, `README.md`)
        .and(page.locator(`[data-uri*="/${folder}/"]`))
        .waitFor();
    }
  });

  it('the Similar tab follows from one to the other, and shows what is near in both', async () => {
    const { page, screenshot } = workbench();
    await showTab(view, 'similar');
    await openFile(page, 'refund.ts');
    await goToLine(page, 3);
    await looksAt(view, /shop\/src.*refund\.ts.*refundOrder/s);
    await hit(view, 'refunds.md').waitFor();
    await screenshot('roots-similar');
    await openFile(page, 'refunds.md');
    await goToLine(page, 3);
    await looksAt(view, /Help texts.*refunds\.md/s);
    await hit(view, 'refund.ts').waitFor();
  });

  it('a new file of the second folder joins', async () => {
    const text = '# Refunds abroad\n\nOutside the country the money comes back after ten working days.\n';
    fs.writeFileSync(path.join(workbench().folder ?? '', 'texts', 'abroad.md'), text);
    await hit(view, 'abroad.md').filter({ hasText: 'Help texts' }).waitFor();
  });

  it('one of them, opened alone, takes its vectors over', async () => {
    const { page, folder = '' } = workbench();
    await page.goto(`${new URL(page.url()).origin}/?folder=${encodeURIComponent(path.join(folder, 'texts'))}`);
    await workbenchReady(page);
    const alone = await openSidebar(page);
    await alone.locator('.empty .button').first().click();
    await toast(page, 'Nothing new to embed. Documents in the index: 4.').waitFor();
    await indexed(alone);
    assert.deepEqual(await coverage(alone), { indexed: 4, total: 4 });
  });

  /** The rows whose folder reads so. */
  function placed(folder: string): Locator {
    return hits(view).filter({ has: view.locator('.place-line.dim', { hasText: folder }) });
  }
});
