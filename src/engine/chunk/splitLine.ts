// Stage 2, a line too long for a chunk -> pieces that fit: at sentence ends, else at clauses, else at white space, else
// anywhere but inside a surrogate pair. Invariant: the pieces are the line. Cost: linear; each piece is counted a few times
// at most.
import type { TokenCounter } from './chunker.ts';

/** A piece in the middle of a word may cost more tokens than counted alone would say. */
const MID_WORD_SLACK = 2;

export interface Piece {
  readonly end: number;
  readonly tokens: number;
}

/** Cuts `text.slice(start, end)`; each piece has at most `maxTokens` tokens unless it is a single character. */
export function splitLine(text: string, start: number, end: number, maxTokens: number, count: TokenCounter): Piece[] {
  const pieces: Piece[] = [];
  let pieceStart = start;
  while (pieceStart < end) {
    const pieceEnd = nextPieceEnd(text, pieceStart, end, Math.max(8, maxTokens));
    pushFitting(pieceStart, pieceEnd);
    pieceStart = pieceEnd;
  }
  return pieces;

  /** A stack instead of recursion keeps the order and halves until a part fits. */
  function pushFitting(from: number, to: number): void {
    const ends = [to];
    let at = from;
    for (let top = ends.pop(); top !== undefined; top = ends.pop()) {
      const slack = isMidWord(text, top) && top < end ? MID_WORD_SLACK : 0;
      const tokens = count(text.slice(at, top)) + slack;
      const cut = tokens > maxTokens ? bestCut(text, at, at + Math.ceil((top - at) / 2), at) : top;
      if (cut > at && cut < top) ends.push(top, cut);
      else {
        pieces.push({ end: top, tokens });
        at = top;
      }
    }
  }
}

/** The end of the sentence that starts here, or a good place to cut when it is longer than `maxLength`. */
function nextPieceEnd(text: string, start: number, end: number, maxLength: number): number {
  const limit = Math.min(end, start + maxLength);
  for (let i = start + 1; i < limit; i++) if (isSentenceEnd(text, i)) return i;
  return limit === end ? end : bestCut(text, start, limit, start + (maxLength >> 1));
}

const CLOSERS = new Set('"\'”’」』）)]】》〉»*_`');
/** Looking back is bounded, so that a line of quotes costs no more than any other. */
const MAX_CLOSERS = 4;
const WIDE_STOPS = new Set('。！？；…');
const CLAUSE_ENDS = new Set(';,:>}])、，：　');

/** True when a sentence ends just before `i`: after a stop (with closing marks) and, for Latin stops, white space. */
export function isSentenceEnd(text: string, i: number): boolean {
  let last = i - 1;
  const afterSpace = isSpace(text.charCodeAt(last));
  if (afterSpace) {
    if (isSpace(text.charCodeAt(i))) return false;
    while (isSpace(text.charCodeAt(last))) last--;
  } else if (WIDE_STOPS.has(text.charAt(i)) || CLOSERS.has(text.charAt(i))) return false;
  for (let closers = 0; closers < MAX_CLOSERS && CLOSERS.has(text.charAt(last)); closers++) last--;
  const stop = text.charAt(last);
  if (WIDE_STOPS.has(stop)) return true;
  // "(again!) by": a small letter goes on with the sentence.
  return afterSpace && (stop === '.' || stop === '!' || stop === '?') && !/\p{Ll}/u.test(text.charAt(i));
}

/** The best cut in (from, limit], nearest to `limit`: after a clause, else at a white space, a word's end, a character. */
function bestCut(text: string, start: number, limit: number, from: number): number {
  let wordEnd = 0;
  let space = 0;
  for (let i = limit; i > from; i--) {
    if (CLAUSE_ENDS.has(text.charAt(i - 1)) && !isSpace(text.charCodeAt(i))) return i;
    if (space === 0 && isSpace(text.charCodeAt(i - 1)) && !isSpace(text.charCodeAt(i))) space = i;
    if (wordEnd === 0 && !isMidWord(text, i) && !isInsidePair(text, i)) wordEnd = i;
  }
  if (space > 0 || wordEnd > 0) return space > 0 ? space : wordEnd;
  return isInsidePair(text, limit) ? (limit - 1 > start ? limit - 1 : limit + 1) : limit;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
}

function isInsidePair(text: string, i: number): boolean {
  return (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
}

/** Letters, marks and digits on both sides, and no Han among them: a tokenizer would read one word across `i`. */
function isMidWord(text: string, i: number): boolean {
  return /^[\p{L}\p{N}\p{M}]{2}$/u.test(text.slice(i - 1, i + 1)) && !/\p{Script=Han}/u.test(text.slice(i - 1, i + 1));
}
