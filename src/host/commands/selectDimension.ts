import * as vscode from 'vscode';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';

interface Choice extends vscode.QuickPickItem {
  readonly dimension: number | undefined;
}

/** Chooses how many numbers a vector has, among those that the model offers. */
export async function selectDimension({ engine, configuration, world }: Services): Promise<void> {
  requireTrust(world());
  const { model: setting, dimension: current } = configuration.settings;
  const [models, { space }] = await Promise.all([
    engine.request('models', undefined),
    engine.request('status', undefined),
  ]);
  const model = models.find(({ id }) => id === setting) ?? models.find(({ id }) => id === space?.model);
  if (!model || model.dimensions.length < 2) {
    const name = model?.id ?? space?.model ?? setting;
    throw new HostError('one-dimension', {
      model: name,
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
  if (chosen) await configuration.write('dimension', chosen.dimension);
}
