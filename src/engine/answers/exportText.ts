// Export, one place or group as text of each format. Invariant: what is between delimiters has none of them, or is quoted as RFC 4180
// says; the CSV is one that `import` reads. Cost: none worth naming.
import type { DuplicateGroup, Outlier, Place } from '../model.ts';
import type { ReportWords } from './reportWords.ts';

/** All that is known of a place. */
export interface ExportedPlace extends Place {
  readonly vector: Float32Array;
  readonly cluster: string | null;
  readonly label: string | null;
  readonly outlierScore: number;
  readonly x: number;
  readonly y: number;
  /** The groups that it is in. */
  readonly duplicates: readonly Pick<DuplicateGroup, 'id' | 'tier'>[];
}

/** `duplicates`: ids of groups, with a blank between; `duplicateTiers`: theirs, in the same order. */
const COLUMNS = ['path', 'startLine', 'endLine', 'symbol', 'cluster', 'label', 'outlierScore', 'x', 'y', 'duplicates', 'duplicateTiers', 'text']; // prettier-ignore

function cellsOf({
  path,
  startLine,
  endLine,
  symbol,
  cluster,
  label,
  outlierScore,
  x,
  y,
  duplicates,
  text,
}: ExportedPlace): string[] {
  const numbers = [outlierScore, x, y].map((number) => String(rounded(number)));
  return [
    path,
    String(startLine),
    String(endLine),
    symbol ?? '',
    cluster ?? '',
    label ?? '',
    ...numbers,
    duplicates.map(({ id }) => id).join(' '),
    duplicates.map(({ tier }) => tier).join(' '),
    text,
  ];
}

export const csvHeader = `${[...COLUMNS, 'embedding'].join(',')}\n`;

export function csvLine(place: ExportedPlace): string {
  return `${[...cellsOf(place), `[${numbersOf(place.vector, ',')}]`].map(quoted).join(',')}\n`;
}

export const metadataHeader = `${COLUMNS.join('\t')}\n`;

/** The Embedding Projector takes one line a point and knows no quotes. */
export function metadataLine(place: ExportedPlace): string {
  return `${cellsOf(place).map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')}\n`;
} // prettier-ignore

export function vectorLine({ vector }: ExportedPlace): string {
  return `${numbersOf(vector, '\t')}\n`;
}

/** Its groups have their tiers where they are listed. */
export function jsonPlace({ vector, outlierScore, x, y, duplicates, ...place }: ExportedPlace): string {
  const numbers = { outlierScore: rounded(outlierScore), x: rounded(x), y: rounded(y) };
  const rest = JSON.stringify({ ...place, ...numbers, duplicates: duplicates.map(({ id }) => id) });
  return `${rest.slice(0, -1)},"vector":[${numbersOf(vector, ',')}]}`;
}

/** Why a place stands apart; its text is that of its place. */
export function jsonOutlier({ score, similarity, usual, nearest, ...place }: Outlier): string {
  return JSON.stringify({
    ...rangeOf(place),
    score: rounded(score),
    similarity: rounded(similarity),
    usual: rounded(usual),
    ...(nearest && { nearest: { ...rangeOf(nearest), similarity: rounded(nearest.similarity) } }),
  });
}

function rangeOf({ path, startLine, endLine, symbol }: Place): Omit<Place, 'text'> {
  return { path, startLine, endLine, ...(symbol !== undefined && { symbol }) };
}

export interface ReportCluster {
  readonly label: string;
  readonly size: number;
  readonly representative: Place;
  readonly members: readonly Place[];
}

/** A link to a place, from wherever the report lies. */
export type LinkTo = (place: Place) => string;

export function clusterText({ label, size, members }: ReportCluster, linkTo: LinkTo): string {
  return `### ${escaped(label)} (${size})\n\n${members.map((member) => `- ${linkTo(member)}: ${excerpt(member)}\n`).join('')}\n`;
}

export function outlierText(outlier: Outlier, linkTo: LinkTo, words: ReportWords): string {
  const { similarity, usual, nearest } = outlier;
  const relative = nearest ? words.nearest(linkTo(nearest), nearest.similarity.toFixed(2)) : '';
  return `- ${linkTo(outlier)}: ${words.reason(similarity.toFixed(2), usual.toFixed(2))}${relative}${words.stop} ${excerpt(outlier)}\n`;
}

export function groupText({ tier, similarity, members }: DuplicateGroup, linkTo: LinkTo, words: ReportWords): string {
  const [first] = members;
  const places = members.map((member) => `- ${linkTo(member)}\n`).join('');
  return `### ${words.group(tier, members.length, similarity.toFixed(2))}\n\n${places}\n> ${first ? excerpt(first) : ''}\n\n`;
}

/** As CommonMark writes a destination with blanks and brackets. */
export function markdownLink(text: string, destination: string): string {
  return `[${escaped(text)}](<${destination.replace(/[<>]/g, (sign) => encodeURIComponent(sign))}>)`;
}

function excerpt({ text }: Place): string {
  return escaped(text.replace(/\s+/g, ' ').trim().slice(0, 120));
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A float32 as the shortest text that gives it back. */
function numbersOf(vector: Float32Array, delimiter: string): string {
  return Array.from(vector, (x) => String(Number(x.toPrecision(9)))).join(delimiter);
}

function rounded(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}
