// How much a text can mean: whether it is worth comparing, and its first words. No `vscode` here.
import { hasCjk } from '../engine/cjk.ts';

/** Fewer letters than this have no meaning that a model could tell; one Chinese character counts as three. */
const MIN_LETTERS = 8;
const CJK_WEIGHT = 3;
const EXCERPT_LENGTH = 80;

/** Whether a text is long enough to be compared. Looks at its first 10,000 characters. */
export function hasMeaning(text: string): boolean {
  let letters = 0;
  for (const letter of text.slice(0, 10_000).match(/[\p{L}\p{N}]/gu) ?? []) {
    letters += hasCjk(letter) ? CJK_WEIGHT : 1;
    if (letters >= MIN_LETTERS) return true;
  }
  return false;
}

/** The first words of a text on one line. */
export function excerptOf(text: string): string {
  const line = text.slice(0, 1_000).replaceAll(/\s+/g, ' ').trim();
  return line.length <= EXCERPT_LENGTH ? line : `${line.slice(0, EXCERPT_LENGTH - 1)}…`;
}
