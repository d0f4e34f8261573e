// The tabs, by the ARIA pattern with automatic activation: arrows, Home and End show the tab they reach.
import type { ViewStringKey, ViewTab } from '../protocol/viewApi.ts';
import { el, setAttribute } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';

/** `tabs` in their order, each with the key of its title. */
export function createTabBar(context: ViewContext, tabs: readonly { id: ViewTab; title: ViewStringKey }[]): Part {
  const buttons = tabs.map(({ id, title }) => {
    const button = el(
      'button',
      { type: 'button', class: 'tab', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
      context.words.t(title),
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
