// One row of a tree of groups and places: what it says is drawn anew only when it looks different.
import type { Place } from '../../engine/model.ts';
import { el, icon, setAttribute } from '../dom.ts';
import { ROW_SHORTCUTS } from '../keys.ts';
import type { Words } from '../words.ts';
import type { RowAction } from './placeActions.ts';

export interface TreeRow {
  readonly key: string;
  readonly level: 1 | 2;
  /** From 1, among its siblings. */
  readonly position: number;
  readonly setSize: number;
  /** Undefined: there is nothing to expand. */
  readonly expanded: boolean | undefined;
  /** All that it is drawn from: with the same look its element stays as it is. */
  readonly look: string;
  readonly className?: string;
  draw(id: string): { readonly content: readonly Node[]; readonly label: string; readonly describedBy?: string };
  actions(): readonly RowAction[];
  /** Shown in the editor by arrow key or click. */
  readonly place?: Omit<Place, 'text'>;
  /** It came into sight. */
  readonly seen?: () => void;
  /** Where there is nothing to expand or open. */
  readonly press?: () => void;
}

export interface TreeItem {
  readonly element: HTMLElement;
  /** Says whether it was drawn anew. */
  update(row: TreeRow): boolean;
}

export function createTreeItem(words: Words, id: string, key: string): TreeItem {
  const twistie = el('span', { class: 'twistie codicon', 'data-command': 'toggle', 'aria-hidden': 'true' });
  const body = el('div', { class: 'hit-body' });
  const element = el('div', { class: 'hit', id, role: 'treeitem', tabindex: '-1', 'data-key': key }, twistie, body);
  let look: string | undefined;
  const draw = (row: TreeRow): void => {
    const { content, label, describedBy } = row.draw(id);
    body.replaceChildren(...content);
    element.querySelector('.hit-actions')?.remove();
    const buttons = actionButtons(row.actions(), words.t('row.menu'));
    if (buttons) element.append(buttons);
    setAttribute(element, 'aria-label', label);
    setAttribute(element, 'aria-describedby', describedBy);
    setAttribute(element, 'aria-keyshortcuts', row.place ? ROW_SHORTCUTS : undefined);
    element.className = `hit level-${row.level} ${row.className ?? ''}`.trim();
  };
  return {
    element,
    update(row) {
      const { expanded, level, position, setSize } = row;
      const isNew = row.look !== look;
      look = row.look;
      if (isNew) draw(row);
      const chevron = expanded === undefined ? '' : `codicon-chevron-${expanded ? 'down' : 'right'}`;
      twistie.className = `twistie codicon ${chevron}`;
      twistie.title = expanded === undefined ? '' : words.t(expanded ? 'row.collapse' : 'row.expand');
      setAttribute(element, 'aria-expanded', expanded === undefined ? undefined : String(expanded));
      setAttribute(element, 'aria-level', String(level));
      setAttribute(element, 'aria-posinset', String(position));
      setAttribute(element, 'aria-setsize', String(setSize));
      return isNew;
    },
  };
}

/** For the pointer: keys reach the same through the row and its menu. */
function actionButtons(actions: readonly RowAction[], menuLabel: string): HTMLElement | undefined {
  if (actions.length === 0) return undefined;
  const bar = el('div', { class: 'hit-actions' });
  const inline = actions.filter((action) => action.inline === true);
  for (const { command, icon: name, label } of [...inline, { command: 'menu', icon: 'ellipsis', label: menuLabel }]) {
    const attributes = { 'data-command': command, 'aria-label': label, title: label };
    const button = el('button', { type: 'button', class: 'icon-button', tabindex: '-1', ...attributes });
    button.append(icon(name));
    bar.append(button);
  }
  return bar;
}
