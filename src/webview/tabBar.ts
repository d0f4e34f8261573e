// The tabs, by the ARIA pattern with automatic activation: arrows, Home and End show the tab they reach. Words where there is room for
// all of them, else icons (the style sheet decides).
import type { ViewStringKey, ViewTab } from '../protocol/viewApi.ts';
import { el, icon, setAttribute } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface TabTitle {
  readonly id: ViewTab;
  readonly title: ViewStringKey;
  readonly icon: string;
}

/** `tabs` in their order. */
export function createTabBar(context: ViewContext, tabs: readonly TabTitle[]): Part {
  const buttons = tabs.map(({ id, title, icon: name }) => {
    const label = context.words.t(title);
    const attributes = { type: 'button', class: 'tab', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` };
    const button = el(
      'button',
      { ...attributes, 'aria-label': label, title: label },
      icon(name),
      el('span', { class: 'tab-title' }, label),
    );
    button.addEventListener('click', () => {
      context.dispatch({ type: 'showTab', tab: id });
    });
    return button;
  });
  const element = el('div', { class: 'tab-bar', role: 'tablist' }, ...buttons);
  element.addEventListener('keydown', (event) => {
    const index = tabs.findIndex(({ id }) => id === context.state().tab);
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (index + 1) % tabs.length,
      ArrowLeft: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = moves[event.key];
    const tab = next === undefined ? undefined : tabs[next];
    if (next === undefined || !tab) return;
    event.preventDefault();
    context.dispatch({ type: 'showTab', tab: tab.id });
    buttons[next]?.focus();
  });
  return {
    element,
    update(state) {
      tabs.forEach(({ id }, i) => {
        const button = buttons[i];
        if (!button) return;
        setAttribute(button, 'aria-selected', String(id === state.tab));
        button.tabIndex = id === state.tab ? 0 : -1;
      });
    },
  };
}
