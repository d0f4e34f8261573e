// Stage 6, labels: a text -> the words by which a reader would name it. Identifiers are split, Chinese and Japanese are cut by
// Intl.Segmenter, which cuts technical words (缓|存, 线|程|池) too far: neighbours are therefore joined as well, and the more telling
// form wins later. Invariant: the same text gives the same terms. Cost: 5 microseconds a CJK word.
import { CJK_LETTERS } from '../../cjk.ts';
import { stem } from '../../search/words/stem.ts';
import { isPlain } from './plainWords.ts';

export interface Term {
  /** Equal for forms of one word. */
  readonly key: string;
  /** As it is to be shown. */
  readonly form: string;
}

const RUN = /[\p{L}\p{M}\p{N}_]+/gu;
const CJK_OR_NOT = new RegExp(`([${CJK_LETTERS}ー]+)|[^${CJK_LETTERS}ー]+`, 'gu');
const HUMP = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Hashes, hex numbers, base64: letters with digits between them, or nearly no vowels. */
const NO_WORD = /^\d|\d.*\d.*\d|^[^aeiouyäöüáéíóúàèа-яё]{4,}$/u;
const SHORTEST = 3;
const LONGEST = 24;

let segmenter: Intl.Segmenter | undefined;

/** In their order, with repetitions. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  for (const [run] of text.matchAll(RUN)) {
    for (const [piece, cjk] of run.matchAll(CJK_OR_NOT)) {
      if (cjk !== undefined) addCjk(cjk, terms);
      else for (const word of piece.split(HUMP)) addWord(word, terms);
    }
  }
  return terms;
}

function addWord(word: string, terms: Term[]): void {
  if (word.length < SHORTEST || word.length > LONGEST) return;
  const form = word.toLowerCase();
  if (NO_WORD.test(form) || isPlain(form)) return;
  const key = stem(form);
  if (!isPlain(key)) terms.push({ key, form });
}

function addCjk(run: string, terms: Term[]): void {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  let before = '';
  for (const { segment } of segmenter.segment(run)) {
    if (segment.length > 1 && !isPlain(segment)) terms.push({ key: segment, form: segment });
    const joined = before + segment;
    // Two words that are each whole make a phrase, not a name.
    if (before !== '' && joined.length <= 4 && !(before.length > 1 && segment.length > 1)) {
      terms.push({ key: joined, form: joined });
    }
    before = isPlain(segment) ? '' : segment;
  }
}
