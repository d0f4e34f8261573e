// npm test [-- suite ...] [-g pattern]: all the set-up, lint, then the suites. The last line sums up.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from './package.mjs';
import { build, prepare, prepareBrowser, prepareCodeServer, prepareEditor } from './setup.mjs';
import { CannotGoOn, endOnSignals, run, runMain, seconds } from './steps.mjs';

const help = `npm test [-- suite ...] [-g pattern]

Sets up what is missing, then runs lint and the suites, or only the suites that are named:

  lint         types, lint and format
  package      the .vsix, file by file
  page         the sidebar's page alone, in headless Chromium
  cli          plain mocha: the command line, as processes
  unit         plain mocha: engine, protocol, the extension's parts without an editor
  integration  in VS Code's extension host: desktop VS Code, or code-server with headless Chromium
  ui           the .vsix in a real workbench, clicked through in headless Chromium; screenshots in out/ui

lint, and page followed by cli, run beside unit, which leaves them half the machine. Of ui two files run at a time.

  -g, --grep pattern     only tests whose name matches
  VSCODE_HOST, VSCODE_EXECUTABLE_PATH, CODE_SERVER_DIR as for npm start; CHROMIUM_PATH; HEADED=1; HOST_VERBOSE=1`;

/**
 * What each suite needs, in order, and how it runs. A need is met once; where it cannot be, the suite counts as failed.
 * `lane`: runs while those after it that are `isShared` do, behind those of the same lane, and prints all at its end.
 */
const suites = {
  lint: { needs: [prepare], run: lint, lane: 'lint' },
  package: {
    needs: [prepare, packageExtension, buildTests],
    run: (grep) => mocha(['out/test/package'], grep, 60_000),
    isShared: true,
  },
  page: {
    needs: [prepare, buildTests, prepareBrowser],
    run: (grep) => mocha(['out/test/webview'], grep, 60_000, { quiet: true }),
    lane: 'tests',
  },
  cli: {
    needs: [prepare, buildTests],
    run: (grep) => mocha(['out/test/cli'], grep, 20_000, { quiet: true }),
    lane: 'tests',
  },
  unit: { needs: [prepare, buildTests], run: (grep) => mocha(unitFolders(), grep, 20_000), isShared: true },
  integration: { needs: [prepare, buildTests, prepareEditorHost], run: integration },
  ui: {
    needs: [prepare, packageExtension, buildTests, prepareCodeServer, prepareBrowser],
    run: (grep) => mocha(['out/test/ui'], grep, 240_000, { jobs: 2 }),
  },
};

/** Where the extension host runs; undefined for code-server. */
let desktop;

/** Needs that were met, or why not. */
const met = new Map();

await runMain(async (args) => {
  endOnSignals();
  const { values, positionals } = readArguments(args);
  if (values.help) {
    console.log(help);
    return;
  }
  const everything = Object.keys(suites).filter((name) => name !== 'lint' || !values.grep);
  const total = { passes: 0, failures: 0, pending: 0 };
  const lines = [];
  const suite = async (name) => {
    const started = performance.now();
    const { counts, reason } = await runSuite(name, values.grep);
    for (const key of Object.keys(total)) total[key] += counts[key];
    lines.push(`${name}: ${inWords(counts)} in ${seconds(started)}${reason ? `\n  ${reason}` : ''}`);
  };
  const lanes = {};
  const wanted = everything.filter((each) => positionals.length === 0 || positionals.includes(each));
  for (const name of wanted) {
    const { lane, isShared } = suites[name];
    // The largest download comes while the processor has other work; what goes wrong is told by the suite that needs it.
    if (name === 'unit' && wanted.includes('integration')) void meet(prepareEditorHost).catch(() => undefined);
    if (lane) {
      lanes[lane] = Promise.resolve(lanes[lane]).then(() => suite(name));
      continue;
    }
    if (!isShared) await Promise.all(Object.values(lanes));
    await suite(name);
  }
  await Promise.all(Object.values(lanes));
  console.log(`\n${lines.join('\n')}`);
  if (total.failures > 0 || total.passes === 0) process.exitCode = 1;
  console.log(inWords(total));
});

function readArguments(args) {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, grep: { type: 'string', short: 'g' } };
    const parsed = parseArgs({ args, options, allowPositionals: true });
    const unknown = parsed.positionals.filter((name) => !(name in suites));
    if (unknown.length > 0) throw new Error(`There is no suite ${unknown.join(', ')}.`);
    return parsed;
  } catch (error) {
    throw new CannotGoOn(`${error.message}\n\n${help}`);
  }
}

function inWords({ passes, failures, pending }) {
  return `${passes} passed, ${failures} failed, ${pending} skipped`;
}

