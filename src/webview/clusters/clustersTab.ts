// The Clusters tab: what belongs together in the whole workspace, as coarse or fine as one likes, and what belongs to nothing.
import type { AnalysisUnit, Cluster, Place } from '../../engine/model.ts';
import type { ClusterResult } from '../../protocol/engineApi.ts';
import { createAnalysisFrame, type AnalysisFrame } from '../analysis/analysisFrame.ts';
import type { RowAction } from '../analysis/placeActions.ts';
import { createRowTree } from '../analysis/rowTree.ts';
import type { TreeRow } from '../analysis/treeItem.ts';
import { countOf, createUnitChoice } from '../analysis/unitChoice.ts';
import { el } from '../dom.ts';
import { hitKeys, placeOf } from '../hitKeys.ts';
import type { TabFactory } from '../viewContext.ts';
import { groupRow, memberRow } from './clusterRows.ts';
import { createGranularity } from './granularity.ts';
import { createNamesButton } from './namesButton.ts';
import { MemberPages } from './memberPages.ts';

const NO_CLUSTER = 'unclustered';

export const createClustersTab: TabFactory = (context) => {
  const { words } = context;
  const unitOf = (): AnalysisUnit => context.state().analysis.clusters.of;
  const units = createUnitChoice(
    context,
    'cluster-unit',
    ({ analysis }) => analysis.clusters.of,
    (of) => {
      context.dispatch({ type: 'analysis', choices: { clusters: { of } } }); // the same granularity means another number there
    },
  );
  const granularity = createGranularity(context);
  const members = new MemberPages(context, {
    changed: () => frame.update(context.state()),
    outdated: () => frame.outdated(),
  });
  const names = createNamesButton(
    context,
    () => frame.question,
    () => {
      names.update(context.state());
      drawRows(frame.question.answer);
    },
  );
  const scroller = el('div', { class: 'scroller', tabindex: '-1' });
  const tree = createRowTree({
    context,
    label: words.t('clusters.list'),
    scroller,
    toggle: (row, expanded) => context.dispatch({ type: 'expand', keys: [row.key], expanded }),
    fallback: () => frame.focusNote() || scroller.focus(),
  });
  const isExpanded = (key: string): boolean => context.state().expanded.has(key);

  /** The same unit there, coloured by cluster, with this one in sight. */
  const showOnMap = ({ id, representative }: Cluster): void => {
    const query = frame.question.answered ?? context.state().analysis.clusters;
    const cluster = { id, query, representative };
    context.dispatch({ type: 'map', map: { of: query.of, colour: 'cluster', cluster } });
    context.dispatch({ type: 'showTab', tab: 'map' });
  };
  const groupActions = (cluster: Cluster | undefined): readonly RowAction[] => {
    if (!cluster) return [];
    const place = placeOf(cluster.representative);
    return [
      { command: 'side', icon: 'split-horizontal', label: words.t('row.openSide'), run: () => context.request('open', { place, mode: 'side' }) },
      { command: 'moreLikeThis', icon: 'references', label: words.t('row.moreLikeThis'), run: () => context.request('moreLikeThis', { place }) },
      { command: 'copyLink', icon: 'link', label: words.t('row.copyLink'), run: () => context.request('copyLink', { place }) },
      { command: 'showOnMap', icon: 'map', label: words.t('clusters.showOnMap'), run: () => showOnMap(cluster) },
    ]; // prettier-ignore
  };
  /** The group's row and, when it is expanded, its members as far as they are known. */
  const rowsOf = (
    answer: ClusterResult,
    cluster: Cluster | undefined,
    position: number,
    setSize: number,
  ): TreeRow[] => {
    const key = `cluster:${cluster?.id ?? NO_CLUSTER}`;
    const size = cluster?.size ?? answer.unclustered;
    const expanded = isExpanded(key);
    const facts = { key, of: unitOf(), size, largest: answer.clusters[0]?.size ?? size, position, setSize, expanded };
    const group = groupRow(context, { ...facts, ...(cluster && { cluster, name: names.nameOf(cluster.id) }), actions: groupActions(cluster) }); // prettier-ignore
    if (!expanded) return [group];
    const query = frame.question.answered ?? context.state().analysis.clusters;
    members.show({ id: cluster?.id, size, query, answer });
    const known = members.membersOf(cluster?.id);
    const hasAll = members.hasAll(cluster?.id);
    // The representative is known before the members are; once they are, it may be gone.
    const shown: readonly Place[] = known.length === 0 && cluster && !hasAll ? [cluster.representative] : known.slice(0, size); // prettier-ignore
    const typical = cluster && hitKeys([cluster.representative])[0];
    const keys = hitKeys(shown);
    const rows = shown.map((member, i) =>
      memberRow(context, {
        key: `${key}/${keys[i] ?? ''}`,
        member,
        isTypical: keys[i] === typical,
        position: i + 1,
        setSize: size,
        expanded: isExpanded(`${key}/${keys[i] ?? ''}`),
      }),
    );
    return members.haltOf(cluster?.id) !== undefined || (shown.length < size && !hasAll)
      ? [group, ...rows, moreRow(key, shown.length, size, cluster?.id)]
      : [group, ...rows];
  };
  const moreRow = (key: string, shown: number, size: number, id: string | undefined): TreeRow => {
    const halt = members.haltOf(id);
    const label = halt ? words.t(`analysis.${halt}`) : words.t('clusters.more', words.count(shown), words.count(size));
    const more = (): void => members.more(id);
    return {
      key: `${key}/more`,
      level: 2,
      position: shown + 1,
      setSize: size,
      expanded: undefined,
      look: label,
      className: 'more',
      press: more,
      ...(!halt && { seen: more }), // what was stopped goes on only when it is told to
      draw: () => ({ content: [el('span', { class: 'dim' }, label)], label }),
      actions: () => [],
    };
  };
  const drawRows = (answer: ClusterResult | undefined): void => {
    if (!answer) {
      tree.update([]);
      return;
    }
    members.keepOnly(new Set([undefined, ...answer.clusters.map(({ id }) => id)]));
    const groups = answer.clusters.length + (answer.unclustered > 0 ? 1 : 0);
    const rows = answer.clusters.flatMap((cluster, i) => rowsOf(answer, cluster, i + 1, groups));
    if (answer.unclustered > 0) rows.push(...rowsOf(answer, undefined, groups, groups));
    tree.update(rows);
  };

  const frame: AnalysisFrame<'clusters'> = createAnalysisFrame({
    context,
    tab: 'clusters',
    paramsOf: ({ analysis }) => analysis.clusters,
    controls: [units.element, granularity.element],
    lineEnd: [names.element],
    summaryOf(answer) {
      const { length } = answer.clusters;
      const clusters = length === 1 ? words.t('clusters.one') : words.t('clusters.count', words.count(length));
      const grouped = answer.clusters.reduce((sum, { size }) => sum + size, 0);
      const all = countOf(words, unitOf(), grouped + answer.unclustered);
      return `${clusters} · ${words.t('clusters.grouped', words.count(grouped), all)}`;
    },
    noneOf: (answer) =>
      answer.clusters.length + answer.unclustered > 0
        ? undefined
        : { icon: 'group-by-ref-type', sentence: words.t('clusters.none'), actions: [] },
    draw(answer) {
      granularity.update(context.state(), answer);
      names.update(context.state());
      drawRows(answer);
    },
    tree,
    scroller,
    alsoAsking: members,
  });

  return {
    element: frame.element,
    update(state) {
      units.update(state);
      frame.update(state);
    },
    focus() {
      if (!tree.focus() && !frame.focusNote()) scroller.focus();
    },
    step: (by) => tree.step(by),
  };
};
