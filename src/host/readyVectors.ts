// Ready vectors of a table, looked at instead of the workspace until the user goes back. Invariant: the workspace's index is closed
// meanwhile and stays as it is; a table that can't be imported leaves the window at what it looked at before.
import fs from 'node:fs/promises';
import type { Columns } from '../engine/importing/vectorRows.ts';
import type { IndexSummary } from '../protocol/engineApi.ts';
import type { EngineProcess } from './engineProcess.ts';
import type { WindowState } from './windowState.ts';

export interface ReadyVectorsPorts {
  readonly engine: Pick<EngineProcess, 'configure' | 'request'>;
  readonly window: Pick<WindowState, 'imported'>;
  /** Of this window alone; removed when it goes back. */
  readonly folder: string;
}

export class ReadyVectors {
  /** Called when the window looks at something else: the engine knows, what is shown does not yet. */
  onChange: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly ports: ReadyVectorsPorts) {}

  /** Shows a table. Rejects as the engine's `importVectors` does. */
  async look(file: string, columns: Columns, signal: AbortSignal): Promise<IndexSummary> {
    const { engine, window } = this.ports;
    const before = window.imported;
    window.imported = file;
    try {
      await engine.configure();
      const summary = await engine.request('importVectors', { file, ...columns }, signal);
      await this.onChange();
      return summary;
    } catch (error) {
      window.imported = before;
      await engine.configure();
      await this.onChange();
      throw error;
    }
  }

  /** Shows the workspace again. */
  async leave(): Promise<void> {
    const { engine, window, folder } = this.ports;
    window.imported = undefined;
    await engine.configure();
    await fs.rm(folder, { recursive: true, force: true }).catch(() => undefined); // else the next import replaces it
    await this.onChange();
  }
}
