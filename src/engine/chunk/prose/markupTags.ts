// Stage 2, HTML and single-file components: where headings, blocks, scripts and styles are, by htmlparser2's tokenizer (its
// parser searches a stack of open tags, which is quadratic on hostile input). Cost: one pass.
import { Tokenizer } from 'htmlparser2';

export interface MarkupTags {
  readonly headings: readonly { readonly start: number; readonly level: number; readonly title: string }[];
  /** Offsets of block elements' opening tags. */
  readonly blocks: readonly number[];
  readonly scripts: readonly EmbeddedSource[];
}

/** A script or style element: its tags begin at `start` and end at `end`, its content lies between. */
export interface EmbeddedSource {
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly languageId: string;
}

const BLOCKS = new Set(
  (
    'address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form head header hr ' +
    'html li main nav ol p pre section summary table tbody tfoot thead tr ul template'
  ).split(' '),
);
const MAX_TITLE_LENGTH = 200;
const SCRIPT_LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  typescript: 'typescript',
  'text/typescript': 'typescript',
  tsx: 'typescriptreact',
  jsx: 'javascriptreact',
  scss: 'scss',
  less: 'less',
};

export function readMarkupTags(text: string): MarkupTags {
  const headings: { start: number; level: number; title: string }[] = [];
  const blocks: number[] = [];
  const scripts: EmbeddedSource[] = [];
  let tag = { name: '', start: 0, languageId: '' };
  let attribute = '';
  let heading: { start: number; level: number; title: string } | undefined;
  let script: { start: number; contentStart: number; languageId: string } | undefined;

  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname(start, end) {
        tag = { name: text.slice(start, end).toLowerCase(), start: start - 1, languageId: '' };
        const level = /^h([1-6])$/.exec(tag.name)?.[1];
        if (level !== undefined) headings.push((heading = { start: tag.start, level: Number(level), title: '' }));
        else if (BLOCKS.has(tag.name)) blocks.push(tag.start);
      },
      onattribname(start, end) {
        attribute = text.slice(start, end).toLowerCase();
      },
      onattribdata(start, end) {
        if (attribute === 'lang' || attribute === 'type') tag.languageId = text.slice(start, end).toLowerCase();
      },
      onopentagend(end) {
        const languageId = embeddedLanguage(tag.name, tag.languageId);
        if (languageId !== undefined) script = { start: tag.start, contentStart: end + 1, languageId };
      },
      onclosetag(start, end) {
        const name = text.slice(start, end).toLowerCase();
        if (/^h[1-6]$/.test(name)) heading = undefined;
        if (script !== undefined && (name === 'script' || name === 'style')) {
          scripts.push({ ...script, contentEnd: start - 2, end: end + 1 });
          script = undefined;
        }
      },
      ontext(start, end) {
        if (heading !== undefined && heading.title.length < MAX_TITLE_LENGTH) {
          heading.title = (heading.title + text.slice(start, end)).replace(/\s+/g, ' ').trimStart();
        }
      },
      onattribentity: ignore,
      onattribend: ignore,
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onprocessinginstruction: ignore,
      onselfclosingtag: ignore,
      ontextentity: ignore,
    },
  );
  tokenizer.write(text);
  tokenizer.end();
  return { headings, blocks, scripts };
}

/** Undefined for what is no script or style, or one that holds markup. */
function embeddedLanguage(name: string, declared: string): string | undefined {
  if (name !== 'script' && name !== 'style') return undefined;
  const known = SCRIPT_LANGUAGES[declared];
  if (known !== undefined) return known;
  if (name === 'style') return 'css';
  if (declared.includes('json') || declared === 'importmap') return 'json';
  return declared === '' || declared === 'module' || declared.includes('javascript') || declared === 'js'
    ? 'javascript'
    : undefined;
}

function ignore(): void {
  // of no interest here
}
