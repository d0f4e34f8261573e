// A cluster, and a member of one, as rows of the tree.
import type { AnalysisUnit, Cluster, ClusterMember, Place } from '../../engine/model.ts';
import { placeActions, type RowAction } from '../analysis/placeActions.ts';
import { figure, placeLines, placePreview, shownPlace, spokenPlace } from '../analysis/placeRow.ts';
import type { TreeRow } from '../analysis/treeItem.ts';
import { countOf } from '../analysis/unitChoice.ts';
import { el, icon, splitPath } from '../dom.ts';
import type { ViewContext } from '../viewContext.ts';

/** What a cluster's row is made of; without `cluster` it is the group of those that belong to none. */
export interface GroupFacts {
  readonly key: string;
  readonly of: AnalysisUnit;
  readonly size: number;
  readonly largest: number;
  readonly position: number;
  readonly setSize: number;
  readonly expanded: boolean;
  readonly cluster?: Cluster;
  /** By a language model. */
  readonly name?: string | undefined;
  readonly actions: readonly RowAction[];
}

export function groupRow({ words }: ViewContext, facts: GroupFacts): TreeRow {
  const { of, size, largest, cluster, name, actions } = facts;
  const count = countOf(words, of, size);
  const cohesion = cluster && words.t('clusters.cohesion', words.similarity(cluster.cohesion));
  const detail = cohesion ?? words.t('clusters.unclusteredDetail');
  return {
    ...facts,
    level: 1,
    look: JSON.stringify([size, largest, of, cluster?.label, name, cluster?.cohesion, cluster?.representative]),
    className: cluster ? 'group cluster' : 'group unclustered',
    draw() {
      const bar = el('span', { class: 'size-bar' }, el('span', { class: 'size-fill' }));
      const fill = bar.firstElementChild;
      if (fill instanceof HTMLElement)
        fill.style.width = `${Math.max(2, Math.round((100 * size) / Math.max(1, largest)))}%`;
      const second = el(
        'div',
        { class: 'place-line dim size-line' },
        bar,
        el('span', { class: 'size' }, words.count(size)),
      );
      if (cluster) {
        const example = nameOf(cluster.representative);
        second.append(el('span', { class: 'crumb' }, '·'), el('span', { class: 'symbol' }, example));
      }
      const label = name ?? cluster?.label ?? words.t('clusters.unclustered');
      const title = [label, ...(name === undefined ? [] : [cluster?.label]), `${count} · ${detail}`].join('\n');
      const place = el('div', { class: 'place', title }, el('div', { class: 'group-label' }, label), second);
      const glyph = icon(cluster ? 'group-by-ref-type' : 'circle-slash', 'group-icon');
      return {
        content: [el('div', { class: 'hit-head' }, glyph, place)],
        label: [label, count, detail].join(', '),
      };
    },
    actions: () => actions,
  };
}

/** By its symbol; that of a table's row may be a mere number, which says nothing beside a size. */
function nameOf({ path, symbol }: Place): string {
  const { name } = splitPath(path);
  if (symbol === undefined) return name;
  return /\p{L}/u.test(symbol) ? symbol : `${name} › ${symbol}`;
}

/** What a member's row is made of. */
export interface MemberFacts {
  readonly key: string;
  readonly member: Place & Partial<Pick<ClusterMember, 'centrality'>>;
  readonly isTypical: boolean;
  readonly position: number;
  readonly setSize: number;
  readonly expanded: boolean;
}

export function memberRow(context: ViewContext, facts: MemberFacts): TreeRow {
  const { words } = context;
  const { member, isTypical, expanded } = facts;
  return {
    ...facts,
    level: 2,
    look: JSON.stringify([member, isTypical, expanded]),
    place: member,
    draw(id) {
      const state = context.state();
      const place = shownPlace(state, member);
      const badge = isTypical ? words.t('clusters.typical') : undefined;
      const title =
        member.centrality === undefined ? '' : words.t('clusters.centrality', words.similarity(member.centrality));
      const head = el('div', { class: 'hit-head' });
      if (member.centrality !== undefined) head.append(figure(words, member.centrality, title));
      head.append(placeLines(place, badge));
      return {
        content: [head, placePreview(`${id}-text`, words, state, place, expanded)],
        label: [spokenPlace(words, place), badge, title].filter((part) => part !== undefined && part !== '').join(', '),
        describedBy: `${id}-text`,
      };
    },
    actions: () => placeActions(context, member),
  };
}
