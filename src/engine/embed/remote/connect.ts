// Stage 3, remote: configuration -> the wire to a service with what is known of its model. Invariant: the endpoint is a URL that
// was checked; a key goes over plain HTTP only to this machine and this network. Cost: none, nothing is sent.
import { createHash } from 'node:crypto';
import { EngineError } from '../../errors.ts';
import type { EmbeddingSpace, RemoteConfig, VectorOutput } from '../../model.ts';
import { DASHSCOPE_MODELS, DEFAULT_DASHSCOPE_MODEL, findDashScopeModel } from '../dashscope/catalogue.ts';
import { multimodalWire } from '../dashscope/multimodalWire.ts';
import { compatibleTextWire, nativeTextWire } from '../dashscope/textWire.ts';
import type { EmbedderOptions, RemoteOptions } from '../embedder.ts';
import { openAiTextWire } from '../openai/textWire.ts';
import { HttpClient, isThisMachine } from './httpClient.ts';
import type { Wire, WireLimits } from './wire.ts';

export interface Connection {
  readonly provider: RemoteConfig['provider'];
  readonly http: HttpClient;
  readonly wire: Wire;
  readonly model: string;
  /** Nothing can be sent until the user gives a key; what is stored can be searched by example. */
  readonly lacksKey: boolean;
  /** Undefined: to be learned from the service. */
  readonly dimension: number | undefined;
  readonly limits: WireLimits;
  /** CNY; undefined when no price is known. */
  readonly pricePer1kTokens: number | undefined;
  readonly mediaPricePer1kTokens?: number;
  readonly multimodal: boolean;
  readonly outputs: readonly VectorOutput[];
  /** What an index keeps of a text. */
  readonly indexOutput: EmbeddingSpace['output'];
  /** The part of the space's name that says how texts are turned into vectors. */
  readonly prompt: string;
  /** Whose rate limits are used up: a digest of endpoint, key and model. */
  readonly account: string;
}

/** Throws `bad-endpoint`, `key-refused`, `unknown-model`, `dimension-not-allowed`, `not-supported`. */
export function connect(options: EmbedderOptions, { config, network }: RemoteOptions): Connection {
  const baseUrl = checkEndpoint(config.baseUrl);
  // Anything else can't stand in a header.
  if (!/^[\x21-\x7e]*$/.test(config.key ?? '')) {
    throw new EngineError('key-refused', { origin: new URL(baseUrl).origin, reason: 'malformed' });
  }
  const http = (): HttpClient => new HttpClient(network);
  return config.provider === 'dashscope'
    ? connectDashScope(options, config, baseUrl, http)
    : connectOpenAi(options, config, baseUrl, http);
}

function connectDashScope(
  options: EmbedderOptions,
  config: RemoteConfig,
  baseUrl: string,
  http: () => HttpClient,
): Connection {
  const asked = options.model === 'auto' ? DEFAULT_DASHSCOPE_MODEL : options.model;
  // A model of batch jobs shares its space with its twin, which answers queries and small updates.
  const id = findDashScopeModel(asked)?.twin ?? asked;
  const { origin } = new URL(baseUrl);
  const { key = '', api, workspaceId, instruct } = config;
  const known = findDashScopeModel(id);
  if (known?.input === 'batch') throw new EngineError('not-supported', { model: id, feature: known.input });
  const dimension = options.dimension ?? known?.defaultDimension;
  if (known && dimension !== undefined && !known.dimensions.includes(dimension)) {
    throw new EngineError('dimension-not-allowed', { model: id, dimension, allowed: known.dimensions.join(', ') });
  }
  // A model that is newer than the catalogue goes by the manners of the newest one in it.
  const facts = known ?? newestText();
  const client = http();
  const wireOptions = {
    http: client,
    baseUrl,
    key,
    model: id,
    textType: facts.textType,
    ...(workspaceId !== undefined && { workspaceId }),
    ...(dimension !== undefined && facts.takesDimension && { dimension }),
    ...(instruct !== undefined && facts.instruct && { instruct }),
  };
  if (known?.input === 'multimodal') {
    const { imagePricePer1kTokens: mediaPrice } = known;
    return {
      provider: 'dashscope',
      http: client,
      wire: multimodalWire(wireOptions), // whatever the setting of the API: there is one only
      model: id,
      multimodal: true,
      lacksKey: key === '',
      dimension,
      limits: known,
      pricePer1kTokens: known.pricePer1kTokens,
      ...(mediaPrice !== undefined && { mediaPricePer1kTokens: mediaPrice }),
      outputs: known.outputs,
      indexOutput: 'dense',
      prompt: 'multimodal-1',
      account: digest([origin, key, id]),
    };
  }
  const outputs: readonly VectorOutput[] = api === 'native' ? facts.outputs : ['dense'];
  return {
    provider: 'dashscope',
    http: client,
    multimodal: false,
    wire: api === 'native' ? nativeTextWire(wireOptions) : compatibleTextWire(wireOptions),
    model: id,
    lacksKey: key === '',
    dimension,
    limits: facts,
    pricePer1kTokens: known?.pricePer1kTokens,
    outputs,
    indexOutput: config.sparse === true && outputs.includes('dense+sparse') ? 'dense+sparse' : 'dense',
    prompt: api === 'native' && facts.textType ? 'text-type-1' : 'plain-1',
    account: digest([origin, key, id]),
  };
}

