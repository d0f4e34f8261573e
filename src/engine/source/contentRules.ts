// Stage 1: what a text's content says against indexing it: nobody wrote it, or nobody should see it. Invariant: a rule speaks only
// where it is sure, for what it drops can't be found. Cost: one pass over the lines, and only for scripts and style sheets.
import type { LeftOutReason } from '../model.ts';

/** Lines of code this long are no handwriting. */
const LONG_LINE = 10_000;
const LONG_MEAN = 400;
/** Less text than this is worth reading however it is set. */
const SMALL_TEXT = 2_000;
/** So many lines beside the long ones make a handwritten file that holds data. */
const WRITTEN_LINES = 20;
const MINIFIABLE: ReadonlySet<string> = new Set(['javascript', 'javascriptreact', 'typescript', 'css']);

/** A generator says so in a comment at the top; documents may speak of such comments, so prose is not asked. */
const HEADER_CHARACTERS = 2_000;
const PROSE: ReadonlySet<string> = new Set([
  'markdown',
  'mdx',
  'plaintext',
  'restructuredtext',
  'asciidoc',
  'latex',
  'html',
]);
const COMMENT_LINE = /^\s*(?:\/[/*]|\*|#|--|;|%|<!--|"""|''')/;
const GENERATED: readonly RegExp[] = [
  /(?<![\w`'"])@generated\b(?![`'"])/,
  /\bcode generated\b.*\bdo not (?:edit|modify)\b/i,
  /<auto-?generated\s*\/?>/i,
  /\b(?:this|the) (?:file|code|class|module) (?:is|was|has been) (?:auto(?:matically)?|machine)[- ]?generated\b/i,
];
const PRIVATE_KEY = /^\s*-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;

/** Why the text is left out, or undefined. */
export function contentVerdict(
  text: string,
  languageId: string,
): { readonly reason: LeftOutReason; readonly detail?: string } | undefined {
  if (!/\S/.test(text)) return { reason: 'empty' };
  if (PRIVATE_KEY.test(text)) return { reason: 'security', detail: 'private key' };
  const header = PROSE.has(languageId) ? undefined : generatedHeader(text);
  if (header !== undefined) return { reason: 'generated', detail: header };
  return MINIFIABLE.has(languageId) && isMinified(text) ? { reason: 'minified' } : undefined;
}

/** The words by which a generator signs. */
function generatedHeader(text: string): string | undefined {
  for (const line of text.slice(0, HEADER_CHARACTERS).split('\n')) {
    if (!COMMENT_LINE.test(line)) continue;
    for (const pattern of GENERATED) {
      const words = pattern.exec(line)?.[0];
      if (words !== undefined) return words.slice(0, 80);
    }
  }
  return undefined;
}

function isMinified(text: string): boolean {
  if (text.length < SMALL_TEXT) return false;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const written = lines.filter((line) => line.length <= LONG_LINE);
  const mean = (of: readonly string[]) => of.reduce((sum, line) => sum + line.length, 0) / of.length;
  // One enormous line of data does not make the program around it minified.
  if (written.length >= WRITTEN_LINES && mean(written) <= LONG_MEAN) return false;
  return mean(lines) > LONG_MEAN;
}
