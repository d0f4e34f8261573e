// The map with what belongs to it: plot, buttons, legend, list, tooltip. Invariant: everything here is about one answer of the engine;
// who asks, and when, is mapTab.ts. Cost: passes over the points when colours, selection or the camera's rest change; none a frame.
import { countOf } from '../analysis/unitChoice.ts';
import { el, setText, splitPath, textButton } from '../dom.ts';
import { openMenu } from '../menu.ts';
import type { ClusterToShow } from '../persisted.ts';
import type { ViewState } from '../state.ts';
import type { ViewContext } from '../viewContext.ts';
import { clusterPoints } from './clusterPoints.ts';
import { createControls } from './controls.ts';
import { clusterName, dotColour, shownAt, spokenPoint, tipFacts } from './describe.ts';
import { groupedBy, type Grouping } from './groups.ts';
import { createLegend, createMarksLine } from './legend.ts';
import { currentPath, marksOf } from './marks.ts';
import { clusterItems, inSightItem, pointItems, type MenuAnswers } from './menus.ts';
import { paintOf } from './paint.ts';
import { createPlot, type Spot } from './plot.ts';
import { createPointList } from './pointList.ts';
import type { MapPoints } from './points.ts';
import { toggled } from './selection.ts';
import { themeOf, whenThemeChanges } from './theme.ts';
import { createTooltip } from './tooltip.ts';

export interface MapView {
  readonly stage: HTMLElement;
  readonly side: HTMLElement;
  show(points: MapPoints | undefined): void;
  update(state: ViewState): void;
  focus(): void;
  step(by: 1 | -1): void;
}

/** As many links as the host takes at once. */
const MOST_LINKS = 5_000;

