// Stage 4, who holds a lock, and whether he still lives. Invariant: dead at once is only whom this machine knows to be dead; any
// other owner is given up after a minute of silence in which this process was awake and looked: no clock is compared with
// another machine's, and a sleep of ours is no silence of his. Cost: a few reads of /proc where there is one.
import fsPromises from 'node:fs/promises';
import os from 'node:os';
import { errnoOf } from '../errors.ts';
import { type FileSystem, storageFailed } from './durableFiles.ts';

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** WSL has the host name of its Windows, and other processes. */
  readonly platform?: string;
  /** Linux: processes have their numbers within it; a container has its own. */
  readonly namespace?: string;
  /** Linux: differs after each start of the machine. */
  readonly boot?: string;
  /** Linux: when the process began, so that another one with its number is not taken for it. */
  readonly started?: string;
}

export interface LockTiming {
  readonly heartbeatMs: number;
  /** Silence after which an owner that may live is given up: it checks its lock before each write. */
  readonly silenceMs: number;
  /** Monotonic. */
  readonly now: () => number;
}

export const LOCK_TIMING: LockTiming = { heartbeatMs: 10_000, silenceMs: 60_000, now: () => performance.now() };

/** A lock file as it was found. */
export interface SeenLock {
  /** Undefined for one whose owner has not come to write its name yet. */
  readonly owner: LockOwner | undefined;
  readonly mtimeMs: number;
}

/** Undefined when there is none. Opened, not only looked up: a network file system then asks its server. */
export async function readLock(fs: FileSystem, file: string): Promise<SeenLock | undefined> {
  try {
    const handle = await fs.open(file, 'r');
    try {
      const { mtimeMs } = await handle.stat();
      return { owner: parseOwner(await handle.readFile('utf8')), mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw storageFailed(error, file);
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as LockOwner | null;
    return typeof owner?.token === 'string' ? owner : undefined;
  } catch {
    return undefined;
  }
}

let ownProcess: Promise<Omit<LockOwner, 'token'>> | undefined;

export function thisProcess(): Promise<Omit<LockOwner, 'token'>> {
  ownProcess ??= describeThisProcess();
  return ownProcess;
}

async function describeThisProcess(): Promise<Omit<LockOwner, 'token'>> {
  const [namespace, boot, started] = await Promise.all([
    ifKnown(fsPromises.readlink('/proc/self/ns/pid')),
    ifKnown(fsPromises.readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    startOf(process.pid),
  ]);
  return {
    pid: process.pid,
    host: os.hostname(),
    platform: process.platform,
    ...(namespace !== undefined && { namespace }),
    ...(boot !== undefined && { boot }),
    ...(started !== undefined && { started }),
  };
}

async function ifKnown(text: Promise<string>): Promise<string | undefined> {
  return text.then(
    (known) => known.trim(),
    () => undefined,
  );
}

/** Field 22 of /proc/<pid>/stat; the second one is a name in brackets that may hold anything. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await ifKnown(fsPromises.readFile(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Whether this machine knows that the owner's process is gone. `heldHere`: tokens of this process. */
export async function isGone(owner: LockOwner, heldHere: ReadonlySet<string>): Promise<boolean> {
  const own = await thisProcess();
  const sameMachine =
    owner.host === own.host && isSame(owner.platform, own.platform) && isSame(owner.namespace, own.namespace);
  if (!sameMachine) return false;
  if (!isSame(owner.boot, own.boot)) return true;
  if (owner.pid === own.pid) return !heldHere.has(owner.token);
  return !isAlive(owner.pid) || !isSame(owner.started, await startOf(owner.pid));
}

/** What one of both does not tell speaks against nothing. */
function isSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

interface Sighting {
  readonly token: string | undefined;
  readonly mtimeMs: number;
  readonly silentMs: number;
  readonly lookedAt: number;
}

/** What this process saw of each lock file when it last looked. */
const sightings = new Map<string, Sighting>();

/** How long the lock has been seen without a heartbeat, this look included. Between two looks at most a heartbeat counts. */
export function silenceOf(file: string, { owner, mtimeMs }: SeenLock, timing: LockTiming): number {
  const before = sightings.get(file);
  const lookedAt = timing.now();
  const beats = before?.token !== owner?.token || before?.mtimeMs !== mtimeMs;
  const silentMs =
    before === undefined || beats ? 0 : before.silentMs + Math.min(lookedAt - before.lookedAt, timing.heartbeatMs);
  sightings.set(file, { token: owner?.token, mtimeMs, silentMs, lookedAt });
  return silentMs;
}

export function forgetSilence(file: string): void {
  sightings.delete(file);
}
