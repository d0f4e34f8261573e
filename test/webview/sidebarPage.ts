// The real dist/webview.js in headless Chromium, on a local page with the content security policy of the host.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import type { CoverageRow, HostEvents, ViewRequests, ViewSnapshot } from '../../src/protocol/viewApi.ts';
import { installFakeHost, type FakeHostSetup, type SentRequest } from './fakeHost.ts';
import { ANSWERS } from './answers.ts';
import { FILES_OF_LEDGER, snapshotOf } from './samples.ts';
import themes from './themes.json';
import { STRINGS } from './viewStrings.ts';

process.setMaxListeners(0); // every test file is a bundle that brings its own handlers

export type ThemeName = keyof typeof themes;
export const THEMES = themes;

export interface PageOptions {
  readonly snapshot?: ViewSnapshot;
  readonly theme?: ThemeName;
  readonly language?: keyof typeof STRINGS;
  readonly width?: number;
  readonly height?: number;
  readonly stored?: unknown;
  readonly files?: readonly CoverageRow[];
  readonly answers?: Readonly<Record<string, unknown>>;
  /** The sidebar's, or the map's in an editor. */
  readonly name?: 'sidebar' | 'map';
  /** Device pixels for a CSS pixel. */
  readonly ratio?: number;
}

export interface SidebarPage {
  readonly page: Page;
  readonly rows: Locator;
  /** Sends a host event. */
  emit<K extends keyof HostEvents>(name: K, payload: HostEvents[K]): Promise<void>;
  /** Sends anything. */
  post(message: unknown): Promise<void>;
  /** Params of all requests of a name so far, oldest first. */
  sent<K extends keyof ViewRequests>(name: K): Promise<readonly ViewRequests[K]['params'][]>;
  /** Waits for the given number of requests of a name. */
  waitSent<K extends keyof ViewRequests>(name: K, count: number): Promise<readonly ViewRequests[K]['params'][]>;
  /** Accessible name of what has the focus. */
  focused(): Promise<string>;
  /** Closes the page after checking that it broke no rule: CSP, console, errors. */
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  '/webview.js': 'dist/webview.js',
  '/codicon.css': 'dist/codicon.css',
  '/codicon.ttf': 'dist/codicon.ttf',
  '/sidebar.css': 'media/sidebar.css',
  '/map.css': 'media/map.css',
};
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

const CACHED = { 'cache-control': 'max-age=600' };

/** What VS Code puts into every webview, before the page's own style sheets. */
const VSCODE_STYLES = `@layer vscode-default {
  body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  a { color: var(--vscode-textLink-foreground); }
  input:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  ::-webkit-scrollbar { width: 10px; height: 10px; }
  ::-webkit-scrollbar-thumb { background-color: var(--vscode-scrollbarSlider-background); }
}
html { background: var(--vscode-sideBar-background); }`;

