// Import, records -> texts with their vectors. Invariant: a row is a text with a unit vector, or says why not; columns are found by name
// unless they are given. Cost: one parse of the numbers.
import path from 'node:path';
import { guessDelimiter, readRows } from '../chunk/data/delimitedRows.ts';
import { findNameColumn, nameOf } from '../chunk/data/rowName.ts';
import { EngineError } from '../errors.ts';
import { recordsOf, type FileRecord, type Reading } from './records.ts';

export interface VectorRow {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly symbol: string | undefined;
  /** Unit length; undefined with a `problem`. */
  readonly vector: Float32Array | undefined;
  readonly problem?: RowProblem;
}

export type RowProblem = 'no-text' | 'no-vector' | 'bad-vector';

export interface Columns {
  readonly textColumn?: string;
  readonly vectorColumn?: string;
}

/** The guide's table has `combined`, which is what was embedded, beside `Summary` and `Text`. */
const TEXT_NAMES = ['combined', 'text', 'content', 'document', 'sentence', 'body', 'description', 'review', 'title', 'name']; // prettier-ignore
const VECTOR_NAME = /^(?:embeddings?|vectors?)$/i;
const VECTOR_LIKE = /embedding|vector|_ada_/i;

/** Throws `bad-setting` for a column that there is not, and what {@link recordsOf} throws. */
export async function* vectorRowsOf(file: string, columns: Columns, reading?: Reading): AsyncGenerator<VectorRow> {
  const extension = path.extname(file).toLowerCase();
  if (extension === '.jsonl' || extension === '.ndjson') yield* jsonRows(file, columns, reading);
  else yield* tableRows(file, columns, extension === '.tsv' || extension === '.tab', reading);
}

async function* tableRows(
  file: string,
  columns: Columns,
  isTsv: boolean,
  reading?: Reading,
): AsyncGenerator<VectorRow> {
  let header: { readonly cells: (text: string) => readonly string[]; readonly text: number; readonly vector: number; readonly name: number } | undefined; // prettier-ignore
  for await (const record of recordsOf(file, !isTsv, reading)) {
    if (!header) {
      const delimiter = isTsv ? '\t' : guessDelimiter(record.text);
      const cells = (text: string): readonly string[] => readRows(text, delimiter, isTsv ? undefined : '"')[0]?.cells ?? []; // prettier-ignore
      const names = cells(record.text).map((name) => name.trim());
      header = { cells, ...columnsIn(names, columns), name: findNameColumn(names, []) ?? -1 };
      continue;
    }
    const cells = header.cells(record.text);
    yield rowOf(record, cells[header.text], cells[header.vector], nameOf(cells[header.name]));
  }
}

async function* jsonRows(file: string, columns: Columns, reading?: Reading): AsyncGenerator<VectorRow> {
  let found: { readonly names: readonly string[]; readonly text: number; readonly vector: number } | undefined;
  for await (const record of recordsOf(file, false, reading)) {
    const value = objectIn(record.text);
    if (!value) {
      yield rowOf(record, undefined, undefined, undefined);
      continue;
    }
    if (!found) {
      const names = Object.keys(value);
      found = { names, ...columnsIn(names, columns) };
    }
    const name = findNameColumn(Object.keys(value), []);
    const symbol = name === undefined ? undefined : nameOf(stringOf(Object.values(value)[name]));
    const at = (column: number): unknown => value[found?.names[column] ?? ''];
    yield rowOf(record, stringOf(at(found.text)), at(found.vector), symbol);
  }
}

function columnsIn(names: readonly string[], { textColumn, vectorColumn }: Columns): { text: number; vector: number } {
  const named = (setting: string, wanted: string): number => {
    const index = names.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
    if (index < 0) throw new EngineError('bad-setting', { setting, value: wanted, allowed: names.join(', ') });
    return index;
  };
  const vectors = names.findIndex((name) => VECTOR_NAME.test(name));
  const vector =
    vectorColumn === undefined
      ? vectors >= 0 ? vectors : names.findIndex((name) => VECTOR_LIKE.test(name))
      : named('vector', vectorColumn); // prettier-ignore
  if (vector < 0) return { text: -1, vector: named('vector', 'embedding') };
  if (textColumn !== undefined) return { text: named('text', textColumn), vector };
  const known = TEXT_NAMES.map((name) => names.findIndex((own) => own.toLowerCase() === name)).find(
    (index) => index >= 0,
  );
  return { text: known ?? named('text', 'text'), vector };
}

function rowOf({ startLine, endLine }: FileRecord, text = '', cell: unknown, symbol: string | undefined): VectorRow {
  const vector = numbersIn(cell);
  const problem: RowProblem | undefined =
    text.trim() === ''
      ? 'no-text'
      : vector === undefined
        ? 'no-vector'
        : vector.length === 0
          ? 'bad-vector'
          : undefined;
  return { startLine, endLine, text, symbol, vector: problem ? undefined : vector, ...(problem && { problem }) };
}

/** As JSON, NumPy or plain lists write them, scaled to unit length; none for what has other things than numbers, or no direction. */
function numbersIn(cell: unknown): Float32Array | undefined {
  if (cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')) return undefined;
  const bad = new Float32Array(0);
  const parts: readonly unknown[] = Array.isArray(cell) ? cell : stringOf(cell)?.replace(/^\s*[[(]|[\])]\s*$/g, '').trim().split(/[\s,;]+/) ?? []; // prettier-ignore
  const numbers = parts.map(Number);
  const length = Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
  if (parts.some((part) => part === '' || part === null) || !Number.isFinite(length) || length === 0) return bad;
  return Float32Array.from(numbers, (x) => x / length);
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined; // prettier-ignore
  } catch {
    return undefined; // no JSON: told as a row without a vector
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
