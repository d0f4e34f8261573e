// Stage 2, what a reader would call a row: its title, name or id. Cost: a few cells a row.

const NAME_COLUMNS = [
  /^(?:title|name|subject|summary|headline|question|标题|標題|名称|名稱|题目)$/i,
  /^(?:id|key|slug|uuid|code|label|word|term|anchor|编号|序号)$/i,
  /(?:title|name)$/i,
];
const MAX_NAME_LENGTH = 60;

/** The value of a column that names the row, else the first short value with a letter in it; undefined when none fits. */
export function pickRowName(columns: readonly string[] | undefined, cells: readonly string[]): string | undefined {
  for (const pattern of NAME_COLUMNS) {
    const cell = cells[columns?.findIndex((column) => pattern.test(column.trim())) ?? -1]?.trim();
    if (cell !== undefined && cell !== '' && cell.length <= MAX_NAME_LENGTH) return oneLine(cell);
  }
  if (cells.length < 2) return undefined;
  const short = cells.find((cell) => cell.trim().length <= MAX_NAME_LENGTH && /\p{L}/u.test(cell));
  return short === undefined ? undefined : oneLine(short);
}

/** {@link pickRowName} over the members of a JSON object. */
export function pickRecordName(record: object): string | undefined {
  const named = Object.entries(record).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return pickRowName(
    named.map(([key]) => key),
    named.map(([, value]) => String(value)),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
