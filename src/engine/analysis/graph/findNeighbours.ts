// Stage 6, the graph itself: each item is compared with all items of the cells nearest to its own, then with its neighbours' neighbours
// (NN-descent: Dong, Moses, Li 2011). Invariant: deterministic; similarities are exact, only a neighbour may be missed (recall over .99
// measured). Cost: a small share of all pairs; below SMALL items all of them.
import { cellsOf } from './cells.ts';
import { NearestLists } from './nearestLists.ts';
import type { NeighbourGraph } from './neighbourGraph.ts';
import { productOf, type PairRows } from './pairRows.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** So few that all pairs cost less than cells. */
const SMALL = 1_500;
/** Cells for the square root of the number of items. */
const CELLS = 2;
/** Cells that an item is compared with. */
const PROBED = 8;
/** A round that finds fewer new neighbours than this share ends the search among neighbours' neighbours. */
const FEW = 0.002;
const MOST_ROUNDS = 3;

/** Rows that {@link findNeighbours} needs beside the items. */
export function spareRows(items: number): number {
  return items <= SMALL ? 0 : cellCount(items);
}

function cellCount(items: number): number {
  return Math.round(CELLS * Math.sqrt(items));
}

/** `rows` hold the items first. `progress` is told the share that is done; it may throw to end this. */
export function findNeighbours(
  rows: PairRows,
  items: number,
  k: number,
  progress: (share: number) => void,
): NeighbourGraph {
  const lists = new NearestLists(items, k);
  if (items <= SMALL) {
    const all = Int32Array.from({ length: items }, (_, i) => i);
    compareAll(rows, lists, all, all, progress);
    return lists.toGraph();
  }
  searchCells(rows, lists, progress);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = searchNeighbours(rows, lists, (share) => progress(0.6 + (0.4 * (round + share)) / MOST_ROUNDS));
    if (found < FEW * items * k) break;
  }
  return lists.toGraph();
}

/**
 * The graph after a change. `oldOf`: for each item its number in the graph before, or -1. New items, and those that lost most of their neighbours, are compared with all; those that
 * lost some look among their neighbours' neighbours. Cost: new items x items.
 */
export function updateNeighbours(
  rows: PairRows,
  items: number,
  before: NeighbourGraph,
  oldOf: Int32Array,
  progress: (share: number) => void,
): NeighbourGraph {
  const { k } = before;
  const lists = new NearestLists(items, k);
  const newOf = new Int32Array(before.count).fill(-1);
  for (let item = 0; item < items; item++) if (oldOf[item]! >= 0) newOf[oldOf[item]!] = item;
  const robbed = new Uint8Array(items);
  const fresh: number[] = [];
  for (let item = 0; item < items; item++) {
    const old = oldOf[item]!;
    if (old < 0) {
      fresh.push(item);
      continue;
    }
    let lost = 0;
    for (let e = old * k; e < (old + 1) * k; e++) {
      const neighbour = before.neighbours[e]!;
      if (neighbour < 0) continue;
      const other = newOf[neighbour]!;
      if (other >= 0) lists.offer(item, other, productOf(before.similarities[e]!));
      else lost++;
    }
    // Those that are left may lead nowhere else.
    if (lost > k / 2) fresh.push(item);
    else if (lost > 0) robbed[item] = 1;
  }
  const all = Int32Array.from({ length: items }, (_, i) => i);
  rows.listRows(all, items);
  for (let i = 0; i < fresh.length; i += 2) {
    const p = fresh[i]!;
    const q = fresh[i + 1] ?? p;
    const [withP, withQ] = rows.compare(p, q);
    for (const [item, products] of [
      [p, withP],
      [q, withQ],
    ] as const) {
      // prettier-ignore
      offerAll(lists, item, all, products);
      for (let other = 0; other < items; other++) {
        if (other !== item && products[other]! >= lists.worst(other)) lists.offer(other, item, products[other]!);
      }
    }
    progress((0.8 * i) / fresh.length);
  }
  if (robbed.includes(1)) searchNeighbours(rows, lists, (share) => progress(0.8 + 0.2 * share), robbed);
  return lists.toGraph();
}

