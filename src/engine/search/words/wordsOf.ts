// Stage 5, words: a text -> the words that it is found by. Invariant: the same text gives the same words.
// Cost: about 100 ms a megabyte of code.
import { CJK_LETTERS } from '../../cjk.ts';
import type { StoredChunk } from '../../model.ts';
import { addCjkWords } from './cjkWords.ts';
import { addIdentifier } from './splitIdentifier.ts';
import { stem } from './stem.ts';

const NOT_ASCII = /[^\x00-\x7f]/;
const ASCII_RUN = /[A-Za-z0-9_]+/g;
const RUN = /[\p{L}\p{M}\p{N}_]+/gu;
/** The long vowel mark of katakana belongs to no script. */
const CJK_OR_NOT = new RegExp(`([${CJK_LETTERS}ー]+)|[^${CJK_LETTERS}ー]+`, 'gu');

/** Of what this file and those that it calls make of a text. Raise it when the same text gives other words: saved ones are then made anew. */
export const WORDS_VERSION = 1;

type Ending = (word: string) => string;

/** In order, with repetitions, in lower case. Full-width and ligature forms count as their plain letters. */
export function wordsOf(text: string, ending: Ending = stem): string[] {
  const words: string[] = [];
  if (!NOT_ASCII.test(text)) {
    for (const name of text.match(ASCII_RUN) ?? []) addIdentifier(name, words, ending);
    return words;
  }
  for (const name of text.normalize('NFKC').match(RUN) ?? []) {
    if (!NOT_ASCII.test(name)) addIdentifier(name, words, ending);
    else addMixed(name, words, ending);
  }
  return words;
}

function addMixed(name: string, words: string[], ending: Ending): void {
  for (const [run, cjk] of name.matchAll(CJK_OR_NOT)) {
    if (cjk === undefined) addIdentifier(run, words, ending);
    else addCjkWords(run, words);
  }
}

/** Beside its text a chunk is found by what it is in: class, headings, the name of its file. */
export function wordsOfChunk({ path, context, text }: Pick<StoredChunk, 'path' | 'context' | 'text'>): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/(?<=.)\.[^.]*$/, '');
  return wordsOf(context === undefined ? `${name}\n${text}` : `${name}\n${context}\n${text}`);
}
