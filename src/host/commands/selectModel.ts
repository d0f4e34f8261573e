import * as vscode from 'vscode';
import type { LocalModelInfo, ModelInfo } from '../../protocol/engineApi.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

interface Choice extends vscode.QuickPickItem {
  readonly model: () => string | undefined | Promise<string | undefined>;
}

/** Chooses the embedding model. The index of the model before stays on disk. */
export async function selectModel({ engine, configuration, world }: Services): Promise<void> {
  requireTrust(world());
  const current = configuration.settings.model;
  const models = (await engine.request('models', undefined)).filter((model) => model.provider === 'local');
  const own = current !== 'auto' && !models.some(({ id }) => id === current);
  const mark = (id: string): string => (id === current ? '$(check) ' : '');
  const choices: Choice[] = [
    {
      label: `${mark('auto')}auto`,
      description: vscode.l10n.t('recommended'),
      detail: vscode.l10n.t('English and code; adds Chinese where the workspace or the editor speaks it'),
      model: () => 'auto',
    },
    ...models.map((model) => ({
      label: mark(model.id) + model.id,
      description: describe(model),
      detail: vscode.l10n.t('Languages: {0}. Licence: {1}.', languageNames(model), model.licence),
      model: () => model.id,
    })),
    {
      label: `${own ? '$(check) ' : ''}${vscode.l10n.t('Own Model…')}`,
      description: own ? current : vscode.l10n.t('a folder with an ONNX model and its tokenizer.json'),
      model: async () => {
        const [folder] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
        return folder?.fsPath;
      },
    },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Select Model'),
    placeHolder: vscode.l10n.t('Each model has its own index; the present one is kept.'),
    matchOnDetail: true,
  });
  const model = await chosen?.model();
  if (model === undefined || model === current) return;
  // A dimension that was chosen for one model seldom fits another.
  if (configuration.settings.dimension !== null) await configuration.write('dimension', undefined);
  await configuration.write('model', model);
}

function describe({ installed, defaultDimension, bytes }: LocalModelInfo): string {
  const megabytes = Math.round(bytes / 1e6);
  return installed
    ? vscode.l10n.t('{0} dimensions, {1} MB', defaultDimension, megabytes)
    : vscode.l10n.t('{0} dimensions, {1} MB, not installed', defaultDimension, megabytes);
}

/** `English and code`, in the user's language. */
function languageNames({ languages }: ModelInfo): string {
  const names = new Intl.DisplayNames([vscode.env.language], { type: 'language' });
  const words = languages.map((language) =>
    language === 'code' ? vscode.l10n.t('code') : (names.of(language) ?? language),
  );
  return new Intl.ListFormat(vscode.env.language, { type: 'conjunction' }).format(words);
}
