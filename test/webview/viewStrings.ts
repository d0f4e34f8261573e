// The view's words as the host sends them, in both languages.
import { viewStrings } from '../../src/host/sidebar/viewStrings.ts';
import chinese from '../../media/l10n/bundle.l10n.zh-cn.json';

const translated: Readonly<Record<string, string>> = chinese;

export const STRINGS = {
  en: viewStrings({ t: (message: unknown) => String(message) }),
  'zh-cn': viewStrings({ t: (message: unknown) => translated[String(message)] ?? String(message) }),
} as const;
