// Stage 3, DashScope, batch jobs: a finished job's rows, read from its file of vectors. Invariant: a row is its line's vector, or
// the mean of its parts' weighted by their tokens, of unit length. Cost: a read a line, nothing kept in memory.
import { closeSync, openSync, readSync } from 'node:fs';
import { EngineError } from '../../../errors.ts';
import type { RowPlace } from './jobLines.ts';
import { unitLength } from '../../remote/unitLength.ts';

export interface JobRow {
  readonly vector: Float32Array | EngineError;
  /** Above 1: the row was too long and was split. */
  readonly parts: number;
}

export class JobVectors {
  private readonly descriptor: number;

  /** `places`: undefined where each line is a row. */
  constructor(
    file: string,
    private readonly dimension: number,
    private readonly places: readonly RowPlace[] | undefined,
    private readonly refused: Readonly<Record<number, string>>,
  ) {
    this.descriptor = openSync(file, 'r');
  }

  row(index: number): JobRow {
    const place = this.places ? (this.places[index] ?? null) : index;
    if (place === null) return { vector: new EngineError('no-text', { path: '' }), parts: 1 };
    if (typeof place === 'number') return { vector: this.line(place), parts: 1 };
    const [first = 0, ...weights] = place;
    const mean = new Float32Array(this.dimension);
    for (const [i, weight] of weights.entries()) {
      const part = this.line(first + i);
      if (part instanceof EngineError) return { vector: part, parts: weights.length };
      part.forEach((x, d) => (mean[d] = (mean[d] ?? 0) + x * weight));
    }
    return { vector: unitLength(mean), parts: weights.length };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private line(line: number): Float32Array | EngineError {
    const reason = this.refused[line];
    if (reason !== undefined) return new EngineError('row-refused', { reason });
    const vector = new Float32Array(this.dimension);
    const bytes = new Uint8Array(vector.buffer);
    if (readSync(this.descriptor, bytes, 0, bytes.length, line * bytes.length) !== bytes.length)
      throw new EngineError('internal', { reason: 'a file of vectors that is too short' });
    return vector;
  }
}
