// Stage 6, communities of a weighted graph: the Leiden algorithm (Traag, Waltman, van Eck 2019) for modularity with a resolution.
// Invariant: deterministic (nodes in their order, the best move instead of a random one); a community is connected. Cost: about a
// dozen passes over the edges.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { membersOf } from './members.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** A graph whose nodes stand for groups of nodes. */
interface Coarse extends FuzzyGraph {
  /** Sum of the weights of a node's edges, those inside it counted twice. */
  readonly strengths: Float64Array;
}

/**
 * Community of each node, numbered from 0 in the order of their first nodes. `start`: communities (0 ... count - 1) to begin with in place
 * of single nodes, so that a graph that changed a little gives communities that changed a little.
 */
export function leiden(graph: FuzzyGraph, resolution: number, start?: Int32Array): Int32Array {
  const { count } = graph;
  let coarse = coarseOf(graph, strengthsOf(graph));
  const total = coarse.strengths.reduce((sum, strength) => sum + strength, 0) || 1;
  const penalty = resolution / total;
  /** Node of `coarse` that each node is part of. */
  const nodeOf = singles(count);
  let communities = start?.slice() ?? singles(count);
  for (;;) {
    moveNodes(coarse, communities, penalty);
    const refined = refine(coarse, communities, penalty);
    const groups = renumbered(refined);
    if (groups.count === coarse.count) break;
    const above = new Int32Array(groups.count);
    for (let node = 0; node < coarse.count; node++) above[groups.of[node]!] = communities[node]!;
    coarse = aggregate(coarse, groups.of, groups.count);
    for (let i = 0; i < count; i++) nodeOf[i] = groups.of[nodeOf[i]!]!;
    communities = renumbered(above).of;
  }
  for (let i = 0; i < count; i++) nodeOf[i] = communities[nodeOf[i]!]!;
  return renumbered(nodeOf).of;
}

function singles(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** The only place that makes one: machine code is compiled for one shape of it. */
function coarseOf({ count, offsets, targets, weights }: FuzzyGraph, strengths: Float64Array): Coarse {
  return { count, offsets, targets, weights, strengths };
}

function strengthsOf({ count, offsets, weights }: FuzzyGraph): Float64Array {
  const strengths = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) strengths[node]! += weights[e]!;
  }
  return strengths;
}

/** Moves nodes to the community where they gain most, until none gains. */
function moveNodes(graph: Coarse, communities: Int32Array, penalty: number): void {
  const { count, offsets, targets, strengths } = graph;
  const totals = new Float64Array(count);
  for (let node = 0; node < count; node++) totals[communities[node]!]! += strengths[node]!;
  const sizes = new Int32Array(count);
  for (let node = 0; node < count; node++) sizes[communities[node]!]!++;
  const empty: number[] = [];
  for (let community = count - 1; community >= 0; community--) if (sizes[community] === 0) empty.push(community);
  const near = new NearCommunities(count);
  const queue = singles(count);
  const waiting = new Uint8Array(count).fill(1);
  let head = 0;
  let length = count;
  while (length > 0) {
    const node = queue[head]!;
    head = (head + 1) % count;
    length--;
    waiting[node] = 0;
    const own = communities[node]!;
    near.gather(graph, node, communities);
    const cost = penalty * strengths[node]!;
    let best = own;
    let bestGain = near.weightTo(own) - cost * (totals[own]! - strengths[node]!);
    for (let i = 0; i < near.length; i++) {
      const community = near.list[i]!;
      if (community === own) continue;
      const gain = near.weightTo(community) - cost * totals[community]!;
      if (gain > bestGain + 1e-12 || (gain === bestGain && best !== own && community < best)) {
        best = community;
        bestGain = gain;
      }
    }
    const free = empty.at(-1);
    if (bestGain < -1e-12 && sizes[own]! > 1 && free !== undefined) {
      best = free;
      empty.pop();
    }
    if (best === own) continue;
    communities[node] = best;
    totals[own]! -= strengths[node]!;
    totals[best]! += strengths[node]!;
    sizes[best]!++;
    if (--sizes[own]! === 0) empty.push(own);
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      const other = targets[e]!;
      if (waiting[other] !== 0 || communities[other] === best) continue;
      waiting[other] = 1;
      queue[(head + length) % count] = other;
      length++;
    }
  }
}

