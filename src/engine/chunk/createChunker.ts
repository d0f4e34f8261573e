// Stage 2, entry: picks the recipe for a document and finishes its chunks. Invariant: see chunker.ts; what one recipe can't
// read, the next simpler one does. Cost: well under a millisecond per 10 KB besides the parse.
import type { SourceDocument } from '../model.ts';
import { readAtoms, tokensOf } from './atoms.ts';
import { MAX_CHUNK_TOKENS, type ChunkedDocument, type Chunker, type TokenCounter } from './chunker.ts';
import { createCodeRecipe, type CodeRecipe } from './code/codeRecipe.ts';
import { draftJsonLines } from './data/jsonLines.ts';
import { chunkNotebook, type CellOptions } from './data/notebook.ts';
import { draftTable } from './data/table.ts';
import type { Draft, Page } from './drafts.ts';
import { finishChunks } from './finishChunks.ts';
import { formatOf, type Format } from './formats.ts';
import { draftMarkdown } from './prose/markdown.ts';
import { draftMarkup } from './prose/markup.ts';
import { draftPlainText } from './prose/plainText.ts';
import { imageChunk } from './imageChunk.ts';
import { createTokenMeter } from './tokenMeter.ts';

export interface ChunkerOptions {
  /** Holds tree-sitter.js, tree-sitter.wasm and a tree-sitter-*.wasm a grammar. */
  readonly grammarsFolder: string;
  readonly countTokens: TokenCounter;
  /** Most tokens of a chunk with its context; at least 32. */
  readonly maxTokens?: number;
}

/** A context takes at most this many tokens, and at most a quarter of a chunk. */
const MAX_CONTEXT_TOKENS = 30;

/** Throws `internal` when the grammars can't be loaded. */
export async function createChunker(options: ChunkerOptions): Promise<Chunker> {
  const { grammarsFolder, countTokens, maxTokens = MAX_CHUNK_TOKENS } = options;
  const codeRecipe = await createCodeRecipe(grammarsFolder);
  const count = createTokenMeter(countTokens);
  const maxContextTokens = Math.min(MAX_CONTEXT_TOKENS, maxTokens >> 2);

  function pageOf(text: string, languageId: string): Page {
    const atoms = readAtoms(text, maxTokens - maxContextTokens, count);
    return { atoms, maxTokens, maxContextTokens, count, languageId };
  }

  async function chunkCell(source: string, { languageId, context, symbol }: CellOptions): Promise<ChunkedDocument> {
    const page = pageOf(source, languageId);
    const whole: Draft = { from: 0, kind: 'cell', symbol, context };
    if (tokensOf(page.atoms, 0, page.atoms.count) <= maxTokens - maxContextTokens) return finishChunks(page, [whole]);
    const drafts = await draft(page, formatOf({ path: '', languageId }).format, codeRecipe);
    const inCell = drafts.map((part) => ({
      ...part,
      kind: whole.kind,
      symbol: part.symbol ?? symbol,
      context: part.context ?? context,
    }));
    return finishChunks(page, inCell);
  }

  return {
    async chunk(document: SourceDocument) {
      const image = imageChunk(document);
      if (image) return { chunks: [image], dropped: [] };
      const { format, languageId } = formatOf(document);
      const notebook = format === 'notebook' ? await chunkNotebook(document.text, chunkCell) : undefined;
      if (notebook !== undefined) return notebook;
      const page = pageOf(document.text, languageId);
      return finishChunks(page, await draft(page, format, codeRecipe));
    },
  };
}

async function draft(page: Page, format: Format, codeRecipe: CodeRecipe): Promise<Draft[]> {
  switch (format) {
    case 'prose':
      return draftPlainText(page);
    case 'markdown':
      return draftMarkdown(page);
    case 'markup':
      return draftMarkup(page, codeRecipe);
    case 'table':
      return draftTable(page);
    case 'jsonLines':
      return draftJsonLines(page);
    case 'notebook': // no notebook after all
    case 'other':
      return codeRecipe(page, page.languageId, { from: 0, to: page.atoms.count });
  }
}
