// Stage 2, what a reader would call a row: the value of the column that names it. Cost: a sample of the rows.

/** The first pattern that a column matches wins; titles say more than ids. */
const NAME_COLUMNS = [
  /^(?:title|name|subject|summary|headline|heading|question|标题|標題|名称|名稱|题目)$/i,
  /(?:title|name|heading)$/i,
  /^(?:id|key|slug|uuid|word|term|anchor|编号|序号)$/i,
];
const MAX_NAME_LENGTH = 60;
const SAMPLE_ROWS = 50;

/**
 * Index of the column that names the rows: by its own name, else the first one whose values are short, have letters and differ
 * from row to row. Undefined when there is none.
 */
export function findNameColumn(
  columns: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): number | undefined {
  for (const pattern of columns === undefined ? [] : NAME_COLUMNS) {
    const index = columns?.findIndex((column) => pattern.test(column.trim())) ?? -1;
    if (index >= 0) return index;
  }
  const sample = rows.slice(0, SAMPLE_ROWS);
  const width = sample[0]?.length ?? 0;
  for (let index = 0; index < width && width > 1; index++) {
    const names = sample
      .map((cells) => nameOf(cells[index]))
      .filter((name) => name !== undefined && /\p{L}/u.test(name));
    if (names.length * 2 > sample.length && new Set(names).size * 2 > sample.length) return index;
  }
  return undefined;
}

/** A cell as a name; undefined when it is empty or too long for one. */
export function nameOf(cell: string | undefined): string | undefined {
  if (cell === undefined || cell.length > 2 * MAX_NAME_LENGTH) return undefined;
  const name = cell.replace(/\s+/g, ' ').trim();
  return name === '' || name.length > MAX_NAME_LENGTH ? undefined : name;
}

/** The member of a JSON object that names it. */
export function nameOfRecord(record: object): string | undefined {
  const index = findNameColumn(Object.keys(record), []);
  const value: unknown = index === undefined ? undefined : Object.values(record)[index];
  return typeof value === 'string' || typeof value === 'number' ? nameOf(String(value)) : undefined;
}
