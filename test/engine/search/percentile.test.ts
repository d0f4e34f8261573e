import assert from 'node:assert/strict';
import { createReference } from '../../../src/engine/search/percentile.ts';
import { vectorTable } from '../../support/vectorTable.ts';
import { chunkOf, makeTable } from './tables.ts';

const same = (row: Float32Array): Float32Array => row;

describe('percentileOf', () => {
  it('is the share of random pairs that are less similar: about uniform for random pairs', () => {
    const table = makeTable(600, 8, 1);
    const reference = createReference(same);
    assert.equal(reference.percentileOf(table, -1.1, 'a'), 0);
    assert.equal(reference.percentileOf(table, 1.1, 'a'), 100);
    const middle = reference.percentileOf(table, 0, 'a')!;
    assert.ok(middle > 40 && middle < 60, String(middle));
  });

  it('never falls when the similarity rises', () => {
    const table = makeTable(300, 6, 2);
    const reference = createReference(same);
    let last = 0;
    for (let similarity = -1; similarity <= 1; similarity += 0.01) {
      const percentile = reference.percentileOf(table, similarity, 'a')!;
      assert.ok(percentile >= last && percentile <= 100);
      last = percentile;
    }
  });

  it('gives the same figures for the same table', () => {
    const figures = (): (number | undefined)[] => {
      const reference = createReference(same);
      return [-0.5, 0, 0.3].map((similarity) => reference.percentileOf(makeTable(400, 8, 3), similarity, 'a'));
    };
    assert.deepEqual(figures(), figures());
  });

  it('compares chunks of different documents', () => {
    // Twins inside each of two files, nothing in common between the files.
    const vectors = Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1);
    const chunks = [chunkOf('a', 1), chunkOf('a', 9), chunkOf('b', 1), chunkOf('b', 9)];
    const table = vectorTable(2, vectors, chunks);
    assert.equal(createReference(same).percentileOf(table, 0.5, 'x'), 100);
    const single = { ...table, chunks: chunks.map((chunk) => ({ ...chunk, path: 'a' })) };
    assert.ok(createReference(same).percentileOf(single, 0.5, 'x')! < 100);
  });

  it('weighs pairs as the query is weighed: by its own rule and over chunks of its own kind', () => {
    const count = 400;
    const chunks = Array.from({ length: count }, (_, i) =>
      chunkOf(`f${i}`, 1, { text: i % 2 ? '中文说明' : 'english' }),
    );
    // First half of the space: all alike. Second half: Chinese chunks alike, others opposite to them.
    const vectors = Float32Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? 1 : (i >> 1) % 2 ? 1 : -1));
    const table = vectorTable(2, vectors, chunks);
    const reference = createReference((row, text) => (/\p{Script=Han}/u.test(text) ? Float32Array.of(0, row[1]!) : Float32Array.of(row[0]!, 0))); // prettier-ignore
    assert.equal(reference.percentileOf(table, 0.99, 'a question'), 0);
    const chinese = reference.percentileOf(table, 0.99, '一个问题')!;
    assert.ok(chinese > 40 && chinese < 60, String(chinese));
    assert.equal(reference.percentileOf(table, 0.99, 'mixed 问题'), chinese);
  });

  it('takes all chunks where there are too few of the query’s kind', () => {
    const table = makeTable(300, 8, 4);
    const percentile = createReference(same).percentileOf(table, 0, '只有英文');
    assert.ok(percentile !== undefined && percentile > 40 && percentile < 60);
  });

  it('is made anew only when the table has changed by more than a twentieth', () => {
    let weighed = 0;
    const reference = createReference((row) => {
      weighed++;
      return row;
    });
    const table = { ...makeTable(1_000, 4, 5) };
    reference.percentileOf(table, 0, 'a');
    const once = weighed;
    assert.ok(once > 1_000);
    for (const [count, revision] of [
      [1_000, 1],
      [1_000, 2],
      [960, 3],
    ] as const) {
      // prettier-ignore
      Object.assign(table, { count, revision });
      reference.percentileOf(table, 0, 'a');
      assert.equal(weighed, once);
    }
    Object.assign(table, { count: 900, revision: 4, chunks: table.chunks.slice(0, 900) });
    reference.percentileOf(table, 0, 'a');
    assert.ok(weighed > once);
  });

  it('is unknown where there are no two chunks', () => {
    assert.equal(createReference(same).percentileOf(makeTable(0, 4, 1), 0.5, 'a'), undefined);
    assert.equal(createReference(same).percentileOf(makeTable(1, 4, 1), 0.5, 'a'), undefined);
  });
});
