// Stage 2, any text without a recipe of its own (configuration, markup, code of other languages, whatever failed to parse):
// windows of lines, cut where a new block seems to begin. Cost: constant a line.
import { isBlank, startsLine, type Atoms } from '../atoms.ts';
import type { AtomRange, CutStrength, Draft, Page } from '../drafts.ts';

const DEEPEST_INDENT = 8;

export function draftLineWindows(page: Page, range: AtomRange): Draft[] {
  return [{ from: range.from, kind: 'lines', strengthOf: blockStrength(page.atoms) }];
}

/** Stronger after a blank line and where the indentation is low; weak before a line that closes what came before. */
export function blockStrength(atoms: Atoms): CutStrength {
  return (atom) => {
    if (isBlank(atoms, atom) || !startsLine(atoms, atom)) return -2;
    const lead = /[ \t]*/y;
    lead.lastIndex = atoms.starts[atom] ?? 0;
    const indent = lead.exec(atoms.text)?.[0] ?? '';
    if (/[})\]]|<\//y.test(atoms.text.slice(lead.lastIndex, lead.lastIndex + 2))) return -1;
    const depth = Math.min(DEEPEST_INDENT, indent.replaceAll('\t', '  ').length);
    return DEEPEST_INDENT - depth + (atom > 0 && isBlank(atoms, atom - 1) ? DEEPEST_INDENT : 0);
  };
}