/** Starts browser and server once for a suite; call from `before`, and `stop` from `after`. */
export async function startBrowser(): Promise<{
  open(options?: PageOptions): Promise<SidebarPage>;
  stop(): Promise<void>;
}> {
  for (const file of Object.values(FILES))
    assert(fs.existsSync(file), `${file} is missing: run node esbuild.mjs first`);
  const hosts: string[] = [];
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = FILES[url.pathname];
    if (file !== undefined) {
      response
        .writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? '', ...CACHED })
        .end(fs.readFileSync(file));
    } else if (url.pathname.startsWith('/workspace/')) {
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(drawing(decodeURIComponent(url.pathname)));
    } else if (url.pathname === '/host.js') {
      response
        .writeHead(200, { 'content-type': 'text/javascript' })
        .end(hosts[Number(url.searchParams.get('host'))] ?? '');
    } else if (url.pathname === '/vscode.css') {
      response.writeHead(200, { 'content-type': 'text/css', ...CACHED }).end(VSCODE_STYLES);
    } else {
      const theme = themes[(url.searchParams.get('theme') ?? 'dark') as ThemeName];
      const origin = `http://${request.headers.host ?? ''}`;
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(shell(origin, theme.bodyClass, url.searchParams));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchBrowser(os.homedir());
  const context = await browser.newContext(); // one for all pages: files stay in its cache
  const idle: Page[] = [];
  return {
    open(options = {}) {
      const url = `${origin}/?theme=${options.theme ?? 'dark'}&page=${options.name ?? 'sidebar'}&host=${hosts.length}`;
      hosts.push(hostScript(options));
      return openPage(context, idle, url, options);
    },
    async stop() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The fake host as a script; functions in it have calls of esbuild's keepNames. */
function hostScript(options: PageOptions): string {
  const { theme = 'dark', language = 'en' } = options;
  const setup: FakeHostSetup = {
    snapshot: options.snapshot ?? snapshotOf(),
    strings: STRINGS[language],
    language,
    variables: themes[theme].variables,
    files: options.files ?? FILES_OF_LEDGER,
    answers: options.answers ?? ANSWERS,
    ...(options.stored !== undefined && { stored: options.stored }),
  };
  return `globalThis.__name = (value) => value;\n(${installFakeHost.toString()})(${JSON.stringify(setup)});`;
}

/** A landscape for every image of the workspace, rubbish for one that is broken. */
function drawing(file: string): string {
  if (file.includes('broken')) return 'no image';
  const hue = (file.length * 47) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="hsl(${hue} 60% 70%)"/>
<path d="M0 200 90 70l70 90 60-60 100 100z" fill="hsl(${hue} 50% 35%)"/><circle cx="250" cy="50" r="26" fill="#fd6"/></svg>`;
}

/** As the host writes it, but for the fake host's script. */
function shell(origin: string, bodyClass: string, params: URLSearchParams): string {
  const policy = `default-src 'none'; script-src 'nonce-test'; style-src ${origin}; font-src ${origin}; img-src ${origin}`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><title>Vectorscope</title>
<script nonce="test" src="/host.js?host=${params.get('host') ?? ''}"></script>
<link rel="stylesheet" href="/vscode.css">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="/codicon.css"><link rel="stylesheet" href="/sidebar.css"><link rel="stylesheet" href="/map.css">
</head><body class="${bodyClass}" data-page="${params.get('page') ?? 'sidebar'}"><div id="app"></div><script nonce="test" src="/webview.js"></script></body></html>`;
}

/** @param idle pages that were closed: another document in one of them comes sooner than another page */
async function openPage(
  context: BrowserContext,
  idle: Page[],
  url: string,
  { width = 320, height = 640, ratio }: PageOptions,
): Promise<SidebarPage> {
  const page = (ratio === undefined ? idle.pop() : undefined) ?? (await context.newPage());
  await page.setViewportSize({ width, height });
  if (ratio !== undefined) {
    const devtools = await context.newCDPSession(page);
    const metrics = { width, height, deviceScaleFactor: ratio, mobile: false };
    await devtools.send('Emulation.setDeviceMetricsOverride', metrics);
  }
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: null });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  await page.goto(url);
  await page.locator('#app > main').waitFor();

  const post = (message: unknown): Promise<void> =>
    // The page has heard it when the next message after it has come back.
    page.evaluate(async (data) => {
      window.postMessage(data, '*');
      await new Promise((resolve) => {
        window.addEventListener('message', ({ data: echo }) => {
          if (echo === 'fence') resolve(undefined);
        });
        window.postMessage('fence', '*');
      });
    }, message);
  const requests = async (name: string): Promise<readonly SentRequest[]> =>
    (await page.evaluate(() => window.fakeHost.sent)).filter((each) => each.kind === 'request' && each.name === name);

  const sidebar: SidebarPage = {
    page,
    rows: page.getByRole('treeitem'),
    post,
    emit: (name, payload) => post({ kind: 'event', name, payload }),
    sent: async (name) => (await requests(name)).map(({ params }) => params as never),
    async waitSent(name, count) {
      await page.waitForFunction(
        ([wanted, least]) => window.fakeHost.sent.filter((each) => each.name === wanted).length >= least,
        [name, count] as const,
        { timeout: 10_000 }, // beside other suites
      );
      return sidebar.sent(name);
    },
    focused: () =>
      page.evaluate(() => {
        const active = document.activeElement;
        return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
      }),
    async close() {
      const violations = await page.evaluate(() => window.fakeHost.violations);
      page.removeAllListeners('console').removeAllListeners('pageerror');
      if (ratio === undefined) {
        await page.mouse.move(0, 0);
        idle.push(page);
      } else await page.close();
      assert.deepEqual(violations, [], 'content security policy');
      assert.deepEqual(complaints, []);
    },
  };
  return sidebar;
}