/** Splits each community into parts that are well connected in themselves: single nodes join the part where they gain most. */
function refine(graph: Coarse, communities: Int32Array, penalty: number): Int32Array {
  const { count, offsets, targets, weights, strengths } = graph;
  const parts = singles(count);
  const totals = Float64Array.from(strengths);
  const wholes = new Float64Array(count);
  for (let node = 0; node < count; node++) wholes[communities[node]!]! += strengths[node]!;
  /** Weight from a part to the rest of its community. */
  const outward = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      const other = targets[e]!;
      if (other !== node && communities[other] === communities[node]) outward[node]! += weights[e]!;
    }
  }
  const isConnected = (part: number, whole: number): boolean =>
    outward[part]! >= penalty * totals[part]! * (whole - totals[part]!);
  const sizes = new Int32Array(count).fill(1);
  const near = new NearCommunities(count);
  for (let node = 0; node < count; node++) {
    const whole = wholes[communities[node]!]!;
    if (parts[node] !== node || sizes[node] !== 1 || !isConnected(node, whole)) continue;
    near.gather(graph, node, parts, communities);
    const cost = penalty * strengths[node]!;
    let best = node;
    let bestGain = 0;
    for (let i = 0; i < near.length; i++) {
      const part = near.list[i]!;
      if (part === node || !isConnected(part, whole)) continue;
      const gain = near.weightTo(part) - cost * totals[part]!;
      if (gain > bestGain + 1e-12 || (gain === bestGain && best !== node && part < best)) {
        best = part;
        bestGain = gain;
      }
    }
    if (best === node) continue;
    // What pointed from one to the other no longer leaves the part.
    outward[best]! += outward[node]! - 2 * near.weightTo(best);
    parts[node] = best;
    totals[best]! += strengths[node]!;
    sizes[best]!++;
    sizes[node] = 0;
  }
  return parts;
}

function aggregate({ offsets, targets, weights, strengths }: Coarse, of: Int32Array, groups: number): Coarse {
  const { items: members, begins } = membersOf(of, groups);
  const newOffsets = new Uint32Array(groups + 1);
  const newTargets = new Uint32Array(targets.length);
  const newWeights = new Float32Array(targets.length);
  const newStrengths = new Float64Array(groups);
  const sums = new Float64Array(groups);
  const touched = new Int32Array(groups);
  let edges = 0;
  for (let group = 0; group < groups; group++) {
    let length = 0;
    for (let m = begins[group]!; m < begins[group + 1]!; m++) {
      const node = members[m]!;
      newStrengths[group]! += strengths[node]!;
      for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
        const other = of[targets[e]!]!;
        if (other === group) continue; // it counts in the strength alone
        if (sums[other] === 0) touched[length++] = other;
        sums[other]! += weights[e]!;
      }
    }
    for (const other of touched.subarray(0, length).sort()) {
      newTargets[edges] = other;
      newWeights[edges++] = sums[other]!;
      sums[other] = 0;
    }
    newOffsets[group + 1] = edges;
  }
  const [ends, sizes] = [newTargets.subarray(0, edges), newWeights.subarray(0, edges)];
  return coarseOf({ count: groups, offsets: newOffsets, targets: ends, weights: sizes }, newStrengths);
}

/** Weights from a node to the communities around it. */
class NearCommunities {
  readonly list: Int32Array;
  length = 0;
  private readonly sums: Float64Array;

  constructor(count: number) {
    this.list = new Int32Array(count);
    this.sums = new Float64Array(count);
  }

  /** `within`: only neighbours with the same value there. */
  gather({ offsets, targets, weights }: Coarse, node: number, communities: Int32Array, within?: Int32Array): void {
    for (let i = 0; i < this.length; i++) this.sums[this.list[i]!] = 0;
    this.length = 0;
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      const other = targets[e]!;
      if (other === node || (within && within[other] !== within[node])) continue;
      const community = communities[other]!;
      if (this.sums[community] === 0) this.list[this.length++] = community;
      this.sums[community]! += weights[e]!;
    }
  }

  weightTo(community: number): number {
    return this.sums[community]!;
  }
}

/** Values (from 0) numbered in the order in which they are met. */
function renumbered(values: Int32Array): { readonly of: Int32Array; readonly count: number } {
  const of = new Int32Array(values.length);
  const numbers = new Int32Array(1 + values.reduce((most, value) => Math.max(most, value), -1)).fill(-1);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (numbers[value] === -1) numbers[value] = count++;
    of[i] = numbers[value]!;
  }
  return { of, count };
}
