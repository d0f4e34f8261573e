/** Writes records as comma or tab separated text; the names of the first one become the header. */
export function writeDelimited(records: readonly Record<string, unknown>[], separator: ',' | '\t' = ','): string {
  const [first] = records;
  if (!first) return '';
  const names = Object.keys(first);
  const lines = [names, ...records.map((record) => names.map((name) => record[name]))];
  return lines.map((line) => line.map((value) => quote(value, separator)).join(separator)).join('\n') + '\n';
}

/** Quotes only where the reader would otherwise be misled. */
function quote(value: unknown, separator: string): string {
  const text = value === null || value === undefined ? '' : String(value);
  const needsQuotes = text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim();
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
