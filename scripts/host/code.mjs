#!/usr/bin/env node
// Stands in for VS Code's `code` executable where there is none: takes the arguments of @vscode/test-electron, runs the
// suite in code-server's extension host with the workbench in headless Chromium, relays its output, exits with its code.
//
//   code.mjs [folder] --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [--user-data-dir=DIR] [--extensions-dir=DIR]
//
// HOST_VERBOSE=1 shows all logs; HOST_SCREENSHOT=file.png keeps the workbench as it was when the suite ended;
// TEST_TIMEOUT_MS (15 minutes); KEEP_PROFILE=1.
import path from 'node:path';
import util, { parseArgs } from 'node:util';
import { endOnSignals } from '../steps.mjs';
import { launchBrowser } from './browser.mjs';
import { sleep, startServer, workbenchUrl } from './workbench.mjs';

const { values, positionals } = parseArgs({
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
  strict: false, // desktop VS Code's other flags mean nothing here
});
const verbose = process.env.HOST_VERBOSE === '1';

let finish;
const finished = new Promise((resolve) => (finish = resolve));
const fail = (why) => finish({ code: 1, why });

endOnSignals({ followParent: true });
const server = await startServer({
  userDataDir: values['user-data-dir'],
  extensionsDir: values['extensions-dir'],
  testDriver: true,
  onLog(line) {
    if (verbose) console.error(`[server] ${line}`);
    // VS Code itself reports a killed extension host as exit code 0, or not at all.
    const exit = /Extension Host Process exited with code: (\S+), signal: (\S+)\./.exec(line);
    if (exit && exit[1] !== '0') fail(`the extension host died (code ${exit[1]}, signal ${exit[2]})`);
    else if (exit) void sleep(10_000).then(() => fail('the extension host ended without a result'));
  },
});
let browser;
try {
  browser = await launchBrowser(server.home);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // VS Code's own hooks for automated test runs (@vscode/test-web uses the same two).
  await page.exposeFunction('codeAutomationLog', relay);
  await page.exposeFunction('codeAutomationExit', (code) => finish({ code }));
  page.on('crash', () => fail('the workbench page crashed'));
  browser.on('disconnected', () => fail('the browser went away'));
  if (verbose) page.on('pageerror', (error) => console.error(`[page] ${error.stack}`));
  void server.exited.then(() => fail('code-server ended'));
  const timeoutMs = Number(process.env.TEST_TIMEOUT_MS ?? 900_000);
  void sleep(timeoutMs).then(() => fail(`no result after ${timeoutMs} ms`));

  await page.goto(
    workbenchUrl(server.url, positionals[0] && path.resolve(positionals[0]), [
      ['extensionDevelopmentPath', remote(values.extensionDevelopmentPath)],
      ['extensionTestsPath', remote(values.extensionTestsPath)],
      ['skipWelcome', 'true'],
    ]),
  );
  const { code, why } = await finished;
  if (why) console.error(`The stand-in for VS Code: ${why}`);
  if (process.env.HOST_SCREENSHOT) await page.screenshot({ path: process.env.HOST_SCREENSHOT });
  process.exitCode = code;
} finally {
  await browser?.close();
  await server.stop();
}
process.exit();

/** Prints the tests' console output; VS Code's own log lines come by the same channel. */
function relay(level, args) {
  const noise =
    /^\[(AgentHost|ChatModelSelection|AccountPolicyGate|reconnection-grace-time|Service Worker|driver|perf)\b|^(Resolv(ing|ed) connection token|Creating a socket|(Updating|Ignoring fetching) additional builtin|Creation of workbench contribution)|Timed out waiting for authentication provider|Could not locate the bindings file|Cannot find module '\.\/build\/Release\/watchdog'/;
  const text = util.format(...args);
  if (!verbose && (noise.test(text) || level === 'trace' || level === 'debug')) return;
  (level === 'error' || level === 'warn' ? console.error : console.log)(text);
}

function remote(file) {
  return `vscode-remote://remote${path.resolve(file).split(path.sep).map(encodeURIComponent).join('/')}`;
}
