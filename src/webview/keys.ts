// Which keys do what in a list of hits. The same table feeds the menu's hints and aria-keyshortcuts.

export type RowCommand = 'open' | 'side' | 'compare' | 'copyLink' | 'moreLikeThis' | 'hide' | 'expand' | 'collapse';

const isMac = navigator.userAgent.includes('Mac OS');

/** What a menu shows beside a command; key names are the same in every language of VS Code. */
export const KEY_HINTS: Readonly<Partial<Record<RowCommand, string>>> = {
  open: isMac ? '⏎' : 'Enter',
  side: isMac ? '⌘⏎' : 'Ctrl+Enter',
  copyLink: isMac ? '⌘C' : 'Ctrl+C',
  hide: isMac ? '⌘⌫' : 'Delete',
  expand: '→',
  collapse: '←',
};

/** For aria-keyshortcuts of a row. */
export const ROW_SHORTCUTS = isMac
  ? 'Enter Meta+Enter Meta+C Meta+Backspace Shift+F10'
  : 'Enter Control+Enter Control+C Delete Shift+F10';

/** The command of a key press on a row, if any. */
export function rowCommandOf(event: KeyboardEvent): RowCommand | 'menu' | 'toggle' | undefined {
  const mod = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'Enter':
      return mod ? 'side' : 'open';
    case 'ArrowRight':
      return 'expand';
    case 'ArrowLeft':
      return 'collapse';
    case ' ':
      return 'toggle';
    case 'Delete':
      return 'hide';
    case 'Backspace':
      return event.metaKey ? 'hide' : undefined;
    case 'ContextMenu':
      return 'menu';
    case 'F10':
      return event.shiftKey ? 'menu' : undefined;
    case 'c':
      // With text of a preview marked, Ctrl+C copies that text as everywhere.
      return mod && getSelection()?.isCollapsed !== false ? 'copyLink' : undefined;
    default:
      return undefined;
  }
}
