// What the commands of package.json share: steps that say what they do and how long they take, child processes that end
// with their parent, and expected failures told as sentences. Node's own modules only: this runs before any is installed.
import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** An expected failure: its message says what is wrong and what cures it; no stack is shown. */
export class CannotGoOn extends Error {}

/**
 * Runs one step and prints its outcome and time. `work` may call `say` with what takes long before it begins,
 * and returns the outcome in words.
 * @template {string} T
 * @param {string} title
 * @param {(say: (text: string) => void) => Promise<T> | T} work
 */
export async function step(title, work) {
  const started = performance.now();
  const outcome = await work((text) => console.log(`  ${title}: ${text} ...`));
  console.log(`✓ ${title}: ${outcome} (${seconds(started)})`);
}

/** Time since a `performance.now()`, for people. */
export function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** Runs `main` of scripts/*.mjs in the repository's root; expected failures end with their message alone. */
export async function runMain(main) {
  process.chdir(path.resolve(process.argv[1], '../..'));
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
process.on('exit', () => children.forEach((child) => killTree(child, 'SIGKILL')));

/** Children are made with this, so that what they start in turn can be ended with them. */
export const ownGroup = { detached: process.platform !== 'win32' };

/** What it starts from then on is as low. */
function lower(pid) {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}

/** Ends a child made with `ownGroup`, and all that it started. */
export function killTree(child, signal) {
  if (child.pid === undefined) return; // it could not be started
  try {
    if (ownGroup.detached) process.kill(-child.pid, signal);
    else spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
  } catch {
    // All of them have ended already.
  }
}

/**
 * Makes this process, and all that it started, end on the signals that ask for it, and with its parent if `followParent`:
 * asked to end, npm tells only the shell between it and us, which dies silently.
 */
export function endOnSignals({
  before = () => Promise.resolve(),
  followParent = 'npm_lifecycle_event' in process.env,
} = {}) {
  let ending = false;
  const end = (code) => {
    if (ending) return;
    ending = true;
    void Promise.all([before(), endChildren()]).finally(() => process.exit(code));
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));
  const parent = process.ppid;
  if (followParent) setInterval(() => process.ppid !== parent && end(143), 500).unref();
}

/** Asks the children to end, and gives them five seconds to end what they have started in turn. */
async function endChildren() {
  const ended = [...children].map((child) => new Promise((resolve) => child.once('close', resolve)));
  children.forEach((child) => killTree(child, 'SIGTERM'));
  await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, 5000))]);
}

/**
 * Runs a child process to its end and returns its exit code. `quiet` returns its output too, instead of showing it; `tee`
 * shows what it writes to stdout and returns that.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, tee?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 where the command does not exist
 */
export function run(command, args, { quiet = false, tee = false, background = false, ...options } = {}) {
  return new Promise((resolve) => {
    // On Windows npm is a .cmd file, which only a shell runs.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, {
      ...options,
      ...ownGroup,
      shell,
      stdio: ['ignore', quiet || tee ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    children.add(child);
    if (background && child.pid !== undefined) lower(child.pid);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (tee) process.stdout.write(text);
      });
    }
    const end = (code) => {
      children.delete(child);
      resolve({ code, output: output.trim() });
    };
    child.once('error', () => end(127));
    child.once('close', (code) => end(code ?? 1));
  });
}

/** As `run`, quiet; where it fails, throws with the last lines of its output and `cure`. */
export async function mustRun(command, args, cure, options = {}) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code === 0) return output;
  const tail = output.split('\n').slice(-20).join('\n');
  throw new CannotGoOn(`${command} ${args.join(' ')} failed (exit code ${code}).\n${tail}\n${cure}`);
}

export const npmQuiet = ['--no-audit', '--no-fund', '--loglevel=error'];
