// What a row shows of a place: a figure, where it is, its text.
import type { Place } from '../../engine/model.ts';
import { languageIdOf } from '../../engine/source/languageId.ts';
import { el, middleTruncated, splitPath } from '../dom.ts';
import { createPreview } from '../preview.ts';
import type { ViewState } from '../state.ts';
import { addressOf, createThumbnail } from '../thumbnail.ts';
import type { Words } from '../words.ts';

/** As the engine embeds them, and placeOpener.ts opens them. */
const IMAGE = /\.(?:jpe?g|jpe|png|bmp)$/i;

/** A number between 0 and 1 with a bar; `usual` marks where the bar mostly ends. */
export function figure(words: Words, value: number, title: string, usual?: number): HTMLElement {
  const percent = (share: number): string => `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  const fill = el('span', { class: 'bar-fill' });
  fill.style.width = percent(value);
  const bar = el('span', { class: 'bar' }, fill);
  if (usual !== undefined) {
    const mark = el('span', { class: 'bar-mark' });
    mark.style.insetInlineStart = percent(usual);
    bar.append(mark);
  }
  return el('div', { class: 'score', title }, el('span', { class: 'score-value' }, words.similarity(value)), bar);
}

/** A kept snippet is a document of its own; people know it by where it came from. */
export function shownPlace({ snapshot }: ViewState, place: Place): Place {
  const kept = snapshot.snippets.find(({ path }) => path === place.path);
  return kept
    ? { ...place, path: kept.place.path, startLine: kept.place.startLine, endLine: kept.place.endLine }
    : place;
}

/** `name › symbol` above `folder:3–9`; whole documents have no lines. */
export function placeLines(place: Place, badge?: string): HTMLElement {
  const { folder, name } = splitPath(place.path);
  const first = el('div', { class: 'place-line' }, middleTruncated(name, 'name'));
  if (place.symbol !== undefined) {
    first.append(el('span', { class: 'crumb' }, '›'), el('span', { class: 'symbol' }, place.symbol));
  }
  const second = el('div', { class: 'place-line dim' });
  if (folder !== '') second.append(middleTruncated(folder, 'folder'));
  if (folder !== '' && !IMAGE.test(place.path)) second.append(el('span', { class: 'crumb' }, ':'));
  if (!IMAGE.test(place.path)) second.append(el('span', { class: 'lines' }, lineRange(place)));
  if (badge !== undefined) second.append(el('span', { class: 'row-badge' }, badge));
  const title = [`${place.path}:${lineRange(place)}`, ...(place.symbol === undefined ? [] : [place.symbol])].join('\n');
  return el('div', { class: 'place', title }, first, second);
}

/** The first lines of its text, or all; of an image, the image. */
export function placePreview(id: string, words: Words, state: ViewState, place: Place, expanded: boolean): HTMLElement {
  if (IMAGE.test(place.path)) {
    const thumbnail = createThumbnail(id, words, splitPath(place.path).name);
    thumbnail.update(addressOf(state.snapshot.imageRoots, place.path), expanded);
    return thumbnail.element;
  }
  const preview = createPreview(id);
  preview.update({ text: place.text, languageId: languageIdOf(place.path, '') }, expanded);
  return preview.element;
}

/** What a screen reader says of a place. */
export function spokenPlace(words: Words, place: Place): string {
  const { folder, name } = splitPath(place.path);
  return [name, place.symbol, words.lines(place.startLine, place.endLine), folder].filter((part) => part !== undefined && part !== '').join(', '); // prettier-ignore
}

function lineRange({ startLine, endLine }: Place): string {
  return endLine > startLine ? `${startLine}–${endLine}` : String(startLine);
}
