// Stage 2, code: the recipe by syntax, with line windows for languages without a grammar and text that won't parse. Cost: a
// parse.
import { draftLineWindows } from '../data/lineWindows.ts';
import type { AtomRange, Draft, Page } from '../drafts.ts';
import { draftCode } from './draftCode.ts';
import { SYNTAX_LANGUAGES } from './syntaxLanguages.ts';
import { createSyntaxRuntime } from './syntaxRuntime.ts';

/** `source` bounds the code when the range also holds the tags around it. */
export type CodeRecipe = (
  page: Page,
  languageId: string,
  range: AtomRange,
  source?: { readonly start: number; readonly end: number },
) => Promise<Draft[]>;

/** Share of a text in lines longer than this that makes it one for line windows: chunks are made of lines. */
const MAX_LINE_LENGTH = 2000;
const MAX_LONG_SHARE = 0.5;

export async function createCodeRecipe(grammarsFolder: string): Promise<CodeRecipe> {
  const runtime = await createSyntaxRuntime(grammarsFolder);
  return async (page, languageId, range, bounds) => {
    const language = Object.hasOwn(SYNTAX_LANGUAGES, languageId) ? SYNTAX_LANGUAGES[languageId] : undefined;
    const { text, starts, ends } = page.atoms;
    const start = bounds?.start ?? starts[range.from] ?? 0;
    const source = text.slice(start, bounds?.end ?? ends[range.to - 1]);
    if (language === undefined || hasMostlyLongLines(source)) return draftLineWindows(page, range);
    const drafts = await runtime.parse(language.grammar, source, (root) =>
      draftCode(page, range, root, start, language),
    );
    return drafts === undefined || drafts.length === 0 ? draftLineWindows(page, range) : drafts;
  };
}

function hasMostlyLongLines(text: string): boolean {
  let long = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const length = (end < 0 ? text.length : end) - at + 1;
    if (length > MAX_LINE_LENGTH) long += length;
    at += length;
  }
  return long > text.length * MAX_LONG_SHARE;
}
