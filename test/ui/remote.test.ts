// A service instead of this computer: model, region, key, the sheet with price and budget, results, spending, a budget stop.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { startOpenAiLike, type OpenAiLike } from '../support/openai/startOpenAiLike.ts';
import {
  button,
  closeToasts,
  modalDialog,
  openFile,
  openSidebar,
  quickInput,
  quickPickRow,
  runCommand,
  toast,
  until,
} from './driver.ts';
import { notes } from './notes.ts';
import { emptyState, hits, indexed, search, sidebarPart, viewButton, type Sidebar } from './sidebar.ts';
import { openWorkbench, screenshotOfFailure, type Workbench } from './workbench.ts';

/** Besides them the workspace holds the settings that Select Model… writes. */
const COUNT = 8;
/** Texts of the workspace and questions, but not what is sent to try the connection. */
const PROBE = '"vectorscope"';

describe('a remote model', () => {
  let service: DashScopeEmulator;
  let workbench: Workbench;
  let page: Page;
  let view: Sidebar;
  let server: OpenAiLike | undefined;

  before(async function () {
    this.timeout(240_000);
    service = await startDashScope();
    workbench = await openWorkbench({
      files: notes(COUNT),
      settings: { 'vectorscope.dashscope.region': 'custom', 'vectorscope.dashscope.baseUrl': service.url },
    });
    ({ page } = workbench);
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, workbench);
  });
  after(async () => {
    await workbench.close();
    await service.close();
    await server?.close();
  });

  /** What the quick input's box is typed into, passwords too. */
  const typeInto = async (title: string, text: string): Promise<void> => {
    const box = quickInput(page).filter({ hasText: title });
    await box.locator('input').last().fill(text);
    await page.keyboard.press('Enter');
  };
  const textsSent = (): number =>
    service.requests.filter(({ body }) => !JSON.stringify(body).includes(PROBE.slice(1, -1))).length;
  const footer = (part: string): Locator => view.locator(`.footer .${part}`);

  it('is chosen from a list with dimensions, prices, languages and scores', async () => {
    view = await openSidebar(page);
    await runCommand(page, 'Vectorscope: Select Model…');
    const row = quickPickRow(page, 'text-embedding-v4', 'Select Model');
    await row.filter({ hasText: '¥0.0005 per 1,000 tokens' }).waitFor();
    await row.filter({ hasText: 'over 100 languages · MTEB 68.4' }).waitFor();
    await workbench.screenshot('remote-select-model');
    await row.click();
    await quickPickRow(page, 'Singapore', 'Region of Your DashScope Account').waitFor();
    await workbench.screenshot('remote-region');
    await quickPickRow(page, 'An address of your own…', 'Region of Your DashScope Account').click();
    await typeInto('Address of DashScope', service.url);
  });

  it('asks for a key, and says what is wrong with one that is refused', async () => {
    await quickInput(page).filter({ hasText: 'API Key for 127.0.0.1' }).waitFor();
    await workbench.screenshot('remote-key');
    await typeInto('API Key for', 'sk-of-another-region');
    const refused = toast(page, 'refused the key');
    await refused.filter({ hasText: 'A key belongs to one region' }).waitFor();
    await workbench.screenshot('remote-key-refused');
    await button(refused, 'Set API Key…').click();
    await typeInto('API Key for', service.key);
    await until('the key was tried', async () => Promise.resolve(service.requests.length >= 2));
    await closeToasts(page);
  });

  it('sends nothing before the sheet was seen; backing out of it sends nothing', async () => {
    await emptyState(view).filter({ hasText: 'Before anything is sent you see how much it is' }).waitFor();
    await workbench.screenshot('remote-empty', sidebarPart(page));
    await viewButton(view, 'Embed Workspace').click();
    const sheet = modalDialog(page);
    await sheet.filter({ hasText: 'Send text of this workspace to 127.0.0.1' }).waitFor();
    for (const text of ['text-embedding-v4, 1024 dimensions', `Documents: ${COUNT + 1}`, 'At most', 'Budget: none']) {
      await sheet.filter({ hasText: text }).waitFor();
    }
    await workbench.screenshot('remote-sheet');
    await button(sheet, 'Cancel').click();
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(textsSent(), 0);
  });

  it('takes a budget in the sheet and embeds after Send', async () => {
    await viewButton(view, 'Embed Workspace').click();
    await button(modalDialog(page), 'Set a Budget…').click();
    await typeInto('Budget of This Workspace', '5');
    await modalDialog(page).filter({ hasText: 'Budget: ¥5.00' }).waitFor();
    await workbench.screenshot('remote-sheet-budget');
    await button(modalDialog(page), 'Send').click();
    await indexed(view);
    assert.ok(textsSent() > 0);
  });

  it('answers questions, and the footer says where and for how much', async () => {
    await closeToasts(page);
    await search(view, 'the lamp on the roof');
    await hits(view).nth(2).waitFor();
    await footer('where').filter({ hasText: 'remote' }).waitFor();
    assert.match(await footer('spend').innerText(), /^¥0\.00\d+$/);
    await workbench.screenshot('remote-results');
    await footer('spend').click();
    await page.locator('.view-line', { hasText: 'text-embedding-v4' }).first().waitFor();
    await workbench.screenshot('remote-spending');
  });

  it('stops at the budget, says so, and goes on with a larger one', async () => {
    await runCommand(page, 'Vectorscope: Set Budget…');
    await typeInto('Budget of This Workspace', '0.000001');
    await until(
      'the budget was taken',
      async () => (await footer('spend').getAttribute('title'))?.includes('Budget: ¥0.00') ?? false,
    );
    fs.writeFileSync(
      path.join(workbench.folder ?? '', 'late.md'),
      '# Late\n\nA note that comes after the money is gone.\n',
    );
    await view.locator('.banner.problem', { hasText: 'Stopped at the budget' }).first().waitFor();
    await workbench.screenshot('remote-budget-stop');
    await view.getByRole('button', { name: 'Change the Budget…' }).first().click();
    await typeInto('Budget of This Workspace', '9');
    await indexed(view);
    await view.locator('.banner.problem', { hasText: 'Stopped at the budget' }).waitFor({ state: 'hidden' });
  });

  it('offers only the dimensions of the model', async () => {
    await runCommand(page, 'Vectorscope: Select Dimension…');
    await quickPickRow(page, '2048', 'Select Dimension of text-embedding-v4').waitFor();
    await workbench.screenshot('remote-dimension');
    await quickPickRow(page, '512', 'Select Dimension of text-embedding-v4').click();
    await view.locator('.banner.problem', { hasText: 'before you agree' }).first().waitFor();
    await emptyState(view).filter({ hasText: 'See what is alike' }).waitFor();
    await workbench.screenshot('remote-other-dimension');
  });

  it('connects a server of one’s own and says how long its vectors are', async () => {
    server = await startOpenAiLike('ollama');
    await runCommand(page, 'Vectorscope: Connect OpenAI-Compatible Server…');
    await typeInto('(1/3)', server.url);
    await workbench.screenshot('remote-connect');
    await typeInto('(2/3)', server.model);
    await typeInto('(3/3)', '');
    await toast(page, `${server.model}, ${server.dimension} dimensions`).waitFor();
    await workbench.screenshot('remote-connected');
    await closeToasts(page);
  });

  it('embeds the lines of a file into a new editor and lists the blank ones', async () => {
    fs.writeFileSync(path.join(workbench.folder ?? '', 'lines.txt'), 'the first line\n\nthe third line\n');
    await openFile(page, 'lines.txt');
    await runCommand(page, 'Vectorscope: Embed Lines of File…');
    await quickPickRow(page, 'New Editor', 'Embed Lines of lines.txt').click();
    const sheet = modalDialog(page);
    await sheet.filter({ hasText: 'Lines to send: 2' }).filter({ hasText: 'the price is not known' }).waitFor();
    await workbench.screenshot('remote-lines-sheet');
    await button(sheet, 'Send').click();
    await toast(page, 'Lines embedded: 2. Blank: 2.').waitFor();
    await page.locator('.view-line', { hasText: '{"index":0,"embedding":[' }).first().waitFor();
    await workbench.screenshot('remote-lines');
  });

  it('leaves neither a key nor a text nor a vector in any log', () => {
    const logged = workbench.logged();
    assert.match(logged, /activated in [\d.]+ ms/, 'the extension’s own log is among them');
    assert.match(logged, /key-refused/, 'what failed was logged');
    assert.ok(!logged.includes(service.key), 'the key');
    assert.doesNotMatch(logged, /the lamp on the roof|broken lamp|"embedding"/);
  });
});

