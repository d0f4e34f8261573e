// A real VS Code workbench (code-server in headless Chromium) with the packaged extension, opened on a folder of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { installVsix, startServer, workbenchUrl } from '../../scripts/host/workbench.mjs';
import { repoFolder } from '../support/paths.ts';
import { vsixFile } from '../support/vsix.ts';
import { webview, workbenchReady } from './driver.ts';
import { shared } from './shared.ts';

export interface WorkbenchOptions {
  /** Copied, so that tests may change it; default media/example. `null` opens an empty window. */
  readonly folder?: string | null;
  /** Instead of a folder: the files of one, name -> content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Instead of a folder: a `.code-workspace` file of several. Their folders are made from `files`, below one of their own. */
  readonly roots?: readonly { readonly path: string; readonly name?: string }[];
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
  /** The opened copy of the folder, or the one that holds all roots; undefined for an empty window. */
  readonly folder: string | undefined;
  /** The folder is a copy of media/example. */
  readonly isExample: boolean;
  /** Where the extension notes which folders were indexed in whatever workspace. */
  readonly registry: string;
  /** Writes out/ui/<name>.png: the window, or the part of it that `clip` is. */
  readonly screenshot: (name: string, clip?: Locator | Box) => Promise<void>;
  /** As `screenshot`; with UPDATE_SCREENSHOTS=1 also media/readme/<name>.png. */
  readonly readmePicture: (name: string, clip: Locator | Box) => Promise<void>;
  /** Process ids of the engine (one, while it lives). */
  readonly engines: () => readonly number[];
  /** All that VS Code and the extension have logged so far. */
  readonly logged: () => string;
  /** Files of VS Code's storage whose names begin so. */
  readonly stored: (prefix: string) => readonly string[];
  /** Another window on the same folder; closed with the workbench. */
  readonly secondWindow: () => Promise<Page>;
  readonly close: () => Promise<void>;
}

/** A part of the window, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  highContrast: 'Default High Contrast',
} as const;

process.setMaxListeners(0); // every test file is a bundle that brings its own handlers

// Asked to end, a process runs its exit handlers, which end the server, only where it has a handler for the signal.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** Where only the processor draws, an icon that turns costs half of one: what it stands for would wait for it. */
const withoutSpinners = `if (self === top) addEventListener('DOMContentLoaded', () => {
  const style = document.createElement('style');
  style.textContent = '.codicon-modifier-spin { animation: none !important }';
  document.head.append(style);
});`;

/** Starts a server and a browser, opens the folder and waits until the workbench is drawn. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { folder: source = path.join(repoFolder, 'media/example'), locale, theme = 'dark' } = options;
  // Both cores embed: the tests wait for it.
  const settings = { 'workbench.colorTheme': themes[theme], 'vectorscope.maxConcurrency': 2, ...options.settings };
  const folder = options.files ? folderOf(options.files) : source === null ? undefined : copyOf(source);
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
    if (folder) fs.rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = workbenchUrl(server.url, folder && options.roots ? workspaceOf(folder, options.roots) : folder);
    const page = await openWindow(browser, url, options.size);
    return {
      page,
      folder,
      isExample: !options.files && options.folder === undefined,
      registry: path.join(server.userDataDir, 'User', 'globalStorage', 'vectorscope.vectorscope', 'registry'),
      close,
      screenshot: (name, clip) => takePicture(page, name, clip),
      async readmePicture(name, clip) {
        await takePicture(page, name, clip);
        if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
        const file = `${name}.png`;
        fs.copyFileSync(path.join(screenshotFolder(), file), path.join(repoFolder, 'media', 'readme', file));
      },
      logged: () => textBelow(path.join(server.userDataDir, 'logs')),
      stored: (prefix) =>
        fs
          .readdirSync(server.userDataDir, { recursive: true, encoding: 'utf8' })
          .filter((name) => path.basename(name).startsWith(prefix))
          .map((name) => path.join(server.userDataDir, name)),
      secondWindow: () => openWindow(browser, page.url()),
      engines: () => processesOf(server.extensionsDir, path.join('dist', 'engine.js')),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWindow(browser: Browser, url: string, size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await browser.newPage({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
  await page.addInitScript(withoutSpinners);
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await workbenchReady(page);
  return page;
}

/** For `afterEach`: keeps what the workbench looked like when a test failed, and prints what a picture does not show. */
export async function screenshotOfFailure(
  test: Mocha.Test | undefined,
  workbench: Workbench | undefined,
): Promise<void> {
  if (test?.state !== 'failed' || !workbench) return;
  await workbench.screenshot(`failed-${test.fullTitle().replace(/[^\p{L}\p{N}]+/gu, '-')}`);
  try {
    const shown = await webview(workbench.page).locator('body').innerText({ timeout: 2000 });
    console.log(shown.slice(0, 500));
  } catch {
    console.log('no sidebar');
  }
  try {
    console.log(threadsOf(workbench.engines()));
    const logged = workbench.logged().split('\n').filter((line) => /vectorscope|engine:|index:/i.test(line)); // prettier-ignore
    console.log(logged.slice(-15).join('\n'));
  } catch (error) {
    console.log(String(error)); // a process or a file that has just gone: the test's own failure is told all the same
  }
}

/** Whether an engine that says nothing computes, or waits, and for what. */
function threadsOf(pids: readonly number[]): string {
  if (pids.length === 0) return 'no engine';
  return execFileSync('ps', ['-L', '-o', 'pid,lwp,stat,pcpu,time,wchan:24,comm', '-p', pids.join(',')], { encoding: 'utf8' }); // prettier-ignore
}

/**
 * A workbench for the tests of a `describe`: opened before them, closed after them, photographed when one fails. The
 * returned function gives it.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before(async function () {
    this.timeout(180_000); // packing the .vsix out, a server and a browser, on a machine that does other things too
    workbench = await openWorkbench(options);
  });
  afterEach(async function () {
    await screenshotOfFailure(this.currentTest, workbench);
  });
  after(() => workbench?.close());
  return () => {
    if (!workbench) throw new Error('no workbench is open');
    return workbench;
  };
}

async function takePicture(page: Page, name: string, clip: Locator | Box | undefined): Promise<void> {
  const file = path.join(screenshotFolder(), `${name}.png`);
  const box = clip && 'boundingBox' in clip ? await clip.boundingBox() : clip;
  await page.screenshot({ path: file, animations: 'disabled', ...(box && { clip: box }) });
}

/** The files below a folder, one after the other. */
function textBelow(folder: string): string {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('\n');
}

/** Ids of the processes whose command line holds all of the texts. */
function processesOf(...texts: readonly string[]): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => texts.every((text) => line.includes(text))).map((line) => Number.parseInt(line, 10));
}

/** In a folder of its own, under its own name. */
function copyOf(source: string): string {
  const folder = path.join(temporaryFolder(), path.basename(source));
  fs.cpSync(source, folder, { recursive: true });
  return folder;
}

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = path.join(temporaryFolder(), 'workspace');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return folder;
}

function workspaceOf(folder: string, folders: WorkbenchOptions['roots']): string {
  const file = path.join(folder, 'several.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders }));
  return file;
}

function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-folder-'));
}

/** The .vsix, installed once for all workbenches of this process. */
function installedExtension(): Promise<string> {
  shared.installation ??= (async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-extensions-'));
    process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    await installVsix(vsixFile, folder);
    return folder;
  })();
  return shared.installation;
}

function screenshotFolder(): string {
  const folder = path.join(repoFolder, 'out', 'ui');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
