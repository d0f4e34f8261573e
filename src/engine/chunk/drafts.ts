// Stage 2, between the recipes (code, prose, data) and the chunks. A recipe says where chunks begin; each draft runs to the
// next one's start, so no recipe can lose text or let chunks overlap. Cost: none.
import type { ChunkKind } from '../model.ts';
import type { Atoms } from './atoms.ts';
import type { TokenCounter } from './chunker.ts';

/** A chunk to be. One that does not fit is cut by `finishChunks`. */
export interface Draft {
  /** First atom. */
  readonly from: number;
  readonly kind: ChunkKind;
  readonly symbol?: string | undefined;
  readonly context?: string | undefined;
  /** Context of the second and later parts when the draft does not fit into one chunk; else `context`. */
  readonly restContext?: string | undefined;
  /** Ranges of the text, ascending, that stay in the chunk and that the model does not read. */
  readonly unread?: readonly TextRange[];
  /** Set for text that goes into no chunk. */
  readonly dropRule?: string;
  /** How good a cut before an atom is, higher is better; used when the draft does not fit. */
  readonly strengthOf?: CutStrength;
}

/** Offsets [start, end) of a document's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type CutStrength = (atom: number) => number;

/** What every recipe works on. */
export interface Page {
  readonly atoms: Atoms;
  /** Most tokens of a chunk, its context included. */
  readonly maxTokens: number;
  /** Most tokens of a context. */
  readonly maxContextTokens: number;
  readonly count: TokenCounter;
  readonly languageId: string;
}

/** Atoms [from, to) of a page. */
export interface AtomRange {
  readonly from: number;
  readonly to: number;
}

const MAX_CONTEXT_LENGTH = 200;

/** A context on one line, cut at a word so that it takes at most `maxContextTokens`; undefined when nothing is left. */
export function clipContext(page: Page, context: string): string | undefined {
  const words = context.slice(0, MAX_CONTEXT_LENGTH).split(/\s+/).filter(Boolean);
  let tokens = 0;
  let kept = 0;
  for (const word of words) {
    tokens += page.count(word);
    if (tokens > page.maxContextTokens) break;
    kept++;
  }
  return kept === 0 ? undefined : words.slice(0, kept).join(' ');
}

/** Tokens left for the text of a chunk with this context. */
export function tokensLeft(page: Page, context: string | undefined): number {
  return page.maxTokens - (context === undefined ? 0 : page.count(context));
}
