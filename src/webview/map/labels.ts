// Which labels are written, and where: those of the level that the zoom asks for, none over another. Invariant: what is written does
// not depend on where one looks, only on how near, so that labels stay while one pans. Cost: quadratic in the labels of a map, once a zoom.
import type { MapResult } from '../../protocol/engineApi.ts';

export interface Label {
  readonly lines: readonly string[];
  readonly level: 0 | 1 | 2;
  /** In the map's units. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** From which zoom on a level is written. */
const ZOOM_OF_LEVEL = [0, 1.4, 3] as const;
export const LABEL_PX = [13, 12, 11] as const;
const LINE_FACTOR = 1.25;
const GAP_PX = 6;

/** `scale`: pixels a unit. `widest`: of a line, in pixels; `mostLines` of a label. `widthOf` measures a line. */
export function placedLabels(
  labels: MapResult['labels'],
  zoom: number,
  scale: number,
  { widest, mostLines }: { readonly widest: number; readonly mostLines: number },
  widthOf: (text: string, level: Label['level']) => number,
): readonly Label[] {
  const placed: (Label & { readonly height: number })[] = [];
  const shown = labels.filter(({ level }) => zoom >= ZOOM_OF_LEVEL[level]).sort((a, b) => a.level - b.level); // stable: larger ones first
  const written = new Set<string>();
  for (const { text, x, y, level } of shown) {
    if (written.has(text)) continue; // a deeper level may name the same area again
    const lines = linesOf(text, widest, mostLines, (line) => widthOf(line, level));
    const width = Math.max(...lines.map((line) => widthOf(line, level)));
    const height = lines.length * lineHeight(level);
    const isFree = placed.every(
      (other) =>
        Math.abs(other.x - x) * scale > (other.width + width) / 2 + GAP_PX ||
        Math.abs(other.y - y) * scale > (other.height + height) / 2 + GAP_PX / 2,
    );
    if (!isFree) continue;
    written.add(text);
    placed.push({ lines, level, x, y, width, height });
  }
  return placed;
}

export function lineHeight(level: Label['level']): number {
  return LABEL_PX[level] * LINE_FACTOR;
}

/** A label's words in some lines; words that have no room are left out, a single long one is cut. */
function linesOf(
  text: string,
  widest: number,
  mostLines: number,
  widthOf: (line: string) => number,
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' · ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last} · ${word}`;
    if (longer !== undefined && widthOf(longer) <= widest) lines[lines.length - 1] = longer;
    else if (lines.length < mostLines) lines.push(widthOf(word) <= widest ? word : cut(word, widest, widthOf));
    else break;
  }
  return lines;
}

function cut(text: string, widest: number, widthOf: (line: string) => number): string {
  const characters = Array.from(text);
  let length = characters.length - 1;
  while (length > 1 && widthOf(`${characters.slice(0, length).join('')}…`) > widest) length--;
  return `${characters.slice(0, length).join('')}…`;
}
