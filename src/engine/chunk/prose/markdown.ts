// Stage 2, Markdown and MDX: where headings and blocks begin, by markdown-it's block rules (fences, HTML blocks and quotes are
// not misread). Cost: about 0.4 ms per 10 KB, linear on hostile input.
import MarkdownIt from 'markdown-it';
import { startsLine, type Atoms } from '../atoms.ts';
import type { CutStrength, Draft, Page } from '../drafts.ts';
import { PARAGRAPH_START, proseStrength } from './proseStrength.ts';
import { draftSections, type Heading } from './sections.ts';

const FRONT_MATTER = /^(?:---\n[\s\S]*?\n---|\+\+\+\n[\s\S]*?\n\+\+\+)[ \t]*(?:\n|$)/;
/** Deeper blocks are no better places to cut. */
const MAX_BLOCK_DEPTH = 2;

/** Keeps the patterns below linear on a hostile heading. */
const MAX_TITLE_SOURCE = 300;

const parser = new MarkdownIt({ html: true });
parser.core.ruler.enableOnly(['block']);

export interface MarkdownBlocks {
  /** Lines count from 0 here. */
  readonly headings: readonly (Omit<Heading, 'atom'> & { readonly line: number })[];
  /** Nesting level of the outermost block that begins on a line. */
  readonly levels: ReadonlyMap<number, number>;
}

export function readMarkdownBlocks(text: string): MarkdownBlocks {
  const headings: MarkdownBlocks['headings'][number][] = [];
  const levels = new Map<number, number>();
  const tokens = parser.parse(maskFrontMatter(text.replace(/\r\n?/g, '\n')), {});
  tokens.forEach((token, i) => {
    if (token.map === null || token.nesting < 0) return;
    const [line, end] = token.map;
    if (token.type === 'heading_open' && token.level === 0) {
      headings.push({
        line,
        level: Number(token.tag.slice(1)),
        title: plainTitle(tokens[i + 1]?.content ?? ''),
        height: end - line,
      });
    } else if (token.level <= MAX_BLOCK_DEPTH && !levels.has(line)) levels.set(line, token.level);
  });
  return { headings, levels };
}

export function draftMarkdown(page: Page): Draft[] {
  const { atoms } = page;
  const { headings, levels } = readMarkdownBlocks(atoms.text);
  const atomOfLine = firstAtomsOfLines(atoms);
  const placed = headings.map(({ line, ...heading }) => ({ ...heading, atom: atomOfLine[line] ?? 0 }));
  return draftSections(page, { from: 0, to: atoms.count }, placed, blockStrength(atoms, levels));
}

/** Blocks of the first level begin a paragraph; items of lists come next, then blank lines inside fences. */
function blockStrength(atoms: Atoms, levels: ReadonlyMap<number, number>): CutStrength {
  const inProse = proseStrength(atoms);
  return (atom) => {
    const level = startsLine(atoms, atom) ? levels.get((atoms.lines[atom] ?? 1) - 1) : undefined;
    if (level === undefined) return Math.min(inProse(atom), PARAGRAPH_START - 0.5);
    return PARAGRAPH_START + (level === 0 ? 1 : 0);
  };
}

/** Blanked out with its lines kept, or its closing `---` would make a heading of it. */
function maskFrontMatter(text: string): string {
  return text.replace(FRONT_MATTER, (matter) => matter.replace(/[^\n]/g, ' '));
}

/** A heading's words without its markup. */
export function plainTitle(source: string): string {
  return source
    .slice(0, MAX_TITLE_SOURCE)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\{#[^}]*\}|<[^>]*>/g, '')
    .replace(/[*`\\]|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function firstAtomsOfLines(atoms: Atoms): number[] {
  const first: number[] = [];
  for (let atom = 0; atom < atoms.count; atom++) if (startsLine(atoms, atom)) first.push(atom);
  return first;
}
