// Starts code-server on this machine's own address, with a throw-away profile unless told otherwise, and ends it with all
// that it started. Used by npm start, the stand-in for `code` and the UI tests.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CannotGoOn, killTree, ownGroup } from '../steps.mjs';
import { requireCodeServer } from './install.mjs';

/** A quiet workbench that asks nothing and reaches for nothing outside this machine. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', // the chat panel
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'window.dialogStyle': 'custom',
  'window.confirmBeforeClose': 'never',
};

/** Servers to end when this process ends for whatever reason, and their throw-away folders. */
const live = new Map();
process.on('exit', () => {
  for (const [child, root] of live) {
    killTree(child, 'SIGKILL');
    fs.rmSync(root, { recursive: true, force: true });
  }
});

/**
 * @typedef {object} ServerOptions
 * @property {string} [userDataDir] default: a fresh temporary folder
 * @property {string} [extensionsDir] default: a fresh temporary folder
 * @property {string} [home] HOME of the server and the extensions; default: an empty folder
 * @property {number} [port] default: any free one
 * @property {Record<string, unknown>} [settings] user settings on top of `quietSettings`; written only into a new profile
 * @property {string} [locale] display language, such as `zh-cn`: see writeLanguagePack
 * @property {boolean} [askForTrust] keep workspace trust on; default: every folder is trusted
 * @property {boolean} [testDriver] obey extensionDevelopmentPath and extensionTestsPath in the page's address;
 *   VS Code then shows no notification toasts, so not for UI tests
 * @property {boolean} [endsWhenIdle] end 90 seconds after the last page went; default true
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [onLog]
 */

/** @param {ServerOptions} options */
export async function startServer(options = {}) {
  const { node, entry } = requireCodeServer();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-')); // short: it holds a Unix socket, whose path has 107 bytes at most
  const userDataDir = path.resolve(options.userDataDir ?? path.join(root, 'user'));
  const extensionsDir = path.resolve(options.extensionsDir ?? path.join(root, 'extensions'));
  const home = options.home ?? path.join(root, 'home');
  for (const folder of [userDataDir, extensionsDir, home]) fs.mkdirSync(folder, { recursive: true });
  writeSettings(userDataDir, options.settings);
  if (options.locale) writeLanguagePack(userDataDir, options.locale);

  const flags = [
    ['--config', path.join(root, 'config.yaml')],
    ['--user-data-dir', userDataDir],
    ['--extensions-dir', extensionsDir],
    ['--session-socket', path.join(root, 's.sock')],
    ['--auth', 'none'],
    ['--bind-addr', `127.0.0.1:${options.port ?? 0}`],
    ['--disable-telemetry'],
    ['--disable-update-check'],
    ['--disable-getting-started-override'],
    ['--ignore-last-opened'],
    options.locale ? ['--locale', options.locale] : [],
    options.askForTrust ? [] : ['--disable-workspace-trust'],
    options.endsWhenIdle === false ? [] : ['--idle-timeout-seconds', '90', '--reconnection-grace-time', '60'],
    // Without it a built workbench silently ignores the two addresses in the payload.
    options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : [],
  ];
  const child = spawn(node, [entry, ...flags.flat()], {
    env: { ...cleanEnvironment(), HOME: home, EXTENSIONS_GALLERY: '{}', ...options.env },
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...ownGroup,
  });
  live.set(child, root);
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const stop = async () => {
    killTree(child, 'SIGTERM');
    await Promise.race([exited, sleep(3000)]);
    killTree(child, 'SIGKILL'); // an extension host that outlived the server
    live.delete(child);
    if (process.env.KEEP_PROFILE) console.log(`profile kept in ${root}`);
    else fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { url: await listening(child, exited, options.onLog), home, userDataDir, extensionsDir, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address of a folder, or of a .code-workspace file, in the workbench; `payload` is VS Code's own list of [key, value]. */
export function workbenchUrl(base, opened, payload = []) {
  const kind = opened?.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams(opened ? { [kind]: opened } : { ew: 'true' });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${base}/?${query}`;
}

/** Installs a .vsix into an extensions folder, as a user would. */
export async function installVsix(vsix, extensionsDir) {
  const { node, entry } = requireCodeServer();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
  const args = [entry, '--config', path.join(root, 'config.yaml'), '--user-data-dir', path.join(root, 'user')];
  args.push('--extensions-dir', path.resolve(extensionsDir), '--install-extension', path.resolve(vsix));
  const child = spawn(node, args, {
    env: { ...cleanEnvironment(), HOME: root, EXTENSIONS_GALLERY: '{}' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, (line) => lines.push(line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  if (code !== 0) throw new Error(`installing ${vsix} failed (${code})\n${lines.join('\n')}`);
}

/** This process's environment without what VS Code must not inherit, for instance when run in VS Code's own terminal. */
export function cleanEnvironment() {
  const strange = /^(VSCODE_(?!TEST_)|CODE_SERVER_|ELECTRON_|XDG_|npm_)|^(PORT|PASSWORD|HASHED_PASSWORD|NODE_OPTIONS)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !strange.test(key)));
}

/** @param {(line: string) => void} use */
export function eachLine(stream, use) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    lines.filter((line) => line.trim()).forEach(use);
  });
  stream.on('end', () => rest.trim() && use(rest));
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

function listening(child, exited, onLog) {
  const log = [];
  const failed = (why) => new CannotGoOn(`code-server ${why}\n${log.slice(-20).join('\n')}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failed('did not answer within a minute')), 60_000);
    const line = (text) => {
      if (log.length < 200) log.push(text);
      onLog?.(text);
      const address = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address) resolve(address);
    };
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, line);
    child.once('error', (error) => reject(failed(`could not be started: ${error.message}`)));
    void exited.then(({ code, signal }) => reject(failed(`ended (${code ?? signal})`)));
    void exited.finally(() => clearTimeout(timer));
  });
}

function writeSettings(userDataDir, settings) {
  const file = path.join(userDataDir, 'User/settings.json');
  if (fs.existsSync(file)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/**
 * Makes VS Code speak a language, together with code-server's --locale (which alone is obeyed: a cookie or Accept-Language is
 * not reached), for it needs a language pack in the profile. Microsoft's packs are on no npm registry, so this one is empty:
 * the workbench's own words stay English, while extensions get `vscode.env.language`, their package.nls.<locale>.json and
 * their l10n bundle by VS Code's own ways.
 */
function writeLanguagePack(userDataDir, locale) {
  const translation = path.join(userDataDir, `${locale}.i18n.json`);
  fs.writeFileSync(translation, '{ "contents": {} }');
  const extensions = [{ extensionIdentifier: { id: `vectorscope.language-pack-${locale}` }, version: '1.0.0' }];
  const pack = { hash: `empty-${locale}`, extensions, translations: { vscode: translation }, label: locale };
  fs.writeFileSync(path.join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
