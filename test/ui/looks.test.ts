// How it looks: themes, widths and languages on the example. Asserts what must be readable; the pictures are for eyes, and four
// of them are the README's (UPDATE_SCREENSHOTS=1 copies them).
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  chooseMenuItem, closeToasts, goToLine, menuItem, modalDialog, openFile, openSidebar, quickInput, quickPickRow, restMouse,
  runCommand, selectLines, setSidebarWidth, toast,
} from './driver.ts'; // prettier-ignore
import { embedWorkspace, emptyState, hit, hits, looksAt, progress, search, showTab, sidebarPart, type Sidebar } from './sidebar.ts'; // prettier-ignore
import { useWorkbench, type Workbench } from './workbench.ts';

/** Nothing of the page hangs out to the right. */
async function assertFits(view: Sidebar): Promise<void> {
  const overflow = await view
    .locator('body')
    .evaluate((body: { scrollWidth: number; clientWidth: number }) => body.scrollWidth - body.clientWidth);
  assert.equal(overflow, 0, `the page is ${overflow} pixels too wide`);
}

async function setTheme(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  await quickInput(page).locator('input[type="text"]').fill(name);
  await quickPickRow(page, name).click();
  await quickInput(page).waitFor({ state: 'hidden' });
}

const WHOLE_INDEX = ['clusters', 'outliers', 'duplicates', 'map'] as const;

/** The tabs about the whole index, one after the other. */
async function showWholeIndex(view: Sidebar, { page, screenshot }: Workbench, look: string): Promise<void> {
  for (const tab of WHOLE_INDEX) {
    await showTab(view, tab);
    const shown = view.locator('.panel:visible');
    if (tab === 'duplicates') {
      await shown.locator('.slider').waitFor();
      await shown.locator('.slider').press('Home'); // the example has hardly any that are nearer
      await shown.locator('.duplicates').nth(1).waitFor();
    }
    await shown.locator('.hit, .map-point').first().waitFor({ timeout: 60_000 });
    const closed = shown.locator('.cluster[aria-expanded="false"], .duplicates[aria-expanded="false"]').first();
    if ((await shown.locator('.level-2').count()) === 0 && (await closed.count()) > 0) await closed.click();
    await restMouse(page);
    await assertFits(view);
    await screenshot(`${tab}-${look}`);
  }
}

const WINDOW = { x: 0, y: 36, width: 1100, height: 730 };

describe('looks, English', () => {
  const workbench = useWorkbench();
  let view: Sidebar;

  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
  });

  async function showRelatives(): Promise<void> {
    const { page } = workbench();
    await showTab(view, 'similar');
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await looksAt(view, 'withRetry');
    await hit(view, 'call_patiently').waitFor();
  }

  it('dark: the relatives of the function under the cursor', async () => {
    const { page, readmePicture } = workbench();
    await setSidebarWidth(page, 420);
    await showRelatives();
    await assertFits(view);
    await readmePicture('similar-dark', WINDOW);
  });

  it('dark: search by meaning', async () => {
    const { readmePicture, page } = workbench();
    await search(view, 'parcel arrived too late');
    await hit(view, 'reviews.tsv').waitFor();
    await assertFits(view);
    await readmePicture('search-dark', sidebarPart(page));
  });

  it('dark: what the whole index says', () => showWholeIndex(view, workbench(), 'dark'));

  it('light: everything fits into 250 pixels', async () => {
    const { page, readmePicture, screenshot } = workbench();
    await setTheme(page, 'Light Modern');
    await setSidebarWidth(page, 250);
    await search(view, 'give a customer the money back');
    await hits(view).nth(2).waitFor();
    await assertFits(view);
    await screenshot('search-light-narrow');
    await showWholeIndex(view, workbench(), 'light-narrow');
    await showRelatives();
    await assertFits(view);
    await readmePicture('similar-light-narrow', sidebarPart(page));
    await hit(view, 'call_patiently').hover();
    await assertFits(view);
    await screenshot('row-light-narrow', sidebarPart(page));
  });

  it('light: a wide sidebar uses its width', async () => {
    const { page, screenshot } = workbench();
    await setSidebarWidth(page, 800);
    await assertFits(view);
    await screenshot('similar-light-wide');
  });

  for (const theme of ['Dark High Contrast', 'Light High Contrast']) {
    it(`${theme}: borders instead of shades`, async () => {
      const { page, screenshot } = workbench();
      await setTheme(page, theme);
      await setSidebarWidth(page, 380);
      const look = theme.toLowerCase().replaceAll(' ', '-');
      await showTab(view, 'similar');
      await hit(view, 'call_patiently').focus();
      await assertFits(view);
      await screenshot(`similar-${look}`);
      await showWholeIndex(view, workbench(), look);
    });
  }
});

