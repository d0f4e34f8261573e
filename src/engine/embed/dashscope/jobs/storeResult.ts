// Stage 3, DashScope, batch jobs: a result's lines -> a file of unit vectors, line by line in the order of the job's file.
// Invariant: the file has its name only when every line was checked: as many as were sent, each once, of one dimension, of
// finite numbers, not zero. Cost: one write a line.
import { open, rename, rm } from 'node:fs/promises';
import { badAnswer } from '../../remote/readVectors.ts';
import type { ResultRow } from './resultLines.ts';
import { unitLength } from '../../remote/unitLength.ts';

export interface StoredResult {
  readonly lines: number;
  readonly refused: Readonly<Record<number, string>>;
}

/** `lines`: undefined when nobody knows how many were sent. Throws {@link RemoteFailure} `answer`. */
export async function storeResult(
  rows: AsyncIterable<ResultRow>,
  file: string,
  dimension: number,
  lines: number | undefined,
): Promise<StoredResult> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    const places = new Places(lines);
    const refused: Record<number, string> = {};
    for await (const row of rows) {
      const { vector } = row;
      const place = places.take(row);
      if (typeof vector === 'string') {
        refused[place] = vector;
        continue;
      }
      if (vector.length !== dimension) throw badAnswer(`${vector.length} numbers instead of ${dimension}`);
      const unit = unitLength(vector);
      await handle.write(new Uint8Array(unit.buffer), 0, unit.byteLength, place * unit.byteLength);
    }
    const count = places.close();
    await handle.truncate(count * dimension * Float32Array.BYTES_PER_ELEMENT); // a refused last line was not written
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
    return { lines: count, refused };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Which line a row of the result belongs to: by its index, or all of them by their order. */
class Places {
  private readonly taken = new Set<number>();
  private seen = 0;
  private byIndex: boolean | undefined;

  constructor(private readonly lines: number | undefined) {}

  take({ index, isInner }: ResultRow): number {
    // Where each line has its own list of answers, each may have index 0: from the second such line on, order is what is left.
    if (isInner && this.seen === 1 && index === 0 && this.taken.has(0)) this.byIndex = false;
    this.byIndex ??= index !== undefined;
    if (this.byIndex && index === undefined) throw badAnswer('a line of the result without an index');
    if (!this.byIndex && index !== undefined && index !== 0) throw badAnswer('two vectors of one row');
    const place = this.byIndex ? (index ?? 0) : this.seen;
    this.seen++;
    if (!Number.isInteger(place) || place < 0 || (this.lines !== undefined && place >= this.lines))
      throw badAnswer('a vector of no row');
    if (this.taken.has(place)) throw badAnswer('two vectors of one row');
    this.taken.add(place);
    return place;
  }

  /** The number of lines, once all are there. */
  close(): number {
    const expected = this.lines ?? this.seen;
    // Without a known number the indexes must leave no gap.
    const whole = this.seen === expected && [...this.taken].every((place) => place < expected);
    if (!whole || expected === 0) throw badAnswer(`${this.seen} vectors for ${expected} rows`);
    return expected;
  }
}
