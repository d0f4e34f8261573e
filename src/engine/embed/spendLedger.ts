// Stage 3: what was spent, by day, endpoint, model and workspace. Invariant: a file has one writer, so windows and processes never
// overwrite each other; a reader adds all files up. Cost: one small file a process and day, written at most every two seconds.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Spend, SpendRow } from '../model.ts';

export const CURRENCY = 'CNY';

export interface Spent {
  readonly origin: string;
  readonly model: string;
  readonly tokens: number;
  readonly images: number;
  /** Undefined when no price is known. */
  readonly amount: number | undefined;
}

const WRITE_EVERY_MS = 2_000;

export class SpendLedger {
  private readonly id = randomUUID();
  /** Rows of this process, by key. */
  private readonly own = new Map<string, SpendRow>();
  private here: Spend = nothingSpent();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly workspace: string,
  ) {}

  /** A folder that is not there yet is an empty ledger; a file that can't be read is left alone and not counted. */
  static async open(folder: string, workspace: string): Promise<SpendLedger> {
    const ledger = new SpendLedger(folder, workspace);
    for (const row of await rowsIn(folder)) if (row.workspace === workspace) ledger.here = plus(ledger.here, row);
    return ledger;
  }

  /** Spent from this workspace, by all processes until this one opened the ledger and by this one since. */
  get spentHere(): Spend {
    return this.here;
  }

  add({ origin, model, tokens, images, amount }: Spent): void {
    const spend: Spend = { requests: 1, tokens, images, currency: CURRENCY, ...(amount !== undefined && { amount }) };
    const { workspace } = this;
    const day = localDay(new Date());
    const key = JSON.stringify([day, origin, model]);
    this.own.set(key, { day, origin, model, workspace, ...plus(this.own.get(key) ?? nothingSpent(), spend) });
    this.here = plus(this.here, spend);
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), WRITE_EVERY_MS); // `close` says what fails
    this.timer.unref();
  }

  /** All workspaces, newest day first, one row a day, endpoint, model and workspace. */
  async rows(): Promise<SpendRow[]> {
    await this.flush();
    const rows = new Map<string, SpendRow>();
    for (const row of await rowsIn(this.folder)) {
      const { day, origin, model, workspace } = row;
      const key = JSON.stringify([day, origin, model, workspace]);
      rows.set(key, { day, origin, model, workspace, ...plus(rows.get(key) ?? nothingSpent(), row) });
    }
    return [...rows.values()].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : a.model < b.model ? -1 : 1));
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.catch(() => undefined).then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    if (this.own.size === 0) return;
    await mkdir(this.folder, { recursive: true });
    const file = path.join(this.folder, `${this.id}.json`);
    await writeFile(`${file}.new`, JSON.stringify([...this.own.values()]));
    await rename(`${file}.new`, file);
  }
}

export function nothingSpent(): Spend {
  return { requests: 0, tokens: 0, images: 0, currency: CURRENCY };
}

function plus(a: Spend, b: Spend): Spend {
  const amount = a.amount === undefined ? b.amount : a.amount + (b.amount ?? 0);
  return {
    requests: a.requests + b.requests,
    tokens: a.tokens + b.tokens,
    images: a.images + b.images,
    currency: CURRENCY,
    ...(amount !== undefined && { amount }),
  };
}

function localDay(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

async function rowsIn(folder: string): Promise<SpendRow[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const parsed = await Promise.all(
    files.map(async (name): Promise<unknown> => {
      try {
        return JSON.parse(await readFile(path.join(folder, name), 'utf8')) as unknown;
      } catch {
        return []; // written by nobody of ours, or cut short
      }
    }),
  );
  return parsed.flatMap((rows) => (Array.isArray(rows) ? rows.filter(isSpendRow) : []));
}

function isSpendRow(row: unknown): row is SpendRow {
  if (typeof row !== 'object' || row === null) return false;
  const texts = ['day', 'origin', 'model', 'workspace'].every((key) => typeof (row as never)[key] === 'string');
  return texts && ['requests', 'tokens', 'images'].every((key) => Number.isFinite((row as never)[key]));
}
