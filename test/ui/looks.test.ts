// How it looks: themes, widths and languages on the example. Asserts what must be readable; the pictures are for eyes, and four
// of them are the README's (UPDATE_SCREENSHOTS=1 copies them).
import assert from 'node:assert/strict';
import { goToLine, openFile, openSidebar, runCommand, setSidebarWidth } from './driver.ts';
import { coverage, embedWorkspace, hit, hits, looksAt, search, showTab, sidebarPart, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

/** Nothing of the page hangs out to the right. */
async function assertFits(view: Sidebar): Promise<void> {
  const overflow = await view
    .locator('body')
    .evaluate((body: { scrollWidth: number; clientWidth: number }) => body.scrollWidth - body.clientWidth);
  assert.equal(overflow, 0, `the page is ${overflow} pixels too wide`);
}

const WINDOW = { x: 0, y: 36, width: 1100, height: 730 };

describe('looks, English', () => {
  const workbench = useWorkbench();
  let view: Sidebar;

  it('dark: the relatives of the function under the cursor', async () => {
    const { page, readmePicture } = workbench();
    view = await embedWorkspace(workbench());
    await setSidebarWidth(page, 420);
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await looksAt(view, 'withRetry');
    await hit(view, 'call_patiently').waitFor();
    await assertFits(view);
    const { indexed, total } = await coverage(view);
    assert.equal(indexed, total);
    await readmePicture('similar-dark', WINDOW);
  });

  it('dark: search by meaning', async () => {
    const { readmePicture, page } = workbench();
    await search(view, 'parcel arrived too late');
    await hit(view, 'reviews.tsv').waitFor();
    await assertFits(view);
    await readmePicture('search-dark', sidebarPart(page));
  });
});

describe('looks, light and narrow', () => {
  const workbench = useWorkbench({ theme: 'light' });

  it('everything fits into 250 pixels', async () => {
    const { page, readmePicture, screenshot } = workbench();
    const view = await embedWorkspace(workbench());
    await setSidebarWidth(page, 250);
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await looksAt(view, 'withRetry');
    await hits(view).nth(3).waitFor();
    await assertFits(view);
    await readmePicture('similar-light-narrow', sidebarPart(page));
    await search(view, 'parcel arrived too late');
    await assertFits(view);
    await screenshot('search-light-narrow');
  });

  it('a wide sidebar uses its width', async () => {
    const { page, screenshot } = workbench();
    await setSidebarWidth(page, 800);
    const view = await openSidebar(page);
    await showTab(view, 'similar');
    await hits(view).nth(3).waitFor();
    await assertFits(view);
    await screenshot('similar-light-wide');
  });
});

describe('looks, high contrast', () => {
  const workbench = useWorkbench({ theme: 'highContrast' });

  it('shows borders instead of shades', async () => {
    const { page, screenshot } = workbench();
    const view = await embedWorkspace(workbench());
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await hits(view).nth(3).waitFor();
    await assertFits(view);
    await screenshot('similar-high-contrast');
  });
});

describe('looks, Chinese', () => {
  const workbench = useWorkbench({ locale: 'zh-cn' });

  it('speaks Chinese and finds Chinese', async () => {
    const { page, readmePicture, screenshot } = workbench();
    const first = await openSidebar(page);
    await first.getByText('嵌入工作区').first().waitFor();
    await screenshot('empty-zh');
    const view = await embedWorkspace(workbench());
    await setSidebarWidth(page, 400);
    await search(view, '客户想退货怎么办');
    await hit(view, '客服话术.md').waitFor();
    await assertFits(view);
    await screenshot('search-zh');
    await openFile(page, '客服话术.md');
    await goToLine(page, 6);
    await showTab(view, 'similar');
    await hits(view).nth(3).waitFor();
    await assertFits(view);
    const words = await view.locator('body').innerText();
    assert.doesNotMatch(words, /\b(results?|lines|Similar|Search|local)\b/, 'an English word of the interface is left');
    await readmePicture('similar-zh', WINDOW);
  });

  it('names its commands in Chinese', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, '显示索引状态');
    await screenshot('status-zh');
    await page.keyboard.press('Escape');
  });
});