function searchCells(rows: PairRows, lists: NearestLists, progress: (share: number) => void): void {
  const { count: items } = lists;
  const count = cellCount(items);
  const probed = Math.min(PROBED, count);
  const { nearest } = cellsOf(rows, items, count, probed, (share) => progress(0.2 * share));
  const members: number[][] = Array.from({ length: count }, () => []);
  /** Items that look into a cell. */
  const visitors: number[][] = Array.from({ length: count }, () => []);
  for (let item = 0; item < items; item++) {
    members[nearest[item * probed]!]!.push(item);
    for (let i = 0; i < probed; i++) visitors[nearest[item * probed + i]!]!.push(item);
  }
  for (const [cell, listed] of members.entries()) {
    compareAll(rows, lists, visitors[cell]!, listed, () => undefined);
    progress(0.2 + (0.4 * cell) / count);
  }
}

/** Offers all of `listed` to all of `own`. */
function compareAll(
  rows: PairRows,
  lists: NearestLists,
  own: ArrayLike<number>,
  listed: ArrayLike<number>,
  progress: (share: number) => void,
): void {
  rows.listRows(listed, listed.length);
  for (let i = 0; i < own.length; i += 2) {
    const p = own[i]!;
    const q = own[i + 1] ?? p;
    const [withP, withQ] = rows.compare(p, q);
    offerAll(lists, p, listed, withP);
    if (q !== p) offerAll(lists, q, listed, withQ);
    if ((i & 63) === 0) progress(i / own.length);
  }
}

function offerAll(lists: NearestLists, item: number, listed: ArrayLike<number>, products: Int32Array): number {
  let found = 0;
  let worst = lists.worst(item);
  for (let i = 0; i < products.length; i++) {
    if (products[i]! < worst || listed[i] === item) continue;
    if (!lists.offer(item, listed[i]!, products[i]!)) continue;
    found++;
    worst = lists.worst(item);
  }
  return found;
}

/** Compares each item (or those of `only`) with those that share a neighbour with it; how many new neighbours that found. */
function searchNeighbours(
  rows: PairRows,
  lists: NearestLists,
  progress: (share: number) => void,
  only?: Uint8Array,
): number {
  const { count: items, k } = lists;
  const before = lists.items.slice();
  /** Items that have this one for a neighbour, at most k. */
  const back = new Int32Array(items * k);
  const backs = new Int32Array(items);
  for (let e = 0; e < before.length; e++) {
    const other = before[e]!;
    if (other >= 0 && backs[other]! < k) back[other * k + backs[other]!++] = Math.floor(e / k);
  }
  const seen = new Int32Array(items).fill(-1);
  const listed = new Int32Array(4 * k * k + 4 * k);
  let found = 0;
  for (let item = 0; item < items; item++) {
    if (only?.[item] === 0) continue;
    seen[item] = item;
    for (let i = 0; i < k; i++) if (before[item * k + i]! >= 0) seen[before[item * k + i]!] = item;
    let count = 0;
    const add = (other: number): void => {
      if (other < 0 || seen[other] === item) return;
      seen[other] = item;
      listed[count++] = other;
    };
    const addAround = (other: number): void => {
      for (let i = 0; i < k; i++) add(before[other * k + i]!);
      for (let i = 0; i < backs[other]!; i++) add(back[other * k + i]!);
    };
    for (let i = 0; i < k; i++) if (before[item * k + i]! >= 0) addAround(before[item * k + i]!);
    for (let i = 0; i < backs[item]!; i++) add(back[item * k + i]!);
    if (count > 0) {
      rows.listRows(listed, count);
      found += offerAll(lists, item, listed.subarray(0, count), rows.compare(item, item)[0]);
    }
    if ((item & 255) === 0) progress(item / items);
  }
  return found;
}
