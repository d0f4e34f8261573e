// Ready vectors of a table, looked at instead of the workspace until the user goes back. No `vscode` here. Invariant: one import at a
// time, each into a folder of its own, so that one that fails or is stopped leaves what was looked at before; the workspace's index is
// closed meanwhile and stays as it is.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { throwIfAborted } from '../engine/errors.ts';
import type { Columns } from '../engine/importing/vectorRows.ts';
import type { IndexSummary } from '../protocol/engineApi.ts';
import type { EngineProcess } from './engineProcess.ts';

/** What a window looks at. */
export interface LookedAt {
  /** Absolute: the table. */
  readonly file: string;
  /** Where the engine keeps its vectors. */
  readonly folder: string;
}

export interface ReadyVectorsPorts {
  readonly engine: Pick<EngineProcess, 'configure' | 'request'>;
  readonly window: { imported: LookedAt | undefined };
  /** Holds one folder an import, of all windows that share it. */
  readonly folder: string;
}

/** One computer's processes have numbers; a storage may be on a network. */
const HOST = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
const FOLDER_NAME = /^([0-9a-f]{8})-(\d+)-\d+$/;

export class ReadyVectors {
  /** Called when the window looks at something else, and the engine knows. */
  onChange: () => void = () => undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private stopping = new AbortController();
  private imports = 0;

  constructor(private readonly ports: ReadyVectorsPorts) {}

  /** Shows a table in place of what is shown; ends an import under way. Rejects as the engine's `importVectors` does. */
  look(file: string, columns: Columns, signal: AbortSignal): Promise<IndexSummary> {
    const either = AbortSignal.any([signal, this.anew()]);
    return this.inTurn(() => this.lookNow(file, columns, either));
  }

  /** Shows the workspace again. */
  leave(): Promise<void> {
    this.anew();
    return this.inTurn(async () => {
      const before = this.ports.window.imported;
      this.ports.window.imported = undefined;
      await this.ports.engine.configure();
      await remove(before?.folder);
      this.onChange();
    });
  }

  /** Removes what windows left behind that were closed or reloaded while they looked at a table. */
  async removeLeftovers(): Promise<void> {
    for (const name of await fs.readdir(this.ports.folder).catch(() => [])) {
      const [, host, pid] = FOLDER_NAME.exec(name) ?? [];
      if (host === HOST && !isAlive(Number(pid))) await remove(path.join(this.ports.folder, name));
    }
  }

  private async lookNow(file: string, columns: Columns, signal: AbortSignal): Promise<IndexSummary> {
    throwIfAborted(signal);
    const { engine, window } = this.ports;
    const before = window.imported;
    const folder = path.join(this.ports.folder, `${HOST}-${process.pid}-${this.imports++}`);
    try {
      window.imported = { file, folder };
      await engine.configure();
      const summary = await engine.request('importVectors', { file, ...columns }, signal);
      window.imported = { file, folder }; // what was asked meanwhile was not about these vectors
      await remove(before?.folder);
      return summary;
    } catch (error) {
      window.imported = before;
      await engine.configure().catch(() => undefined); // whoever asks next is told
      await remove(folder);
      throw error;
    } finally {
      this.onChange();
    }
  }

  /** Ends what is under way. */
  private anew(): AbortSignal {
    this.stopping.abort();
    this.stopping = new AbortController();
    return this.stopping.signal;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** Removed later where it can't be now. */
async function remove(folder: string | undefined): Promise<void> {
  if (folder !== undefined) await fs.rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
