import assert from 'node:assert/strict';
import { fuzzyGraphOf } from '../../../../src/engine/analysis/graph/fuzzyGraph.ts';
import { exactGraph } from '../../../support/exactGraph.ts';
import {
  layoutItems,
  needsVectors,
  type LaidOut,
  type LayoutTask,
} from '../../../../src/engine/analysis/layout/itemLayout.ts';
import { principalPlane } from '../../../../src/engine/analysis/layout/principalPlane.ts';
import { sampledLayout } from '../../../../src/engine/analysis/layout/sampledLayout.ts';
import { itemId } from '../../../../src/engine/analysis/layout/seededBits.ts';
import { sampleOf } from '../../../../src/engine/analysis/layout/subgraph.ts';
import { clusteredVectors } from '../../../support/clusteredVectors.ts';
import { keptNeighbours, someOf } from '../../../support/keptNeighbours.ts';
import { median } from '../../../support/measure.ts';

const DIMENSION = 16;
const COUNT = 700;
const K = 15;
const ignore = (): void => undefined;

const idsOf = (count: number, from = 0): Float64Array => Float64Array.from({ length: count }, (_, i) => itemId(`item ${from + i}`)); // prettier-ignore
function taskOf(values: Float32Array, ids = idsOf(values.length / DIMENSION)): LayoutTask {
  return { ids, graph: exactGraph(values, DIMENSION, K), vectors: { values, dimension: DIMENSION } };
}
/** The task with every `nth` item replaced by a new one that is not quite the same. */
function replaced(values: Float32Array, nth: number): { task: LayoutTask; isNew: (item: number) => boolean } {
  const other = clusteredVectors(COUNT, DIMENSION, 1).map((value, i) => value + 0.02 * Math.sin(i));
  const isNew = (item: number): boolean => item % nth === 0;
  const changed = values.slice();
  for (let item = 0; item < COUNT; item += nth) {
    const own = other.subarray(item * DIMENSION, (item + 1) * DIMENSION);
    const length = Math.hypot(...own);
    changed.set(own.map((value) => value / length), item * DIMENSION); // prettier-ignore
  }
  return { task: taskOf(changed, idsOf(COUNT).map((id, i) => (isNew(i) ? itemId(`new ${i}`) : id))), isNew }; // prettier-ignore
}
function moves(a: LaidOut, b: LaidOut, isCounted: (item: number) => boolean): number[] {
  return [...a.layout.ids.keys()]
    .filter(isCounted)
    .map((i) => Math.hypot(a.places[2 * i]! - b.places[2 * i]!, a.places[2 * i + 1]! - b.places[2 * i + 1]!));
}
function assertOnMap({ places }: LaidOut, count: number): void {
  assert.equal(places.length, 2 * count);
  for (const value of places) assert.ok(value >= -1 && value <= 1, String(value));
}

