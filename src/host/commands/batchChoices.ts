// The rows of Select Model… for models that index by batch jobs.
import * as vscode from 'vscode';
import { findDashScopeModel } from '../../engine/embed/dashscope/catalogue.ts';
import type { ModelInfo } from '../../protocol/engineApi.ts';
import { money } from '../remote/money.ts';

export interface BatchChoice extends vscode.QuickPickItem {
  readonly choose?: () => { readonly provider: 'dashscope'; readonly model: string };
}

/** A section of its own; `inUse` is the DashScope model of the settings, if one is. */
export function batchChoices(models: readonly ModelInfo[], inUse: string | undefined): BatchChoice[] {
  const rows = models.flatMap((model) => (model.provider === 'dashscope' && model.input === 'batch' ? [model] : []));
  return [
    { label: vscode.l10n.t('Sent to DashScope in batch jobs'), kind: vscode.QuickPickItemKind.Separator },
    ...rows.map(({ id, defaultDimension, pricePer1kTokens }): BatchChoice => ({
      label: (id === inUse ? '$(check) ' : '') + id,
      description: vscode.l10n.t(
        '{0} dimensions, {1} per 1,000 tokens',
        String(defaultDimension),
        money(pricePer1kTokens, 'CNY', vscode.env.language),
      ),
      detail: vscode.l10n.t(
        'Indexing by batch jobs, minutes to hours; questions go to {0}',
        findDashScopeModel(id)?.twin ?? '',
      ),
      choose: () => ({ provider: 'dashscope', model: id }),
    })),
  ];
}
