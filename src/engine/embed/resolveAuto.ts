// Stage 3, helper: which model `auto` means in a workspace. Pure, so that the choice can be explained and tested.

/**
 * So many CJK letters make a workspace one that holds CJK text: about a paragraph of Chinese. An author's name or a stray
 * comment has fewer, and the Chinese half more than triples the time that embedding takes.
 */
export const CJK_LETTERS_FOR_BILINGUAL = 200;

export interface AutoFacts {
  /** Han, kana and hangul letters met in the workspace so far. */
  readonly cjkLetters: number;
  /** BCP 47 tag of the user interface. */
  readonly language: string;
}

/** The bilingual space where the workspace holds CJK text or the editor speaks Chinese, else MiniLM alone. */
export function resolveAuto({ cjkLetters, language }: AutoFacts): 'minilm' | 'bilingual' {
  const speaksChinese = /^zh(-|_|$)/i.test(language);
  return speaksChinese || cjkLetters >= CJK_LETTERS_FOR_BILINGUAL ? 'bilingual' : 'minilm';
}
