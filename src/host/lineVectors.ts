// Lines of a file with their vectors, as JSONL (the command line's shape) and CSV. No `vscode` here.

export interface LineVector {
  /** From 0. */
  readonly index: number;
  readonly text: string;
  /** Absent: the line has none, `error` says why. */
  readonly vector?: Float32Array;
  /** How many parts an over-long line was split into. */
  readonly parts?: number;
  readonly error?: string;
}

/** Nine significant digits give every 32-bit float back exactly. */
const DIGITS = 9;

export function numbersOf(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Number(value.toPrecision(DIGITS)));
}

/** The lines of a file; what follows the last line end is no line when it is empty. */
export function rowsOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function asJsonLines(rows: readonly LineVector[]): string {
  return rows
    .map(({ index, vector, parts, error }) =>
      JSON.stringify(
        vector
          ? { index, embedding: numbersOf(vector), ...(parts !== undefined && { parts }) }
          : { index, error: error ?? '' },
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function asCsv(rows: readonly LineVector[]): string {
  const lines = rows.map(({ index, text, vector, error }) => {
    const embedding = vector ? JSON.stringify(numbersOf(vector)) : '';
    return [String(index), text, embedding, error ?? ''].map(quoted).join(',');
  });
  return ['index,text,embedding,error', ...lines].map((line) => `${line}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
