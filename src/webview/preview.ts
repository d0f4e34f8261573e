// The text of a hit below its row: the first lines, or all of them. The text is there at once; its colours come when it
// is first seen, which changes no line's place.
import type { Hit } from '../engine/model.ts';
import { el } from './dom.ts';
import { highlighted, isHighlighted } from './highlight.ts';

/** More than three lines of any width: what does not fit is clipped by the style sheet. */
const COLLAPSED_LINES = 6;
const COLLAPSED_CHARACTERS = 600;

/** Languages whose lines are sentences: they wrap instead of being cut. */
const PROSE = new Set(['plaintext', 'markdown', 'latex', 'restructuredtext', 'asciidoc', 'csv', 'tsv', 'html']);

const colours = new WeakMap<Element, () => void>();
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      colours.get(target)?.();
      colours.delete(target);
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
  return text.split('\n', COLLAPSED_LINES).join('\n').slice(0, COLLAPSED_CHARACTERS);
}

/** The text without blank lines around it and without the indentation that its lines share. */
export function dedented(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/^(?:[^\S\n]*\n)+/, '').trimEnd().split('\n'); // prettier-ignore
  const indent = sharedIndent(lines);
  return indent === 0 ? lines.join('\n') : lines.map((line, i) => line.slice(i > 0 || startsIndented(lines) ? Math.min(indent, indentOf(line)) : 0)).join('\n'); // prettier-ignore
}

/**
 * A chunk may start behind the indentation of its first line (a syntax node does). Then only a closing bracket tells how
 * far the first line stood from the margin; without one (Python) the lines keep what they have.
 */
function sharedIndent(lines: readonly string[]): number {
  const last = lines.at(-1) ?? '';
  if (!startsIndented(lines) && !/^\s+(?:[)\]}]|end\b)/.test(last)) return 0;
  const counted = lines.filter((line, i) => line.trim() !== '' && (i > 0 || startsIndented(lines)));
  return Math.min(...counted.map(indentOf));
}

function startsIndented(lines: readonly string[]): boolean {
  return /^\s/.test(lines[0] ?? '');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
