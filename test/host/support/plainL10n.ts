// `vscode.l10n` without VS Code: English, placeholders filled in as VS Code does.
import type { L10n } from '../../../src/host/errorMessages.ts';

export const plainL10n: L10n = {
  t(message: unknown, ...args: readonly unknown[]): string {
    const [first] = args;
    const values = typeof first === 'object' && first !== null ? first : args;
    return String(message).replaceAll(/\{(\w+)\}/g, (placeholder, key: string) => {
      const value = (values as Readonly<Record<string, string | number | undefined>>)[key];
      return value === undefined ? placeholder : String(value);
    });
  },
};
