// The rows of Select Model…: models of this computer, of DashScope, and what leads to others.
import * as vscode from 'vscode';
import type { LocalModelInfo, ModelInfo, RemoteModelInfo } from '../../protocol/engineApi.ts';
import { modelOf } from '../remote/endpoint.ts';
import { batchChoices } from './batchChoices.ts';
import { multimodalChoices } from './multimodalChoices.ts';
import { money } from '../remote/money.ts';
import type { Settings } from '../settings.ts';

export type Chosen = { readonly provider: 'local' | 'dashscope'; readonly model: string } | 'server' | undefined;

export interface ModelChoice extends vscode.QuickPickItem {
  /** Absent for the title of a section. */
  readonly choose?: () => Chosen | Promise<Chosen>;
}

export function modelChoices(models: readonly ModelInfo[], settings: Settings): ModelChoice[] {
  const { provider, model: current } = settings;
  const local = models.filter((model) => model.provider === 'local');
  const dashscope = models.filter((model) => model.provider === 'dashscope').filter(({ input }) => input === 'text');
  const inUse = modelOf(settings);
  const mark = (is: boolean): string => (is ? '$(check) ' : '');
  const ownFolder = provider === 'local' && current !== 'auto' && !local.some(({ id }) => id === current);
  const otherName = provider === 'dashscope' && !models.some(({ id }) => id === inUse);
  return [
    section(vscode.l10n.t('On this computer')),
    {
      label: `${mark(provider === 'local' && current === 'auto')}auto`,
      description: vscode.l10n.t('recommended'),
      detail: vscode.l10n.t('English and code; adds Chinese where the workspace or the editor speaks it'),
      choose: () => ({ provider: 'local', model: 'auto' }),
    },
    ...local.map((model): ModelChoice => ({
      label: mark(provider === 'local' && model.id === current) + model.id,
      description: describeLocal(model),
      detail: vscode.l10n.t('Languages: {0}. Licence: {1}.', languageNames(model), model.licence),
      choose: () => ({ provider: 'local', model: model.id }),
    })),
    {
      label: `${mark(ownFolder)}${vscode.l10n.t('Own Model…')}`,
      description: ownFolder ? current : vscode.l10n.t('a folder with an ONNX model and its tokenizer.json'),
      choose: askFolder,
    },
    section(vscode.l10n.t('Sent to DashScope')),
    ...dashscope.map((model): ModelChoice => ({
      label: mark(provider === 'dashscope' && model.id === inUse) + model.id,
      description: describeDashScope(model),
      detail: praise(model),
      choose: () => ({ provider: 'dashscope', model: model.id }),
    })),
    {
      label: `${mark(otherName)}${vscode.l10n.t('Another DashScope Model by Name…')}`,
      ...(otherName && { description: current }),
      choose: () => askName(otherName ? current : ''),
    },
    ...batchChoices(models, provider === 'dashscope' ? inUse : undefined),
    ...multimodalChoices(models, provider === 'dashscope' ? inUse : undefined),
    section(vscode.l10n.t('Sent to another server')),
    {
      label: `${mark(provider === 'openai')}${vscode.l10n.t('OpenAI-Compatible Server…')}`,
      description:
        provider === 'openai' ? `${current} · ${settings.openaiBaseUrl}` : 'OpenAI, Ollama, LM Studio, vLLM …',
      choose: () => 'server',
    },
  ];
}

async function askFolder(): Promise<Chosen> {
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
  return folder && { provider: 'local', model: folder.fsPath };
}

async function askName(now: string): Promise<Chosen> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the DashScope Model'),
    prompt: vscode.l10n.t('As DashScope calls it. Its dimension is learned by one short request.'),
    value: now,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\w.:/-]+$/.test(text.trim()) ? undefined : vscode.l10n.t('Letters, digits, dots and hyphens'),
  });
  return name === undefined ? undefined : { provider: 'dashscope', model: name.trim() };
}

function describeLocal({ installed, defaultDimension, bytes }: LocalModelInfo): string {
  const megabytes = Math.round(bytes / 1e6);
  return installed
    ? vscode.l10n.t('{0} dimensions, {1} MB', defaultDimension, megabytes)
    : vscode.l10n.t('{0} dimensions, {1} MB, not installed', defaultDimension, megabytes);
}

function describeDashScope({ defaultDimension, dimensions, pricePer1kTokens }: RemoteModelInfo): string {
  const price = money(pricePer1kTokens, 'CNY', vscode.env.language);
  return dimensions.length > 1
    ? vscode.l10n.t(
        '{0} dimensions ({1}–{2}), {3} per 1,000 tokens',
        String(defaultDimension),
        String(Math.min(...dimensions)),
        String(Math.max(...dimensions)),
        price,
      )
    : vscode.l10n.t('{0} dimensions, {1} per 1,000 tokens', String(defaultDimension), price);
}

/** Languages and published scores, those of the default dimension. */
function praise({ languageCount, scores, defaultDimension }: RemoteModelInfo): string {
  const languages =
    languageCount >= 50
      ? vscode.l10n.t('over {0} languages', languageCount)
      : vscode.l10n.t('{0} languages', languageCount);
  const figures = ['MTEB', 'CMTEB', 'CMTEB retrieval'].flatMap((name) => {
    const score = scores[`${name}@${defaultDimension}`] ?? scores[name];
    return score === undefined ? [] : [`${name} ${score.toFixed(1)}`];
  });
  return [languages, ...figures].join(' · ');
}

/** `English and code`, in the user's language. */
function languageNames({ languages }: ModelInfo): string {
  const names = new Intl.DisplayNames([vscode.env.language], { type: 'language' });
  const words = languages.map((language) =>
    language === 'code' ? vscode.l10n.t('code') : (names.of(language) ?? language),
  );
  return new Intl.ListFormat(vscode.env.language, { type: 'conjunction' }).format(words);
}

function section(label: string): ModelChoice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