function connectOpenAi(
  { model, dimension }: EmbedderOptions,
  config: RemoteConfig,
  baseUrl: string,
  http: () => HttpClient,
): Connection {
  if (model === 'auto' || model === '') {
    throw new EngineError('unknown-model', { model, known: 'the name that the server gives its model' });
  }
  const { key, sendDimension, rowsPerRequest, tokensPerRow, encodingFormat, queryPrefix, documentPrefix } = config;
  const client = http();
  return {
    provider: 'openai',
    http: client,
    wire: openAiTextWire({
      http: client,
      baseUrl,
      model,
      encodingFormat,
      queryPrefix,
      documentPrefix,
      ...(key !== undefined && { key }),
      ...(dimension !== undefined && sendDimension && { dimension }),
    }),
    model,
    multimodal: false,
    lacksKey: false,
    dimension: undefined,
    limits: { rowsPerRequest, tokensPerRow, tokensPerRequest: Math.max(tokensPerRow, OPENAI_TOKENS_PER_REQUEST) },
    pricePer1kTokens: undefined,
    outputs: ['dense'],
    indexOutput: 'dense',
    // Two servers may call different models by one name.
    prompt: `openai-1 ${digest([baseUrl, documentPrefix]).slice(0, 8)}`,
    account: digest([baseUrl, key ?? '', model]),
  };
}

/** OpenAI takes 300,000 tokens a request; servers at home are quicker with less. */
const OPENAI_TOKENS_PER_REQUEST = 32_000;

function newestText() {
  const [newest] = DASHSCOPE_MODELS;
  if (!newest) throw new EngineError('internal', { reason: 'an empty catalogue' });
  return newest;
}

/** The URL without a slash at its end. Throws `bad-endpoint`. */
export function checkEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new EngineError('bad-endpoint', { url: text, reason: 'not a URL' });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new EngineError('bad-endpoint', { url: url.origin, reason: 'neither https nor http' });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new EngineError('bad-endpoint', { url: url.origin, reason: 'a URL with a password or a query' });
  }
  if (url.protocol === 'http:' && !isThisMachine(url.hostname) && !isPrivate(url.hostname)) {
    throw new EngineError('bad-endpoint', { url: url.origin, reason: 'http outside this network; use https' });
  }
  return url.href.replace(/\/+$/, '');
}

/** Machines of one's own network: addresses that RFC 1918 and RFC 4193 reserve, and names without a dot or below .local. */
function isPrivate(host: string): boolean {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$/.test(host) ||
    /^\[f[cd][0-9a-f]{2}:/.test(host) ||
    /^[^.[]+$/.test(host) ||
    /\.(local|internal|lan)$/.test(host)
  );
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
