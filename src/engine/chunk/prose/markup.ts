// Stage 2, HTML, Vue, Svelte and Astro: text by heading and block element, scripts and styles as the code they are. Invariant:
// ranges of code begin and end at line ends. Cost: one pass besides the parses.
import { startsLine, tokensOf, type Atoms } from '../atoms.ts';
import type { CodeRecipe } from '../code/codeRecipe.ts';
import type { AtomRange, CutStrength, Draft, Page } from '../drafts.ts';
import { indexAtOrBelow } from '../lineStarts.ts';
import { readMarkupTags, type EmbeddedSource } from './markupTags.ts';
import { PARAGRAPH_START, proseStrength } from './proseStrength.ts';
import { draftSections, type Heading } from './sections.ts';

const TINY_TOKENS = 20;

export async function draftMarkup(page: Page, codeRecipe: CodeRecipe): Promise<Draft[]> {
  const { atoms } = page;
  const tags = readMarkupTags(atoms.text);
  const headings = headingsOf(atoms, tags.headings);
  const strengthOf = blockStrength(atoms, tags.blocks);
  const drafts: Draft[] = [];
  let from = 0;
  for (const script of tags.scripts) {
    const range = linesOf(atoms, script);
    if (range.from < from || range.to - range.from < 3) continue; // on a line with other markup, or too small to matter
    draftProse({ from, to: range.from });
    drafts.push(
      ...(await codeRecipe(page, script.languageId, range, { start: script.contentStart, end: script.contentEnd })),
    );
    from = range.to;
  }
  draftProse({ from, to: atoms.count });
  return drafts;

  function draftProse(range: AtomRange): void {
    if (range.from >= range.to) return;
    // Closing tags after a script stay with it: a draft runs to the next one's start.
    if (drafts.length > 0 && tokensOf(atoms, range.from, range.to) < TINY_TOKENS) return;
    const inside = headings.filter(({ atom }) => atom >= range.from && atom < range.to);
    drafts.push(...draftSections(page, range, inside, strengthOf));
  }
}

/** Whole lines, the tags' own ones included. */
function linesOf(atoms: Atoms, { start, end }: EmbeddedSource): AtomRange {
  let from = indexAtOrBelow(atoms.starts, start);
  while (!startsLine(atoms, from)) from--;
  let to = indexAtOrBelow(atoms.starts, end - 1) + 1;
  while (to < atoms.count && !startsLine(atoms, to)) to++;
  return { from, to };
}

/** One heading an atom; the highest when a line holds several. */
function headingsOf(atoms: Atoms, found: readonly { start: number; level: number; title: string }[]): Heading[] {
  const headings: Heading[] = [];
  for (const { start, level, title } of found) {
    const atom = indexAtOrBelow(atoms.starts, start);
    const last = headings.at(-1);
    if (last?.atom !== atom) headings.push({ atom, level, title: title.trim(), height: 1 });
    else if (level < last.level) headings[headings.length - 1] = { atom, level, title: title.trim(), height: 1 };
  }
  return headings;
}

function blockStrength(atoms: Atoms, blocks: readonly number[]): CutStrength {
  const inProse = proseStrength(atoms);
  const starts = new Set(blocks.map((start) => indexAtOrBelow(atoms.starts, start)));
  return (atom) => (starts.has(atom) ? PARAGRAPH_START : Math.min(inProse(atom), PARAGRAPH_START - 0.5));
}