async function runSuite(name, grep) {
  try {
    for (const need of suites[name].needs) await meet(need);
    const header = `\n=== ${name} ===`;
    if (!suites[name].lane) console.log(header);
    const { output, ...result } = await suites[name].run(grep);
    if (suites[name].lane) console.log(`${header}\n${output}`);
    return result;
  } catch (error) {
    if (!(error instanceof CannotGoOn)) console.error(error);
    return notRun(`it could not run: ${error.message}`);
  }
}

function meet(need) {
  if (!met.has(need)) met.set(need, need());
  return met.get(need);
}

function notRun(reason) {
  console.error(`✗ ${reason}`);
  return { counts: { passes: 0, failures: 1, pending: 0 }, reason };
}

/** Side by side and at low priority, as it may run beside other suites. */
async function lint() {
  const parts = await Promise.all(
    ['types', 'rules', 'format'].map(async (part) => {
      const { code, output } = await run('npm', ['run', '--silent', `lint:${part}`], {
        quiet: true,
        background: true,
      });
      return { isRight: code === 0, line: `${code === 0 ? '✓' : '✗'} ${part}${code === 0 ? '' : `\n${output}`}` };
    }),
  );
  const output = parts.map(({ line }) => line).join('\n');
  return parts.every(({ isRight }) => isRight)
    ? { counts: { passes: 0, failures: 0, pending: 0 }, output }
    : { ...notRun('types, lint or format: see above'), output };
}

function buildTests() {
  return build({ tests: true });
}

/** Everything but what is a suite of its own. */
function unitFolders() {
  const others = ['package', 'cli', 'integration', 'webview', 'ui', 'bench'];
  const folders = fs.readdirSync('out/test', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map((entry) => path.join('out/test', entry.name))
    .filter((folder) => !others.includes(path.basename(folder)));
}

/**
 * @param {{ quiet?: boolean, jobs?: number }} [options] `quiet` returns the output instead of showing it; of `jobs` processes
 * each takes a file at a time
 */
function mocha(folders, grep, timeoutMs, { quiet = false, jobs = 1 } = {}) {
  const files = folders
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder, { recursive: true }).map((file) => path.join(folder, file)))
    .filter((file) => file.endsWith('.test.js'));
  if (files.length === 0) return notRun(`there are no tests in ${folders.join(', ')}`);
  const flags = ['--no-config', '--exit', '--reporter', 'scripts/countingReporter.mjs', '--timeout', String(timeoutMs)];
  if (jobs > 1) flags.push('--parallel', '--jobs', String(jobs));
  const command = ['node_modules/mocha/bin/mocha.js', ...flags, ...(grep ? ['--grep', grep] : []), ...files.sort()];
  return counted((env) => run(process.execPath, command, { env, quiet }));
}

async function prepareEditorHost() {
  desktop = await prepareEditor({ needsDisplay: true });
  if (!desktop) await meet(prepareBrowser);
}

/** The same suite and the same runTests for both: only the executable differs. */
function integration(grep) {
  return counted(async (env) => {
    // VS Code's own folders of this run: short, for the sockets in them.
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'vst-'));
    const workspace = path.join(profile, 'workspace');
    fs.cpSync('media/example', workspace, { recursive: true });
    const variables = { MOCHA_COUNTS: env.MOCHA_COUNTS, MOCHA_REPORTER: path.resolve('scripts/countingReporter.mjs') };
    const { runTests } = await import('@vscode/test-electron');
    try {
      await runTests({
        vscodeExecutablePath: desktop?.executable ?? path.resolve('scripts/host/code.mjs'),
        extensionDevelopmentPath: path.resolve('.'),
        extensionTestsPath: path.resolve('out/test/integration/index.js'),
        extensionTestsEnv: { ...variables, ...(grep && { MOCHA_GREP: grep }) },
        launchArgs: [
          workspace,
          `--user-data-dir=${path.join(profile, 'user')}`,
          `--extensions-dir=${path.join(profile, 'extensions')}`,
          '--disable-extensions',
          '--disable-telemetry',
        ],
      });
      return { code: 0 };
    } catch (error) {
      console.error(error.message);
      return { code: 1 };
    } finally {
      fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

/** Runs a suite whose reporter leaves its counts in a file: an exit code alone does not show that tests ran at all. */
async function counted(start) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-counts-'));
  try {
    const file = path.join(folder, 'counts.json');
    const { code, output } = await start({ ...process.env, MOCHA_COUNTS: file });
    if (!fs.existsSync(file)) return { ...notRun(`it ended with exit code ${code} and no result`), output };
    const counts = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (code === 0 || counts.failures > 0) return { counts, output };
    const reason = `it ended with exit code ${code} although no test failed`;
    return { counts: { ...counts, failures: 1 }, reason, output };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
