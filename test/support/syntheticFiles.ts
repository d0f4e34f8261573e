// Files of 20 chunks with clustered unit vectors, made one by one from their number: 200,000 chunks need no memory.
import { createHash } from 'node:crypto';
import type { DocumentRecord, StoredChunk } from '../../src/engine/model.ts';
import { seeded } from '../engine/store/storeFixtures.ts';

export const CHUNKS_A_FILE = 20;
const TOPICS = 60;
const FOLDERS = 100;

export interface SyntheticFile {
  readonly record: DocumentRecord;
  readonly chunks: readonly StoredChunk[];
  /** CHUNKS_A_FILE x dimension. */
  readonly vectors: Float32Array;
}

export function normalRandom(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function direction(dimension: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: dimension }, () => normalRandom(random));
}

/** Topic + file + chunk, as in a workspace: mean cosine of one topic about .7, of others about .3. */
export function syntheticFiles(dimension: number): (number: number) => SyntheticFile {
  const common = direction(dimension, 1);
  const topics = Array.from({ length: TOPICS }, (_, topic) => direction(dimension, 2 + topic));
  return (number) => {
    const random = seeded(1_000 + number);
    const topic = topics[Math.floor(random() ** 2 * TOPICS)] ?? common;
    const own = direction(dimension, 1_000_000 + number);
    const vectors = new Float32Array(CHUNKS_A_FILE * dimension);
    for (let c = 0; c < CHUNKS_A_FILE; c++) {
      const row = vectors.subarray(c * dimension, (c + 1) * dimension);
      // The sum of four evenly distributed numbers is normal enough, and ten times faster.
      for (let i = 0; i < dimension; i++) {
        const noise = (random() + random() + random() + random() - 2) * 1.73;
        row[i] = common[i]! * 0.55 + topic[i]! * 0.65 + own[i]! * 0.3 + noise * 0.45;
      }
      const length = Math.hypot(...row);
      for (let i = 0; i < dimension; i++) row[i]! /= length;
    }
    const path = `src/folder${number % FOLDERS}/file${number}.ts`;
    const chunks = Array.from({ length: CHUNKS_A_FILE }, (_, c): StoredChunk => {
      const text = `export function f${number}_${c}() {\n${'  // about eight hundred letters of source text\n'.repeat(17)}}`;
      const hash = createHash('sha256').update(text).digest('hex');
      return { path, startLine: c * 20 + 1, endLine: c * 20 + 19, text, kind: 'function', symbol: `f${c}`, hash };
    });
    const record = { path, languageId: 'typescript', hash: String(number), size: 16_000, mtimeMs: 1, cjkLetters: 0 };
    return { record, chunks, vectors };
  };
}
