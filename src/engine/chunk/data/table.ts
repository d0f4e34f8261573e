// Stage 2, CSV and TSV: one row, one chunk, with the column names as context. Invariant: a row begins at a line's first atom.
// Cost: one pass. TSV has no quoting by its own definition: a quote there is a character like any other.
import { indexAtOrBelow } from '../lineStarts.ts';
import { clipContext, type Draft, type Page, type TextRange } from '../drafts.ts';
import { guessDelimiter, readRows, type DelimitedRow } from './delimitedRows.ts';
import { findNameColumn, nameOf } from './rowName.ts';
import { findWordlessColumns } from './wordlessColumns.ts';

const MAX_COLUMN_NAME_LENGTH = 40;

export function draftTable(page: Page): Draft[] {
  const { text, starts } = page.atoms;
  const rows = page.languageId === 'tsv' ? readRows(text, '\t', undefined) : readRows(text, guessDelimiter(text), '"');
  const header = headerOf(rows);
  const names = header?.join(' | ');
  const context = names === undefined ? undefined : clipContext(page, names);
  // A header that is cut short in the context stays a chunk, so that none of it is lost.
  const isWholeInContext = context === names?.replace(/\s+/g, ' ');
  const body = header === undefined ? rows : rows.slice(1);
  const nameColumn = findNameColumn(
    header,
    body.map(({ cells }) => cells),
  );
  const wordless = findWordlessColumns(body.map(({ cells }) => cells));
  const drafts = rows.map(({ start, cells, cellStarts }, i): Draft => {
    const from = indexAtOrBelow(starts, start);
    if (header !== undefined && i === 0) {
      return { from, kind: 'row', ...(isWholeInContext ? { dropRule: 'table-header' } : {}) };
    }
    if (cells.every((cell) => cell.trim() === '')) return { from, kind: 'row', dropRule: 'blank-row' };
    const unread = wordless.flatMap((column): TextRange[] => {
      const [cellStart, next] = [cellStarts[column], cellStarts[column + 1]];
      return cellStart === undefined || next === undefined ? [] : [{ start: cellStart, end: next }];
    });
    const symbol = nameColumn === undefined ? undefined : nameOf(cells[nameColumn]);
    return { from, kind: 'row', symbol, context, ...(unread.length > 0 && { unread }) };
  });
  return drafts.length > 0 ? drafts : [{ from: 0, kind: 'row' }];
}

/** The first row's cells when they can be column names: several, all there, all different, short, none a number. */
function headerOf([first, ...rest]: readonly DelimitedRow[]): string[] | undefined {
  if (first === undefined || rest.every(({ cells }) => cells.join('').trim() === '')) return undefined;
  const names = first.cells.map((cell) => cell.trim());
  const areNames =
    names.length > 1 &&
    new Set(names).size === names.length &&
    names.every((name) => name !== '' && name.length <= MAX_COLUMN_NAME_LENGTH && !/^[-+\d.,:/% ]+$/.test(name));
  return areNames ? names : undefined;
}
