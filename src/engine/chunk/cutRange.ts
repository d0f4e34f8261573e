// Stage 2, atoms too many for one chunk -> ranges that fit, cut where the text allows it best. Invariant: the ranges are
// contiguous and fit. Cost: each atom is looked at five times at most.
import { tokensOf, type Atoms } from './atoms.ts';
import type { AtomRange, CutStrength } from './drafts.ts';

/** One step of strength outweighs any unevenness, and being half empty outweighs any strength. */
const STRENGTH_WEIGHT = 1e5;
const HALF_EMPTY_COST = 1e9;

/**
 * Cuts [from, to) into as few ranges as it must, about even ones. Among the cuts that leave a range at least half full the
 * strongest wins, then the one nearest to an even share. An atom alone may exceed `maxTokens`.
 */
export function cutRange(
  atoms: Atoms,
  range: AtomRange,
  maxTokens: number,
  strengthOf: CutStrength,
  maxFirstTokens = maxTokens,
): AtomRange[] {
  const ranges: AtomRange[] = [];
  let from = range.from;
  let max = maxFirstTokens;
  while (tokensOf(atoms, from, range.to) > max) {
    const left = tokensOf(atoms, from, range.to);
    const share = left / Math.ceil(left / max);
    let best = from + 1;
    let bestScore = -Infinity;
    for (let cut = from + 1; cut < range.to; cut++) {
      const tokens = tokensOf(atoms, from, cut);
      if (tokens > max) break;
      const score =
        strengthOf(cut) * STRENGTH_WEIGHT - Math.abs(tokens - share) - (tokens < share / 2 ? HALF_EMPTY_COST : 0);
      if (score >= bestScore) {
        bestScore = score;
        best = cut;
      }
    }
    ranges.push({ from, to: best });
    from = best;
    max = maxTokens;
  }
  ranges.push({ from, to: range.to });
  return ranges;
}
