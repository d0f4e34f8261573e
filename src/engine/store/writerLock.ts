// Stage 4, one writer an index. Invariant: who holds the lock has its token in the lock file and checks that before each write,
// so that an owner that was taken for dead stops by itself. Cost: one small read a write, one utimes every ten seconds.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { EngineError, errnoOf } from '../errors.ts';
import { type FileSystem, onDisk, readIfThere, removeIfThere, storageFailed } from './durableFiles.ts';

const LOCK = 'writer.lock';
const HEARTBEAT_MS = 10_000;
/** A laptop that wakes up beats within a second; an owner on another machine is judged by this alone. */
const STALE_MS = 60_000;
const ATTEMPTS = 5;

interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Tokens of this process: a lock with our pid and none of these was left by an earlier process with the same number. */
const heldHere = new Set<string>();

export class WriterLock {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly fs: FileSystem,
    private readonly file: string,
    private readonly token: string,
  ) {
    heldHere.add(token);
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS).unref();
  }

  /** Throws `index-locked` when another process has taken over, `storage-failed` when that can't be read. */
  async assertOwned(): Promise<void> {
    const owner = await readOwner(this.fs, this.file);
    if (owner?.token !== this.token) throw new EngineError('index-locked', { pid: owner?.pid ?? 0 });
  }

  async release(): Promise<void> {
    clearInterval(this.heartbeat);
    heldHere.delete(this.token);
    const owner = await readOwner(this.fs, this.file);
    if (owner?.token === this.token) await removeIfThere(this.fs, this.file);
  }

  private async beat(): Promise<void> {
    const now = new Date();
    await this.fs.utimes(this.file, now, now).catch(() => undefined); // the next write tells when the lock is gone
  }
}

/** Takes the lock, or returns the pid of who has it. Throws `storage-failed`. */
export async function takeWriterLock(fs: FileSystem, folder: string): Promise<WriterLock | { readonly pid: number }> {
  const file = path.join(folder, LOCK);
  let holder: LockOwner | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const token = randomUUID();
    if (await create(fs, file, token)) return new WriterLock(fs, file, token);
    holder = await readOwner(fs, file);
    if (!(await isStale(fs, file, holder))) return { pid: holder?.pid ?? 0 };
    await removeStale(fs, file, holder?.token);
  }
  return { pid: holder?.pid ?? 0 };
}

/** False when the file is there already. */
async function create(fs: FileSystem, file: string, token: string): Promise<boolean> {
  const owner: LockOwner = { pid: process.pid, host: os.hostname(), token };
  try {
    const handle = await fs.open(file, 'wx');
    try {
      await handle.writeFile(JSON.stringify(owner));
    } catch (error) {
      await fs.unlink(file).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw storageFailed(error, file);
  }
}

/** Undefined for no lock, and for one whose owner has not come to write its name yet. */
async function readOwner(fs: FileSystem, file: string): Promise<LockOwner | undefined> {
  const bytes = await readIfThere(fs, file);
  try {
    return bytes && (JSON.parse(bytes.toString()) as LockOwner);
  } catch {
    return undefined;
  }
}

async function isStale(fs: FileSystem, file: string, owner: LockOwner | undefined): Promise<boolean> {
  if (owner?.host === os.hostname()) {
    if (owner.pid === process.pid) return !heldHere.has(owner.token);
    if (!isAlive(owner.pid)) return true;
  }
  try {
    return Date.now() - (await fs.stat(file)).mtimeMs > STALE_MS;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return true;
    throw storageFailed(error, file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

/**
 * Removes a stale lock, and no other: of several that found the same lock stale only the one that makes the second file acts,
 * and it looks again under its protection. That file's own owner may die too, hence the age.
 */
async function removeStale(fs: FileSystem, file: string, token: string | undefined): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await create(fs, guard, ''))) {
    const stats = await fs.stat(guard).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > STALE_MS) await removeIfThere(fs, guard);
    return;
  }
  try {
    const owner = await readOwner(fs, file);
    if (owner?.token === token && (await isStale(fs, file, owner))) await removeIfThere(fs, file);
  } finally {
    await onDisk(guard, () => fs.unlink(guard));
  }
}