describe('a server that wants a key', () => {
  let workbench: Workbench;
  let server: OpenAiLike;
  let page: Page;

  before(async function () {
    this.timeout(240_000);
    server = await startOpenAiLike('openai', { key: 'sk-right-0001' });
    workbench = await openWorkbench({ files: { 'lines.txt': 'a line of the file\n'.repeat(12) } });
    ({ page } = workbench);
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, workbench);
  });
  after(async () => {
    await workbench.close();
    await server.close();
  });

  const typeInto = async (title: string, text: string): Promise<void> => {
    await quickInput(page).filter({ hasText: title }).locator('input').last().fill(text);
    await page.keyboard.press('Enter');
  };
  const connect = async (key: string): Promise<void> => {
    await typeInto('(1/3)', server.url);
    await typeInto('(2/3)', server.model);
    await typeInto('(3/3)', key);
  };

  it('says that it refused one, and is connected with another', async () => {
    await openFile(page, 'lines.txt');
    await runCommand(page, 'Vectorscope: Connect OpenAI-Compatible Server…');
    await connect('sk-wrong-0001');
    const refused = toast(page, 'refused the key');
    await refused.filter({ hasText: 'Nothing was changed' }).waitFor();
    await workbench.screenshot('server-key-refused');
    await button(refused, 'Connect a Server…').click();
    await connect('sk-right-0001');
    await toast(page, `${server.model}, ${server.dimension} dimensions`).waitFor();
    await closeToasts(page);
  });

  it('asks about a file of lines each time', async () => {
    for (let i = 0; i < 2; i++) {
      await runCommand(page, 'Vectorscope: Embed Lines of File…');
      await quickPickRow(page, 'New Editor', 'Embed Lines of lines.txt').click();
      const sheet = modalDialog(page);
      await sheet.filter({ hasText: 'Lines to send: 12' }).waitFor();
      await workbench.screenshot('server-lines-sheet');
      await button(sheet, i === 0 ? 'Send' : 'Cancel').click();
      if (i === 0) await toast(page, 'Lines embedded: 12.').waitFor();
      await closeToasts(page);
      await openFile(page, 'lines.txt');
    }
  });

  it('takes any dimension as a number', async () => {
    await runCommand(page, 'Vectorscope: Select Dimension…');
    const box = quickInput(page).filter({ hasText: `Select Dimension of ${server.model}` });
    await box.locator('input').last().fill('9000');
    await box.filter({ hasText: 'A whole number from 1 to 8192' }).waitFor();
    await workbench.screenshot('server-dimension');
    await box.locator('input').last().fill('256');
    await page.keyboard.press('Enter');
    const settings = path.join(workbench.folder ?? '', '.vscode', 'settings.json');
    await until('it is written', () =>
      Promise.resolve(fs.existsSync(settings) && fs.readFileSync(settings, 'utf8').includes('256')),
    );
  });
});

