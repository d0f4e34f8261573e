// The spend ledger as a Markdown table that can be read as text too. No `vscode` at run time.
import type { SpendRow } from '../../engine/model.ts';
import type { L10n } from '../errorMessages.ts';
import { count, money } from './money.ts';

export function spendingPage(l10n: L10n, rows: readonly SpendRow[], language: string): string {
  const title = `# ${l10n.t('Spending')}`;
  if (rows.length === 0) return `${title}\n\n${l10n.t('Nothing was spent yet.')}\n`;
  const number = (value: number): string => count(value, language);
  const price = ({ amount, currency }: Pick<SpendRow, 'amount' | 'currency'>): string =>
    amount === undefined ? '–' : money(amount, currency, language);
  const table = [
    [
      l10n.t('Day'),
      l10n.t('Model'),
      l10n.t('Service'),
      l10n.t('Requests'),
      l10n.t('Tokens'),
      l10n.t('Cost'),
      l10n.t('Workspace'),
    ],
    ...rows.map((row) => [
      row.day,
      row.model,
      row.origin.replace(/^https:\/\//, ''),
      number(row.requests),
      number(row.tokens),
      price(row),
      row.workspace.replaceAll('|', '\\|'),
    ]),
  ];
  const sum = (of: (row: SpendRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const [{ currency }] = rows as readonly [SpendRow];
  const total = l10n.t(
    'Total: {0}, {1} tokens in {2} requests.',
    money(
      sum(({ amount = 0 }) => amount),
      currency,
      language,
    ),
    number(sum(({ tokens }) => tokens)),
    number(sum(({ requests }) => requests)),
  );
  const note = l10n.t('Reckoned from the tokens that the services report and the catalogue’s prices; your bill is what counts.'); // prettier-ignore
  return `${title}\n\n${total}\n${note}\n\n${alignedTable(table, [3, 4, 5])}\n`;
}

/** A table whose columns line up as text; columns of figures are aligned right. */
function alignedTable(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, i) => Math.max(3, ...rows.map((row) => width(row[i] ?? ''))));
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const blanks = ' '.repeat((widths[i] ?? 0) - width(cell));
      return right.includes(i) ? blanks + cell : cell + blanks;
    });
    return `| ${cells.join(' | ')} |`;
  });
  const rule = widths.map((w, i) => (right.includes(i) ? `${'-'.repeat(w - 1)}:` : '-'.repeat(w)));
  return [lines[0], `| ${rule.join(' | ')} |`, ...lines.slice(1)].join('\n');
}

/** Columns that a text takes in an editor: Han letters take two. */
function width(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (/\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u.test(letter) ? 2 : 1), 0); // prettier-ignore
}
