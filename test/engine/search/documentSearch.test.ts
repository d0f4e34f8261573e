import assert from 'node:assert/strict';
import { isCancelled } from '../../../src/engine/errors.ts';
import type { StoredChunk, VectorTable } from '../../../src/engine/model.ts';
import { bestPerDocument, rowsNow } from '../../../src/engine/search/documentSearch.ts';
import type { RowMask } from '../../../src/engine/search/filter.ts';
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
  const best = (queries: readonly Float32Array[], k: number, mask?: RowMask, among = table) =>
    bestPerDocument({ table: () => among, mask: () => mask }, queries, k, undefined);

  it('a copy, whose every chunk has its twin, comes first with 1', async () => {
    const [first, second, third] = await best([direction(0), direction(90)], 5);
    assert.deepEqual([first?.chunk.path, first?.similarity.toFixed(3)], ['copy', '1.000']);
    assert.deepEqual([second?.chunk.path, second?.similarity.toFixed(3)], ['half', '0.500']);
    assert.equal(third?.chunk.path, 'far');
  });

  it('points at the chunk that is nearest to any of the example', async () => {
    const [first] = rowsNow(table, await best([direction(80)], 1));
    assert.equal(first?.row, 2);
  });

  it('gives no more than asked for, nothing that is not accepted, and nothing for an empty table', async () => {
    assert.equal((await best([direction(0)], 2)).length, 2);
    const mask = Uint8Array.from(table.chunks, ({ path }) => Number(path !== 'copy'));
    assert.deepEqual((await best([direction(0)], 5, mask)).map(({ chunk }) => chunk.path), ['half', 'far']); // prettier-ignore
    assert.deepEqual(await best([direction(0)], 5, undefined, tableOf([])), []);
  });

  /** Scans of a slice's length; `between`: what others do in the turns between them. */
  async function withSlowScans(between: () => void, among: () => VectorTable, signal?: AbortSignal) {
    const now = performance.now.bind(performance);
    let clock = 0;
    let scans = 0;
    performance.now = () => clock;
    const slow = (): VectorTable => {
      const base = among();
      const scan = (...args: Parameters<VectorTable['scan']>) => {
        clock += 100;
        scans++;
        setImmediate(between);
        return base.scan(...args);
      };
      return { ...base, scan };
    };
    try {
      const found = await bestPerDocument({ table: slow }, [direction(0), direction(90), direction(80)], 5, signal);
      return { found, scans };
    } finally {
      performance.now = now;
    }
  }

  it('lets others have their turn between two scans, and stops there', async () => {
    const turns: number[] = [];
    await withSlowScans(() => turns.push(turns.length), () => table); // prettier-ignore
    assert.equal(turns.length, 3);
    const stopping = new AbortController();
    await assert.rejects(withSlowScans(() => stopping.abort(), () => table, stopping.signal), isCancelled); // prettier-ignore
  });

  it('are right where rows move between two scans, without what was deleted', async () => {
    const chunks = new Map(table.chunks.map((chunk) => [chunk.hash, chunk]));
    const moved = tableOf([['far', 180], ['copy', 90], ['copy', 0]]); // prettier-ignore
    // As in a store, the chunks are the same objects.
    const hashes = ['3', '2', '0'];
    Object.assign(moved, { revision: 2, chunks: hashes.map((hash) => chunks.get(hash)) });
    let now = table;
    const { found } = await withSlowScans(() => (now = moved), () => now); // prettier-ignore
    assert.deepEqual(found.map(({ chunk }) => chunk.path), ['copy', 'far']); // prettier-ignore
    assert.ok(rowsNow(moved, found).every(({ row, chunk }) => moved.chunks[row] === chunk));
    assert.deepEqual(rowsNow(tableOf([]), found), []);
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
