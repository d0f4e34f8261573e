// The text of a hit below its row: the first lines, or all of them. The text is there at once; its colours come when it
// is first seen, which changes no line's place.
import type { Hit } from '../engine/model.ts';
import { dedented } from './dedent.ts';
import { el } from './dom.ts';
import { highlighted, isHighlighted } from './highlight.ts';

/** More than the three lines that are seen, so that the style sheet's ellipsis says that there is more. */
const COLLAPSED_LINES = 4;
const COLLAPSED_CHARACTERS = 1000;

/** Languages whose lines are sentences: they wrap instead of being cut. */
const PROSE = new Set(['plaintext', 'markdown', 'latex', 'restructuredtext', 'asciidoc', 'csv', 'tsv', 'html']);

const colours = new WeakMap<Element, () => void>();

/** Seen and still without colours: each gets them in a task of its own, after the frame that shows the text. */
const queue: Element[] = [];

function colourNext(): void {
  const element = queue.shift();
  if (!element) return;
  colours.get(element)?.();
  colours.delete(element);
  if (queue.length > 0) setTimeout(colourNext, 0);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      if (queue.push(target) === 1) setTimeout(colourNext, 0);
    }
  },
  { rootMargin: '200px' },
);

export interface Preview {
  readonly element: HTMLElement;
  update(hit: Pick<Hit, 'text' | 'languageId'>, expanded: boolean): void;
}

export function createPreview(id: string): Preview {
  const element = el('div', { class: 'preview', id });
  let shown: string | undefined;
  return {
    element,
    update({ text, languageId }, expanded) {
      const full = dedented(text);
      const part = expanded ? full : beginning(full);
      const key = `${languageId}\n${part}`;
      element.classList.toggle('expanded', expanded);
      element.classList.toggle('prose', PROSE.has(languageId));
      if (key === shown) return;
      shown = key;
      element.textContent = part;
      seen.unobserve(element);
      colours.delete(element);
      if (!isHighlighted(languageId)) return;
      colours.set(element, () => {
        const nodes = highlighted(part, languageId);
        if (nodes) element.replaceChildren(nodes);
      });
      seen.observe(element);
    },
  };
}

function beginning(text: string): string {
  const lines = text.slice(0, COLLAPSED_CHARACTERS).split('\n');
  return lines.filter((line) => line.trim() !== '').slice(0, COLLAPSED_LINES).join('\n'); // prettier-ignore
}
