// The map of the workspace, in the sidebar and in an editor: a point leads to its text.
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { activeTab, cursorOn, editorOf, editorWebview, goToLine, openFile, openSidebar, pressUntil, restMouse, runCommand, setSidebarWidth, statusBarItem, until } from './driver.ts'; // prettier-ignore
import { embedWorkspace, mapDrawn, viewButton, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

/** Where a list's row says its point is: its file and first line. */
async function placeOf(row: Locator): Promise<{ readonly name: string; readonly line: number }> {
  const place = (await row.getAttribute('title')) ?? '';
  const { name = '', line = '' } = /(?<name>[^/]+):(?<line>\d+)/.exec(place)?.groups ?? {};
  return { name, line: Number(line) };
}

/**
 * Whether VS Code has written down that an editor of this type is open. In a browser it does so every five seconds, when it
 * is idle, and not when it is reloaded. Other entries name the type too: that of the commands used last, by their ids.
 */
function remembersEditor(page: Page, viewType: string): Promise<boolean> {
  return page.evaluate<boolean>(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const states = (await indexedDB.databases()).filter(({ name }) => name.startsWith('vscode-web-state-db-'));
    for (const { name } of states) {
      const database = await done(indexedDB.open(name));
      const editors = await done(database.transaction('ItemTable').objectStore('ItemTable').get('memento/workbench.parts.editor'));
      database.close();
      if (String(editors).includes(${JSON.stringify(viewType)})) return true;
    }
    return false;
  })()`);
}

describe('the map of a workspace', () => {
  const workbench = useWorkbench();
  let view: Sidebar;
  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
  });

  it('opens the text of the point that is clicked', async () => {
    const { page, screenshot } = workbench();
    await setSidebarWidth(page, 460);
    await view.locator('#tab-map').click();
    const plot = view.locator('.map-plot');
    await view.locator('.map-point').first().waitFor({ timeout: 60_000 });
    await mapDrawn(view);
    // The list tells which point the pointer is on: the tooltip names it.
    const box = await plot.boundingBox();
    assert.ok(box);
    const tip = view.locator('.map-tip');
    const found = async (): Promise<boolean> => {
      for (let step = 1; step < 200; step++) {
        const [x, y] = [(step * 37) % box.width, (step * 61) % box.height];
        await plot.hover({ position: { x, y } });
        if ((await plot.getAttribute('class'))?.includes('on') === true) return true;
      }
      return false;
    };
    assert.ok(await found(), 'a point is under the pointer');
    await tip.waitFor();
    await screenshot('map-sidebar');
    const name = (await tip.locator('.map-tip-title .name').innerText()).trim();
    const lines = await tip.locator('.map-tip-title .dim').innerText();
    const first = Number(/\d+/.exec(lines)?.[0]);
    await page.mouse.down();
    await page.mouse.up();
    await activeTab(page).filter({ hasText: name }).waitFor();
    await cursorOn(page, first);
    await view.locator('.map-marks', { hasText: name }).waitFor();
    assert.equal(await editorOf(page, name).count(), 1);
  });

  it('selects with a lasso, and lists what is selected', async () => {
    const { page, screenshot } = workbench();
    await viewButton(view, 'Show All of the Map').click();
    const count = view.locator('.map-line .hits-count');
    const numberOf = async (): Promise<number> => Number.parseInt((await count.innerText()).replaceAll(',', ''), 10);
    await count.filter({ hasText: 'in sight' }).waitFor();
    const all = await numberOf();
    const box = await view.locator('.map-plot').boundingBox();
    assert.ok(box);
    const around = (corner: number): readonly [number, number] => {
      const angle = (corner / 16) * 2 * Math.PI;
      return [box.x + box.width * (0.5 + 0.3 * Math.cos(angle)), box.y + box.height * (0.5 + 0.3 * Math.sin(angle))];
    };
    await page.mouse.move(...around(0));
    await page.keyboard.down('Control');
    await page.keyboard.down('Shift');
    await page.mouse.down();
    for (let corner = 1; corner <= 16; corner++) await page.mouse.move(...around(corner));
    await screenshot('map-lasso');
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.keyboard.up('Control');
    await count.filter({ hasText: 'selected' }).waitFor();
    const selected = await numberOf();
    assert.ok(selected > 0 && selected < all, `${selected} of ${all}`);
    await view.locator('.map-point').first().waitFor();
    await screenshot('map-selected');
    await page.keyboard.press('Escape');
    await count.filter({ hasText: 'in sight' }).waitFor();
  });

  it('lists what is in sight, and follows the file that is open', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await view.locator('.map-marks', { hasText: 'retry.ts' }).waitFor();
    await viewButton(view, 'Centre on the Current File').click();
    await view.locator('.map-point[aria-selected="true"]', { hasText: 'retry.ts' }).waitFor();
    await screenshot('map-current-file');
    const row = view.locator('.map-point[aria-selected="true"]');
    const { name, line } = await placeOf(row);
    await row.dblclick();
    await activeTab(page).filter({ hasText: name }).waitFor();
    await cursorOn(page, line);
  });

  it('is reached and used by the keyboard alone', async () => {
    const { page, screenshot } = workbench();
    const { keyboard } = page;
    const count = view.locator('.map-line .hits-count');
    const tip = view.locator('.map-tip:visible');
    const goToMap = async (): Promise<void> => {
      await keyboard.press('Control+Alt+e');
      await view.locator('#panel-search :focus').waitFor();
      await pressUntil(page, 'Shift+Tab', view.locator('#tab-search:focus'));
      await pressUntil(page, 'ArrowRight', view.locator('#tab-map:focus'));
      await pressUntil(page, 'Tab', view.locator('.map-plot:focus'));
    };
    await openFile(page, 'retry.ts');
    await goToLine(page, 33);
    await goToMap();
    await view.locator('.map-marks', { hasText: 'retry.ts' }).waitFor();
    const aimedAt = tip.filter({ hasText: /retry\.ts.*lines 26–42/s });
    // Until the cursor was followed there, C goes to the file as a whole.
    await until('the cross is on the function around the cursor', async () => {
      for (const key of ['0', 'c', '+', 'ArrowRight', 'ArrowLeft']) await keyboard.press(key);
      return aimedAt.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    await screenshot('map-keyboard');
    await keyboard.press('Enter');
    await editorOf(page, 'retry.ts').and(page.locator('.focused')).waitFor();
    await cursorOn(page, 26);

    await goToMap();
    await keyboard.press('-');
    await tip.waitFor();
    await keyboard.press('Space');
    await count.filter({ hasText: /^1 selected/ }).waitFor();
    await keyboard.press('Shift+F10');
    await view.getByRole('menuitem', { name: 'Open', exact: true }).and(view.locator(':focus')).waitFor();
    await keyboard.press('s'); // Select Its Cluster
    await keyboard.press('Enter');
    await count.filter({ hasText: /^\d\d+ selected/ }).waitFor();
    await keyboard.press('Escape');
    await count.filter({ hasText: 'in sight' }).waitFor();
    const inSight = Number.parseInt(await count.innerText(), 10);
    await keyboard.press('Control+a'); // what a lasso does by hand
    await count.filter({ hasText: `${inSight} selected` }).waitFor();

    await pressUntil(page, 'Tab', view.locator('.map-rows:focus'));
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await screenshot('map-keyboard-list');
    await keyboard.press('Shift+F10');
    await view.getByRole('menuitem', { name: 'Copy Link' }).waitFor();
    await keyboard.press('Escape');
    await view.locator('.map-rows:focus').waitFor();
    await keyboard.press('Control+c'); // copies the text that is marked, if any
    await statusBarItem(page, 'Copied the link to').waitFor();
    const { name, line } = await placeOf(view.locator('.map-point[aria-selected="true"]'));
    await keyboard.press('Enter');
    await editorOf(page, name).and(page.locator('.focused')).waitFor();
    await cursorOn(page, line);
  });

  it('fills an editor, opens texts beside itself, and is there again after a reload', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, 'Vectorscope: Open Map in Editor');
    const map = await editorWebview(page);
    await map.locator('.map-point').first().waitFor({ timeout: 60_000 });
    await restMouse(page);
    await screenshot('map-editor');
    const row = map.locator('.map-point').first();
    const { name } = await placeOf(row);
    await row.dblclick();
    await activeTab(page).filter({ hasText: name }).waitFor();
    assert.ok(await map.locator('.map-plot').isVisible(), 'the map is not covered');
    await screenshot('map-editor-beside');
    await until('VS Code remembers the editor', () => remembersEditor(page, 'vectorscope.map'), 60_000);
    await page.reload();
    view = await openSidebar(page);
    await (await editorWebview(page)).locator('.map-point').first().waitFor({ timeout: 60_000 });
  });
});
