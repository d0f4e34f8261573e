// Stage 3, remote: tokens of a text without the service's tokenizer. Invariant: never below the true count of the BPE and
// unigram tokenizers in use (a character outside ASCII is at most one token of XLM-R or Qwen, an emoji at most three), so
// that a request packed by it fits. Cost: one pass.

/** Tokens that a service adds to each row (start and end). */
const PER_ROW = 2;

/** Upper estimate: ASCII three letters a token, other characters one each, characters outside the BMP three. */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let others = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) ascii++;
    else if (code >= 0xd800 && code < 0xe000)
      others += 1.5; // each half of a pair
    else others++;
  }
  return Math.ceil(ascii / 3 + others) + PER_ROW;
}

/**
 * Cuts a text into parts of at most `maxTokens` by {@link estimateTokens}, at line ends, sentence ends or white space where there
 * are some in the last third, never inside a surrogate pair. Parts joined are the text.
 */
export function splitByEstimate(text: string, maxTokens: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (estimateTokens(rest) > maxTokens) {
    const end = cutBefore(rest, longestPrefix(rest, maxTokens));
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest === '' ? parts : [...parts, rest];
}

/** The text in two parts of about equal length; undefined when it is too short to cut. */
export function halve(text: string): [string, string] | undefined {
  if (text.trim().length < 2) return undefined;
  const end = cutBefore(text, Math.ceil(text.length / 2));
  return end > 0 && end < text.length ? [text.slice(0, end), text.slice(end)] : undefined;
}

/** Code units of the longest prefix that fits, at least one character. */
function longestPrefix(text: string, maxTokens: number): number {
  let thirds = 0;
  const most = Math.max(1, maxTokens - PER_ROW) * 3;
  let i = 0;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    thirds += code < 0x80 ? 1 : code >= 0xd800 && code < 0xe000 ? 4.5 : 3;
    if (thirds > most) break;
  }
  return Math.max(1, i);
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
