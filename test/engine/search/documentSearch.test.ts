import assert from 'node:assert/strict';
import type { StoredChunk, VectorTable } from '../../../src/engine/model.ts';
import { bestPerDocument } from '../../../src/engine/search/documentSearch.ts';
import { meanOfRows } from '../../../src/engine/search/meanVector.ts';
import { vectorTable } from '../../support/vectorTable.ts';

/** A table of 2-D unit vectors at these angles (degrees), a document each path. */
function tableOf(rows: readonly (readonly [path: string, degrees: number])[]): VectorTable {
  const chunks = rows.map(([path], i): StoredChunk => ({
    path,
    startLine: i + 1,
    endLine: i + 1,
    text: path,
    kind: 'lines',
    hash: String(i),
  }));
  const vectors = Float32Array.from(rows.flatMap(([, degrees]) => [...direction(degrees)]));
  return vectorTable(2, vectors, chunks);
}

function direction(degrees: number): Float32Array {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
}

describe('documents that resemble a document', () => {
  const table = tableOf([
    ['copy', 0],
    ['half', 0],
    ['copy', 90],
    ['far', 180],
  ]);

  it('a copy, whose every chunk has its twin, comes first with 1', () => {
    const [first, second, third] = bestPerDocument(table, [direction(0), direction(90)], 5);
    assert.deepEqual([table.chunks[first?.row ?? -1]?.path, first?.similarity.toFixed(3)], ['copy', '1.000']);
    assert.deepEqual([table.chunks[second?.row ?? -1]?.path, second?.similarity.toFixed(3)], ['half', '0.500']);
    assert.equal(table.chunks[third?.row ?? -1]?.path, 'far');
  });

  it('points at the chunk that is nearest to any of the example', () => {
    const [first] = bestPerDocument(table, [direction(80)], 1);
    assert.equal(first?.row, 2);
  });

  it('gives no more than asked for, nothing that is not accepted, and nothing for an empty table', () => {
    assert.equal(bestPerDocument(table, [direction(0)], 2).length, 2);
    const found = bestPerDocument(
      table,
      [direction(0)],
      5,
      Uint8Array.from(table.chunks, ({ path }) => Number(path !== 'copy')),
    );
    assert.deepEqual(found.map(({ row }) => table.chunks[row]?.path), ['half', 'far']); // prettier-ignore
    assert.deepEqual(bestPerDocument(tableOf([]), [direction(0)], 5), []);
  });
});

describe('the mean of several vectors', () => {
  it('has unit length in each part of the space', () => {
    const mean = meanOfRows([Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 1, 0, 1)], [2, 2]);
    assert.deepEqual([...mean].map((x) => x.toFixed(3)), ['0.707', '0.707', '0.000', '1.000']); // prettier-ignore
  });

  it('is the vector itself where there is one, and stays zero where vectors cancel out', () => {
    const one = Float32Array.of(0.6, 0.8);
    assert.equal(meanOfRows([one], [2]), one);
    assert.deepEqual([...meanOfRows([Float32Array.of(1, 0), Float32Array.of(-1, 0)], [2])], [0, 0]);
  });
});
