import * as vscode from 'vscode';
import { tell } from '../notify.ts';
import { endpointOf } from '../remote/endpoint.ts';
import type { Services } from '../services.ts';
import type { Settings } from '../settings.ts';
import { requireTrust } from '../world.ts';
import { connectServer } from './connectServer.ts';
import { modelChoices } from './modelChoices.ts';
import { askRegion } from './selectRegion.ts';

/** Chooses the embedding model. The index of the model before stays on disk. */
export async function selectModel(services: Services): Promise<void> {
  const { engine, configuration, world } = services;
  requireTrust(world());
  const models = await engine.request('models', undefined);
  const chosen = await vscode.window.showQuickPick(modelChoices(models, configuration.settings), {
    title: vscode.l10n.t('Select Model'),
    placeHolder: vscode.l10n.t('Each model has its own index; the present one is kept.'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const choice = await chosen?.choose?.();
  if (choice === undefined) return;
  if (choice === 'server') await connectServer(services);
  else if (choice.provider === 'local') await takeLocal(services, choice.model);
  else await takeDashScope(services, choice.model);
}

async function takeLocal({ configuration }: Services, model: string): Promise<void> {
  const { settings } = configuration;
  if (settings.provider === 'local' && settings.model === model) return;
  await configuration.write({ provider: 'local', model, ...freshDimension(settings) });
}

async function takeDashScope({ configuration, sending, world, index }: Services, model: string): Promise<void> {
  const { settings } = configuration;
  const region = await regionFor(settings, sending);
  if (!region) return;
  const values = { provider: 'dashscope', model, ...freshDimension(settings), ...region } as const;
  if (settings.provider !== 'dashscope' || settings.model !== model) await configuration.write(values);
  await sending.needKey();
  await index.catchUp(); // what was agreed to for this model before holds again
  if (sending.mayCatchUp() && world().optedIn) return;
  tell(
    vscode.l10n.t('{0} is chosen. Nothing is sent before you have seen what it costs.', model),
    ...(world().hasFolder ? (['reviewSending'] as const) : []),
  );
}

/** A dimension that was chosen for one model seldom fits another. */
function freshDimension({ dimension }: Settings): { dimension?: undefined } {
  return dimension === null ? {} : { dimension: undefined };
}

/** Asked once: where a key is stored for the region of the settings, that region is meant. Undefined: the user backed out. */
async function regionFor(
  settings: Settings,
  sending: Services['sending'],
): Promise<Partial<Pick<Settings, 'region' | 'dashscopeBaseUrl'>> | undefined> {
  const endpoint = endpointOf({ ...settings, provider: 'dashscope' });
  const known = settings.provider === 'dashscope' || (endpoint && (await sending.hasKey(endpoint)));
  return known ? {} : await askRegion(settings);
}
