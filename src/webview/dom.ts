// Small helpers that make elements. Data enters the page only as text nodes and attribute values, never as HTML.

type Attributes = Readonly<Record<string, string>>;

/** An element with attributes and children; strings become text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A codicon, silent for screen readers. */
export function icon(name: string, extraClass = ''): HTMLSpanElement {
  return el('span', { class: `codicon codicon-${name} ${extraClass}`.trim(), 'aria-hidden': 'true' });
}

/** A button that shows only an icon; `label` is its name and tooltip. */
export function iconButton(iconName: string, label: string, onClick: (event: MouseEvent) => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label });
  button.append(icon(iconName));
  button.addEventListener('click', onClick);
  return button;
}

export function textButton(label: string, className: string, onClick: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: className }, label);
  button.addEventListener('click', onClick);
  return button;
}

/** Writes only when something changes, so that a screen reader is not told the same again. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, or takes it away when the value is undefined. */
export function setAttribute(element: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function setIcon(button: HTMLElement, name: string): void {
  const glyph = button.querySelector('.codicon');
  const className = `codicon codicon-${name}`;
  if (glyph && glyph.className !== className) glyph.className = className;
}

const TAIL_CHARACTERS = 10;

/** Text that loses its middle, not its end, when there is no room: a head that shrinks and a tail that does not. */
export function middleTruncated(text: string, className = ''): HTMLSpanElement {
  const characters = Array.from(text); // whole code points
  const tail = characters.length > 2 * TAIL_CHARACTERS ? TAIL_CHARACTERS : 0;
  const head = characters.slice(0, characters.length - tail).join('');
  const span = el('span', { class: `middle ${className}`.trim() }, el('span', { class: 'head' }, head));
  if (tail > 0) span.append(el('span', { class: 'tail' }, characters.slice(-tail).join('')));
  return span;
}

/** `folder/name` as its two parts; the folder is '' at the top. A document that was never saved loses its `untitled:`. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1).replace(/^untitled:/, '') };
}
