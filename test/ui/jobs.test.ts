// Batch jobs of DashScope in the workbench: from a file of lines to its vectors, listed, and through the end of VS Code.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import {
  button,
  closeToasts,
  contextMenu,
  explorerItem,
  modalDialog,
  openFile,
  openSidebar,
  quickInput,
  quickPickRow,
  runCommand,
  toast,
  until,
  workbenchReady,
} from './driver.ts';
import { indexed, viewButton } from './sidebar.ts';
import { openWorkbench, screenshotOfFailure, type Workbench, type WorkbenchOptions } from './workbench.ts';

const LINES = 240;
const RUNNING_MS = 6_000;
const COMMAND = 'Vectorscope: Embed Lines of File as Batch Job…';

const lines = (of: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${of} number ${i} waits in the harbour\n`).join('');

/** One workbench and the emulator that its settings name. */
class Scene {
  private constructor(
    readonly service: DashScopeEmulator,
    readonly workbench: Workbench,
  ) {}

  static async open(options: WorkbenchOptions): Promise<Scene> {
    const service = await startDashScope({ tasks: { unit: 'ms', pending: 0, running: RUNNING_MS }, shuffle: 3 });
    const settings = {
      'vectorscope.provider': 'dashscope',
      'vectorscope.dashscope.region': 'custom',
      'vectorscope.dashscope.baseUrl': service.url,
      ...options.settings,
    };
    return new Scene(service, await openWorkbench({ ...options, settings }));
  }

  get page(): Page {
    return this.workbench.page;
  }

  /** Tasks made at the service. */
  get submitted(): number {
    return this.service.requests.filter(({ headers }) => headers['x-dashscope-async'] === 'enable').length;
  }

  async typeKey(): Promise<void> {
    await quickInput(this.page).locator('input').last().fill(this.service.key);
    await this.page.keyboard.press('Enter');
  }

  /** Agrees to the path that the dialog suggests. */
  async saveAs(name: string): Promise<readonly { index: number; embedding: readonly number[] }[]> {
    const box = quickInput(this.page).locator('input[type="text"]');
    await until('the dialog suggests a path', async () => (await box.inputValue()).endsWith(name));
    await box.press('Enter');
    const file = path.join(this.workbench.folder ?? '', name);
    await until(`${name} is written`, () => Promise.resolve(fs.existsSync(file)));
    const text = fs.readFileSync(file, 'utf8');
    return text.trimEnd().split('\n').map((row) => JSON.parse(row) as { index: number; embedding: number[] }); // prettier-ignore
  }

  async close(): Promise<void> {
    await this.workbench.close();
    await this.service.close();
  }
}

function assertWhole(rows: readonly { index: number; embedding: readonly number[] }[], count: number): void {
  assert.deepEqual(rows.map(({ index }) => index), Array.from({ length: count }, (_, i) => i)); // prettier-ignore
  assert.ok(rows.every(({ embedding }) => embedding.length === 1536));
}

describe('batch jobs', () => {
  let scene: Scene;
  let page: Page;

  before(async function () {
    this.timeout(240_000);
    const files = {
      'lines.txt': lines('The parcel', LINES),
      'more.txt': lines('The lamp', LINES),
      'note.py': 'x = 1\n',
    };
    scene = await Scene.open({ files });
    ({ page } = scene);
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, scene.workbench);
  });
  after(() => scene.close());

  it('ask for a key and show what they cost; backing out sends nothing', async () => {
    await openFile(page, 'lines.txt');
    await runCommand(page, COMMAND);
    await quickInput(page).filter({ hasText: 'API Key for 127.0.0.1' }).waitFor();
    await scene.typeKey();
    const sheet = modalDialog(page);
    for (const text of [
      'Send the lines of this file to 127.0.0.1',
      'text-embedding-async-v2, 1536 dimensions',
      `Lines to send: ${LINES}, as batch jobs: 1`,
      'tokens, ¥0.00',
      'minutes to hours',
    ]) {
      await sheet.filter({ hasText: text }).waitFor();
    }
    await scene.workbench.screenshot('jobs-sheet');
    await button(sheet, 'Cancel').click();
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(scene.submitted, 0);
  });

  it('run at the service and are listed; the result opens when they are done', async () => {
    await runCommand(page, COMMAND);
    await button(modalDialog(page), 'Send').click();
    const sent = toast(page, `${LINES} lines go to text-embedding-async-v2 as a batch job`);
    await sent.waitFor();
    await button(sent, 'Show Batch Jobs').click();
    const row = quickPickRow(page, `${LINES} lines of a file · text-embedding-async-v2`, 'Batch Jobs');
    await row.waitFor();
    await scene.workbench.screenshot('jobs-list');
    await page.keyboard.press('Escape');
    const done = toast(page, `The batch job is done: ${LINES} lines.`);
    await done.waitFor();
    await scene.workbench.screenshot('jobs-done');
    await button(done, 'Open Result').click();
    assertWhole(await scene.saveAs('lines.txt.vectors.jsonl'), LINES);
    await page.locator('.view-line', { hasText: '{"index":0,"embedding":[' }).first().waitFor();
    await scene.workbench.screenshot('jobs-result');
    assert.equal(scene.submitted, 1);
  });

  it('of the same lines are not paid for twice', async () => {
    await closeToasts(page);
    await contextMenu(page, explorerItem(page, 'lines.txt'), 'Embed Lines of File as Batch Job…');
    await toast(page, `The batch job is done: ${LINES} lines.`).waitFor();
    assert.equal(await modalDialog(page).count(), 0);
    assert.equal(scene.submitted, 1);
    await runCommand(page, 'Vectorscope: Show Batch Jobs');
    const row = quickPickRow(page, 'Done', 'Batch Jobs');
    await row.click();
    await quickPickRow(page, 'Open Result', 'Batch Jobs').waitFor();
    await page.keyboard.press('Escape');
  });

  it('go on when the engine and VS Code end, and each row arrives once', async () => {
    await closeToasts(page);
    await contextMenu(page, explorerItem(page, 'more.txt'), 'Embed Lines of File as Batch Job…');
    await button(modalDialog(page), 'Send').click();
    await toast(page, `${LINES} lines go to`).waitFor();
    await until('the task is made', () => Promise.resolve(scene.submitted === 2));
    const [pid] = scene.workbench.engines();
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await page.reload();
    await workbenchReady(page);
    const done = toast(page, `The batch job is done: ${LINES} lines.`);
    await done.waitFor();
    await scene.workbench.screenshot('jobs-after-restart');
    await button(done, 'Open Result').click();
    assertWhole(await scene.saveAs('more.txt.vectors.jsonl'), LINES);
    assert.equal(scene.submitted, 2);
  });
});

describe('an index by batch jobs', () => {
  const COUNT = 130;
  let scene: Scene;

  before(async function () {
    this.timeout(240_000);
    const files = Object.fromEntries(
      Array.from({ length: COUNT }, (_, i) => [`notes/${i}.md`, `Note ${i} is about subject ${i * 7}.\n`]),
    );
    scene = await Scene.open({ files, settings: { 'vectorscope.model': 'text-embedding-async-v2' } });
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, scene.workbench);
  });
  after(() => scene.close());

  it('is whole after the engine and VS Code ended while a job ran, and submits nothing twice', async () => {
    const { page, workbench } = scene;
    await runCommand(page, 'Vectorscope: Select Model…');
    const row = quickPickRow(page, 'text-embedding-async-v1', 'Select Model');
    await quickInput(page).locator('input[type="text"]').fill('async');
    await row.filter({ hasText: 'questions go to text-embedding-v1' }).waitFor();
    await workbench.screenshot('jobs-select-model');
    await page.keyboard.press('Escape');

    const view = await openSidebar(page);
    await viewButton(view, 'Embed Workspace').click();
    await scene.typeKey();
    await modalDialog(page).filter({ hasText: 'minutes to hours' }).waitFor();
    await workbench.screenshot('jobs-index-sheet');
    await button(modalDialog(page), 'Send').click();
    await until('the task is made', () => Promise.resolve(scene.submitted === 1));
    await workbench.screenshot('jobs-index-running');
    const [pid] = workbench.engines();
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await page.reload();
    await workbenchReady(page);
    const again = await openSidebar(page);
    await indexed(again);
    assert.equal(scene.submitted, 1);
    await again.locator('.coverage', { hasText: `${COUNT} / ${COUNT}` }).waitFor();
    await workbench.screenshot('jobs-index-whole');
  });
});

describe('batch jobs, Chinese and light', () => {
  let scene: Scene;

  before(async function () {
    this.timeout(240_000);
    scene = await Scene.open({ files: { 'lines.txt': lines('The parcel', LINES) }, locale: 'zh-cn', theme: 'light' });
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, scene.workbench);
  });
  after(() => scene.close());

  it('show the sheet and the list in Chinese', async () => {
    const { page, workbench } = scene;
    await openFile(page, 'lines.txt');
    await runCommand(page, 'Vectorscope: 以批处理任务嵌入文件各行…');
    await quickInput(page).filter({ hasText: 'API Key' }).waitFor();
    await scene.typeKey();
    await modalDialog(page)
      .filter({ hasText: `要发送的行数：${LINES}` })
      .waitFor();
    await workbench.screenshot('jobs-zh-sheet');
    await button(modalDialog(page), '发送').click();
    await toast(page, `${LINES} 行将作为批处理任务发送`).waitFor();
    await runCommand(page, 'Vectorscope: 显示批处理任务');
    await quickPickRow(page, `${LINES}`, '批处理任务').waitFor();
    await workbench.screenshot('jobs-zh-list');
  });
});
