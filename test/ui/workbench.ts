// A real VS Code workbench (code-server in headless Chromium) with the packaged extension, opened on a folder of its own.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { installVsix, startServer, workbenchUrl } from '../../scripts/host/workbench.mjs';
import { repoFolder } from '../support/paths.ts';
import { vsixFile } from '../support/vsix.ts';
import { workbenchReady } from './driver.ts';

export interface WorkbenchOptions {
  /** Copied, so that tests may change it; default media/example. `null` opens an empty window. */
  readonly folder?: string | null;
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * `zh-cn` makes VS Code speak Chinese for extensions: `vscode.env.language`, package.nls.zh-cn.json and the l10n bundle.
   * The workbench's own words stay English (scripts/host/workbench.mjs, writeLanguagePack, says why).
   */
  readonly locale?: 'zh-cn';
  readonly theme?: keyof typeof themes;
  readonly size?: { readonly width: number; readonly height: number };
  /** Workspace trust on: VS Code asks first. */
  readonly askForTrust?: boolean;
}

export interface Workbench {
  readonly page: Page;
  /** The opened copy of the folder; undefined for an empty window. */
  readonly folder: string | undefined;
  /** Adds user settings and reloads the window: code-server does not watch the file. */
  changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Writes out/ui/<name>.png. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  highContrast: 'Default High Contrast',
} as const;

/** Starts a server and a browser, opens the folder and waits until the workbench is drawn. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { folder: source = path.join(repoFolder, 'media/example'), locale, theme = 'dark' } = options;
  const settings = { 'workbench.colorTheme': themes[theme], ...options.settings };
  const folder = source === null ? undefined : copyOf(source);
  const server = await startServer({
    extensionsDir: await installedExtension(),
    settings,
    askForTrust: options.askForTrust ?? false,
    ...(locale && { locale }),
  });
  const browser = await launchBrowser(server.home);
  const close = async () => {
    await browser.close();
    await server.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const page = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    await page.goto(workbenchUrl(server.url, folder));
    await workbenchReady(page);
    return {
      page,
      folder,
      close,
      async changeSettings(changes) {
        writeSettings(server.userDataDir, changes);
        await page.reload();
        await workbenchReady(page);
      },
      async screenshot(name) {
        await page.screenshot({ path: path.join(screenshotFolder(), `${name}.png`) });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** For `afterEach`: keeps what the workbench looked like when a test failed. */
export async function screenshotOfFailure(
  test: Mocha.Test | undefined,
  workbench: Workbench | undefined,
): Promise<void> {
  if (test?.state !== 'failed') return;
  await workbench?.screenshot(`failed-${test.fullTitle().replace(/[^\p{L}\p{N}]+/gu, '-')}`);
}

function copyOf(source: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-folder-'));
  fs.cpSync(source, folder, { recursive: true });
  return folder;
}

let installation: Promise<string> | undefined;

/** The .vsix, installed once for all workbenches of this process. */
function installedExtension(): Promise<string> {
  installation ??= (async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-extensions-'));
    process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    await installVsix(vsixFile, folder);
    return folder;
  })();
  return installation;
}

function writeSettings(userDataDir: string, changes: Readonly<Record<string, unknown>>): void {
  const file = path.join(userDataDir, 'User', 'settings.json');
  const before = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(file, JSON.stringify({ ...before, ...changes }, null, 2));
}

function screenshotFolder(): string {
  const folder = path.join(repoFolder, 'out', 'ui');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
