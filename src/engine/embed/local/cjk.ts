// Stage 3, local: does a text hold a CJK letter? Decides how the bilingual space and bge-small-zh take a query.
const CJK_LETTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** True when the text holds a Han, kana or hangul letter; punctuation and digits of CJK blocks don't count. */
export function hasCjk(text: string): boolean {
  return CJK_LETTER.test(text);
}
