// What a point is, beside it: its place, its cluster, the beginning of its text. Shown when the pointer rests for a moment; the text
// comes from the engine when it is first asked for.
import { debounce } from '../debounce.ts';
import { dedented } from '../dedent.ts';
import { el, middleTruncated, splitPath } from '../dom.ts';
import { highlighted } from '../highlight.ts';
import type { ViewContext } from '../viewContext.ts';
import type { MapPoints } from './points.ts';

const WAIT_MS = 70;
const MOST_LINES = 9;
const MOST_CHARACTERS = 700;
/** Texts kept; the pointer often comes back. */
const MOST_TEXTS = 300;
const AWAY_PX = 14;

export interface TipFacts {
  readonly colour: string;
  readonly group: string;
  /** Of the outlier score, when that is shown. */
  readonly score: string | undefined;
  /** As people know it. */
  readonly shown: { readonly path: string; readonly startLine: number; readonly endLine: number };
}

export interface Tooltip {
  readonly element: HTMLElement;
  /** At a place of the window. */
  show(points: MapPoints, point: number, facts: TipFacts, at: readonly [number, number]): void;
  hide(): void;
}

export function createTooltip(context: ViewContext): Tooltip {
  const { words } = context;
  const element = el('div', { class: 'map-tip', 'aria-hidden': 'true' });
  element.hidden = true;
  let texts = new Map<number, string | undefined>();
  let textsOf: MapPoints | undefined;
  let shown: number | undefined;
  let asking = new AbortController();

  const textOf = async (points: MapPoints, point: number): Promise<string | undefined> => {
    if (textsOf !== points) {
      textsOf = points;
      texts = new Map();
    }
    if (texts.has(point)) return texts.get(point);
    asking.abort();
    asking = new AbortController();
    const found = await context.ask('snippetAt', points.placeOf(point), asking.signal);
    const [oldest] = texts.keys();
    if (texts.size >= MOST_TEXTS && oldest !== undefined) texts.delete(oldest);
    texts.set(point, found?.text);
    return found?.text;
  };
  const place = ([x, y]: readonly [number, number]): void => {
    const { width, height } = element.getBoundingClientRect();
    const right = x + AWAY_PX + width <= innerWidth - 4;
    const left = right ? x + AWAY_PX : x - AWAY_PX - width;
    const below = y + AWAY_PX + height <= innerHeight - 4;
    element.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
    // Where there is no room at its side, it lies above or below, so that the point stays in sight.
    element.style.top = `${Math.max(4, below ? y + AWAY_PX : y - AWAY_PX - height)}px`;
  };
  const head = (points: MapPoints, { shown: at, group, colour, score }: TipFacts): readonly Node[] => {
    const { folder, name } = splitPath(at.path);
    const swatch = el('span', { class: 'map-swatch' });
    swatch.style.background = colour;
    const title = el('div', { class: 'map-tip-title' }, middleTruncated(name, 'name'));
    if (points.map.of === 'chunks') title.append(el('span', { class: 'dim' }, words.lines(at.startLine, at.endLine)));
    const groupLine = el('div', { class: 'map-tip-group' }, swatch, el('span', { class: 'map-name' }, group));
    return [
      title,
      ...(folder === '' ? [] : [el('div', { class: 'map-tip-folder dim' }, middleTruncated(folder, 'folder'))]),
      groupLine,
      ...(score === undefined ? [] : [el('div', { class: 'dim' }, score)]),
    ];
  };
  const open = debounce(WAIT_MS, (points: MapPoints, point: number, facts: TipFacts, at: readonly [number, number]) => {
    shown = point;
    const text = el('div', { class: 'map-tip-text' });
    text.hidden = true;
    element.replaceChildren(...head(points, facts), text);
    element.hidden = false;
    place(at);
    textOf(points, point).then(
      (found) => {
        if (shown !== point) return;
        text.hidden = found === ''; // an image
        if (found === undefined) text.replaceChildren(el('span', { class: 'dim' }, words.t('map.gone')));
        else fill(text, found, points.languageOf(point));
        place(at);
      },
      () => undefined, // the next one is asked for, or the text is not to be had: the place alone says enough
    );
  });
  return {
    element,
    show: (points, point, facts, at) => open(points, point, facts, at),
    hide() {
      open.cancel();
      shown = undefined;
      element.hidden = true;
    },
  };
}

/** The first lines that say something. */
function fill(element: HTMLElement, text: string, languageId: string): void {
  const lines = dedented(text.slice(0, 4 * MOST_CHARACTERS)).split('\n').filter((line) => line.trim() !== ''); // prettier-ignore
  const part = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS);
  const more = lines.length > MOST_LINES || part.length === MOST_CHARACTERS ? '\n…' : '';
  element.replaceChildren(highlighted(part, languageId) ?? part, more);
}
