// Stage 2, drop rule `base64-data`: pictures and keys written as text, which have no meaning to embed and would fill dozens
// of chunks. Invariant: the ranges ascend and hold no white space but line ends and indentation. Cost: two passes.
import type { DroppedRange } from './chunker.ts';

const MIN_RUN_LENGTH = 1000;
const RULE = 'base64-data';

const enum Letter {
  None = 0,
  Lower = 1,
  Upper = 2,
  Digit = 4,
  Other = 8,
}

/** Prose, identifiers, hex and repeated characters hardly ever have all three in one long run. */
const MIXED: number = Letter.Lower | Letter.Upper | Letter.Digit;

/** Runs of at least 1,000 characters of base64, on one line or wrapped over a dozen or more. */
export function findDataRuns(text: string): DroppedRange[] {
  if (text.length < MIN_RUN_LENGTH) return [];
  return [...findSingleRuns(text), ...findWrappedRuns(text)].sort((a, b) => a.start - b.start);
}

function findSingleRuns(text: string): DroppedRange[] {
  const runs: DroppedRange[] = [];
  let start = 0;
  let letters = 0;
  for (let i = 0; i <= text.length; i++) {
    const letter = i < text.length ? letterOf(text.charCodeAt(i)) : Letter.None;
    if (letter !== Letter.None) {
      letters |= letter;
      continue;
    }
    if (i - start >= MIN_RUN_LENGTH && (letters & MIXED) === MIXED) {
      runs.push({ start, end: i, rule: RULE });
    }
    start = i + 1;
    letters = 0;
  }
  return runs;
}

function letterOf(code: number): Letter {
  if (code >= 0x61 && code <= 0x7a) return Letter.Lower;
  if (code >= 0x41 && code <= 0x5a) return Letter.Upper;
  if (code >= 0x30 && code <= 0x39) return Letter.Digit;
  const isFiller = code === 0x2b || code === 0x2f || code === 0x3d || code === 0x2d || code === 0x5f; // + / = - _
  return isFiller ? Letter.Other : Letter.None;
}

/** Encoders wrap at 64 or 76 characters. */
function findWrappedRuns(text: string): DroppedRange[] {
  const block =
    /(?<!\S)[A-Za-z0-9+/]{60,80}(?:\r?\n[ \t]{0,80}[A-Za-z0-9+/]{60,80}){12,}(?:\r?\n[ \t]{0,80}(?:[A-Za-z0-9+/]{1,79}={1,2}|[A-Za-z0-9+/]{24,80}))?(?!\S)/g;
  return [...text.matchAll(block)]
    .filter(([run]) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))
    .map((match) => ({ start: match.index, end: match.index + match[0].length, rule: RULE }));
}
