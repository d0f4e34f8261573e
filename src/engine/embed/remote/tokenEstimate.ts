// Stage 3, remote: tokens of a text without the service's tokenizer. Invariant: hardly ever below the true count of the BPE and
// unigram tokenizers in use (no document names them; Qwen takes each digit alone, XLM-R each sign), so that a request packed by
// it fits; where it does not, the service's refusal is answered by splitting. Cost: one pass.

/** Tokens that a service adds to each row (start and end). */
const PER_ROW = 2;
const LETTERS_A_TOKEN = 3;

/**
 * Upper estimate: a word of ASCII letters one token for every three, digits and signs one each, white space nothing but where
 * it is more than one space, characters outside ASCII one each, outside the BMP three.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(scan(text, Infinity).tokens) + PER_ROW;
}

/**
 * Cuts a text into parts of at most `maxTokens` by {@link estimateTokens}, at line ends, sentence ends or white space where there
 * are some in the last third, never inside a surrogate pair. Parts joined are the text.
 */
export function splitByEstimate(text: string, maxTokens: number): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const { end } = scan(rest, Math.max(3, maxTokens - PER_ROW));
    if (end === rest.length) break;
    const cut = cutBefore(rest, end);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest === '' ? parts : [...parts, rest];
}

/** The text in two parts of about equal length; undefined when it is too short to cut. */
export function halve(text: string): [string, string] | undefined {
  if (text.trim().length < 2) return undefined;
  const end = cutBefore(text, Math.ceil(text.length / 2));
  return end > 0 && end < text.length ? [text.slice(0, end), text.slice(end)] : undefined;
}

/** Tokens of the longest prefix of at most `most` tokens, and where it ends. */
function scan(text: string, most: number): { tokens: number; end: number } {
  let tokens = 0;
  let letters = 0;
  let spaces = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    let more = 1;
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) {
      more = letters % LETTERS_A_TOKEN === 0 ? 1 : 0;
      letters++;
      spaces = 0;
    } else {
      letters = 0;
      if (code === 0x20) {
        spaces++;
        more = spaces === 2 ? 1 : 0;
      } else {
        spaces = 0;
        if (code >= 0xd800 && code < 0xe000) more = 1.5; // each half of a pair
      }
    }
    if (tokens + more > most) return { tokens, end: i };
    tokens += more;
  }
  return { tokens, end: text.length };
}

function cutBefore(text: string, end: number): number {
  const window = text.slice(Math.floor((end * 2) / 3), end);
  for (const stop of [/\n(?=[^\n]*$)/, /[。！？.!?](?=[^。！？.!?]*$)/, /\s(?=\S*$)/]) {
    const found = stop.exec(window);
    if (found) return end - window.length + found.index + 1;
  }
  const code = text.charCodeAt(end - 1);
  const splitsPair = code >= 0xd800 && code < 0xdc00 && end < text.length;
  return splitsPair ? (end > 1 ? end - 1 : end + 1) : end;
}
