import assert from 'node:assert/strict';
import { starGroups, type Edge } from '../../../../src/engine/analysis/duplicates/starGroups.ts';
import { sharedShare, shinglesOf } from '../../../../src/engine/analysis/duplicates/shingles.ts';

/** Points on a line that are alike when at most 1 apart; each knows its `k` nearest. */
function line(points: readonly number[], k = 3) {
  const isLike = (a: number, b: number): boolean => Math.abs(points[a]! - points[b]!) <= 1;
  const edges: Edge[][] = points.map(() => []);
  points.forEach((_, a) => {
    const nearest = [...points.keys()]
      .filter((b) => b !== a && isLike(a, b))
      .sort((b, c) => Math.abs(points[b]! - points[a]!) - Math.abs(points[c]! - points[a]!) || b - c);
    for (const to of nearest.slice(0, k)) {
      if (!edges[a]!.some((edge) => edge.to === to)) edges[a]!.push({ to, likeness: 1 });
      if (!edges[to]!.some((edge) => edge.to === a)) edges[to]!.push({ to: a, likeness: 1 });
    }
  });
  return { edges, isLike };
}

describe('groups of like nodes', () => {
  it('do not chain: each member is like the centre', () => {
    const { edges, isLike } = line([0, 0.9, 1.8, 2.7, 3.6, 4.5, 5.4]);
    const groups = starGroups(edges, isLike, () => []);
    assert.ok(groups.length > 1);
    for (const { centre, members } of groups) assert.ok(members.every((member) => isLike(centre, member)));
    const all = groups.flatMap(({ members }) => members);
    assert.equal(new Set(all).size, all.length);
  });

  it('are one where many more than k are alike', () => {
    const { edges, isLike } = line(Array.from({ length: 60 }, (_, i) => i / 100));
    assert.deepEqual((starGroups(edges, isLike, () => [])).map(({ members }) => members.length), [60]); // prettier-ignore
  });

  it('take in what no edge leads to', () => {
    const points = [...Array.from({ length: 6 }, () => 0), ...Array.from({ length: 6 }, () => 0.5)];
    const { edges, isLike } = line(points, 3); // two heaps of copies that know only themselves
    const all = [...points.keys()];
    assert.equal(starGroups(edges, isLike, () => []).length, 2);
    assert.deepEqual((starGroups(edges, isLike, () => all)).map(({ members }) => members), [all]); // prettier-ignore
  });

  it('are none without edges', () =>
    assert.deepEqual(starGroups([[], []], () => true, () => []), [])); // prettier-ignore
});

describe('shared runs of words', () => {
  const share = (a: string, b: string): number => sharedShare(shinglesOf(a), shinglesOf(b));
  it('are all of texts that differ in white space and marks', () => {
    assert.equal(share('one two,  three four', 'one\ttwo three\n four.'), 1);
  });
  it('are none of other texts, and most of texts with another word', () => {
    assert.equal(share('one two three four five', 'six seven eight nine ten'), 0);
    const words = 'a b c d e f g h i j k l m n o p q r s t'.split(' ');
    const other = words.with(10, 'x');
    assert.ok(share(words.join(' '), other.join(' ')) > 0.8);
    assert.equal(share(words.join(' '), other.join(' ')), share(other.join(' '), words.join(' ')));
  });
  it('read Chinese letter by letter', () => {
    assert.ok(share('今天天气很好我们去公园散步', '今天天气很好我们去公园跑步') > 0.7);
  });
});
