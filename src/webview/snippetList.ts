// The kept snippets: a list that the header's button opens; each can be shown or removed.
import type { KeptSnippetInfo } from '../protocol/engineApi.ts';
import { el, icon, iconButton, middleTruncated } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';

export function createSnippetList(context: ViewContext, id: string): Part {
  const element = el('ul', { class: 'snippets', id });
  let shown = '';
  const row = ({ path, place }: KeptSnippetInfo): HTMLElement => {
    const { words } = context;
    const lines = words.lines(place.startLine, place.endLine);
    const show = el('button', {
      type: 'button',
      class: 'snippet',
      title: `${place.path} · ${lines}\n\n${place.text.slice(0, 300)}`,
    });
    show.append(icon('bookmark'), middleTruncated(place.path, 'name'), el('span', { class: 'lines dim' }, lines));
    show.addEventListener('click', () => context.request('showSnippet', { path }));
    const remove = iconButton('trash', words.t('similar.removeSnippet', `${place.path}, ${lines}`), () => {
      context.request('removeSnippet', { path });
    });
    return el('li', {}, show, remove);
  };
  return {
    element,
    update({ snapshot: { snippets }, snippetsOpen }) {
      element.hidden = !snippetsOpen;
      const key = snippets.map(({ path }) => path).join('\n');
      if (key === shown) return;
      shown = key;
      const hadFocus = element.contains(document.activeElement);
      element.replaceChildren(...snippets.map(row));
      if (hadFocus) element.querySelector('button')?.focus();
    },
  };
}
