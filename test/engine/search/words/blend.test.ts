import assert from 'node:assert/strict';
import type { StoredChunk } from '../../../../src/engine/model.ts';
import { topRows } from '../../../../src/engine/search/topRows.ts';
import { blend, wordShareFor } from '../../../../src/engine/search/words/blend.ts';
import { seeded } from '../../store/storeFixtures.ts';
import { makeTable, shuffled } from '../tables.ts';

const scores = (values: readonly number[]): Float64Array => Float64Array.from(values);

const wordScores = (values: readonly number[]) => ({
  byRow: scores(values),
  rows: Uint32Array.from(values.flatMap((value, row) => (value > 0 ? [row] : []))),
});

describe('blend', () => {
  it('scales both between their worst and best, and weighs them', () => {
    const table = makeTable(4, 2, 1);
    const blended = blend(table, scores([0.9, 0.5, 0.3, 0.1]), wordScores([0, 8, 4, 0]), { share: 0.25, k: 4 });
    const expected = [0.75, 0.75 * 0.5 + 0.25, 0.75 * 0.25 + 0.125, 0];
    blended.forEach((score, row) => assert.ok(Math.abs(score - expected[row]!) < 1e-12));
  });

  it('is the order by similarity where no word is shared, or all are as similar', () => {
    const table = makeTable(3, 2, 1);
    const options = { share: 0.3, k: 3 };
    assert.deepEqual(topRows(table, blend(table, scores([0.1, 0.9, 0.5]), wordScores([0, 0, 0]), options), 3).map(({ row }) => row), [1, 2, 0]); // prettier-ignore
    assert.deepEqual(topRows(table, blend(table, scores([0.5, 0.5, 0.5]), wordScores([1, 0, 2]), options), 3).map(({ row }) => row), [2, 0, 1]); // prettier-ignore
  });

  it('scales by what passes the filter, and finds nothing else', () => {
    const table = makeTable(600, 2, 1);
    const random = seeded(8);
    const similarities = scores(Array.from({ length: 600 }, random));
    const words = wordScores(Array.from({ length: 600 }, () => (random() < 0.3 ? random() * 9 : 0)));
    const accept = ({ path }: StoredChunk): boolean => /[02468]\.ts$/.test(path);
    const mask = Uint8Array.from(table.chunks, (chunk) => Number(accept(chunk)));
    const masked = similarities.map((similarity, row) => (mask[row] === 0 ? -Infinity : similarity));
    const blended = blend(table, masked, words, { share: 0.3, k: 10, mask });
    blended.forEach((score, row) => assert.ok(score === -Infinity || accept(table.chunks[row]!)));
    const found = topRows(table, blended, 10);
    const best = (values: Float64Array): number => Math.max(...values.filter((_, row) => accept(table.chunks[row]!)));
    assert.ok(found[0]!.similarity <= 1 && best(similarities) < 1 && best(words.byRow) > 0);
  });

  it('finds a row far down in similarity by its words', () => {
    const table = makeTable(1_000, 2, 1);
    const similarities = scores(Array.from({ length: 1_000 }, (_, row) => 0.9 - row / 2_000));
    const words = wordScores(Array.from({ length: 1_000 }, (_, row) => (row === 250 ? 5 : 0)));
    const rows = topRows(table, blend(table, similarities, words, { share: 0.5, k: 600 }), 600).map(({ row }) => row);
    assert.ok(rows.includes(250) && rows.length >= 600);
  });

  it('finds the only row that has a name, however far it lies', () => {
    const table = makeTable(1_500, 2, 1);
    const similarities = scores(Array.from({ length: 1_500 }, (_, row) => (row === 1_400 ? -0.6 : 0.4 - row / 10_000)));
    const words = wordScores(Array.from({ length: 1_500 }, (_, row) => (row === 1_400 ? 5 : 0)));
    const rows = topRows(table, blend(table, similarities, words, { share: 0.5, k: 10 }), 1_500).map(({ row }) => row);
    // Half of the score is its words': the rows before it are those that have more than half of the meaning.
    assert.ok(rows.indexOf(1_400) <= 501, `place ${rows.indexOf(1_400)}`);
  });

  it('gives the same places wherever the rows lie', () => {
    const table = makeTable(300, 2, 7);
    const scoreOf = (chunk: StoredChunk, salt: number): number => (chunk.text.length * salt + chunk.startLine) % 7;
    const places = (each: typeof table): string[] => {
      const blended = blend(
        each,
        scores(each.chunks.map((chunk) => scoreOf(chunk, 3) / 7)),
        wordScores(each.chunks.map((chunk) => scoreOf(chunk, 5))),
        { share: 0.3, k: 50 },
      );
      return topRows(each, blended, 50).map(({ row }) => `${each.chunks[row]!.path}:${each.chunks[row]!.startLine}`);
    };
    for (let seed = 0; seed < 10; seed++) assert.deepEqual(places(shuffled(table, seed)), places(table));
  });

  it('counts words more for whoever types a name', () => {
    for (const name of ['getUserName', 'user_name', 'os.path', 'std::vector', 'open(']) assert.equal(wordShareFor(name), 0.5, name); // prettier-ignore
    for (const text of ['how to open a file', 'Vue 3.4', 'Ends. Begins', 'README', '安装组件']) assert.equal(wordShareFor(text), 0.225, text); // prettier-ignore
  });
});
