import assert from 'node:assert/strict';
import { clusterCounts, cutClusters } from '../../../../src/engine/analysis/clusters/clusterCut.ts';
import { finestIds } from '../../../../src/engine/analysis/clusters/clusterIds.ts';
import { cutRange, cutTree } from '../../../../src/engine/analysis/clusters/hierarchy.ts';
import { quantize } from '../../../../src/engine/analysis/graph/pairRows.ts';
import { makeStructure, type Structure } from '../../../../src/engine/analysis/structure.ts';
import { seededRandom } from '../../../support/seededNumbers.ts';
import { topicVectors } from '../../../support/topicVectors.ts';

const DIMENSION = 48;
const K = 15;

function integersOf(vectors: Float32Array): Int16Array {
  const integers = new Int16Array(vectors.length);
  for (let at = 0; at < vectors.length; at += DIMENSION) {
    quantize(vectors.subarray(at, at + DIMENSION), integers.subarray(at, at + DIMENSION));
  }
  return integers;
}

function structureOf(vectors: Float32Array, before?: Structure & { oldOf: Int32Array }): Structure {
  return makeStructure({ integers: integersOf(vectors), dimension: DIMENSION, k: K, before }, () => undefined);
}

const namesOf = (structure: Structure): string[] =>
  finestIds(structure.tree, (cluster) => `item ${structure.medoids[cluster]}`);
const ones = (count: number): number[] => new Array<number>(count).fill(1);

/** Share of the pairs of one cluster that are of one topic, and of the pairs of one topic that are in one cluster. */
function agreement(clusterOf: ArrayLike<number>, topicOf: readonly number[]): readonly [number, number] {
  let both = 0;
  let sameCluster = 0;
  let sameTopic = 0;
  for (let a = 0; a < topicOf.length; a++) {
    for (let b = 0; b < a; b++) {
      const inCluster = clusterOf[a] === clusterOf[b] && clusterOf[a]! >= 0;
      const inTopic = topicOf[a] === topicOf[b];
      if (inCluster) sameCluster++;
      if (inTopic) sameTopic++;
      if (inCluster && inTopic) both++;
    }
  }
  return [both / sameCluster, both / sameTopic];
}

