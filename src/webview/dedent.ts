/** The text without blank lines around it and without the indentation that its lines share. */
export function dedented(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/^(?:[^\S\n]*\n)+/, '').trimEnd().split('\n'); // prettier-ignore
  const indent = sharedIndent(lines);
  return indent === 0 ? lines.join('\n') : lines.map((line, i) => line.slice(i > 0 || startsIndented(lines) ? Math.min(indent, indentOf(line)) : 0)).join('\n'); // prettier-ignore
}

/**
 * A chunk may start behind the indentation of its first line (a syntax node does). Then only a closing bracket tells how
 * far the first line stood from the margin; without one (Python) the lines keep what they have.
 */
function sharedIndent(lines: readonly string[]): number {
  const last = lines.at(-1) ?? '';
  if (!startsIndented(lines) && !/^\s+(?:[)\]}]|end\b)/.test(last)) return 0;
  const counted = lines.filter((line, i) => line.trim() !== '' && (i > 0 || startsIndented(lines)));
  return Math.min(...counted.map(indentOf));
}

function startsIndented(lines: readonly string[]): boolean {
  return /^\s/.test(lines[0] ?? '');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
