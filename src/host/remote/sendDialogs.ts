// The dialogs before something is sent, in VS Code.
import * as vscode from 'vscode';
import type { Spend } from '../../engine/model.ts';
import { isDashScopeHost, type Endpoint } from './endpoint.ts';
import { looksLikeKey } from './keys.ts';
import type { SendDialogs } from './sending.ts';
import { sendSheet, spendWords, type SheetFacts } from './sendSheet.ts';

const CONSOLE = 'https://bailian.console.aliyun.com/?tab=model#/api-key';
const CONSOLE_ABROAD = 'https://modelstudio.console.alibabacloud.com/?tab=dashboard#/api-key';
const LARGEST_BUDGET = 1_000_000;

export const sendDialogs: SendDialogs = { askKey, showSheet, askBudget, waiting };

/** The environment's key is offered, never taken by itself, and to DashScope's own hosts only. */
async function askKey(endpoint: Endpoint): Promise<string | undefined> {
  const fromEnvironment = process.env['DASHSCOPE_API_KEY']?.trim() ?? '';
  if (fromEnvironment === '' || !isDashScopeHost(endpoint.origin)) return await typeKey(endpoint);
  const use = {
    label: `$(terminal) ${vscode.l10n.t('Use the Key of the Environment')}`,
    description: 'DASHSCOPE_API_KEY',
  };
  const type = { label: `$(key) ${vscode.l10n.t('Enter a Key…')}` };
  const chosen = await vscode.window.showQuickPick([use, type], {
    title: vscode.l10n.t('API Key for {0}', endpoint.host),
    ignoreFocusOut: true,
  });
  if (chosen === use) return fromEnvironment;
  return chosen && (await typeKey(endpoint));
}

async function typeKey({ provider, origin, host }: Endpoint): Promise<string | undefined> {
  const console = origin.includes('-intl') || origin.includes('-us') ? CONSOLE_ABROAD : CONSOLE;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API Key for {0}', host),
    prompt:
      provider === 'dashscope'
        ? vscode.l10n.t('It is kept in the editor’s secret storage and sent to this host only. Get one at {0}', console)
        : vscode.l10n.t('It is kept in the editor’s secret storage and sent to this host only.'),
    placeHolder: 'sk-…',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || looksLikeKey(text) ? undefined : vscode.l10n.t('A key has no blanks in it.'),
  });
  const trimmed = key?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}

async function showSheet(facts: SheetFacts): Promise<'send' | 'budget' | undefined> {
  const { title, detail } = sendSheet(vscode.l10n, facts, vscode.env.language);
  const send = vscode.l10n.t('Send');
  const budget = vscode.l10n.t('Set a Budget…');
  const priced = facts.endpoint.provider === 'dashscope';
  const buttons = priced ? [send, budget] : [send];
  const pressed = await vscode.window.showInformationMessage(title, { modal: true, detail }, ...buttons);
  return pressed === send ? 'send' : pressed === budget ? 'budget' : undefined;
}

async function askBudget(now: number | undefined, spent: Spend): Promise<number | 'none' | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Budget of This Workspace'),
    prompt: vscode.l10n.t(
      'In CNY, for all that is sent from this workspace; sending stops there. Spent so far: {0}. Empty for none.',
      spendWords(vscode.l10n, spent, vscode.env.language),
    ),
    placeHolder: '5.00',
    value: now === undefined ? '' : String(now),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      typed.trim() === '' || budgetOf(typed) !== undefined
        ? undefined
        : vscode.l10n.t('A number above 0, e.g. 5 or 0.25'),
  });
  if (text === undefined) return undefined;
  return text.trim() === '' ? 'none' : budgetOf(text);
}

function budgetOf(text: string): number | undefined {
  const budget = Number(
    text
      .trim()
      .replace(/^[¥￥]/, '')
      .replace(',', '.'),
  );
  return budget > 0 && budget <= LARGEST_BUDGET ? budget : undefined;
}

async function waiting<T>(
  what: 'connection' | 'estimate',
  host: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const title =
    what === 'connection'
      ? vscode.l10n.t('Trying {0}', host)
      : vscode.l10n.t('Estimating what would be sent to {0}', host);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: what === 'estimate' };
  return await vscode.window.withProgress(options, (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return work(abort.signal);
  });
}