describe('clusters', () => {
  const { vectors, topicOf } = topicVectors(600, DIMENSION, { topics: 12 });
  const structure = structureOf(vectors);

  for (const [count, topics] of [
    [30, 3],
    [45, 3],
    [60, 3],
    [90, 3],
    [40, 2],
  ] as const) {
    it(`do not split texts that hardly differ: ${count} of ${topics} topics`, () => {
      const vectors = new Float32Array(count * DIMENSION);
      for (let i = 0; i < count; i++) {
        for (let axis = 0; axis < 4; axis++)
          vectors[i * DIMENSION + axis] = axis === i % topics ? 1 : 0.01 * ((i * 7 + axis * 3) % 5);
      }
      const structure = structureOf(vectors);
      const { clusterOf, sizes } = cutClusters(structure, namesOf(structure), ones(count));
      assert.deepEqual(sizes, new Array(topics).fill(count / topics));
      assert.deepEqual(
        agreement(
          clusterOf,
          Array.from({ length: count }, (_, i) => i % topics),
        ),
        [1, 1],
      );
    });
  }

  it('without a parameter are the topics of the data', () => {
    const cut = cutClusters(structure, namesOf(structure), ones(600));
    const [pure, whole] = agreement(cut.clusterOf, topicOf);
    assert.ok(pure > 0.95, `purity ${pure}`);
    assert.ok(whole > 0.8, `wholeness ${whole}`);
    assert.deepEqual(
      cut.sizes,
      cut.sizes.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(cut.ids).size, cut.ids.length);
  });

  it('are the same from run to run, in the same order, with the same ids', () => {
    const again = structureOf(vectors);
    assert.deepEqual(again, structure);
    assert.deepEqual(namesOf(again), namesOf(structure));
  });

  it('from few to many only split', () => {
    const [least, most] = cutRange(structure.tree);
    let coarser = cutTree(structure.tree, least);
    for (let wanted = least + 1; wanted <= most; wanted += 3) {
      const finer = cutTree(structure.tree, wanted);
      assert.equal(new Set(finer).size, wanted);
      const parents = new Map<number, number>();
      finer.forEach((cluster, finest) => {
        const known = parents.get(cluster) ?? coarser[finest]!;
        assert.equal(coarser[finest], known, 'a cluster lies in one coarser cluster');
        parents.set(cluster, known);
      });
      coarser = finer;
    }
  });

  it('tell how many there are at each step of the slider', () => {
    const counts = clusterCounts(structure, ones(600));
    for (const step of [0, 7, 20]) {
      const cut = cutClusters(structure, namesOf(structure), ones(600), step / 20);
      assert.equal(cut.sizes.length, counts[step]);
    }
    assert.ok(counts.at(-1)! > counts[0]!);
  });

  it('leave out what lies far from all', () => {
    const strange = Float32Array.from([
      ...vectors,
      ...topicVectors(5, DIMENSION, { topics: 5, noise: 9, seed: 7 }).vectors,
    ]);
    const { alone } = structureOf(strange);
    assert.deepEqual([...alone.subarray(600)], [1, 1, 1, 1, 1]);
    assert.ok(alone.subarray(0, 600).filter((value) => value === 1).length < 30);
  });

  it('change a little when the data does, and keep their ids', () => {
    const ids = namesOf(structure);
    const now = vectors.subarray(6 * DIMENSION);
    const oldOf = Int32Array.from({ length: 594 }, (_, item) => item + 6);
    const changed = structureOf(now, { ...structure, oldOf });
    const newIds = finestIds(changed.tree, (cluster) => `item ${changed.medoids[cluster]}`, {
      ids,
      finestOf: structure.tree.finestOf,
      oldOf,
    });
    const before = cutClusters(structure, ids, ones(600));
    const after = cutClusters(changed, newIds, ones(594));
    const nameOf = (cut: typeof before, item: number): string | undefined => cut.ids[cut.clusterOf[item] ?? -1];
    let kept = 0;
    for (let item = 0; item < 594; item++) if (nameOf(after, item) === nameOf(before, item + 6)) kept++;
    assert.ok(kept > 0.95 * 594, `${kept} of 594 items are in the cluster of the same id`);
  });

  it('keep their ids over ten edits in a row, also where each has many parts', () => {
    const { vectors: all } = topicVectors(3_000, DIMENSION, { topics: 20 });
    let [items, now] = [Array.from({ length: 3_000 }, (_, item) => item), structureOf(all)];
    let ids = namesOf(now);
    const first = cutClusters(now, ids, ones(items.length));
    assert.equal(first.ids.length, 20);
    for (let edit = 0; edit < 10; edit++) {
      const left = items.filter((item) => item % 300 !== 29 * edit);
      const rows = Float32Array.from(left.flatMap((item) => [...all.subarray(item * DIMENSION, (item + 1) * DIMENSION)])); // prettier-ignore
      const numberOf = new Map(items.map((item, i) => [item, i]));
      const oldOf = Int32Array.from(left, (item) => numberOf.get(item) ?? -1);
      const changed = structureOf(rows, { ...now, oldOf });
      ids = finestIds(changed.tree, (cluster) => `item ${left[changed.medoids[cluster]!]}`, {
        ids,
        finestOf: now.tree.finestOf,
        oldOf,
      });
      [items, now] = [left, changed];
    }
    const kept = cutClusters(now, ids, ones(items.length)).ids.filter((id) => first.ids.includes(id));
    assert.ok(kept.length >= 18, `${kept.length} of 20`);
  });

  describe('where every text is there in twenty near-copies, which are its neighbours', () => {
    const texts = topicVectors(120, DIMENSION, { topics: 8, noise: 0.5 });
    const random = seededRandom(3);
    const copies = Float32Array.from({ length: 20 * texts.vectors.length }, (_, i) => {
      const row = Math.floor(i / DIMENSION);
      return texts.vectors[Math.floor(row / 20) * DIMENSION + (i % DIMENSION)]! + 0.02 * (random() - 0.5);
    });
    const copied = structureOf(copies);

    it('are the topics of the texts', () => {
      const cut = cutClusters(copied, namesOf(copied), ones(2_400));
      const topicOfCopy = Array.from({ length: 2_400 }, (_, i) => texts.topicOf[Math.floor(i / 20)]!);
      const [pure, whole] = agreement(cut.clusterOf, topicOfCopy);
      assert.ok(pure > 0.95, `purity ${pure}`);
      assert.ok(whole > 0.8, `wholeness ${whole}`);
    });

    it('go from one cluster to one of each text and finer', () => {
      const [least, most] = cutRange(copied.tree);
      assert.equal(least, 1);
      assert.ok(most >= 120, `${most}`);
      for (const wanted of [1, 5, 60, 120]) assert.equal(new Set(cutTree(copied.tree, wanted)).size, wanted);
    });

    it('stay when a few texts go', () => {
      const oldOf = Int32Array.from({ length: 2_360 }, (_, item) => item + 40);
      const changed = structureOf(copies.subarray(40 * DIMENSION), { ...copied, oldOf });
      const sizesOf = (of: Structure, count: number): number => cutClusters(of, namesOf(of), ones(count)).sizes.length;
      assert.equal(sizesOf(changed, 2_360), sizesOf(copied, 2_400));
    });
  });

  it('leave no ordinary text out where most are near-copies', () => {
    const ordinary = topicVectors(400, DIMENSION, { topics: 4, noise: 1 });
    const templates = topicVectors(10, DIMENSION, { topics: 10, seed: 5 }).vectors;
    const random = seededRandom(9);
    const copies = Float32Array.from({ length: 600 * DIMENSION }, (_, i) => {
      const row = Math.floor(i / DIMENSION);
      return templates[(row % 10) * DIMENSION + (i % DIMENSION)]! + 0.01 * (random() - 0.5);
    });
    const { alone } = structureOf(Float32Array.from([...ordinary.vectors, ...copies]));
    const left = alone.subarray(0, 400).filter((value) => value === 1).length;
    assert.ok(left < 40, `${left} of 400`);
  });

  it('are the topics of ordinary texts too where some are there in many near-copies', () => {
    const ordinary = topicVectors(1_500, DIMENSION, { topics: 6, noise: 0.5 });
    const texts = topicVectors(60, DIMENSION, { topics: 60, noise: 0.5, seed: 5 }).vectors;
    const random = seededRandom(9);
    const copies = Float32Array.from({ length: 1_200 * DIMENSION }, (_, i) => {
      const row = Math.floor(i / DIMENSION);
      return texts[(row % 60) * DIMENSION + (i % DIMENSION)]! + 0.01 * (random() - 0.5);
    });
    const mixed = structureOf(Float32Array.from([...ordinary.vectors, ...copies]));
    const cut = cutClusters(mixed, namesOf(mixed), ones(2_700));
    const [pure] = agreement(cut.clusterOf.subarray(0, 1_500), ordinary.topicOf);
    assert.ok(pure > 0.9, `purity ${pure}`);
  });

  for (const count of [0, 1, 2, 3]) {
    it(`of ${count} items are none or one of them all`, () => {
      const few = structureOf(topicVectors(count, DIMENSION, { topics: 1 }).vectors);
      const cut = cutClusters(few, namesOf(few), ones(count));
      assert.ok(cut.sizes.length <= 1, `${cut.sizes.length} clusters`);
      assert.equal(clusterCounts(few, ones(count)).length, 21);
    });
  }

  it('of equal items are one', () => {
    const equal = new Float32Array(100 * DIMENSION);
    for (let item = 0; item < 100; item++) equal[item * DIMENSION] = 1;
    const one = structureOf(equal);
    const cut = cutClusters(one, namesOf(one), ones(100), 0);
    assert.equal(
      cut.sizes.reduce((sum, size) => sum + size, 0),
      100,
    );
  });
});
