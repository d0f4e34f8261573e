import * as vscode from 'vscode';
import type { ClusterQuery } from '../../protocol/engineApi.ts';
import { nameClusters } from '../clusterNames.ts';
import type { Services } from '../services.ts';

/** Has a language model of the user's choice name the clusters of an answer; says when it can't. */
export async function nameShownClusters(
  { engine, languageModels, log }: Services,
  query: ClusterQuery,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { clusters } = await engine.request('clusters', query, signal);
  const cancelling = new vscode.CancellationTokenSource();
  signal.addEventListener('abort', () => cancelling.cancel(), { once: true });
  const ports = {
    choose: (count: number) => languageModels.choose(count),
    message: (text: string) => vscode.LanguageModelChatMessage.User(text),
    language: vscode.env.language,
  };
  try {
    return await nameClusters(ports, clusters, cancelling.token);
  } catch (error) {
    log.warn(`nameClusters: ${String(error)}`);
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showWarningMessage(vscode.l10n.t('The language model gave no names: {0}', reason));
    return {};
  } finally {
    cancelling.dispose();
  }
}
