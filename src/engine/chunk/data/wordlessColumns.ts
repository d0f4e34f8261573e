// Stage 2, columns of a table that hold no words: ids, codes, numbers, dates. A model reads noise in them (on the food reviews
// the first hits of "spoilt" are on topic only without them), and they use up its 256 tokens. Cost: a sample of the rows.

const SAMPLE_ROWS = 200;
/** A column of ids may have a stray word, a column of words stray numbers. */
const MOST = 0.9;

/** Indices, ascending. Empty when no column with words would be left. */
export function findWordlessColumns(rows: readonly (readonly string[])[]): number[] {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE_ROWS));
  const sample = rows.filter((_, i) => i % step === 0);
  const width = Math.max(0, ...sample.map((cells) => cells.length));
  const wordless: number[] = [];
  for (let column = 0; column < width; column++) {
    const cells = sample.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '');
    if (cells.length > 0 && cells.filter(isWordless).length >= cells.length * MOST) wordless.push(column);
  }
  return wordless.length < width ? wordless : [];
}

/** No letters at all, or one token in which letters and digits mix as no word does: `B003XPF9BO`, `3f2a-77c1`. */
function isWordless(cell: string): boolean {
  return !/\p{L}/u.test(cell) || (/^[\w.:+/-]+$/.test(cell) && /\d\D*\d/.test(cell) && !/[a-z]{4}/.test(cell));
}
