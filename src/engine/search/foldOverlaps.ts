// Stage 5, folding: one place is shown once. Invariant: the better hit stays, in its place. Cost: pairs of hits of one file.
import type { Hit } from '../model.ts';

/**
 * Leaves out a hit that says the same as a better one: same file (a kept snippet counts as the file it came from), overlapping
 * lines, and one text within the other. Lines alone do not tell: a long line may hold several chunks.
 */
export function foldOverlaps(hits: readonly Hit[]): Hit[] {
  const shown: Hit[] = [];
  for (const hit of hits) if (!shown.some((better) => saysTheSame(better, hit))) shown.push(hit);
  return shown;
}

function saysTheSame(a: Hit, b: Hit): boolean {
  if (sourceOf(a) !== sourceOf(b) || a.startLine > b.endLine || b.startLine > a.endLine) return false;
  const left = bare(a.text);
  const right = bare(b.text);
  return left.includes(right) || right.includes(left);
}

function sourceOf({ kept, path }: Hit): string {
  return kept?.sourcePath ?? path;
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
