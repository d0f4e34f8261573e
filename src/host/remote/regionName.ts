// DashScope's regions in words. No `vscode` at run time.
import type { L10n } from '../errorMessages.ts';
import type { Region } from '../settings.ts';

export function regionName(l10n: L10n, region: Region): string {
  switch (region) {
    case 'beijing':
      return l10n.t('China, Beijing');
    case 'singapore':
      return l10n.t('Singapore');
    case 'virginia':
      return l10n.t('US, Virginia');
    case 'finance':
      return l10n.t('China, finance cloud');
    case 'hongkong':
      return l10n.t('China, Hong Kong');
    case 'custom':
      return l10n.t('An address of your own…');
  }
}
