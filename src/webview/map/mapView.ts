// The map with what belongs to it: plot, buttons, legend, list, tooltip. Invariant: everything here is about one answer of the engine;
// who asks, and when, is mapTab.ts. Cost: passes over the points when colours, selection or the camera's rest change; none a frame.
import { placeActions } from '../analysis/placeActions.ts';
import { shownPlace } from '../analysis/placeRow.ts';
import { countOf } from '../analysis/unitChoice.ts';
import { el, setText, textButton } from '../dom.ts';
import { openMenu, type MenuItem } from '../menu.ts';
import type { ViewState } from '../state.ts';
import type { ViewContext } from '../viewContext.ts';
import { createControls } from './controls.ts';
import { groupedBy, type Grouping } from './groups.ts';
import { createLegend, createMarksLine } from './legend.ts';
import { currentPath, marksOf } from './marks.ts';
import { colourOf, paintOf } from './paint.ts';
import { createPlot } from './plot.ts';
import { createPointList } from './pointList.ts';
import type { MapPoints } from './points.ts';
import { themeOf } from './theme.ts';
import { createTooltip } from './tooltip.ts';
import { splitPath } from '../dom.ts';

export interface MapView {
  readonly stage: HTMLElement;
  readonly side: HTMLElement;
  show(points: MapPoints | undefined): void;
  update(state: ViewState): void;
  focus(): void;
  step(by: 1 | -1): void;
}

