// A board of jobs against the emulator, on a clock that passes only where somebody waits: no test waits.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobClock } from '../../../../../src/engine/embed/dashscope/jobs/jobClock.ts';
import { EngineError } from '../../../../../src/engine/errors.ts';
import { JobBoard } from '../../../../../src/engine/jobBoard.ts';
import { openRemoteContext, type RemoteContext } from '../../../../../src/engine/remoteContext.ts';
import type { RemoteConfig } from '../../../../../src/engine/model.ts';
import {
  startDashScope,
  type DashScopeEmulator,
  type DashScopeOptions,
} from '../../../../support/dashscope/startDashScope.ts';

export const MODEL = 'text-embedding-async-v2';
const SUBMIT_PATH = '/api/v1/services/embeddings/text-embedding/text-embedding';

/** Who sleeps wakes at once, and it is later. */
export class SleepingClock implements JobClock {
  readonly slept: number[] = [];
  private ms = Date.UTC(2025, 0, 1, 2);

  now(): number {
    return this.ms;
  }

  pass(ms: number): void {
    this.ms += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new EngineError('cancelled');
    this.slept.push(ms);
    this.ms += ms;
  }
}

export interface Desk {
  readonly emulator: DashScopeEmulator;
  readonly clock: SleepingClock;
  readonly storageFolder: string;
  /** A board as a new process would open it. */
  readonly open: (config?: Partial<RemoteConfig>) => Promise<{ board: JobBoard; remote: RemoteContext }>;
  readonly submissions: () => number;
}

export async function withDesk(options: DashScopeOptions, work: (desk: Desk) => Promise<void>): Promise<void> {
  const clock = new SleepingClock();
  const emulator = await startDashScope({ clock, ...options });
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-jobs-'));
  const opened: { board: JobBoard; remote: RemoteContext }[] = [];
  const storageFolder = path.join(root, 'index');
  const open: Desk['open'] = async (changes = {}) => {
    const remoteConfig: RemoteConfig = {
      provider: 'dashscope',
      baseUrl: emulator.url,
      key: emulator.key,
      api: 'native',
      sendDimension: true,
      rowsPerRequest: 64,
      tokensPerRow: 8192,
      encodingFormat: 'float',
      queryPrefix: '',
      documentPrefix: '',
      consent: true,
      ...changes,
    };
    const config = {
      roots: [],
      storageFolder,
      model: MODEL,
      include: [],
      exclude: [],
      maxFileBytes: 1,
      maxConcurrency: 0,
      language: 'en',
      network: { strictSsl: true },
    };
    const remote = await openRemoteContext(config, remoteConfig, () => undefined);
    const board = new JobBoard({ storageFolder, remote, changed: () => undefined, clock });
    opened.push({ board, remote });
    return { board, remote };
  };
  const submissions = (): number =>
    emulator.requests.filter(
      ({ method, path: at, status }) => method === 'POST' && at === SUBMIT_PATH && status === 200,
    ).length;
  try {
    await work({ emulator, clock, storageFolder, open, submissions });
  } finally {
    for (const { board, remote } of opened) {
      await board.close();
      await remote.close();
    }
    await emulator.close();
    fs.rmSync(root, { recursive: true, force: true });
  }
}

export const numbered = (count: number, word = 'row'): string[] =>
  Array.from({ length: count }, (_, i) => `${word} ${i}`);
