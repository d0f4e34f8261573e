// The rows of Select Model… for models that read images too.
import * as vscode from 'vscode';
import type { ModelInfo } from '../../protocol/engineApi.ts';
import { money } from '../remote/money.ts';

export interface MultimodalChoice extends vscode.QuickPickItem {
  readonly choose?: () => { readonly provider: 'dashscope'; readonly model: string };
}

/** A section of its own; `inUse` is the DashScope model of the settings, if one is. */
export function multimodalChoices(models: readonly ModelInfo[], inUse: string | undefined): MultimodalChoice[] {
  const rows = models.flatMap((model) =>
    model.provider === 'dashscope' && model.input === 'multimodal' ? [model] : [],
  );
  return [
    {
      label: vscode.l10n.t('Sent to DashScope: texts and images'),
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...rows.map(({ id, defaultDimension, pricePer1kTokens, imagePricePer1kTokens }): MultimodalChoice => ({
      label: (id === inUse ? '$(check) ' : '') + id,
      description: vscode.l10n.t(
        '{0} dimensions, {1} per 1,000 tokens (images: {2})',
        String(defaultDimension),
        money(pricePer1kTokens, 'CNY', vscode.env.language),
        money(imagePricePer1kTokens ?? pricePer1kTokens, 'CNY', vscode.env.language),
      ),
      detail: vscode.l10n.t('Finds images (JPG, PNG, BMP) by words and by other images'),
      choose: () => ({ provider: 'dashscope', model: id }),
    })),
  ];
}
