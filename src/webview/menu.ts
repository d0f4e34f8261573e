// A context menu by the ARIA menu pattern. Only one is open; it closes on Escape, Tab, a click elsewhere or a scroll,
// and gives the focus back.
import { el, icon } from './dom.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly hint?: string | undefined;
  /** Draws a line above. */
  readonly separated?: boolean;
  run(): void;
}

let close: (() => void) | undefined;

/** Opens a menu at a point of the window; the focus returns to what had it. */
export function openMenu(items: readonly MenuItem[], label: string, at: { x: number; y: number }): void {
  close?.();
  const before = document.activeElement;
  const buttons = items.map(menuButton);
  const menu = el('div', { class: 'menu', role: 'menu', 'aria-label': label });
  items.forEach((item, i) => {
    if (item.separated) menu.append(el('div', { class: 'menu-separator', role: 'separator' }));
    const button = buttons[i];
    if (button) menu.append(button);
  });
  const closing = new AbortController();
  close = () => {
    closing.abort();
    menu.remove();
    close = undefined;
  };
  const closeAndReturn = (): void => {
    close?.();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  menu.addEventListener('click', (event) => {
    const i = buttons.findIndex((button) => button.contains(event.target as Node));
    if (i < 0) return;
    closeAndReturn();
    items[i]?.run();
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' || event.key === 'Tab') closeAndReturn();
    else if (!moveFocus(event, buttons)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  const elsewhere = (event: Event): void => {
    if (!menu.contains(event.target as Node)) close?.();
  };
  document.addEventListener('pointerdown', elsewhere, { capture: true, signal: closing.signal });
  document.addEventListener('scroll', elsewhere, { capture: true, signal: closing.signal });
  window.addEventListener('blur', () => close?.(), { signal: closing.signal });
  window.addEventListener('resize', () => close?.(), { signal: closing.signal });

  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(2, Math.min(at.x, innerWidth - width - 2))}px`;
  menu.style.top = `${Math.max(2, Math.min(at.y, innerHeight - height - 2))}px`;
  buttons[0]?.focus({ preventScroll: true });
}

function menuButton(item: MenuItem): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'menu-item', role: 'menuitem', tabindex: '-1' });
  button.append(icon(item.icon), el('span', { class: 'menu-label' }, item.label));
  if (item.hint !== undefined) button.append(el('span', { class: 'menu-hint', 'aria-hidden': 'true' }, item.hint));
  button.addEventListener('pointermove', () => button.focus({ preventScroll: true }));
  return button;
}

/** Arrows, Home, End and first letters; says whether the key was one of them. */
function moveFocus(event: KeyboardEvent, buttons: readonly HTMLButtonElement[]): boolean {
  const current = buttons.findIndex((button) => button === document.activeElement);
  const last = buttons.length - 1;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current >= last ? 0 : current + 1,
    ArrowUp: current <= 0 ? last : current - 1,
    Home: 0,
    End: last,
  };
  let next = targets[event.key];
  if (next === undefined && event.key.length === 1 && event.key !== ' ') {
    const starts = (button: HTMLButtonElement): boolean =>
      button.textContent.toLocaleLowerCase().startsWith(event.key.toLocaleLowerCase());
    const after = buttons.findIndex((button, i) => i > current && starts(button));
    next = after >= 0 ? after : buttons.findIndex(starts);
    if (next < 0) return false;
  }
  if (next === undefined) return false;
  buttons[next]?.focus({ preventScroll: true });
  return true;
}