/** `openInEditor`: undefined where the map is in an editor. */
export function createMapView(context: ViewContext, openInEditor: (() => void) | undefined): MapView {
  const { words } = context;
  let points: MapPoints | undefined;
  let grouping: Grouping | undefined;
  let theme = themeOf(document.body);
  let pressed: ReadonlySet<string> = new Set();
  let peeked: string | undefined;
  let selected: ReadonlySet<number> | undefined;
  let seen = '';

  // ---- what is where -------------------------------------------------------------------------------------------------

  const shownAt = (now: MapPoints, point: number) => shownPlace(context.state(), { ...now.placeOf(point), text: '' });
  const nameOfGroup = (group: number): string => points?.map.clusters[group]?.label ?? words.t('clusters.unclustered');
  const dotColour = (point: number): string => (grouping ? colourOf(grouping, grouping.groupOf[point] ?? 0, theme) : theme.none); // prettier-ignore
  const sayPoint = (now: MapPoints, point: number): string => {
    const { path, startLine, endLine } = shownAt(now, point);
    const { folder, name } = splitPath(path);
    const lines = now.map.of === 'documents' ? '' : words.lines(startLine, endLine);
    return [name, lines, nameOfGroup(now.groupOf(point)), folder].filter((part) => part !== '').join(', ');
  };
  const open = (point: number, mode: 'preview' | 'open' | 'side'): void => {
    if (points) context.request('open', { place: points.placeOf(point), mode });
  };

  // ---- parts ---------------------------------------------------------------------------------------------------------

  const tooltip = createTooltip(context);
  const plot = createPlot({
    dragWay: () => controls.dragWay,
    active(point, at, byKey) {
      if (!points || point === undefined || !at) {
        tooltip.hide();
        return;
      }
      const { left, top } = plot.element.getBoundingClientRect();
      const score = grouping?.way === 'outlier' ? words.t('outliers.rank', words.percent(100 * (points.map.outlierScore[point] ?? 0))) : undefined; // prettier-ignore
      const facts = { colour: dotColour(point), group: nameOfGroup(points.groupOf(point)), score, shown: shownAt(points, point) }; // prettier-ignore
      tooltip.show(points, point, facts, [left + at[0], top + at[1]]);
      if (byKey) context.announce(sayPoint(points, point));
    },
    click(point, event) {
      if (point === undefined) {
        if (selected) select(undefined);
      } else if (event.shiftKey) select(toggled(selected, point));
      else {
        list.reach(point);
        if (event.ctrlKey || event.metaKey || event.altKey) open(point, 'side');
        else if (event.detail < 2) open(point, 'preview');
      }
    },
    doubleClick: (point) => open(point, 'open'),
    enclosed: (found, adds) => select([...(adds ? (selected ?? []) : []), ...found]),
    rested(camera) {
      context.dispatch({ type: 'map', map: { camera } });
      listAgain();
    },
    key(event) {
      const mod = event.ctrlKey || event.metaKey;
      const { active } = plot;
      if (event.key === 'Escape' && selected) select(undefined);
      else if (event.key === 'a' && mod) select(plot.inSight());
      else if (event.key === 'c' && !mod) centre();
      else if (active === undefined) return false;
      else if (event.key === 'Enter') open(active, mod ? 'side' : 'open');
      else if (event.key === ' ') select(toggled(selected, active));
      else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) pointMenu(active, plot.spotOf(active)); // prettier-ignore
      else return false;
      return true;
    },
  });
  plot.element.setAttribute('aria-describedby', 'map-keys');
  plot.element.addEventListener('contextmenu', (event) => {
    event.preventDefault(); // instead of VS Code's own menu for web pages
    const { active } = plot;
    const { left, top } = plot.element.getBoundingClientRect();
    if (active === undefined) openMenu([inSightItem()], words.t('row.menu'), { x: event.clientX, y: event.clientY });
    else pointMenu(active, [event.clientX - left, event.clientY - top]);
  });
  const controls = createControls(context, {
    zoom: (factor) => plot.zoom(factor),
    fit: () => plot.frame(),
    centre: () => centre(),
    openInEditor,
    dragWayChanged: (way) => plot.element.classList.toggle('draws', way !== 'pan'),
  });
  const list = createPointList(context, {
    colourOf: dotColour,
    nameOf: nameOfGroup,
    shownPlace: (point) => (points ? shownAt(points, point) : { path: '', startLine: 1, endLine: 1 }),
    at: (point) => plot.activate(point),
    open,
    copyLink: (point) => points && context.request('copyLink', { place: points.placeOf(point) }),
    menu: (row, at) => ('point' in row ? pointMenu(row.point, undefined, at) : groupMenu(row.group, at)),
    frame: (which) => plot.frame(which),
    select: (which) => select(which),
  });
  const legend = createLegend(words, {
    toggle: (key) => {
      pressed = new Set([...pressed].filter((each) => each !== key));
      if (!wasPressed(key)) pressed = new Set([...pressed, key]);
      paint();
    },
    peek(key) {
      if (peeked === key) return;
      peeked = key;
      paint();
    },
  });
  const wasPressed = (key: string): boolean =>
    legend.element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.getAttribute('aria-pressed') === 'true';
  const marksLine = createMarksLine(words);
  const count = el('span', { class: 'hits-count' });
  const copy = textButton(words.t('map.copyLinks'), 'link-button', () => {
    const { placeOf } = points ?? {};
    if (placeOf && selected) context.request('copyLinks', { places: [...selected].slice(0, MOST_LINKS).map((point) => placeOf(point)) }); // prettier-ignore
  });
  const clear = textButton(words.t('map.clear'), 'link-button', () => {
    select(undefined);
    plot.element.focus({ preventScroll: true });
  });
  const line = el('div', { class: 'hits-toolbar map-line' }, count, el('span', { class: 'space' }), copy, clear);
  const keys = el('div', { class: 'sr-only', id: 'map-keys' }, words.t('map.keys'));
  const stage = el('div', { class: 'map-stage' }, plot.element, keys, ...controls.elements);
  const side = el('div', { class: 'map-side' }, legend.element, marksLine.element, line, list.element);
  document.body.append(tooltip.element);

  // ---- menus ---------------------------------------------------------------------------------------------------------

  const inSightItem = (): MenuItem => ({ label: words.t('map.selectInSight'), icon: 'selection', run: () => select(plot.inSight()) }); // prettier-ignore
  const pointMenu = (
    point: number,
    spot: readonly [number, number] | undefined,
    at?: { x: number; y: number },
  ): void => {
    if (!points) return;
    tooltip.hide();
    const { left, top } = plot.element.getBoundingClientRect();
    const place = at ?? { x: left + (spot?.[0] ?? 0), y: top + (spot?.[1] ?? 0) };
    const group = points.groupOf(point);
    const own: MenuItem[] = [
      { label: words.t('map.selectGroup'), icon: 'group-by-ref-type', separated: true, run: () => selectGroup(group) },
      inSightItem(),
    ];
    openMenu([...placeActions(context, points.placeOf(point)), ...own], words.t('row.menu'), place);
  };
  const groupMenu = (group: number, at: { x: number; y: number }): void => {
    const is = list.isCollapsed(group);
    const items: MenuItem[] = [
      { label: words.t('map.frame'), icon: 'target', run: () => plot.frame(list.pointsOf(group)) },
      { label: words.t('map.selectGroup'), icon: 'group-by-ref-type', run: () => selectGroup(group) },
      { label: words.t(is ? 'row.expand' : 'row.collapse'), icon: is ? 'unfold' : 'fold', hint: is ? '→' : '←', run: () => list.toggle(group) }, // prettier-ignore
    ];
    openMenu(items, words.t('row.menu'), at);
  };

  // ---- changes -------------------------------------------------------------------------------------------------------

  const selectGroup = (group: number): void => {
    if (points) select([...points.listed()].filter((point) => points?.groupOf(point) === group));
  };
  const centre = (): void => {
    const path = currentPath(context.state());
    const { file, cursor } = points ? marksOf(points, context.state()) : { file: [], cursor: [] };
    if (path !== undefined) plot.frame(cursor.length > 0 ? cursor : file);
  };
  const select = (which: Iterable<number> | undefined): void => {
    const now = new Set(which);
    selected = now.size > 0 ? now : undefined;
    paint();
    listAgain();
    context.announce(count.textContent);
  };
  const listAgain = (): void => {
    const now = points;
    if (!now) {
      list.show(undefined, []);
      return;
    }
    const wanted = selected ?? new Set(plot.inSight());
    const all = wanted.size === now.count;
    const listed = all ? now.listed() : now.listed().filter((point) => wanted.has(point));
    const key = `${now.count} ${selected ? 'selected' : 'seen'} ${listed.length} ${listed[0] ?? ''} ${listed.at(-1) ?? ''}`;
    if (key !== seen || selected) list.show(now, listed);
    seen = key;
    setText(count, words.t(selected ? 'map.selected' : 'map.inSight', words.count(listed.length)));
    copy.hidden = clear.hidden = !selected;
  };
  const paint = (): void => {
    const now = grouping;
    if (!now) return;
    const lit = new Set([...pressed, ...(peeked === undefined ? [] : [peeked])]);
    const isLit = lit.size > 0 ? (group: number): boolean => lit.has(now.groups[group]?.key ?? '') : undefined;
    plot.paint(paintOf(now, theme, isLit, selected));
    legend.update(now, theme, pressed);
  };
  const group = (state: ViewState): void => {
    grouping = points && groupedBy(state.map.colour, points, theme.hues.length, words);
    pressed = new Set();
    peeked = undefined;
    paint();
    list.redraw();
  };
  const restyle = (): void => {
    theme = themeOf(document.body);
    plot.restyle();
    paint();
    list.redraw();
  };
  const themes = new MutationObserver(restyle); // VS Code writes its theme to both
  themes.observe(document.body, { attributeFilter: ['class'] });
  themes.observe(document.documentElement, { attributeFilter: ['style'] });
  requestAnimationFrame(restyle); // now that it is in the page and has a style

  return {
    stage,
    side,
    show(now) {
      points = now;
      selected = undefined;
      seen = '';
      plot.show(now, context.state().map.camera);
      group(context.state());
      listAgain();
      if (now) plot.element.setAttribute('aria-label', words.t('map.label', countOf(words, now.map.of, now.count)));
    },
    update(state) {
      if (!points) return;
      if (grouping?.way !== state.map.colour) group(state);
      const marks = marksOf(points, state);
      plot.mark(marks);
      controls.update(marks.file.length > 0);
      marksLine.update(splitPath(currentPath(state) ?? '').name, marks.file.length, marks.hits.length);
    },
    focus: () => plot.element.focus({ preventScroll: true }),
    step: (by) => list.step(by),
  };
}

/** As the host takes them. */
const MOST_LINKS = 5_000;

function toggled(selected: ReadonlySet<number> | undefined, point: number): readonly number[] {
  return selected?.has(point) ? [...selected].filter((each) => each !== point) : [...(selected ?? []), point];
}