describe('a remote model, Chinese and light', () => {
  let service: DashScopeEmulator;
  let workbench: Workbench;

  before(async function () {
    this.timeout(240_000);
    service = await startDashScope();
    const settings = {
      'vectorscope.provider': 'dashscope',
      'vectorscope.dashscope.region': 'custom',
      'vectorscope.dashscope.baseUrl': service.url,
    };
    workbench = await openWorkbench({ files: notes(COUNT), settings, locale: 'zh-cn', theme: 'light' });
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, workbench);
  });
  after(async () => {
    await workbench.close();
    await service.close();
  });

  it('asks, shows the sheet and the results in Chinese', async () => {
    const { page } = workbench;
    const view = await openSidebar(page);
    await emptyState(view).filter({ hasText: '在发送任何内容之前' }).waitFor();
    await viewButton(view, '嵌入工作区').click();
    const box = quickInput(page).filter({ hasText: '的 API Key' });
    await box.locator('input').last().fill(service.key);
    await workbench.screenshot('remote-zh-key');
    await page.keyboard.press('Enter');
    const sheet = modalDialog(page);
    await sheet.filter({ hasText: '将此工作区的文本发送到' }).filter({ hasText: '预算：无' }).waitFor();
    await workbench.screenshot('remote-zh-sheet');
    await button(sheet, '发送').click();
    await indexed(view);
    await search(view, 'the lamp on the roof');
    await hits(view).nth(2).waitFor();
    await workbench.screenshot('remote-zh-results');
  });
});
