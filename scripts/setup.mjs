// The set-up that the commands of package.json share. Every step says what it does, takes next to nothing where it is done
// already, works as root and not, and names the cure where it cannot go on. Node's own modules only, until `dependencies`
// has run: what needs a package is imported after.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { aptInstall, findChromium, hasChineseFont, installChromium, isImprovable } from './host/chromium.mjs';
import { findDesktop } from './host/desktop.mjs';
import { codeServerVersion, installCodeServer, installedCodeServer } from './host/install.mjs';
import { CannotGoOn, mustRun, npmQuiet, run, step } from './steps.mjs';

/** What every command needs: tools, packages and model weights. */
export async function prepare() {
  await step('Tools', checkTools);
  await step('Packages', installPackages);
  await step('Models', fetchModels);
}

async function checkTools() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new CannotGoOn(
      `Node ${process.versions.node} is too old: install Node 20.19 or newer, for instance from nodejs.org or by nvm install 22.`,
    );
  }
  const version = async (tool, cure) => {
    const { code, output } = await run(tool, ['--version', ...(tool === 'npm' ? npmQuiet : [])], { quiet: true });
    if (code !== 0) throw new CannotGoOn(`${tool} is not on the PATH: ${cure}`);
    return `${tool} ${/\d+(\.\d+)+/.exec(output.split('\n').at(-1))?.[0]}`;
  };
  const npm = version('npm', 'it comes with Node; on Debian: apt-get install npm.');
  const git = version('git', 'install it, on Debian by apt-get install git, on macOS by xcode-select --install.');
  return `Node ${process.versions.node}, ${await npm}, ${await git}`;
}

async function installPackages(say) {
  if (packagesMatchLock()) return 'up to date';
  say('npm ci, about half a minute');
  const cure = 'Is the npm registry reachable, and are there 1 GB of disk? Then run the same command again.';
  await mustRun('npm', ['ci', '--ignore-scripts', ...npmQuiet], cure, {
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }, // its script would fetch GPU libraries
  });
  return 'installed';
}

/** npm leaves a lock file of what it installed, as its last act: compared entry by entry with ours. */
function packagesMatchLock() {
  const packages = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  if (!fs.existsSync('node_modules/.package-lock.json')) return false;
  const installed = packages('node_modules/.package-lock.json');
  return Object.entries(packages('package-lock.json')).every(
    ([place, { version, optional }]) =>
      place === '' || installed[place]?.version === version || (optional && !installed[place]),
  );
}

async function fetchModels() {
  const { code } = await run(process.execPath, ['scripts/models.mjs']);
  if (code !== 0) throw new CannotGoOn('The model weights could not be fetched: see above.');
  return 'ready';
}

/**
 * Builds dist/ and, with `tests`, out/test, unless their sources are as they were at the last build.
 * @param {{ tests?: boolean }} options
 */
export async function build({ tests = false } = {}) {
  await step(tests ? 'Build with tests' : 'Build', async () => {
    const built = { sources: hashOf(['src', 'scripts']), tests: tests ? hashOf(['test']) : undefined };
    const before = fs.existsSync(buildStamp) ? JSON.parse(fs.readFileSync(buildStamp, 'utf8')) : {};
    const done = before.sources === built.sources && (!tests || before.tests === built.tests);
    if (done && fs.existsSync('dist/extension.js') && (!tests || fs.existsSync('out/test'))) return 'up to date';
    fs.rmSync(buildStamp, { force: true });
    if (tests) fs.rmSync('out/test', { recursive: true, force: true }); // bundles of tests that are gone
    const cure = 'Correct what the build complains about above.';
    const warnings = await mustRun(process.execPath, ['esbuild.mjs', ...(tests ? ['--tests'] : [])], cure);
    if (warnings) console.log(warnings);
    fs.mkdirSync(path.dirname(buildStamp), { recursive: true });
    fs.writeFileSync(buildStamp, JSON.stringify(built));
    return 'built';
  });
}

/** What was last built into dist/ and out/test. */
export const buildStamp = 'out/build.json';

/** One hash of the texts below the folders and of what steers the build. */
function hashOf(folders) {
  const hash = crypto.createHash('sha256');
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(path.join('test', 'fixtures')))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), 'esbuild.mjs', 'tsconfig.json', 'package-lock.json']) {
    hash.update(file).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * Finds a VS Code, and installs code-server where there is none.
 * @param {{ needsDisplay: boolean }} options
 * @returns {Promise<import('./host/desktop.mjs').Desktop | undefined>} undefined for code-server
 */
export async function prepareEditor(options) {
  let desktop;
  await step('VS Code', async (say) => {
    desktop = findDesktop(options);
    if (desktop) return `${desktop.executable}${desktop.version ? ` (${desktop.version})` : ''}`;
    return ensureCodeServer(say);
  });
  return desktop;
}

/** Installs code-server unless it is there. */
export async function prepareCodeServer() {
  await step('code-server', ensureCodeServer);
}

async function ensureCodeServer(say) {
  if (!installedCodeServer()) await installCodeServer(say);
  return `code-server ${codeServerVersion}`;
}

/** Finds or installs Chromium, and a Chinese font for the screenshots. */
export async function prepareBrowser() {
  await step('Browser', async (say) => {
    if (!findChromium() || isImprovable()) await installChromium(say);
    if (hasChineseFont()) return findChromium();
    say('installing a Chinese font');
    const done = await aptInstall(['fonts-noto-cjk']);
    return `${findChromium()}${done ? '' : ' (no Chinese font: screenshots in Chinese will show boxes)'}`;
  });
}
