// Small servers in the manner of OpenAI, Ollama, LM Studio, vLLM, TEI, llama.cpp and SiliconFlow: one path, seven sets of manners.
import { countTokens, firstTokens } from '../countedTokens.ts';
import { base64Floats } from '../dashscope/textRequests.ts';
import {
  field,
  startLoopback,
  type Arrival,
  type Broken,
  type Clock,
  type Reply,
  type SeenRequest,
} from '../loopbackServer.ts';
import { meaningVector, textFeatures } from '../meaningVectors.ts';
import { seededRandom, shuffled } from '../seededNumbers.ts';
import { mannersOf, openAiAnswer, type Manners, type OpenAiLikeKind, type Problem } from './manners.ts';

export interface OpenAiLikeOptions {
  /** Asked for where the server needs one, or where it is given. */
  readonly key?: string;
  readonly port?: number;
  readonly clock?: Clock;
  readonly latencyMs?: number;
  /** A seed: rows come in another order each time. */
  readonly shuffle?: number;
  readonly model?: string;
  readonly dimension?: number;
  /** Another server's limits or habits than the usual ones: `{ rows: 8 }`, `{ dimensions: 'honoured' }` for a Matryoshka model. */
  readonly manners?: Partial<Omit<Manners, 'refuse' | 'model' | 'dimension'>>;
  /** Asked before each answer: a reply, or a broken one, in place of it. */
  readonly fault?: (request: SeenRequest, count: number) => Reply | Broken | undefined;
}

export interface OpenAiLike {
  readonly kind: OpenAiLikeKind;
  /** Ends in `/v1`. */
  readonly url: string;
  /** Undefined where none is asked for. */
  readonly key: string | undefined;
  readonly model: string;
  readonly dimension: number;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

const BODY_BYTES = 24 * 2 ** 20;

/** Thrown by the checks, told in the server's own shape. */
class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.is);
  }
}

export async function startOpenAiLike(kind: OpenAiLikeKind, options: OpenAiLikeOptions = {}): Promise<OpenAiLike> {
  const usual = mannersOf[kind];
  const { model = usual.model, dimension = usual.dimension } = options;
  const manners: Manners = { ...usual, ...options.manners, model, dimension };
  const key = options.key ?? (manners.needsKey ? `sk-${kind}-emulator` : undefined);
  const random = options.shuffle === undefined ? undefined : seededRandom(options.shuffle);
  let count = 0;

  const handle = (arrival: Arrival): Reply | Broken => {
    const { seen, url } = arrival;
    const isOwnPath = kind === 'ollama' && url.pathname === '/api/embed';
    if (seen.method !== 'POST' || (url.pathname !== '/v1/embeddings' && !isOwnPath)) {
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' };
    }
    try {
      if (key !== undefined && seen.headers['authorization'] !== `Bearer ${key}`) fail({ is: 'key' });
      const order = check(seen, manners, isOwnPath);
      const fault = options.fault?.(seen, ++count);
      return fault ?? { status: 200, body: JSON.stringify(answer(order, manners, random, isOwnPath)) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const reply = manners.refuse(error.problem);
      return isOwnPath ? ollamaOwnError(reply) : reply;
    }
  };

  const server = await startLoopback({
    clock: options.clock ?? Date,
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    maxBytes: () => BODY_BYTES,
    handle: (arrival) => Promise.resolve(handle(arrival)),
  });
  return {
    kind,
    url: `${server.url}/v1`,
    key,
    model,
    dimension,
    requests: server.requests,
    close: () => server.close(),
  };
}

interface Order {
  readonly texts: readonly string[];
  readonly tokens: number;
  readonly dimension: number;
  readonly base64: boolean;
  readonly model: string;
}

function fail(problem: Problem): never {
  throw new ProblemError(problem);
}

function check(seen: SeenRequest, manners: Manners, isOwnPath: boolean): Order {
  const { body } = seen;
  if (typeof body !== 'object' || body === null) fail({ is: 'body' });
  const model = field(body, 'model');
  if (manners.checksModel && model !== manners.model)
    fail({ is: 'model', model: typeof model === 'string' ? model : '' });
  const texts = textsOf(field(body, 'input'), manners);
  seen.rows = texts.length;
  if (texts.length === 0 || (manners.refusesEmpty && texts.includes(''))) fail({ is: 'empty' });
  if (texts.length > manners.rows) fail({ is: 'rows', got: texts.length, limit: manners.rows });
  const truncates = isOwnPath ? field(body, 'truncate') !== false : manners.truncates;
  const cut = truncates ? texts.map((text) => firstTokens(text, manners.tokensPerRow)) : texts;
  const counts = cut.map(countTokens);
  const longest = Math.max(...counts);
  if (longest > manners.tokensPerRow) fail({ is: 'length', got: longest, limit: manners.tokensPerRow });
  const tokens = counts.reduce((sum, each) => sum + each, 0);
  if (tokens > manners.tokensPerRequest) fail({ is: 'total', got: tokens, limit: manners.tokensPerRequest });
  const encoding = field(body, 'encoding_format') ?? 'float';
  if (manners.base64 === 'honoured' && encoding !== 'float' && encoding !== 'base64') fail({ is: 'encoding' });
  const base64 = manners.base64 === 'honoured' && encoding === 'base64';
  return {
    texts: cut,
    tokens,
    dimension: dimensionOf(field(body, 'dimensions'), manners),
    base64,
    model: manners.model,
  };
}

function textsOf(input: unknown, manners: Manners): string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return fail({ is: 'body' });
  if (input.every((each) => typeof each === 'string')) return input;
  if (!manners.takesTokenIds) return fail({ is: 'body' });
  // Token ids: the numbers stand for words, so that equal ids give equal vectors.
  if (input.every((each) => typeof each === 'number')) return [input.join(' ')];
  if (input.every((each) => Array.isArray(each))) return input.map((ids: unknown[]) => ids.join(' '));
  return fail({ is: 'body' });
}

function dimensionOf(wanted: unknown, manners: Manners): number {
  if (wanted === undefined || manners.dimensions === 'ignored') return manners.dimension;
  const isFit = typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= 1 && wanted <= manners.dimension;
  if (manners.dimensions === 'refused' || !isFit) return fail({ is: 'dimension', model: manners.model });
  return wanted;
}

function answer(order: Order, manners: Manners, random: (() => number) | undefined, isOwnPath: boolean): unknown {
  const rules = { space: order.model, dimension: order.dimension, unitLength: manners.unitLength };
  const vectors = order.texts.map((text) => meaningVector(textFeatures(text), text, rules));
  if (isOwnPath) return { model: order.model, embeddings: vectors, prompt_eval_count: order.tokens };
  const rows = vectors.map((vector, index) => ({ index, embedding: order.base64 ? base64Floats(vector) : vector }));
  return openAiAnswer(random ? shuffled(rows, random) : rows, order.model, order.tokens);
}

/** Ollama's own path has the words straight under `error`. */
function ollamaOwnError(reply: Reply): Reply {
  const { error } = JSON.parse(reply.body as string) as { error: { message: string } };
  return { ...reply, body: JSON.stringify({ error: error.message }) };
}
