// Stage 2, prose under headings (Markdown, HTML, LaTeX ...; without headings: plain text). A section that fits is a chunk; a
// longer one is cut by paragraphs, then sentences; a heading with hardly any text joins its first sub-section. Cost: linear.
import { isBlank, tokensOf } from '../atoms.ts';
import { cutRange } from '../cutRange.ts';
import { clipContext, tokensLeft, type AtomRange, type CutStrength, type Draft, type Page } from '../drafts.ts';
import { PARAGRAPH_START } from './proseStrength.ts';

export interface Heading {
  readonly atom: number;
  /** 1 is the highest. */
  readonly level: number;
  readonly title: string;
  /** Lines of the heading itself, rulers included. */
  readonly height: number;
}

/** Smaller sections join a sub-section; smaller ends of a section join the paragraph before. */
const SMALL_TOKENS = 40;
/** Paragraphs of a long section are collected up to here. */
const PARAGRAPH_TOKENS = 120;
const MAX_TITLE_LENGTH = 80;

interface Section extends AtomRange {
  readonly level: number;
  readonly path: readonly string[];
  /** Lines of the heading itself, and of what comes before the first heading. */
  readonly headingLines: number;
}

interface Contexts {
  readonly first: string | undefined;
  readonly rest: string | undefined;
}

/** Drafts the range; headings ascend and lie in it. */
export function draftSections(
  page: Page,
  range: AtomRange,
  headings: readonly Heading[],
  strengthOf: CutStrength,
): Draft[] {
  return joinSmall(page, sectionsOf(range, headings)).flatMap((section): Draft[] => {
    const symbol = section.path.join(' > ');
    const contexts: Contexts = {
      first: clipContext(page, section.path.slice(0, -1).join(' > ')),
      rest: clipContext(page, symbol),
    };
    const kind = section.path.length > 0 ? 'section' : 'paragraph';
    return cutParagraphs(page, section, strengthOf, contexts).map(({ from }, i) => ({
      from,
      kind,
      symbol,
      context: i === 0 ? contexts.first : contexts.rest,
      strengthOf,
    }));
  });
}

function sectionsOf(range: AtomRange, headings: readonly Heading[]): Section[] {
  const sections: Section[] = [];
  const open: Heading[] = [];
  const first = headings[0]?.atom ?? range.to;
  if (first > range.from) sections.push({ from: range.from, to: first, level: 0, path: [], headingLines: 0 });
  headings.forEach((heading, i) => {
    while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
    open.push(heading);
    sections.push({
      from: heading.atom,
      to: headings[i + 1]?.atom ?? range.to,
      level: heading.level,
      path: open.map(({ title }) => title.slice(0, MAX_TITLE_LENGTH)),
      headingLines: heading.height,
    });
  });
  return sections;
}

/** Joins small sections with the sub-section after them, and text before the first heading with that heading's. */
function joinSmall(page: Page, sections: readonly Section[]): Section[] {
  const joined: Section[] = [];
  for (const section of sections) {
    const last = joined.at(-1);
    const isSmall = last !== undefined && tokensOf(page.atoms, last.from, last.to) < SMALL_TOKENS;
    if (!isSmall || last.level >= section.level || !wouldFit(page, last, section)) {
      joined.push(section);
      continue;
    }
    const inked = inkedAtoms(page, last);
    const isBare = last.path.length === 0 || inked <= last.headingLines;
    joined[joined.length - 1] = {
      ...(isBare ? section : last),
      from: last.from,
      to: section.to,
      headingLines: inked + section.headingLines,
    };
  }
  return joined;
}

function wouldFit(page: Page, last: Section, next: Section): boolean {
  return tokensOf(page.atoms, last.from, next.to) <= page.maxTokens - page.maxContextTokens;
}

function inkedAtoms(page: Page, range: AtomRange): number {
  let inked = 0;
  for (let atom = range.from; atom < range.to; atom++) if (!isBlank(page.atoms, atom)) inked++;
  return inked;
}

/** One range when the section fits, else ranges of whole paragraphs, the longest ones cut inside. */
function cutParagraphs(page: Page, section: AtomRange, strengthOf: CutStrength, contexts: Contexts): AtomRange[] {
  const { atoms } = page;
  if (tokensOf(atoms, section.from, section.to) <= tokensLeft(page, contexts.first)) return [section];
  const max = Math.min(tokensLeft(page, contexts.first), tokensLeft(page, contexts.rest));
  const ranges: AtomRange[] = [];
  let from = section.from;
  for (const paragraph of paragraphsOf(section, strengthOf)) {
    const collected = tokensOf(atoms, from, paragraph.from);
    const size = tokensOf(atoms, paragraph.from, paragraph.to);
    const isEnough = collected >= PARAGRAPH_TOKENS || collected + size > max;
    // A heading or a short lead-in stays with the paragraph that follows, even when that one must be cut.
    if (collected > 0 && isEnough && (collected >= SMALL_TOKENS || size <= max)) flush(paragraph.from);
    if (tokensOf(atoms, from, paragraph.to) > max) flush(paragraph.to);
  }
  if (from < section.to) flush(section.to);
  return joinTail(page, ranges, max);

  function flush(to: number): void {
    ranges.push(...cutRange(atoms, { from, to }, max, strengthOf));
    from = to;
  }
}

function* paragraphsOf(range: AtomRange, strengthOf: CutStrength): Generator<AtomRange> {
  let from = range.from;
  for (let atom = range.from + 1; atom < range.to; atom++) {
    if (strengthOf(atom) < PARAGRAPH_START) continue;
    yield { from, to: atom };
    from = atom;
  }
  yield { from, to: range.to };
}

/** A few words left over at the end belong to what they follow. */
function joinTail(page: Page, ranges: AtomRange[], maxTokens: number): AtomRange[] {
  const [before, tail] = ranges.slice(-2);
  if (before === undefined || tail === undefined) return ranges;
  const isSmall = tokensOf(page.atoms, tail.from, tail.to) < SMALL_TOKENS;
  if (!isSmall || tokensOf(page.atoms, before.from, tail.to) > maxTokens) return ranges;
  return [...ranges.slice(0, -2), { from: before.from, to: tail.to }];
}
