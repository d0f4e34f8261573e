// Stage 4, one writer an index. Invariant: who holds the lock has its token in the lock file and checks that before each write,
// so that an owner that was taken for dead stops by itself. Cost: one small read a write, one utimes every ten seconds.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { EngineError, errnoOf } from '../errors.ts';
import { type FileSystem, onDisk, removeIfThere, storageFailed } from './durableFiles.ts';
import {
  LOCK_TIMING,
  type LockTiming,
  type SeenLock,
  forgetSilence,
  isGone,
  readLock,
  silenceOf,
  thisProcess,
} from './lockOwner.ts';

export const LOCK = 'writer.lock';
const ATTEMPTS = 5;

/** Tokens of this process: a lock with our pid and none of these was left by an earlier process with the same number. */
const heldHere = new Set<string>();

export class WriterLock {
  /** Called at most once, by a heartbeat that finds another owner's lock (or none): this process was asleep for long. */
  onLost: () => void = () => undefined;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly fs: FileSystem,
    private readonly file: string,
    private readonly token: string,
    timing: LockTiming = LOCK_TIMING,
  ) {
    this.heartbeat = setInterval(() => void this.beat(), timing.heartbeatMs).unref();
  }

  /** Throws `index-locked` when another process has taken over, `storage-failed` when that can't be read. */
  async assertOwned(): Promise<void> {
    const owner = (await readLock(this.fs, this.file))?.owner;
    if (owner?.token !== this.token) throw new EngineError('index-locked', { pid: owner?.pid ?? 0 });
  }

  async release(): Promise<void> {
    this.end();
    const lock = await readLock(this.fs, this.file);
    if (lock?.owner?.token === this.token) await removeIfThere(this.fs, this.file);
  }

  /** Any change of the time is a sign of life, whatever this machine's clock says. Another's lock gets none. */
  private async beat(): Promise<void> {
    try {
      const lock = await readLock(this.fs, this.file);
      if (lock?.owner?.token !== this.token) {
        this.end();
        this.onLost();
        return;
      }
      const now = new Date();
      await this.fs.utimes(this.file, now, now);
    } catch {
      // The next beat may succeed, and the next write tells when the lock is gone.
    }
  }

  private end(): void {
    clearInterval(this.heartbeat);
    heldHere.delete(this.token);
  }
}

/** Who has a lock that was not to be had. */
export interface LockHolder {
  readonly pid: number;
  /** By this machine's clock no sign of life for long: looking on for a while may show that it is abandoned. */
  readonly silent: boolean;
}

/**
 * Takes the lock, or says who has it; never waits. To see that an owner is silent it has to be called again and again, which
 * may be from several places. Throws `storage-failed`.
 */
export async function takeWriterLock(
  fs: FileSystem,
  folder: string,
  timing: LockTiming = LOCK_TIMING,
): Promise<WriterLock | LockHolder> {
  const file = path.join(folder, LOCK);
  let seen: SeenLock | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    seen = await readLock(fs, file);
    if (seen === undefined) {
      const token = randomUUID();
      heldHere.add(token); // before it can be read
      let taken = false;
      try {
        taken = await create(fs, file, token);
      } finally {
        if (!taken) heldHere.delete(token);
      }
      if (!taken) continue;
      forgetSilence(file);
      return new WriterLock(fs, file, token, timing);
    }
    if (!(await isAbandoned(file, seen, timing))) break;
    await removeAbandoned(fs, file, seen, timing);
  }
  return { pid: seen?.owner?.pid ?? 0, silent: seen !== undefined && Date.now() - seen.mtimeMs > timing.silenceMs };
}

/** False when the file is there already. */
async function create(fs: FileSystem, file: string, token: string): Promise<boolean> {
  const owner = { ...(await thisProcess()), token };
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

async function isAbandoned(file: string, seen: SeenLock, timing: LockTiming): Promise<boolean> {
  if (seen.owner && (await isGone(seen.owner, heldHere))) return true;
  return silenceOf(file, seen, timing) >= timing.silenceMs;
}

/**
 * Removes an abandoned lock, and no other: of several that found the same lock abandoned only the one that makes the second file
 * acts, and it looks again under its protection. That file's own owner may die too, hence the look at its silence.
 */
async function removeAbandoned(fs: FileSystem, file: string, seen: SeenLock, timing: LockTiming): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await create(fs, guard, randomUUID()))) {
    const other = await readLock(fs, guard);
    if (other && silenceOf(guard, other, timing) >= timing.silenceMs) await removeIfThere(fs, guard);
    return;
  }
  try {
    const now = await readLock(fs, file);
    if (now && now.owner?.token === seen.owner?.token && now.mtimeMs === seen.mtimeMs) await removeIfThere(fs, file);
  } finally {
    await onDisk(guard, () => fs.unlink(guard));
  }
}
