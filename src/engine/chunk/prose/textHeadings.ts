// Stage 2, headings of LaTeX, reStructuredText, AsciiDoc and plain text, found line by line. Invariant: a heading is the first
// atom of its line. Cost: a few regular expressions a line, bounded by its length.
import { startsLine, textOf, type Atoms } from '../atoms.ts';
import type { Heading } from './sections.ts';

/** Longer lines are no headings. */
const MAX_HEADING_LENGTH = 200;
const LATEX_LEVELS = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph'];

type FindHeading = (line: string, atom: number) => Omit<Heading, 'atom'> | undefined;

export function findTextHeadings(atoms: Atoms, languageId: string): Heading[] {
  if (languageId === 'restructuredtext') return findUnderlined(atoms);
  const find: FindHeading =
    languageId === 'latex' || languageId === 'tex'
      ? latexHeading
      : languageId === 'asciidoc'
        ? asciidocHeading()
        : chapterHeading;
  const headings: Heading[] = [];
  eachLine(atoms, (line, atom) => {
    const heading = find(line, atom);
    if (heading !== undefined) headings.push({ atom, ...heading });
  });
  return headings;
}

function eachLine(atoms: Atoms, visit: (line: string, atom: number) => void): void {
  for (let atom = 0; atom < atoms.count; atom++) {
    if (startsLine(atoms, atom) && !atoms.dropped.has(atom)) visit(textOf(atoms, atom, atom + 1), atom);
  }
}

function latexHeading(line: string): ReturnType<FindHeading> {
  if (line.length > MAX_HEADING_LENGTH) return undefined;
  const match = /^\s*\\(part|chapter|(?:sub){0,2}section|paragraph)\*?\s*(?:\[[^\]]*\])?\{(.+?)\}/.exec(line);
  if (match?.[1] === undefined) return undefined;
  return { level: LATEX_LEVELS.indexOf(match[1]) + 1, title: (match[2] ?? '').replace(/[\\{}]/g, ''), height: 1 };
}

/** `== Title`, but not inside delimited blocks. */
function asciidocHeading(): FindHeading {
  let block: string | undefined;
  return (line) => {
    if (/^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|```)$/.test(line)) {
      if (block === undefined) block = line;
      else if (block === line) block = undefined;
      return undefined;
    }
    const match = block === undefined && line.length <= MAX_HEADING_LENGTH ? /^(={1,6}) (\S.*)$/.exec(line) : null;
    return match === null ? undefined : { level: match[1]?.length ?? 1, title: match[2] ?? '', height: 1 };
  };
}

/** Chapters of novels and manuals, in English and Chinese. */
function chapterHeading(line: string): ReturnType<FindHeading> {
  const isChapter =
    line.length <= 60 &&
    (/^\s*(?:chapter|part|book|appendix) (?:[ivxlc]+|\d+|[a-z])\b[^.?!]*$/i.test(line) ||
      /^\s*第[零〇一二三四五六七八九十百千两\d]{1,8}[章回节卷部篇](?:$|[\s:：]\S*)/.test(line));
  return isChapter ? { level: 1, title: line.trim(), height: 1 } : undefined;
}

/** A title of reStructuredText has a line of punctuation under it, and maybe over it; each new style is a level deeper. */
function findUnderlined(atoms: Atoms): Heading[] {
  const headings: Heading[] = [];
  const styles: string[] = [];
  const lines: { line: string; atom: number }[] = [];
  eachLine(atoms, (line, atom) => lines.push({ line, atom }));
  lines.forEach(({ line, atom }, i) => {
    const under = lines[i + 1]?.line ?? '';
    const over = lines[i - 1]?.line ?? '';
    const mark = under.charAt(0);
    if (!isRuler(under) || isRuler(line) || line.trim() === '' || line.length > MAX_HEADING_LENGTH) return;
    const isOverlined = isRuler(over) && over === under;
    if (!isOverlined && (/^\s/.test(line) || over.trim() !== '' || under.length < Math.min(4, line.length))) return;
    const style = isOverlined ? mark + mark : mark;
    if (!styles.includes(style)) styles.push(style);
    const first = isOverlined ? (lines[i - 1]?.atom ?? atom) : atom;
    headings.push({ atom: first, level: styles.indexOf(style) + 1, title: line.trim(), height: isOverlined ? 3 : 2 });
  });
  return headings;
}

function isRuler(line: string): boolean {
  return line.length >= 2 && line.length <= MAX_HEADING_LENGTH && /^([=\-~^"'`#*+.:_<>])\1+$/.test(line);
}
