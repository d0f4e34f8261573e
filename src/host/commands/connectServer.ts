import * as vscode from 'vscode';
import { isEngineError } from '../../engine/errors.ts';
import type { ConnectionTest } from '../../protocol/engineApi.ts';
import { tell } from '../notify.ts';
import { HostError } from '../problems.ts';
import { endpointOf } from '../remote/endpoint.ts';
import { looksLikeKey } from '../remote/keys.ts';
import { sendDialogs } from '../remote/sendDialogs.ts';
import type { Services } from '../services.ts';
import { isWebAddress } from '../settings.ts';
import { requireTrust } from '../world.ts';

const EXAMPLE = 'http://localhost:11434/v1';

/** Asks for address, model and key of a server, tries it with one text, and uses it when it answers. */
export async function connectServer({ configuration, engine, sending, world, index }: Services): Promise<void> {
  requireTrust(world());
  const before = configuration.settings;
  const title = vscode.l10n.t('Connect OpenAI-Compatible Server');
  const baseUrl = await vscode.window.showInputBox({
    title: `${title} (1/3)`,
    prompt: vscode.l10n.t('Address up to and including /v1. Ollama: http://localhost:11434/v1, LM Studio: http://localhost:1234/v1'), // prettier-ignore
    placeHolder: EXAMPLE,
    value: before.openaiBaseUrl,
    ignoreFocusOut: true,
    validateInput: (text) =>
      isWebAddress(text) ? undefined : vscode.l10n.t('An address that begins with http:// or https://'),
  });
  if (baseUrl === undefined) return;
  const model = await vscode.window.showInputBox({
    title: `${title} (2/3)`,
    prompt: vscode.l10n.t('The name that the server gives its embedding model'),
    placeHolder: 'nomic-embed-text',
    value: before.provider === 'openai' ? before.model : '',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A model is needed.') : undefined),
  });
  if (model === undefined) return;
  const values = { provider: 'openai', openaiBaseUrl: baseUrl.trim(), model: model.trim() } as const;
  const endpoint = endpointOf({ ...before, ...values });
  if (!endpoint) return;
  const stored = await sending.hasKey(endpoint);
  const key = await vscode.window.showInputBox({
    title: `${title} (3/3)`,
    prompt: stored
      ? vscode.l10n.t('API key for {0}; empty keeps the one that is stored', endpoint.host)
      : vscode.l10n.t('API key for {0}; empty where the server needs none', endpoint.host),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || looksLikeKey(text) ? undefined : vscode.l10n.t('A key has no blanks in it.'),
  });
  if (key === undefined) return;
  await configuration.write({ ...values, dimension: undefined });
  const tryServer = async (typed: string): Promise<ConnectionTest> => {
    if (typed !== '') return await sending.tryKey(endpoint, typed);
    await engine.configure();
    return await sendDialogs.waiting('connection', endpoint.host, () => engine.request('testConnection', undefined));
  };
  try {
    const { dimension, latencyMs } = await tryServer(key.trim());
    tell(
      vscode.l10n.t(
        '{0} answers: {1}, {2} dimensions, {3} ms. Nothing else is sent before you agree.',
        endpoint.host,
        values.model,
        String(dimension),
        Math.round(latencyMs),
      ),
      'reviewSending',
    );
  } catch (error) {
    const { provider, openaiBaseUrl, model: old, dimension } = before;
    await configuration.write({ provider, openaiBaseUrl, model: old, dimension: dimension ?? undefined });
    // The key is that of the server tried, not of the one in use again.
    if (isEngineError(error, 'key-refused')) throw new HostError('server-key-refused', error.details);
    throw error;
  }
  await index.catchUp();
}
