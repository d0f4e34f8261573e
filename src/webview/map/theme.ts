// The colours of the map in the theme shown. Invariant: every dot is told from the background by a contrast of at least 3 to 1, and
// the ten hues from one another by people with any of the three kinds of colour blindness (a test measures both).

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

export interface MapTheme {
  readonly kind: ThemeKind;
  /** For groups, in no order. */
  readonly hues: readonly string[];
  /** For what belongs to no group. */
  readonly none: string;
  /** For what is not looked at. */
  readonly dimmed: string;
  /** From usual to unusual. */
  readonly scale: readonly string[];
}

const DARK: MapTheme = {
  kind: 'dark',
  hues: ['#ff7fc5', '#b09a00', '#c8ea5b', '#09b39e', '#34f3f8', '#4e79e0', '#a9b0fb', '#ab51b2', '#cf4832', '#fab99b'],
  none: '#7a7a7a',
  dimmed: '#3c3c3f',
  scale: ['#5d6f8a', '#8a7f7d', '#b9924f', '#e8a33d', '#ffd866'],
};
const LIGHT: MapTheme = {
  kind: 'light',
  hues: ['#9b0c4b', '#7f5905', '#0a4d26', '#0e8772', '#288eff', '#1b48be', '#9a65bb', '#69168f', '#de3e65', '#c87d0e'],
  none: '#8f8f8f',
  dimmed: '#dadade',
  scale: ['#8593a8', '#a08563', '#ad661f', '#a83a08', '#6f0d0d'],
};

export const MAP_THEMES: Readonly<Record<ThemeKind, MapTheme>> = {
  dark: DARK,
  light: LIGHT,
  highContrast: { ...DARK, kind: 'highContrast', none: '#9a9a9a', dimmed: '#454545' },
  highContrastLight: { ...LIGHT, kind: 'highContrastLight', none: '#767676', dimmed: '#cfcfcf' },
};

/** As VS Code marks its pages. */
export function themeOf(body: { readonly classList: Pick<DOMTokenList, 'contains'> }): MapTheme {
  const has = (name: string): boolean => body.classList.contains(name);
  if (has('vscode-high-contrast-light')) return MAP_THEMES.highContrastLight;
  if (has('vscode-high-contrast')) return MAP_THEMES.highContrast;
  return has('vscode-light') ? LIGHT : DARK;
}

/** `#rrggbb` as the raster has it. */
export function colourCode(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >>> 16)) >>> 0;
}
