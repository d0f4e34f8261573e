import assert from 'node:assert/strict';
import fastCheck from 'fast-check';
import type { StoredChunk } from '../../../../src/engine/model.ts';
import { WordIndex } from '../../../../src/engine/search/words/wordIndex.ts';
import { wordsOf } from '../../../../src/engine/search/words/wordsOf.ts';
import { ChunkTable } from '../../../../src/engine/store/chunkTable.ts';
import { seeded } from '../../store/storeFixtures.ts';
import { chunkOf } from '../tables.ts';
import { changeTable, randomText, scoresOf } from './wordTables.ts';

const ofText = (chunk: StoredChunk): string[] => wordsOf(chunk.text);

function tableOf(texts: readonly string[]) {
  const chunks = texts.map((text, i) => chunkOf(`f${i}.md`, 1, { text }));
  return { count: chunks.length, chunks, revision: 1 };
}

/** The formula, written out. */
function naive(texts: readonly string[], query: string): number[] {
  const documents = texts.map((text) => wordsOf(text));
  const mean = documents.reduce((sum, words) => sum + words.length, 0) / documents.length;
  return documents.map((words) => {
    let score = 0;
    for (const word of new Set(wordsOf(query))) {
      const holders = documents.filter((each) => each.includes(word)).length;
      const times = words.filter((each) => each === word).length;
      const idf = Math.log(1 + (texts.length - holders + 0.5) / (holders + 0.5));
      if (times > 0) score += (idf * times * 1.9) / (times + 0.9 * (0.4 + (0.6 * words.length) / mean));
    }
    return score;
  });
}

describe('WordIndex', () => {
  it('scores as the formula of BM25 does, on random documents', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.nat(), fastCheck.integer({ min: 1, max: 40 }), (seed, count) => {
        const random = seeded(seed);
        const texts = Array.from({ length: count }, () => randomText(random));
        const index = new WordIndex(ofText);
        assert.ok(index.follow(tableOf(texts)));
        const query = randomText(random, 6);
        const expected = naive(texts, query);
        [...index.score(query).byRow].forEach((score, i) => assert.ok(Math.abs(score - expected[i]!) < 1e-9));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('is after any changes, to the last bit, what an index built anew is', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.nat(), fastCheck.integer({ min: 1, max: 60 }), (seed, changes) => {
        const random = seeded(seed);
        const table = new ChunkTable(1);
        const index = new WordIndex();
        for (let i = 0; i < changes; i++) {
          changeTable(table, random);
          if (random() < 0.4) index.follow(table);
          if (random() < 0.1) index.follow(table, -1);
        }
        index.follow(table);
        const anew = new WordIndex();
        anew.follow(table);
        assert.deepEqual(scoresOf(index), scoresOf(anew));
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('sweeps out what is gone: its size stays in bounds', () => {
    const random = seeded(5);
    const table = new ChunkTable(1);
    const index = new WordIndex();
    for (let round = 0; round < 40; round++) {
      table.remove('big');
      const chunks = Array.from({ length: 300 }, (_, i) =>
        chunkOf('big', i, { text: `${randomText(random)} only${round}x${i}`, hash: `${round} ${i}` }),
      );
      table.add('big', chunks, new Float32Array(300));
      index.follow(table);
    }
    const anew = new WordIndex();
    anew.follow(table);
    assert.deepEqual(scoresOf(index), scoresOf(anew));
    assert.ok(index.wordCount < 3_000, String(index.wordCount));
  });

  it('works in slices, and goes on where it stopped', () => {
    const table = tableOf(Array.from({ length: 100 }, (_, i) => `alpha ${i}`));
    let asked = 0;
    const index = new WordIndex((chunk) => {
      asked++;
      return wordsOf(chunk.text);
    });
    let slices = 1;
    while (!index.follow(table, 0)) slices++;
    assert.ok(slices > 3);
    assert.equal(asked, 100);
    assert.equal(index.score('alpha').byRow.filter((score) => score > 0).length, 100);
  });

  it('forgets the last question, and names each row that shares a word once', () => {
    const table = tableOf(['alpha beta', 'beta beta', 'gamma']);
    const index = new WordIndex(ofText);
    index.follow(table);
    assert.deepEqual([...index.score('alpha beta').rows].sort(), [0, 1]);
    const { byRow, rows } = index.score('gamma');
    assert.deepEqual([...byRow].map((score) => score > 0), [false, false, true]); // prettier-ignore
    assert.deepEqual([...rows], [2]);
    assert.deepEqual([...index.score('none of these').rows], []);
  });

  it('knows nothing of what was cleared', () => {
    const table = new ChunkTable(1);
    table.add('a', [chunkOf('a', 1, { text: 'alpha' })], new Float32Array(1));
    const index = new WordIndex();
    index.follow(table);
    table.clear();
    index.follow(table);
    assert.deepEqual([...index.score('alpha').byRow], []);
    assert.equal(index.score('alpha').weights.size, 0);
  });
});
