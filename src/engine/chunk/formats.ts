// Stage 2, data: which recipe a document gets, by its language id, or by its extension when an editor without a language for
// it says `plaintext`. Cost: none.
import path from 'node:path';
import type { SourceDocument } from '../model.ts';

const PROSE = new Set([
  'plaintext',
  'latex',
  'tex',
  'bibtex',
  'restructuredtext',
  'asciidoc',
  'log',
  'git-commit',
  'typst',
]);
const MARKUP = new Set(['html', 'vue', 'svelte', 'astro']);

const EXTENSIONS: Readonly<Record<string, string>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.ipynb': 'jupyter',
  '.md': 'markdown',
  '.mdx': 'mdx',
  '.rst': 'restructuredtext',
  '.adoc': 'asciidoc',
  '.tex': 'latex',
  '.rmd': 'markdown',
  '.qmd': 'markdown',
};

export type Format = 'prose' | 'markdown' | 'markup' | 'table' | 'jsonLines' | 'notebook' | 'other';

export interface FormatChoice {
  readonly format: Format;
  readonly languageId: string;
}

export function formatOf(document: Pick<SourceDocument, 'path' | 'languageId'>): FormatChoice {
  const fromName = EXTENSIONS[path.posix.extname(document.path).toLowerCase()];
  const isVague = document.languageId === 'plaintext' || document.languageId === 'r';
  const languageId = isVague && fromName !== undefined ? fromName : document.languageId;
  return { format: formatOfLanguage(languageId), languageId };
}

function formatOfLanguage(languageId: string): Format {
  if (PROSE.has(languageId)) return 'prose';
  if (MARKUP.has(languageId)) return 'markup';
  if (languageId === 'markdown' || languageId === 'mdx') return 'markdown';
  if (languageId === 'csv' || languageId === 'tsv') return 'table';
  if (languageId === 'jsonl') return 'jsonLines';
  return languageId === 'jupyter' ? 'notebook' : 'other';
}
