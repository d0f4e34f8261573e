// A page of the coverage ledger as the sidebar shows it: the engine's lines with the user's words. No `vscode` at run time but l10n.
import * as vscode from 'vscode';
import type { CoverageQuery } from '../protocol/engineApi.ts';
import type { CoverageView } from '../protocol/viewApi.ts';
import { coverageSentence, reasonLabel } from './reasonMessages.ts';
import type { Services } from './services.ts';

export async function coverageView(
  { engine }: Services,
  query: CoverageQuery,
  signal: AbortSignal,
): Promise<CoverageView> {
  const { counts, reasons, total, entries } = await engine.request('coveragePage', query, signal);
  return {
    counts,
    total,
    reasons: reasons.map((line) => ({ ...line, label: reasonLabel(vscode.l10n, line.reason) })),
    rows: entries.map((entry) => ({
      path: entry.path,
      state: entry.state,
      ...(entry.reason !== undefined && { reason: entry.reason }),
      sentence: coverageSentence(vscode.l10n, entry),
    })),
  };
}
