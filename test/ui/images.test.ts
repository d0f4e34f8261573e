// Images of the workspace beside its texts: found by words, by another image, shown and opened.
import type { Page } from 'playwright-core';
import { makePng } from '../support/dashscope/images.ts';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { activeTab, button, closeToasts, contextMenu, explorerItem, modalDialog, openSidebar, quickInput, quickPickRow, runCommand } from './driver.ts'; // prettier-ignore
import { hit, hits, indexed, looksAt, search, viewButton, type Sidebar } from './sidebar.ts';
import { openWorkbench, screenshotOfFailure, type Workbench } from './workbench.ts';

const picture = (words: string, rgb: readonly [number, number, number]): Buffer =>
  makePng({ words, rgb, width: 320, height: 200 });
const FILES = {
  'cycling.md': '# Bicycle repair\n\nHow to mend the chain of a bicycle and to pump its tyres before a long ride.\n',
  'a1.png': picture('a red bicycle leaning on a wall', [200, 40, 40]),
  'b2.png': picture('a red bicycle in the rain', [150, 30, 60]),
  'c3.png': picture('a lake between mountains', [40, 90, 200]),
};

describe('images and a multimodal model', () => {
  let service: DashScopeEmulator;
  let workbench: Workbench;
  let page: Page;
  let view: Sidebar;

  before(async function () {
    this.timeout(240_000);
    service = await startDashScope();
    const settings = {
      'vectorscope.provider': 'dashscope',
      'vectorscope.model': 'multimodal-embedding-v1',
      'vectorscope.dashscope.region': 'custom',
      'vectorscope.dashscope.baseUrl': service.url,
    };
    workbench = await openWorkbench({ files: FILES, settings });
    ({ page } = workbench);
    view = await openSidebar(page);
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, workbench);
  });
  after(async () => {
    await workbench.close();
    await service.close();
  });

  it('are offered in Select Model…', async () => {
    await runCommand(page, 'Vectorscope: Select Model…');
    await quickInput(page).locator('input').first().fill('multimodal');
    await quickPickRow(page, 'multimodal-embedding-v1', 'Select Model').waitFor();
    await workbench.screenshot('images-select-model');
    await page.keyboard.press('Escape');
  });

  it('are found by words, with a thumbnail', async () => {
    await viewButton(view, 'Embed Workspace').click();
    const key = quickInput(page).filter({ hasText: 'API Key' });
    const sheet = modalDialog(page);
    await key.or(sheet).first().waitFor();
    if (await key.isVisible()) {
      await key.locator('input').last().fill(service.key);
      await page.keyboard.press('Enter');
    }
    await button(sheet, 'Send').click();
    await indexed(view);
    await closeToasts(page);
    await search(view, 'red bicycle');
    await hit(view, 'b2.png').waitFor();
    await view.locator('.panel:visible .thumbnail img').nth(2).waitFor();
    await workbench.screenshot('images-search');
  });

  it('are opened in VS Code’s preview', async () => {
    await hit(view, 'c3.png').dblclick();
    await activeTab(page).filter({ hasText: 'c3.png' }).waitFor();
    await workbench.screenshot('images-opened');
  });

  it('are found by an image of the explorer', async () => {
    await runCommand(page, 'View: Show Explorer');
    await contextMenu(page, explorerItem(page, 'a1.png'), 'Find Similar Images');
    await looksAt(view, 'a1.png');
    await hits(view).first().filter({ hasText: 'b2.png' }).waitFor();
    await workbench.screenshot('images-similar');
  });
});
