import * as vscode from 'vscode';
import { DASHSCOPE_REGIONS } from '../../engine/embed/dashscope/catalogue.ts';
import { regionName } from '../remote/regionName.ts';
import type { Services } from '../services.ts';
import { isWebAddress, type Region, type Settings } from '../settings.ts';
import { requireTrust } from '../world.ts';

type RegionSettings = Pick<Settings, 'region'> & Partial<Pick<Settings, 'dashscopeBaseUrl'>>;

/** Chooses the region of the DashScope account. */
export async function selectRegion({ configuration, world }: Services): Promise<void> {
  requireTrust(world());
  const chosen = await askRegion(configuration.settings);
  if (chosen) await configuration.write(chosen);
}

/** The region's settings; undefined when the user backed out. */
export async function askRegion(now: Settings): Promise<RegionSettings | undefined> {
  const regions: Readonly<Record<Region, string>> = { ...DASHSCOPE_REGIONS, custom: now.dashscopeBaseUrl };
  const items = (Object.keys(regions) as Region[]).map((region) => ({
    label: `${region === now.region ? '$(check) ' : ''}${regionName(vscode.l10n, region)}`,
    description: regions[region].replace('https://', ''),
    region,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Region of Your DashScope Account'),
    placeHolder: vscode.l10n.t('A key works in its own region only.'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen) return undefined;
  if (chosen.region !== 'custom') return { region: chosen.region };
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of DashScope'),
    prompt: vscode.l10n.t('Scheme and host, without a path'),
    placeHolder: 'https://my-workspace.cn-beijing.maas.aliyuncs.com',
    value: now.dashscopeBaseUrl,
    ignoreFocusOut: true,
    validateInput: (text) => (isWebAddress(text) ? undefined : vscode.l10n.t('An address that begins with https://')),
  });
  return url === undefined ? undefined : { region: 'custom', dashscopeBaseUrl: url.trim() };
}