describe('the layout of all items', () => {
  const values = clusteredVectors(COUNT, DIMENSION);
  const task = taskOf(values);
  let whole: LaidOut;
  before(() => (whole = layoutItems(task, ignore)));

  it('is the same, bit by bit, for the same data', () => {
    assert.deepEqual(layoutItems(task, ignore), whole);
  });

  it('fills the map and shows far more of the neighbourhoods than a plane through the vectors', () => {
    assertOnMap(whole, COUNT);
    assert.ok(Math.max(...whole.places) > 0.9 && Math.min(...whole.places) < -0.9);
    const all = someOf(COUNT, COUNT);
    const kept = keptNeighbours(task.graph, whole.places, all);
    const inPlane = keptNeighbours(task.graph, principalPlane(COUNT, { values, dimension: DIMENSION }), all);
    assert.ok(kept > 0.55 && kept > 2 * inPlane, `${kept}, by the plane ${inPlane}`);
  });

  it('of coarse integers in place of vectors is as good', () => {
    const integers = Int16Array.from(values, (value) => Math.round(value * 1_000));
    const { places } = layoutItems({ ...task, vectors: { values: integers, dimension: DIMENSION } }, ignore);
    assert.ok(keptNeighbours(task.graph, places, someOf(COUNT, COUNT)) > 0.55);
  });

  it('stays where it was when one item in a hundred is replaced, and the new ones find their neighbours', () => {
    const { task: changed, isNew } = replaced(values, 100);
    const after = layoutItems({ ...changed, vectors: undefined, earlier: whole.layout }, ignore);
    const moved = moves(whole, after, (item) => !isNew(item));
    assert.equal(Math.max(...moved), 0);
    const fresh = someOf(COUNT, COUNT).filter(isNew);
    const anew = keptNeighbours(changed.graph, layoutItems(changed, ignore).places, fresh);
    const kept = keptNeighbours(changed.graph, after.places, fresh);
    assert.ok(kept > 0.7 * anew, `${kept}, laid out anew ${anew}`);
  });

  it('is laid out again, from where it was, when small changes have added up', () => {
    let last = whole.layout;
    const { task: changed, isNew } = replaced(values, 10);
    last = layoutItems({ ...changed, earlier: last }, ignore).layout;
    assert.ok(last.changed > 0.09 && last.changed < 0.11, String(last.changed));
    const after = layoutItems({ ...changed, earlier: { ...last, changed: 0.3 } }, ignore);
    assert.equal(after.layout.changed, 0);
    assert.ok(median(moves(whole, after, (item) => !isNew(item))) < 0.25);
    assert.ok(keptNeighbours(changed.graph, after.places, someOf(COUNT, COUNT)) > 0.55);
  });

  it('needs no work at all when nothing has changed, nor vectors when most is known', () => {
    let told = 0;
    const again = layoutItems({ ...task, vectors: undefined, earlier: whole.layout }, () => told++);
    assert.deepEqual([again.places, told], [whole.places, 0]);
    assert.deepEqual([needsVectors(task.ids, whole.layout), needsVectors(task.ids, undefined), needsVectors(idsOf(9, COUNT), whole.layout)], [false, true, true]); // prettier-ignore
  });

  it('tells how far it is and ends with the first word to stop', () => {
    const told: number[] = [];
    layoutItems(task, (share) => told.push(share));
    assert.ok(told.length >= 100 && told.every((share, i) => share >= (told[i - 1] ?? 0) && share < 1));
    let calls = 0;
    const stop = (): void => {
      if (++calls === 3) throw new Error('stopped');
    };
    assert.throws(() => layoutItems(task, stop), /stopped/);
    assert.equal(calls, 3);
  });

  it('has a place for no, one, two and sixteen items', () => {
    for (const count of [0, 1, 2, 16]) {
      const few = layoutItems(taskOf(values.slice(0, count * DIMENSION)), ignore);
      assertOnMap(few, count);
      assert.equal(new Set(few.places).size, count === 1 ? 1 : 2 * count);
    }
  });

  it('tells items apart whose vectors are all the same', () => {
    const same = new Float32Array(300 * DIMENSION).fill(DIMENSION ** -0.5);
    const laid = layoutItems(taskOf(same), ignore);
    assertOnMap(laid, 300);
    assert.equal(new Set(Array.from({ length: 300 }, (_, i) => `${laid.places[2 * i]} ${laid.places[2 * i + 1]}`)).size, 300); // prettier-ignore
  });

  it('is not upset by one vector that 30 % of the items share', () => {
    const vectors = values.slice(0, 400 * DIMENSION);
    for (let item = 0; item < 120; item++) vectors.copyWithin(item * DIMENSION, 0, DIMENSION);
    const odd = taskOf(vectors);
    const laid = layoutItems(odd, ignore);
    assertOnMap(laid, 400);
    const others = someOf(400, 400).filter((item) => item >= 120);
    assert.ok(keptNeighbours(odd.graph, laid.places, others) > 0.5);
  });

  it('puts what is linked to nothing at the edge', () => {
    const { graph } = task;
    const neighbours = graph.neighbours.map((other, i) => (i < K || other === 0 ? -1 : other));
    // A missing neighbour comes last.
    for (let item = 0; item < COUNT; item++) {
      const own = [...neighbours.subarray(item * K, (item + 1) * K)];
      neighbours.set([...own.filter((other) => other >= 0), ...own.filter((other) => other < 0)], item * K);
    }
    const { places } = layoutItems({ ...task, graph: { ...graph, neighbours } }, ignore);
    assert.ok(Math.max(Math.abs(places[0]!), Math.abs(places[1]!)) > 0.98);
  });
});

describe('the layout of more items than fit at once', () => {
  it('shows nearly as much by a sample of a quarter as that of all', () => {
    const values = clusteredVectors(COUNT, DIMENSION);
    const { graph, ids } = taskOf(values);
    const told: number[] = [];
    const start = principalPlane(COUNT, { values, dimension: DIMENSION });
    const options = { sample: COUNT / 4, epochs: 200, progress: (share: number) => told.push(share) };
    const places = sampledLayout(fuzzyGraphOf(graph), ids, start, options);
    assert.ok(keptNeighbours(graph, places, someOf(COUNT, COUNT)) > 0.55);
    assert.ok(told.every((share, i) => share >= (told[i - 1] ?? 0) && share < 1));
  });

  it('draws nearly the same sample after a small change', () => {
    const before = new Set([...sampleOf(idsOf(1_000), 250)].map((item) => idsOf(1_000)[item]));
    const changed = idsOf(1_000, 10);
    const after = [...sampleOf(changed, 250)].map((item) => changed[item]);
    assert.equal(before.size, 250);
    assert.ok(after.filter((id) => before.has(id)).length > 240);
  });
});