describe('looks, Chinese', () => {
  const workbench = useWorkbench({ locale: 'zh-cn' });
  let view: Sidebar;

  /** The page, its tooltips and what screen readers are told hold no English word of the interface. */
  async function assertChinese(): Promise<void> {
    const words = await view.locator('body').evaluate((body: { innerText: string; querySelectorAll(selector: string): Iterable<{ getAttribute(name: string): string | null }> }) => [body.innerText, ...Array.from(body.querySelectorAll('[title], [aria-label], [placeholder]'), (element) => ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? '').join('\n'))].join('\n')); // prettier-ignore
    const english = /\b(results?|lines?|Similar|Similarity|Search|local|Pin|Back|Open|Compare|Copy|Hide|More|Expand|Collapse|Embed|Model|Coverage|documents|hidden|Show|Selection|File|Clear)\b/; // prettier-ignore
    const found = words
      .split('\n')
      .filter((line) => english.test(line) && !/[\\/`{}()=*#]|\.(ts|md|py|tsv)/.test(line));
    assert.deepEqual(found, []);
  }

  it('invites and reports progress in Chinese', async () => {
    const { page, screenshot } = workbench();
    view = await openSidebar(page);
    await emptyState(view).filter({ hasText: '嵌入工作区' }).waitFor();
    await screenshot('empty-zh');
    await assertChinese();
    await emptyState(view).getByRole('button').click();
    await progress(view)
      .filter({ hasText: /正在嵌入文档：\d+ \/ 55/ })
      .waitFor();
    await screenshot('progress-zh');
    await toast(page, /已嵌入 \d+ 个新文本块/).waitFor({ timeout: 100_000 });
    await screenshot('done-zh');
    await closeToasts(page);
  });

  it('finds Chinese by Chinese', async () => {
    const { page, screenshot } = workbench();
    await setSidebarWidth(page, 400);
    await search(view, '客户想退货怎么办');
    await hit(view, '客服话术.md').waitFor();
    await assertFits(view);
    await assertChinese();
    await screenshot('search-zh');
  });

  it('shows the relatives of a section', async () => {
    const { page, readmePicture } = workbench();
    await openFile(page, '客服话术.md');
    await goToLine(page, 6);
    await showTab(view, 'similar');
    await looksAt(view, '商品破损');
    await hits(view).nth(3).waitFor();
    await assertFits(view);
    await assertChinese();
    await readmePicture('similar-zh', WINDOW);
  });

  it('fits into 250 pixels', async () => {
    const { page, screenshot } = workbench();
    await setSidebarWidth(page, 250);
    await assertFits(view);
    await hits(view).first().click({ button: 'right' });
    await view.getByRole('menuitem', { name: '更多类似内容' }).waitFor();
    await assertFits(view);
    await assertChinese();
    await screenshot('row-menu-zh-narrow');
    await page.keyboard.press('Escape');
  });

  it('says in Chinese what the whole index says', async () => {
    await showWholeIndex(view, workbench(), 'zh-narrow');
    await setSidebarWidth(workbench().page, 400);
    await showWholeIndex(view, workbench(), 'zh');
  });

  it('names its commands in Chinese, in the palette and in menus', async () => {
    const { page, screenshot } = workbench();
    await page.keyboard.press('F1');
    await quickInput(page).locator('input[type="text"]').fill('>Vectorscope');
    await quickPickRow(page, '复制向量').waitFor();
    await screenshot('palette-zh');
    await page.keyboard.press('Escape');
    const editor = await openFile(page, 'retry.ts');
    await selectLines(page, 30, 42);
    await editor.locator('.view-line', { hasText: 'operation()' }).last().click({ button: 'right', position: { x: 60, y: 8 } }); // prettier-ignore
    await menuItem(page, '嵌入所选内容').waitFor();
    await screenshot('menu-zh');
    await chooseMenuItem(page, '复制向量');
    await toast(page, '已复制 web/http/retry.ts:30–42 的向量').waitFor();
    await closeToasts(page);
  });

  for (const [name, title, words] of [
    ['status', '显示索引状态', '个文档'],
    ['models', '选择模型', '英语和代码'],
    ['compare', '将所选内容与…比较', '剪贴板'],
  ] as const) {
    it(`lists in Chinese: ${title}`, async () => {
      const { page, screenshot } = workbench();
      await runCommand(page, title);
      await quickInput(page).filter({ hasText: words }).waitFor();
      await screenshot(`${name}-zh`);
      await page.keyboard.press('Escape');
    });
  }

  it('asks and warns in Chinese', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, '暂停索引');
    await toast(page, '当前没有正在运行的索引任务。').waitFor();
    await runCommand(page, '清除索引');
    await modalDialog(page).filter({ hasText: '是否清除此工作区的索引？' }).waitFor();
    await screenshot('clear-zh');
    await page.keyboard.press('Escape');
  });
});
