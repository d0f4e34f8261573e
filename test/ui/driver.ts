// Hands and eyes in VS Code's workbench (1.139): small helpers over playwright-core.
import type { FrameLocator, Locator, Page } from 'playwright-core';

const EXTENSION_ID = 'vectorscope.vectorscope';

/** Waits until the workbench is drawn. Extensions come later: see `pick`. */
export async function workbenchReady(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .activitybar .action-item').first().waitFor();
  await page.locator('.statusbar .statusbar-item').first().waitFor();
}

/** Runs a command by its title through the command palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await pick(page, 'F1', `>${title}`, quickPickRow(page, title));
}

/** Opens a file of the folder by name and returns its editor. The list may change under the mouse: then another one opened. */
export async function openFile(page: Page, name: string): Promise<Locator> {
  const label = page.locator('.label-name').getByText(name, { exact: true });
  const row = page.locator('.quick-input-widget .monaco-list-row', { has: label }).first();
  const editor = editorOf(page, name);
  for (let attempt = 1; ; attempt++) {
    await pick(page, 'ControlOrMeta+P', name, row);
    try {
      await editor
        .locator('.view-line')
        .first()
        .waitFor({ timeout: attempt < 4 ? 5_000 : 60_000 });
      return editor;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

/** The text editor that shows a file of this name. */
export function editorOf(page: Page, name: string): Locator {
  return page.locator(`.editor-instance .monaco-editor[data-uri$="/${encodeURIComponent(name)}"]`);
}

/** Waits until the diff editor in front shows two texts: beside each other, or in one column where there is little room. */
export async function diffShows(page: Page, left: string | RegExp, right: string | RegExp): Promise<void> {
  const diff = page.locator('.editor-group-container.active .monaco-diff-editor');
  for (const [side, text] of [['.original .view-lines, .line-delete', left], ['.modified .view-lines', right]] as const)
    await diff.locator(side).filter({ hasText: text, visible: true }).first().waitFor(); // prettier-ignore
}

/** The tab in front of the editor group that has the focus or had it last. */
export function activeTab(page: Page): Locator {
  return page.locator('.editor-group-container.active .tab.active');
}

/**
 * Opens a quick input by a key, types, and takes a row. Tries again: a list opened before the extensions
 * were scanned does not hold their commands, and does not refresh.
 */
async function pick(page: Page, key: string, typed: string, row: Locator, timeoutMs = 60_000): Promise<void> {
  const widget = quickInput(page);
  for (const end = Date.now() + timeoutMs; ;) {
    await page.keyboard.press(key);
    try {
      await widget.locator('input[type="text"]').fill(typed, { timeout: 5000 });
      await row.click({ timeout: 5000 });
      await row.waitFor({ state: 'hidden', timeout: 5000 });
      await restMouse(page);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** The quick input that a command has opened: a list to pick from or a box to type into. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible');
}

/** Answers VS Code's own dialog for files, whose button reads so; it fills in a folder of its own when it is ready. */
export async function chooseFile(page: Page, ok: string, file: string): Promise<void> {
  const dialog = quickInput(page).filter({ has: page.getByRole('button', { name: ok, exact: true }) });
  const place = dialog.locator('input').first();
  await place.waitFor();
  await until(`${ok} is answered`, async () => {
    try {
      await place.fill(file, { timeout: 2000 });
      await place.press('Enter', { timeout: 2000 });
      await dialog.waitFor({ state: 'hidden', timeout: 2000 });
      return true;
    } catch {
      return !(await dialog.isVisible());
    }
  });
}

/** A row of the list that is open; `title` is the list's, to tell it from the palette that it comes after. */
export function quickPickRow(page: Page, text: string, title = ''): Locator {
  const titled = `.quick-input-widget:has(.quick-input-title:has-text(${JSON.stringify(title)}))`;
  const widget = title === '' ? '.quick-input-widget' : titled;
  return page.locator(`${widget} .monaco-list-row`, { hasText: text }).first();
}

/** Puts the cursor at the start of a line, counted from 1, of the active editor. */
export async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await quickInput(page).locator('input[type="text"]').fill(`:${line}`);
  await page.keyboard.press('Enter');
  await quickInput(page).waitFor({ state: 'hidden' });
}

/** Selects whole lines, counted from 1, of the active editor by the keyboard. */
export async function selectLines(page: Page, first: number, last: number): Promise<void> {
  await goToLine(page, first);
  for (let line = first; line <= last; line++) await page.keyboard.press('ControlOrMeta+l'); // not a wrapped part of one
}

/** A file or folder in the explorer. */
export function explorerItem(page: Page, name: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
}

/** Right-clicks `target` and chooses an item of VS Code's context menu. */
export async function contextMenu(page: Page, target: Locator, item: string): Promise<void> {
  await target.click({ button: 'right' });
  await chooseMenuItem(page, item);
}

export function menuItem(page: Page, item: string): Locator {
  return page.locator('.monaco-menu .action-item', { hasText: item }).first();
}

/** Clicks an item of the open menu. */
export async function chooseMenuItem(page: Page, item: string): Promise<void> {
  const entry = menuItem(page, item);
  await entry.waitFor();
  await page.waitForTimeout(250); // a menu takes no click in its first 100 ms (VS Code's base/browser/ui/menu/menu.ts)
  await entry.click();
  await entry.waitFor({ state: 'hidden' });
}

/** Opens the sidebar by its icon, unless it is open, and returns the document of its webview. */
export async function openSidebar(page: Page): Promise<FrameLocator> {
  const icon = '.action-label[aria-label^="Vectorscope"]';
  await page.locator(`.activitybar ${icon}`).waitFor();
  const open = page.locator(`.activitybar .action-item.checked:has(${icon})`);
  // After a reload VS Code opens it by itself a moment later: a click that comes then closes it, and the next one opens it.
  for (let left = 3; left > 0 && (await open.count()) === 0; left--) {
    await page.locator(`.activitybar ${icon}`).click();
    await open.waitFor({ timeout: 5_000 }).catch(() => undefined);
    await restMouse(page);
  }
  await open.waitFor();
  return webview(page);
}

const WEBVIEW = `iframe.webview[src*="extensionId=${EXTENSION_ID}"]`;

/**
 * The document of the extension's webview. VS Code nests two iframes: the outer one on <body>, not in the sidebar's DOM, the
 * inner one holding the extension's HTML.
 */
export function webview(page: Page): FrameLocator {
  return page.frameLocator(WEBVIEW).frameLocator('iframe#active-frame');
}

/** The document of the map in an editor, once it is there: neither order nor address tells it from the sidebar's, its tabs do. */
export async function editorWebview(page: Page): Promise<FrameLocator> {
  const found: FrameLocator[] = [];
  const look = async (): Promise<boolean> => {
    for (const one of await page.locator(WEBVIEW).all()) {
      const document = one.contentFrame().frameLocator('iframe#active-frame');
      const [maps, tabs] = [document.locator('.map-plot'), document.getByRole('tab')];
      if ((await maps.count()) > 0 && (await tabs.count()) === 0) found.push(document);
    }
    return found.length > 0;
  };
  await until('the map fills an editor', look, 90_000);
  return found[0] ?? webview(page);
}

/** Drags the sidebar's edge until the sidebar is so many pixels wide. */
export async function setSidebarWidth(page: Page, width: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('the sidebar is hidden');
  const [edge, middle] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(edge, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + width, middle, { steps: 5 });
  await page.mouse.up();
}

/** A notification by its text. */
export function toast(page: Page, text: string | RegExp): Locator {
  return page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
}

/** Closes all notifications, so that the next one is surely new. */
export async function closeToasts(page: Page): Promise<void> {
  const close = page.locator('.notifications-toasts .codicon-notifications-clear');
  await until('all notifications are closed', async () => {
    // Not by the mouse: the buttons fade in, and a toast may go by itself meanwhile.
    await close
      .first()
      .dispatchEvent('click', undefined, { timeout: 500 })
      .catch(() => undefined);
    return (await close.count()) === 0;
  });
}

/** Takes the mouse to where nothing has a tooltip. */
export async function restMouse(page: Page): Promise<void> {
  await page.mouse.move(200, 10);
}

/** A button of a notification or of a modal dialog. */
export function button(within: Locator, name: string): Locator {
  return within.locator('.monaco-button, a.action-label', { hasText: name }).first();
}

export function modalDialog(page: Page): Locator {
  return page.locator('.monaco-dialog-box');
}

/** The status bar entry that holds a text. */
export function statusBarItem(page: Page, text: string | RegExp): Locator {
  return page.locator('.statusbar .statusbar-item', { hasText: text }).first();
}

/** Waits until the cursor of the editor in front stands on a line, counted from 1. */
export function cursorOn(page: Page, line: number): Promise<void> {
  return statusBarItem(page, `Ln ${line},`).waitFor();
}

/** Presses a key until it has brought the focus to what is wanted. */
export async function pressUntil(page: Page, key: string, focused: Locator): Promise<void> {
  for (let left = 25; (await focused.count()) === 0; left--) {
    if (left === 0) throw new Error(`${key} does not lead there`);
    await page.keyboard.press(key);
  }
}

/** What the clipboard holds. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate<string>('navigator.clipboard.readText()');
}

/** Polls until the condition holds. */
export async function until(what: string, condition: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until what is read stays the same for so long. */
export async function steady(what: string, read: () => Promise<string>, forMs: number): Promise<string> {
  let [last, since] = [await read(), Date.now()];
  await until(`${what} is steady`, async () => {
    const now = await read();
    if (now !== last) [last, since] = [now, Date.now()];
    return Date.now() - since >= forMs;
  });
  return last;
}
