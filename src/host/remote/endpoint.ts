// Where the settings send texts to, and the engine's configuration of it. No `vscode` here.
import {
  DASHSCOPE_REGIONS,
  DEFAULT_DASHSCOPE_MODEL,
  findDashScopeModel,
} from '../../engine/embed/dashscope/catalogue.ts';
import type { RemoteConfig } from '../../engine/model.ts';
import type { Settings } from '../settings.ts';

export interface Endpoint {
  readonly provider: RemoteConfig['provider'];
  readonly baseUrl: string;
  /** Scheme, host and port: keys and consent belong to it. */
  readonly origin: string;
  /** Host and port, to show. */
  readonly host: string;
}

/** What only this window knows of an endpoint. */
export interface Access {
  readonly key: string | undefined;
  readonly consent: boolean;
  readonly budget: number | undefined;
}

/** Undefined: models run on this computer. */
export function endpointOf(settings: Settings): Endpoint | undefined {
  const { provider } = settings;
  if (provider === 'local') return undefined;
  const baseUrl = provider === 'openai' ? settings.openaiBaseUrl : dashScopeUrl(settings);
  try {
    const { origin, host } = new URL(baseUrl);
    return { provider, baseUrl, origin, host };
  } catch {
    return { provider, baseUrl, origin: baseUrl, host: baseUrl }; // the engine says what is wrong with it
  }
}

function dashScopeUrl({ region, dashscopeBaseUrl }: Settings): string {
  return region === 'custom' ? dashscopeBaseUrl : DASHSCOPE_REGIONS[region];
}

export function remoteConfig(settings: Settings, endpoint: Endpoint, { key, consent, budget }: Access): RemoteConfig {
  const { api, workspaceId, instruct, sparse } = settings;
  const { sendDimension, rowsPerRequest, tokensPerRow, encodingFormat, queryPrefix, documentPrefix } = settings;
  return {
    provider: endpoint.provider,
    baseUrl: endpoint.baseUrl,
    api,
    sparse,
    ...(key !== undefined && { key }),
    ...(workspaceId !== '' && { workspaceId }),
    ...(instruct !== '' && { instruct }),
    sendDimension,
    rowsPerRequest,
    tokensPerRow,
    encodingFormat,
    queryPrefix,
    documentPrefix,
    consent,
    ...(budget !== undefined && { budget }),
  };
}

/** The model that the settings name, with `auto` resolved for a service. */
export function modelOf({ provider, model }: Pick<Settings, 'provider' | 'model'>): string {
  return provider === 'dashscope' && model === 'auto' ? DEFAULT_DASHSCOPE_MODEL : model;
}

/** Whether the vectors' length is known before anything was sent. */
export function knowsDimension(settings: Settings): boolean {
  if (settings.provider !== 'dashscope') return settings.provider === 'local';
  return settings.dimension !== null || findDashScopeModel(modelOf(settings)) !== undefined;
}

/** Alibaba Cloud's own hosts: only they are offered the key that the environment names after DashScope. */
export function isDashScopeHost(origin: string): boolean {
  const regions: readonly string[] = Object.values(DASHSCOPE_REGIONS);
  return regions.includes(origin) || /^https:\/\/[\w-]+\.[\w-]+\.maas\.aliyuncs\.com$/.test(origin);
}

/** The region whose host this is, if any. */
export function regionOf(origin: string): keyof typeof DASHSCOPE_REGIONS | undefined {
  const regions = Object.keys(DASHSCOPE_REGIONS) as (keyof typeof DASHSCOPE_REGIONS)[];
  return regions.find((region) => DASHSCOPE_REGIONS[region] === origin);
}
