// The Duplicates tab: what stands in the workspace more than once, the same, nearly the same, or in other words.
import { DUPLICATE_TIERS, type DuplicateGroup } from '../../engine/model.ts';
import type { DuplicateQuery, DuplicateResult } from '../../protocol/engineApi.ts';
import { createAnalysisFrame, type AnalysisFrame } from '../analysis/analysisFrame.ts';
import type { NoteContent } from '../analysis/note.ts';
import { createRowTree } from '../analysis/rowTree.ts';
import { createChips } from '../chips.ts';
import { el, icon, setAttribute, setText, splitPath, textButton } from '../dom.ts';
import { placeOf } from '../hitKeys.ts';
import type { AnalysisChoices } from '../persisted.ts';
import type { ViewState } from '../state.ts';
import type { TabFactory } from '../viewContext.ts';
import { groupRow, memberRows, repeatedLines, type GroupTools } from './groupRows.ts';
import { createMinSimilarity } from './minSimilarity.ts';

export const createDuplicatesTab: TabFactory = (context) => {
  const { words } = context;
  const choicesOf = (): AnalysisChoices['duplicates'] => context.state().analysis.duplicates;
  const choose = (change: Partial<AnalysisChoices['duplicates']>): void => {
    context.dispatch({ type: 'analysis', choices: { duplicates: { ...choicesOf(), ...change } } });
  };
  let chosen: GroupTools['chosen'];
  /** Ignored, or shown again, a moment ago: the answer that says so is on its way. */
  const changing = new Map<string, { readonly ignored: boolean; until?: object | undefined }>();

  const tiers = createChips('tiers', words.t('duplicates.tiers'), (key) =>
    choose({ tier: DUPLICATE_TIERS.find((tier) => tier === key) }),
  );
  const thisFile = el('button', { type: 'button', class: 'chip this-file' }, icon('file'), el('span', { class: 'chip-label' }, words.t('duplicates.thisFile'))); // prettier-ignore
  thisFile.addEventListener('click', () => choose({ thisFile: !choicesOf().thisFile }));
  const minSimilarity = createMinSimilarity(context);
  const ignored = el('span', {});
  const showIgnored = textButton('', 'link-button', () => choose({ ignored: !choicesOf().ignored }));
  const ignoredLine = el('span', { class: 'ignored-count' }, ignored, showIgnored);
  const scroller = el('div', { class: 'scroller', tabindex: '-1' });
  const tree = createRowTree({
    context,
    label: words.t('duplicates.list'),
    scroller,
    toggle: (row, expanded) => context.dispatch({ type: 'expand', keys: [row.key], expanded }),
    fallback: () => frame.focusNote() || scroller.focus(),
  });

  /** The groups of an answer with what was ignored a moment ago. */
  const groupsOf = ({ groups }: DuplicateResult): readonly DuplicateGroup[] => {
    const { ignored: withIgnored } = choicesOf();
    return groups
      .map((group): DuplicateGroup => {
        const now = changing.get(group.id);
        if (!now) return group;
        const { id, tier, similarity, members } = group;
        return { id, tier, similarity, members, ...(now.ignored && { ignored: true as const }) };
      })
      .filter((group) => withIgnored || group.ignored !== true);
  };
  const shownGroups = (answer: DuplicateResult): readonly DuplicateGroup[] => {
    const { tier } = choicesOf();
    return groupsOf(answer).filter((group) => tier === undefined || group.tier === tier);
  };
  const toolsOf = (group: DuplicateGroup): GroupTools => ({
    chosen: group.members.find((member) => member === chosen),
    choose(place) {
      chosen = place;
      drawRows(frame.question.answer);
    },
    compare(a, b) {
      const known = group.tier === 'exact' ? 1 : group.members.length === 2 ? group.similarity : undefined;
      const params = { place: placeOf(a), other: placeOf(b), ...(known !== undefined && { similarity: known }) };
      context.request('compare', params);
    },
    ignore() {
      void ignore(group.id, group.ignored !== true);
    },
  });
  const ignore = async (id: string, wanted: boolean): Promise<void> => {
    const change: { readonly ignored: boolean; until?: object | undefined } = { ignored: wanted };
    changing.set(id, change);
    drawRows(frame.question.answer);
    context.announce(words.t(wanted ? 'duplicates.ignoredOne' : 'duplicates.unignore'));
    try {
      await context.ask('ignoreDuplicates', { ids: [id], ignored: wanted }, new AbortController().signal);
      change.until = frame.question.answer;
      frame.refresh();
    } catch {
      changing.delete(id); // the host says what went wrong
      drawRows(frame.question.answer);
    }
  };
  const drawRows = (answer: DuplicateResult | undefined): void => {
    const groups = answer && !isWithoutFile(context.state()) ? shownGroups(answer) : [];
    const { expanded } = context.state();
    tree.update(
      groups.flatMap((group, i) => {
        const key = `duplicates:${group.tier}:${group.id}`; // the same texts can be a group in two tiers
        const facts = { key, group, position: i + 1, setSize: groups.length, expanded: expanded.has(key) };
        const tools = toolsOf(group);
        const row = groupRow(context, facts, tools);
        return facts.expanded ? [row, ...memberRows(context, facts, tools)] : [row];
      }),
    );
  };
  const drawControls = (answer: DuplicateResult | undefined): void => {
    const { tier, thisFile: onlyThis, ignored: withIgnored } = choicesOf();
    const groups = answer ? groupsOf(answer) : [];
    tiers.update(
      answer
        ? DUPLICATE_TIERS.map((key) => {
            const count = words.count(groups.filter((group) => group.tier === key).length);
            const label = words.t(`duplicates.${key}`);
            return { key, label, count, spoken: words.t('duplicates.chip', label, count) };
          })
        : [],
      tier,
    );
    setAttribute(thisFile, 'aria-pressed', String(onlyThis));
    thisFile.title = context.state().snapshot.currentPath ?? '';
    minSimilarity.update(context.state(), answer);
    ignoredLine.hidden = (answer?.ignored ?? 0) === 0 && !withIgnored;
    setText(ignored, words.t('duplicates.ignored', words.count(answer?.ignored ?? 0)));
    setText(showIgnored, words.t(withIgnored ? 'duplicates.hideIgnored' : 'duplicates.showIgnored'));
  };
  const noneOf = (answer: DuplicateResult, state: ViewState): NoteContent | undefined => {
    const everything = {
      label: words.t('duplicates.showAll'),
      run: () => choose({ thisFile: false, tier: undefined }),
    };
    if (isWithoutFile(state)) return { icon: 'file', sentence: words.t('duplicates.noFile'), actions: [everything] };
    if (shownGroups(answer).length > 0) return undefined;
    const { tier, thisFile: onlyThis } = choicesOf();
    if (tier && groupsOf(answer).length > 0) return { icon: 'copy', sentence: words.t('duplicates.noneOfKind'), actions: [everything] }; // prettier-ignore
    const file = splitPath(state.snapshot.currentPath ?? '').name;
    if (onlyThis) return { icon: 'pass', sentence: words.t('duplicates.noneHere', file), actions: [everything] };
    return { icon: 'pass', sentence: words.t('duplicates.none'), actions: [] };
  };

  const frame: AnalysisFrame<'duplicates'> = createAnalysisFrame({
    context,
    tab: 'duplicates',
    paramsOf: ({ analysis: { duplicates }, snapshot }): DuplicateQuery => ({
      ...(duplicates.minSimilarity !== undefined && { minSimilarity: duplicates.minSimilarity }),
      ...(duplicates.thisFile && snapshot.currentPath !== undefined && { path: snapshot.currentPath }),
      ...(duplicates.ignored && { ignored: true as const }),
    }),
    controls: [tiers.element, el('div', { class: 'chips scope' }, thisFile), minSimilarity.element],
    lineEnd: [ignoredLine],
    summaryOf(answer) {
      const groups = shownGroups(answer);
      const repeated = groups.filter(({ tier }) => tier !== 'meaning');
      const lines = repeated.reduce((sum, group) => sum + repeatedLines(group), 0);
      const count = groups.length === 1 ? words.t('duplicates.one') : words.t('duplicates.count', words.count(groups.length)); // prettier-ignore
      if (repeated.length === 0) return count;
      return `${count} · ${lines === 1 ? words.t('duplicates.line') : words.t('duplicates.lines', words.count(lines))}`;
    },
    noneOf,
    draw(answer) {
      for (const [id, { until }] of changing) if (until && until !== answer) changing.delete(id);
      drawControls(answer);
      drawRows(answer);
    },
    tree,
    scroller,
  });
  return {
    element: frame.element,
    update: (state) => frame.update(state),
    focus() {
      if (!tree.focus() && !frame.focusNote()) scroller.focus();
    },
    step: (by) => tree.step(by),
  };
};

/** The tab is about the current file, and there is none. */
function isWithoutFile({ analysis, snapshot }: ViewState): boolean {
  return analysis.duplicates.thisFile && snapshot.currentPath === undefined;
}
