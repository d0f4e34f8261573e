// Stage 3, DashScope, batch jobs: rows -> files of one text a line. Invariant: every row that is not blank has its lines in one
// file; equal rows of a file share them; no line is longer or emptier than the service takes. Cost: one pass over the texts.
import { estimateTokens, splitByEstimate } from '../../remote/tokenEstimate.ts';

/** null: blank; a number: the row's line; a list: the first of the lines of a split row, then each part's weight. */
export type RowPlace = number | null | readonly number[];

export interface JobFile {
  readonly lines: readonly string[];
  readonly places: readonly RowPlace[];
  /** Upper estimate. */
  readonly tokens: number;
}

export interface FileLimits {
  readonly lines: number;
  readonly bytes: number;
  readonly tokensPerLine: number;
}

/** Files in the order of the rows, each with at least one row. */
export function fileRows(rows: readonly string[], limits: FileLimits): JobFile[] {
  const files: JobFile[] = [];
  let file = new Filling();
  for (const row of rows) {
    const lines = linesOf(row, limits.tokensPerLine);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    if (!file.takes(row, lines.length, bytes, limits)) {
      files.push(file.close());
      file = new Filling();
    }
    file.add(row, lines, bytes);
  }
  return file.places.length > 0 ? [...files, file.close()] : files;
}

/** All that ends a line for some reader: \n, \r and what Python's splitlines() and Unicode add to them. */
const LINE_BREAKS = /[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]+/g;

function linesOf(row: string, tokensPerLine: number): string[] {
  const parts = estimateTokens(row) > tokensPerLine ? splitByEstimate(row, tokensPerLine) : [row];
  return parts.map((part) => part.replace(LINE_BREAKS, ' ')).filter((part) => part.trim() !== '');
}

class Filling {
  readonly places: RowPlace[] = [];
  private readonly lines: string[] = [];
  private readonly known = new Map<string, RowPlace>();
  private bytes = 0;
  private tokens = 0;

  takes(row: string, lines: number, bytes: number, limits: FileLimits): boolean {
    if (this.places.length === 0 || this.known.has(row) || lines === 0) return true;
    return this.lines.length + lines <= limits.lines && this.bytes + bytes <= limits.bytes;
  }

  add(row: string, lines: readonly string[], bytes: number): void {
    const place = this.known.get(row) ?? this.placeOf(lines, bytes);
    this.known.set(row, place);
    this.places.push(place);
  }

  close(): JobFile {
    const { lines, places, tokens } = this;
    return { lines, places, tokens };
  }

  private placeOf(lines: readonly string[], bytes: number): RowPlace {
    if (lines.length === 0) return null;
    const first = this.lines.length;
    const weights = lines.map(estimateTokens);
    this.lines.push(...lines);
    this.bytes += bytes;
    this.tokens += weights.reduce((sum, weight) => sum + weight, 0);
    return lines.length === 1 ? first : [first, ...weights];
  }
}
