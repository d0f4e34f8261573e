// Random documents that come, change and go, and the questions that two word indexes must answer alike.
import type { WordIndex } from '../../../../src/engine/search/words/wordIndex.ts';
import type { ChunkTable } from '../../../../src/engine/store/chunkTable.ts';
import { chunkOf } from '../tables.ts';

const VOCABULARY = 'alpha beta gamma delta getName set_size 安装组件 安全 epsilon the the the a of'.split(' ');

export function randomText(random: () => number, most = 30): string {
  const length = Math.floor(random() * most);
  return Array.from({ length }, () => VOCABULARY[Math.floor(random() * VOCABULARY.length)]).join(' ');
}

/** As a store does. */
export function changeTable(table: ChunkTable, random: () => number): void {
  const path = `f${Math.floor(random() * 25)}`;
  table.remove(path);
  if (random() < 0.3) return;
  const chunks = Array.from({ length: Math.floor(random() * 5) }, (_, i) =>
    chunkOf(path, i + 1, { text: randomText(random), hash: `${path}${i}${random()}` }),
  );
  table.add(path, chunks, new Float32Array(chunks.length));
}

export const scoresOf = (index: WordIndex): number[][] =>
  ['alpha', 'get_name the', '安装 beta', 'set size of delta'].map((query) => [...index.score(query).byRow]);