/** `openInEditor`: undefined where the map is in an editor. */
export function createMapView(context: ViewContext, openInEditor: (() => void) | undefined): MapView {
  const { words } = context;
  let points: MapPoints | undefined;
  let grouping: Grouping | undefined;
  let theme = themeOf(document.body);
  let pressed: ReadonlySet<string> = new Set();
  let peeked: string | undefined;
  let selected: ReadonlySet<number> | undefined;
  /** What the list goes to when the camera comes to rest. */
  let reachAtRest: number | undefined;
  let shownCluster: ClusterToShow | undefined;
  let finding: AbortController | undefined;

  const open = (point: number, mode: 'preview' | 'open' | 'side'): void => {
    if (points) context.request('open', { place: points.placeOf(point), mode });
  };
  const tooltip = createTooltip(context);
  const plot = createPlot({
    dragWay: () => controls.dragWay,
    active(point, at, byKey) {
      plot.element.classList.toggle('on', point !== undefined && !byKey);
      if (!points || !grouping || point === undefined || !at) {
        tooltip.hide();
        return;
      }
      tooltip.show(points, point, tipFacts(context, points, point, grouping, theme), inWindow(at));
      if (byKey) context.announce(spokenPoint(context, points, point));
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
      if (reachAtRest !== undefined) list.reach(reachAtRest);
      reachAtRest = undefined;
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
      else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))
        pointMenu(active, inWindow(plot.spotOf(active))); // prettier-ignore
      else return false;
      return true;
    },
  });
  const inWindow = ([x, y]: Spot): Spot => {
    const { left, top } = plot.element.getBoundingClientRect();
    return [left + x, top + y];
  };
  plot.element.setAttribute('aria-describedby', 'map-keys');
  plot.element.addEventListener('contextmenu', (event) => {
    event.preventDefault(); // instead of VS Code's own menu for web pages
    const at = { x: event.clientX, y: event.clientY };
    if (plot.active === undefined) openMenu([inSightItem(context, menuAnswers)], words.t('row.menu'), at);
    else pointMenu(plot.active, [at.x, at.y]);
  });
  const controls = createControls(context, {
    zoom: (factor) => plot.zoom(factor),
    fit: () => plot.frame(),
    centre: () => centre(),
    openInEditor,
    dragWayChanged: (way) => plot.element.classList.toggle('draws', way !== 'pan'),
  });
  const list = createPointList(context, {
    colourOf: (point) => (grouping ? dotColour(grouping, point, theme) : theme.none),
    nameOf: (group) => clusterName(context, points, group),
    shownPlace: (point) => (points ? shownAt(context, points, point) : { path: '', startLine: 1, endLine: 1 }),
    at: (point) => plot.activate(point),
    open,
    copyLink: (point) => points && context.request('copyLink', { place: points.placeOf(point) }),
    menu(row, at) {
      if ('point' in row) pointMenu(row.point, [at.x, at.y]);
      else
        openMenu(clusterItems(context, row.group, list.isCollapsed(row.group), menuAnswers), words.t('row.menu'), at);
    },
    frame: (which) => plot.frame(which),
    select: (which) => select(which),
  });
  const legend = createLegend(words, {
    toggle(key) {
      pressed = new Set(pressed.has(key) ? [...pressed].filter((each) => each !== key) : [...pressed, key]);
      paint();
    },
    peek(key) {
      if (peeked === key) return;
      peeked = key;
      paint();
    },
  });
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

  const pointMenu = (point: number, [x, y]: Spot): void => {
    tooltip.hide();
    if (points) openMenu(pointItems(context, points, point, menuAnswers), words.t('row.menu'), { x, y });
  };
  const menuAnswers: MenuAnswers = {
    selectCluster(cluster) {
      if (points) select([...points.listed()].filter((point) => points?.groupOf(point) === cluster));
    },
    selectInSight: () => select(plot.inSight()),
    frame: (cluster) => plot.frame(list.pointsOf(cluster)),
    toggle: (cluster) => list.toggle(cluster),
  };

  const centre = (): void => {
    if (!points) return;
    const { file, cursor } = marksOf(points, context.state());
    const wanted = cursor.length > 0 ? cursor : file;
    if (wanted.length > 0) plot.frame(wanted);
    [reachAtRest] = wanted;
  };
  /** The map knows the clusters of the automatic granularity; another one's are looked for and selected. */
  const showCluster = async (now: MapPoints, cluster: ClusterToShow): Promise<void> => {
    finding?.abort();
    finding = undefined;
    const { id, query } = cluster;
    const known = query.granularity === undefined ? now.map.clusters.findIndex((each) => each.id === id) : -1;
    selected = undefined;
    pressed = new Set(known < 0 ? [] : [id]);
    paint();
    if (known >= 0) {
      plot.frame([...now.groups.keys()].filter((point) => now.groupOf(point) === known));
      return;
    }
    finding = new AbortController();
    const { signal } = finding;
    const found = await clusterPoints(context, now, cluster, signal);
    if (signal.aborted) return;
    finding = undefined;
    if (found.length > 0) {
      select(found);
      plot.frame(found);
    } else {
      setText(count, words.t('map.gone'));
      context.announce(words.t('map.gone'));
    }
  };
  const select = (which: Iterable<number> | undefined): void => {
    const now = new Set(which);
    selected = now.size > 0 ? now : undefined;
    paint();
    listAgain();
    context.announce(count.textContent);
  };
  /** Lists what is selected, else what is in sight. */
  const listAgain = (): void => {
    const now = points;
    if (!now) {
      list.show(undefined, []);
      return;
    }
    const wanted = selected ?? new Set(plot.inSight());
    const listed = wanted.size === now.count ? now.listed() : now.listed().filter((point) => wanted.has(point));
    list.show(now, listed);
    setText(count, words.t(selected ? 'map.selected' : 'map.inSight', words.count(listed.length)));
    copy.hidden = clear.hidden = !selected;
  };
  const paint = (): void => {
    const now = grouping;
    if (!now || !points) return;
    const lit = new Set([...pressed, ...(peeked === undefined ? [] : [peeked])]);
    const isLit = lit.size > 0 ? (group: number): boolean => lit.has(now.groups[group]?.key ?? '') : undefined;
    plot.paint(paintOf(points, now, theme, isLit, selected));
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
  whenThemeChanges(restyle);

  return {
    stage,
    side,
    show(now) {
      points = now;
      selected = undefined;
      if (finding) {
        finding.abort();
        finding = shownCluster = undefined; // to be looked for on this map
      }
      tooltip.hide();
      plot.show(now, context.state().map.camera);
      group(context.state());
      listAgain();
      if (now) plot.element.setAttribute('aria-label', words.t('map.label', countOf(words, now.map.of, now.count)));
    },
    update(state) {
      if (!points) return;
      if (grouping?.way !== state.map.colour) group(state);
      const { cluster } = state.map;
      if (cluster && cluster !== shownCluster && state.tab === 'map' && points.map.of === state.map.of) {
        shownCluster = cluster;
        void showCluster(points, cluster);
      }
      const marks = marksOf(points, state);
      plot.mark(marks);
      controls.update(marks.file.length > 0);
      marksLine.update(splitPath(currentPath(state) ?? '').name, marks.file.length, marks.hits.length);
    },
    focus: () => plot.element.focus({ preventScroll: true }),
    step: (by) => list.step(by),
  };
}
