// Stage 1, used by the indexer: how much Chinese, Japanese or Korean a text holds, which decides whether `auto` takes the
// bilingual space. Pure; about 5 ms a megabyte of ASCII.

const CJK_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const LOW_SURROGATE = /[\udc00-\udfff]/g;

/** Han, hiragana, katakana and hangul letters in the text, in code points. */
export function cjkLetters(text: string): number {
  let letters = 0;
  for (const [run] of text.matchAll(CJK_RUN)) letters += run.length - (run.match(LOW_SURROGATE)?.length ?? 0);
  return letters;
}
