// Stage 2, prose: how good a cut before an atom is. Blank lines are best, then sentence ends, then line starts. Cost: constant.
import { isBlank, startsLine, type Atoms } from '../atoms.ts';
import type { CutStrength } from '../drafts.ts';
import { isSentenceEnd } from '../splitLine.ts';

export const PARAGRAPH_START = 3;

export function proseStrength(atoms: Atoms): CutStrength {
  return (atom) => {
    if (atom > 0 && isBlank(atoms, atom - 1) && !isBlank(atoms, atom)) return PARAGRAPH_START;
    if (isSentenceEnd(atoms.text, atoms.starts[atom] ?? 0)) return 2;
    return startsLine(atoms, atom) ? 1 : 0;
  };
}
