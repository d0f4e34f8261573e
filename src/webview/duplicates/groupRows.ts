// A group of duplicates, and a member of one, as rows of the tree.
import type { DuplicateGroup, DuplicateTier, Place } from '../../engine/model.ts';
import { placeActions, type RowAction } from '../analysis/placeActions.ts';
import { placeLines, placePreview, shownPlace, spokenPlace } from '../analysis/placeRow.ts';
import type { TreeRow } from '../analysis/treeItem.ts';
import { el, icon, middleTruncated, splitPath } from '../dom.ts';
import { hitKeys } from '../hitKeys.ts';
import type { ViewContext } from '../viewContext.ts';
import type { Words } from '../words.ts';

const ICONS: Readonly<Record<DuplicateTier, string>> = { exact: 'copy', near: 'versions', meaning: 'sparkle' };

/** What a row of a group can do beyond its place. */
export interface GroupTools {
  compare(a: Place, b: Place): void;
  ignore(): void;
  /** The place that waits for another to be compared with. */
  readonly chosen: Place | undefined;
  choose(place: Place): void;
}

export interface GroupFacts {
  readonly key: string;
  readonly group: DuplicateGroup;
  readonly position: number;
  readonly setSize: number;
  readonly expanded: boolean;
}

/** Lines that would not be there if the text stood once: all but those of the longest member. */
export function repeatedLines({ members }: DuplicateGroup): number {
  const lines = members.map(({ startLine, endLine }) => endLine - startLine + 1);
  return lines.reduce((sum, count) => sum + count, 0) - Math.max(0, ...lines);
}

/** What says the same in other words is no repeated line. */
function linesText(words: Words, tier: DuplicateTier, lines: number): string {
  if (tier === 'meaning') return lines === 1 ? words.t('duplicates.alikeOne') : words.t('duplicates.alike', words.count(lines)); // prettier-ignore
  return lines === 1 ? words.t('duplicates.line') : words.t('duplicates.lines', words.count(lines));
}

export function groupRow({ words }: ViewContext, facts: GroupFacts, tools: GroupTools): TreeRow {
  const { group } = facts;
  const { members, tier, similarity } = group;
  const isIgnored = group.ignored === true;
  return {
    ...facts,
    level: 1,
    look: JSON.stringify([
      group.id,
      tier,
      similarity,
      isIgnored,
      members.map(({ path, startLine }) => [path, startLine]),
    ]),
    className: `group duplicates ${isIgnored ? 'ignored' : ''}`,
    draw() {
      const lines = repeatedLines(group);
      const facts = [
        words.t('duplicates.places', words.count(members.length)),
        linesText(words, tier, lines),
        ...(tier === 'exact' ? [] : [words.similarity(similarity)]),
        ...(isIgnored ? [words.t('duplicates.ignoredOne')] : []),
      ];
      const { first, others } = namesOf(members);
      const detail = [
        words.t(`duplicates.${tier}.detail`),
        words.t('duplicates.similarity', words.similarity(similarity)),
      ];
      const title = [...new Set(members.map(({ path }) => path))].join('\n');
      const label = el('div', { class: 'place-line group-label' }, middleTruncated(first, 'name'));
      if (others.length > 0) label.append(el('span', { class: 'symbol dim' }, others.join(', ')));
      const second = el('div', { class: 'dim group-facts' }, facts.join(' · '));
      const glyph = icon(ICONS[tier], `group-icon tier-${tier}`);
      glyph.title = detail.join('\n');
      return {
        content: [el('div', { class: 'hit-head' }, glyph, el('div', { class: 'place', title }, label, second))],
        label: [first, ...others, words.t(`duplicates.${tier}`), ...facts].join(', '),
      };
    },
    actions: () => [
      {
        command: 'compare',
        icon: 'diff',
        label: words.t('duplicates.compare'),
        inline: true,
        run() {
          const [a, b] = members;
          if (a && b) tools.compare(a, b);
        },
      },
      ignoreAction(words.t(isIgnored ? 'duplicates.unignore' : 'duplicates.ignore'), isIgnored, tools),
    ],
  };
}

export function memberRows(context: ViewContext, { key, group }: GroupFacts, tools: GroupTools): readonly TreeRow[] {
  const { words } = context;
  const { members, tier } = group;
  const isIgnored = group.ignored === true;
  const keys = hitKeys(members).map((place) => `${key}/${place}`);
  const { expanded } = context.state();
  return members.map((member, i): TreeRow => {
    const rowKey = keys[i] ?? '';
    // The same text need not be read twice.
    const hasText = tier !== 'exact' || i === 0;
    const isOpen = hasText ? expanded.has(rowKey) : undefined;
    return {
      key: rowKey,
      level: 2,
      position: i + 1,
      setSize: members.length,
      expanded: isOpen,
      look: JSON.stringify([member, isOpen, hasText, tools.chosen === member]),
      className: tools.chosen === member ? 'chosen' : '',
      place: member,
      draw(id) {
        const state = context.state();
        const place = shownPlace(state, member);
        const head = el('div', { class: 'hit-head' }, placeLines(place));
        const preview = hasText ? [placePreview(`${id}-text`, words, state, place, isOpen === true)] : [];
        const label = spokenPlace(words, place);
        return { content: [head, ...preview], label, ...(hasText && { describedBy: `${id}-text` }) };
      },
      actions: () => placeActions(context, member, memberActions(context, members, i, isIgnored, tools)),
    };
  });
}

function memberActions(
  { words }: ViewContext,
  members: readonly Place[],
  at: number,
  isIgnored: boolean,
  tools: GroupTools,
): readonly RowAction[] {
  const member = members[at];
  const other = members[at === 0 ? 1 : 0];
  if (!member || !other) return [];
  const { chosen } = tools;
  const nameOf = (place: Place): string => `${splitPath(place.path).name}:${place.startLine}`;
  const action = (command: string, name: string, label: string, run: () => void): RowAction => ({ command, icon: name, label, run }); // prettier-ignore
  return [
    { ...action('compare', 'diff', words.t('duplicates.compareSelected', nameOf(other)), () => tools.compare(member, other)), inline: true, separated: true },
    ...(members.length > 2 ? [action('choose', 'pin', words.t('duplicates.select'), () => tools.choose(member))] : []),
    ...(chosen && chosen !== member && chosen !== other ? [action('compareChosen', 'diff', words.t('duplicates.compareSelected', nameOf(chosen)), () => tools.compare(chosen, member))] : []),
    ignoreAction(words.t(isIgnored ? 'duplicates.unignore' : 'duplicates.ignore'), isIgnored, tools),
  ]; // prettier-ignore
}

function ignoreAction(label: string, isIgnored: boolean, tools: GroupTools): RowAction {
  return { command: 'hide', icon: isIgnored ? 'eye' : 'eye-closed', label, inline: true, run: () => tools.ignore() };
}

/** What people know a group by: its first member, and the files of the others. */
function namesOf(members: readonly Place[]): { readonly first: string; readonly others: readonly string[] } {
  const [head, ...rest] = members;
  const fileOf = ({ path }: Place): string => splitPath(path).name;
  if (!head) return { first: '', others: [] };
  const files = [...new Set(rest.map(fileOf))].filter((name) => name !== fileOf(head));
  return head.symbol === undefined
    ? { first: fileOf(head), others: files }
    : { first: head.symbol, others: [fileOf(head), ...files] };
}
