// Stage 6, what of a chunk is somebody's own: imports, licences and marks of generators are alike everywhere, and a few words are no
// finding. Invariant: pure; prose loses nothing but a licence. Cost: a few patterns a line.
import { CJK_LETTERS, countCjkLetters } from '../cjk.ts';
import type { StoredChunk } from '../model.ts';

const PROSE: ReadonlySet<StoredChunk['kind']> = new Set(['section', 'paragraph', 'row', 'image']);

const COMMENT = /^\s*(?:\/[/*]|\*|#(?!\s*(?:include|define|if|else|endif|pragma|region)\b)|--|;|%|<!--|"""|''')/;
const LICENCE =
  /\bcopyright\b|\(c\)\s*\d{4}|\ball rights reserved\b|\bSPDX-License|\blicen[sc]ed under\b|\b(?:apache|mit|bsd|mozilla public|gnu (?:lesser |affero )?general public) licen[sc]e\b|\bpermission is hereby granted\b|\bredistributions? (?:and use )?(?:in|of) source\b|\bwithout warrant(?:y|ies)\b|\bwarranties or conditions\b/gi;
const GENERATED =
  /(?<![\w`'"])@generated\b|\bdo not (?:edit|modify)\b|<auto-?generated|\b(?:auto(?:matically)?|machine)[- ]?generated\b/i;
/** Parts of a licence text hold few of its set phrases, but the file's name says what it is. */
const LICENCE_FILE = /(?:^|\/)(?:un)?(?:licen[sc]e|copying|notice|copyright|third.?party.?notices?)[^/]*$/i;

const IMPORT =
  /^\s*(?:import\b(?!\s*\.)|from\s+\S+\s+import\b|export\s+(?:\*|(?:type\s+)?\{[^}]*\})\s*from\b|(?:const|let|var)\s.*=\s*require\(|#\s*(?:include|pragma)\b|using\s+[\w.:=\s]+;|package\s+[\w.]+\s*;?\s*$|(?:pub\s+)?use\s+[\w:]+.*;|require(?:_relative|_once)?\s*\(?['"]|@import\b|extern\s+crate\b|mod\s+\w+;|library\()/;
/** Of a script: what it starts is elsewhere. */
const ENTRY = /^\s*if\s+__name__\s*==\s*['"]__main__['"]/;
const OPENS = /[{(][^})]*$/;
const CLOSES = /[})]/;

/** The text without imports and a licence; '' where a generator signed. */
export function substanceOf({ text, kind, path }: Pick<StoredChunk, 'text' | 'kind' | 'path'>): string {
  if (kind !== 'row' && LICENCE_FILE.test(path)) return '';
  if (PROSE.has(kind)) return kind !== 'row' && isLicence(text, 2) ? '' : text;
  const own: string[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? '';
    if (COMMENT.test(line)) {
      const end = endOfComment(lines, i);
      const comment = lines.slice(i, end).join('\n');
      if (GENERATED.test(comment)) return '';
      if (!isLicence(comment)) own.push(comment);
      i = end;
    } else if (IMPORT.test(line)) {
      // A list in brackets over several lines belongs to it.
      if (OPENS.test(line)) while (i < lines.length && !CLOSES.test(lines[i] ?? '')) i++;
      i++;
    } else {
      if (!ENTRY.test(line)) own.push(line);
      i++;
    }
  }
  return own.join('\n');
}

function endOfComment(lines: readonly string[], from: number): number {
  let i = from;
  if (/^\s*\/\*/.test(lines[i] ?? '')) {
    while (i < lines.length && !(lines[i] ?? '').includes('*/')) i++;
    return i + 1;
  }
  while (i < lines.length && COMMENT.test(lines[i] ?? '')) i++;
  return i;
}

/** More set phrases in a longer text: it may speak of a licence. */
function isLicence(text: string, fewest = 1): boolean {
  const phrases = new Set(text.match(LICENCE)?.map((phrase) => phrase.toLowerCase()));
  return phrases.size >= Math.max(fewest, Math.min(3, 1 + Math.floor(text.length / 600)));
}

const CJK_LETTER = new RegExp(`[${CJK_LETTERS}]+`, 'gu');
const WORD = /\p{L}[\p{L}\p{M}\p{N}_]*/gu;

/** Words with a letter; a CJK letter counts as half a word. */
export function countWords(text: string): number {
  const letters = countCjkLetters(text);
  const rest = letters === 0 ? text : text.replace(CJK_LETTER, ' ');
  return (rest.match(WORD)?.length ?? 0) + letters / 2;
}

/** Fewer words than these are too few to say anything: a quarter of what is usual here, as texts are as long as they are. */
export function leastWordsOf(counts: Iterable<number> & ArrayLike<number>): number {
  const median = Float64Array.from(counts).sort()[counts.length >> 1] ?? 0;
  return Math.min(8, Math.max(3, median / 4));
}
