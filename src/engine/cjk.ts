// Which letters are Chinese, Japanese or Korean: they decide `auto`, the query rule of the bilingual space and how much a short
// text can mean. Like model.ts, every stage may use it. Punctuation and digits of CJK blocks don't count, so that a stray
// full-width comma changes nothing. Cost: about 5 ms a megabyte of ASCII.

/** For the inside of a character class of a `u` expression. */
export const CJK_LETTERS = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
const CJK_RUN = new RegExp(`[${CJK_LETTERS}]+`, 'gu');
const CJK_LETTER = new RegExp(CJK_RUN.source, 'u');
const LOW_SURROGATE = /[\udc00-\udfff]/g;

/** True when the text holds a Han, kana or hangul letter. */
export function hasCjk(text: string): boolean {
  return CJK_LETTER.test(text);
}

/** Han, hiragana, katakana and hangul letters in the text, in code points. */
export function countCjkLetters(text: string): number {
  let letters = 0;
  for (const [run] of text.matchAll(CJK_RUN)) letters += run.length - (run.match(LOW_SURROGATE)?.length ?? 0);
  return letters;
}
