// Stage 6, groups of like nodes without chaining: each is a star, all of its members like its centre. Invariant: a node is in one group
// at most; the same edges give the same groups. Cost: a comparison a reached node and group, as long as a group has borders.

export interface Edge {
  readonly to: number;
  /** Higher is more alike. */
  readonly likeness: number;
}

export interface StarGroup {
  readonly centre: number;
  /** With the centre, ascending. */
  readonly members: readonly number[];
}

/**
 * `edges`: by node, symmetric, of those that are alike. `isLike` judges a node against a centre; `more` names nodes that are like the centre and that
 * no edge leads to, since a graph of k neighbours ends at k. The best connected nodes are centres first.
 */
export function starGroups(
  edges: readonly (readonly Edge[])[],
  isLike: (centre: number, node: number) => boolean,
  more: (centre: number) => readonly number[],
  progress: (share: number) => void = () => undefined,
): StarGroup[] {
  const weight = edges.map((own) => own.reduce((sum, { likeness }) => sum + likeness, 0));
  const order = [...edges.keys()]
    .filter((node) => (edges[node]?.length ?? 0) > 0)
    .sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b);
  const taken = new Uint8Array(edges.length);
  const groups: StarGroup[] = [];
  for (const [i, centre] of order.entries()) {
    progress(i / order.length);
    if (taken[centre] === 1) continue;
    const members = new Set([centre]);
    const judged = new Set([centre]);
    for (const member of members) {
      // A set gives what is added to it meanwhile too: this reaches as far as members lead.
      const reached = (edges[member] ?? []).map(({ to }) => to);
      for (const node of member === centre ? [...reached, ...more(centre)] : reached) {
        if (taken[node] === 1 || judged.has(node)) continue;
        judged.add(node);
        if (isLike(centre, node)) members.add(node);
      }
    }
    if (members.size < 2) continue;
    for (const member of members) taken[member] = 1;
    groups.push({ centre, members: [...members].sort((a, b) => a - b) });
  }
  return groups;
}
