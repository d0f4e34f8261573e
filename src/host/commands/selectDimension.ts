import * as vscode from 'vscode';
import type { ModelInfo } from '../../protocol/engineApi.ts';
import { HostError } from '../problems.ts';
import { modelOf } from '../remote/endpoint.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

interface Choice extends vscode.QuickPickItem {
  readonly dimension: number | undefined;
}

const LARGEST = 8192;

/** Chooses how many numbers a vector has, among those that the model offers. */
export async function selectDimension({ engine, configuration, world }: Services): Promise<void> {
  requireTrust(world());
  const { provider, dimension: current } = configuration.settings;
  const setting = modelOf(configuration.settings);
  const [models, { space }] = await Promise.all([
    engine.request('models', undefined),
    engine.request('status', undefined),
  ]);
  const local = provider === 'local';
  const byId = (wanted: string | undefined): ModelInfo | undefined =>
    models.find((each) => each.id === wanted && each.provider === provider);
  const model = byId(setting) ?? (local ? (byId(space?.model) ?? byId('minilm')) : undefined); // auto's first is MiniLM
  if (!model && !local) {
    await typeDimension(configuration, setting);
    return;
  }
  if (!model || model.dimensions.length < 2) {
    throw new HostError('one-dimension', {
      model: model?.id ?? space?.model ?? setting,
      dimension: model?.defaultDimension ?? space?.dimension ?? '?',
    });
  }
  const mark = (dimension: number | null): string => (dimension === current ? '$(check) ' : '');
  const choices: Choice[] = [
    {
      label: `${mark(null)}${vscode.l10n.t('The Model’s Own')}`,
      description: `${model.defaultDimension}`,
      dimension: undefined,
    },
    ...model.dimensions.map((dimension) => ({ label: `${mark(dimension)}${dimension}`, dimension })),
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Select Dimension of {0}', model.id),
    placeHolder: vscode.l10n.t('Each dimension has its own index; the present one is kept.'),
  });
  if (chosen) await configuration.write({ dimension: chosen.dimension });
}

/** No catalogue knows which dimensions the model of a server has, or a DashScope model that is used by name. */
async function typeDimension(configuration: Services['configuration'], model: string): Promise<void> {
  const { dimension } = configuration.settings;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Select Dimension of {0}', model),
    prompt: vscode.l10n.t(
      'A whole number from 1 to {0} that the model offers. Empty for the model’s own.',
      String(LARGEST),
    ),
    placeHolder: '1024',
    value: dimension === null ? '' : String(dimension),
    validateInput: (text) =>
      text.trim() === '' || dimensionOf(text) !== undefined
        ? undefined
        : vscode.l10n.t('A whole number from 1 to {0}', String(LARGEST)),
  });
  if (typed !== undefined) await configuration.write({ dimension: dimensionOf(typed) });
}

function dimensionOf(text: string): number | undefined {
  const number = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return number >= 1 && number <= LARGEST ? number : undefined;
}
