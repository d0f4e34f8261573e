// Stage 2, tokens of a text, cheaply. Invariant: equals the counter for WordPiece models, which treat white space, ASCII
// punctuation and Han characters as word ends; for other models it is a close estimate. Cost: a map look-up a word; only
// words not met before reach the real counter, which is about 15 us a call.
import type { TokenCounter } from './chunker.ts';

/** Longer runs hardly ever come twice. */
const MAX_REMEMBERED_LENGTH = 32;
const MAX_REMEMBERED_WORDS = 60_000;

const enum CharClass {
  Word,
  Space,
  /** ASCII punctuation or a Han character: a token on its own. */
  Single,
}

/** Wraps a counter with a memory of words. */
export function createTokenMeter(countTokens: TokenCounter): TokenCounter {
  let remembered = new Map<string, number>();

  function tokensOfWord(word: string): number {
    if (word.length > MAX_REMEMBERED_LENGTH) return countTokens(word);
    let tokens = remembered.get(word);
    if (tokens === undefined) {
      tokens = countTokens(word);
      if (remembered.size >= MAX_REMEMBERED_WORDS) remembered = new Map();
      remembered.set(word, tokens);
    }
    return tokens;
  }

  return (text) => {
    let tokens = 0;
    let wordStart = -1;
    for (let i = 0; i <= text.length; i++) {
      const charClass = i === text.length ? CharClass.Space : charClassOf(text.charCodeAt(i));
      if (charClass === CharClass.Word) {
        if (wordStart < 0) wordStart = i;
        continue;
      }
      if (wordStart >= 0) tokens += tokensOfWord(text.slice(wordStart, i));
      wordStart = -1;
      if (charClass === CharClass.Single) tokens += tokensOfWord(text.charAt(i));
    }
    return tokens;
  };
}

function charClassOf(code: number): CharClass {
  if (code <= 0x20) return CharClass.Space;
  if (code < 0x80) {
    const isWord = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
    return isWord || code === 0x7f ? CharClass.Word : CharClass.Single;
  }
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) ? CharClass.Single : CharClass.Word;
}
