// The emulators' tokens. The services' tokenizers are not published; this rule is simple, the same on each run, and near enough
// that what is far too long for the real service is too long here:
//   a Han, kana or hangul letter 1; a run of ASCII letters 1 for each 4 begun; a digit 1 (as Qwen's tokenizer has it);
//   other ASCII signs 1 for each 2 of a run; a run of line ends 1; a run of 2 or more blanks 1; a single blank 0;
//   any other letter or sign of the BMP 1; beyond the BMP (emoji) 2.
const PIECE =
  /[A-Za-z]+|[0-9]+|[\r\n]+|[ \t]+|[!-/:-@[-`{-~]+|[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+|[\s\S]/gu;

/** Tokens of a text by the rule above; 0 only for what is empty or a single blank. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECE)) tokens += tokensOfPiece(piece);
  return tokens;
}

/** The longest beginning of a text that has at most `limit` tokens. */
export function firstTokens(text: string, limit: number): string {
  let left = limit;
  for (const match of text.matchAll(PIECE)) {
    const tokens = tokensOfPiece(match[0]);
    if (tokens > left) return text.slice(0, match.index + Math.floor((left / tokens) * match[0].length));
    left -= tokens;
  }
  return text;
}

function tokensOfPiece(piece: string): number {
  const code = piece.codePointAt(0) ?? 0;
  if (code > 0xffff) return 2;
  if (code > 0x7e) return piece.length;
  if (/[A-Za-z]/.test(piece)) return Math.ceil(piece.length / 4);
  if (/[0-9]/.test(piece)) return piece.length;
  if (/[\r\n]/.test(piece)) return 1;
  if (/[ \t]/.test(piece)) return piece.length > 1 ? 1 : 0;
  return Math.ceil(piece.length / 2);
}
