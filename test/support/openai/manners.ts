// How other servers behave behind the same path (the spec's section 7): what they refuse, with which status and shape, and what
// they silently do. What the spec does not say follows the server's own habit, and is marked [own].
import { randomUUID } from 'node:crypto';
import type { Reply } from '../loopbackServer.ts';

export const openAiLikeKinds = ['openai', 'ollama', 'lmstudio', 'vllm', 'tei', 'llamacpp', 'siliconflow'] as const;
export type OpenAiLikeKind = (typeof openAiLikeKinds)[number];

/** Why a request is refused; each server has its own words. */
export type Problem =
  | { readonly is: 'key' | 'body' | 'empty' | 'encoding' }
  | { readonly is: 'model'; readonly model: string }
  | { readonly is: 'dimension'; readonly model: string }
  | { readonly is: 'rows' | 'length' | 'total'; readonly got: number; readonly limit: number };

export interface Manners {
  readonly model: string;
  readonly dimension: number;
  readonly needsKey: boolean;
  /** False where any name gets the one model that is loaded. */
  readonly checksModel: boolean;
  readonly rows: number;
  readonly tokensPerRow: number;
  readonly tokensPerRequest: number;
  /** Over-long rows are cut and nobody is told. */
  readonly truncates: boolean;
  readonly refusesEmpty: boolean;
  readonly takesTokenIds: boolean;
  /** `ignored`: the model's own dimension comes back. */
  readonly dimensions: 'honoured' | 'ignored' | 'refused';
  readonly base64: 'honoured' | 'ignored';
  readonly unitLength: boolean;
  readonly refuse: (problem: Problem) => Reply;
}

const json = (status: number, body: unknown): Reply => ({ status, body: JSON.stringify(body) });

const usual = {
  needsKey: false,
  checksModel: true,
  rows: Infinity,
  tokensPerRequest: Infinity,
  truncates: false,
  refusesEmpty: false,
  takesTokenIds: false,
  dimensions: 'ignored',
  base64: 'ignored',
  unitLength: false,
} as const;

export const mannersOf: Readonly<Record<OpenAiLikeKind, Manners>> = {
  openai: {
    ...usual,
    model: 'text-embedding-3-small',
    dimension: 1536,
    needsKey: true,
    rows: 2048,
    tokensPerRow: 8192,
    tokensPerRequest: 300_000,
    refusesEmpty: true,
    takesTokenIds: true,
    dimensions: 'honoured',
    base64: 'honoured',
    unitLength: true,
    refuse: (problem) => {
      const [status, code, message] = openAiWords(problem);
      return json(status, { error: { message, type: 'invalid_request_error', param: null, code } });
    },
  },
  ollama: {
    ...usual,
    model: 'bge-m3',
    dimension: 1024,
    tokensPerRow: 8192,
    truncates: true,
    unitLength: true,
    refuse: (problem) => {
      const message =
        problem.is === 'model' ? `model "${problem.model}" not found, try pulling it first` : 'invalid input';
      const status = problem.is === 'model' ? 404 : 400;
      const type = problem.is === 'model' ? 'not_found_error' : 'invalid_request_error';
      return json(status, { error: { message, type, param: null, code: null } });
    },
  },
  lmstudio: {
    ...usual,
    model: 'text-embedding-nomic-embed-text-v1.5',
    dimension: 768,
    tokensPerRow: 2048,
    truncates: true,
    refuse: (problem) =>
      // [own] LM Studio puts the words straight under `error`.
      problem.is === 'model'
        ? json(404, { error: `Failed to load model "${problem.model}". Error: Model does not exist.` })
        : json(400, { error: "'input' field must be a string or an array of strings" }),
  },
  vllm: {
    ...usual,
    model: 'BAAI/bge-base-en-v1.5',
    dimension: 768,
    tokensPerRow: 512,
    dimensions: 'refused',
    base64: 'honoured',
    unitLength: true,
    refuse: (problem) => {
      if (problem.is === 'key') return json(401, { error: 'Unauthorized' });
      const status = problem.is === 'model' ? 404 : 400;
      const type = problem.is === 'model' ? 'NotFoundError' : 'BadRequestError';
      return json(status, { object: 'error', message: vllmWords(problem), type, param: null, code: status });
    },
  },
  tei: {
    ...usual,
    model: 'BAAI/bge-small-en-v1.5',
    dimension: 384,
    checksModel: false,
    rows: 32,
    tokensPerRow: 512,
    base64: 'honoured',
    refusesEmpty: true,
    unitLength: true,
    refuse: (problem) => {
      const [status, error, error_type] = teiWords(problem);
      return json(status, { error, error_type });
    },
  },
  llamacpp: {
    ...usual,
    model: 'local.gguf',
    dimension: 768,
    checksModel: false,
    tokensPerRow: 512, // --ubatch-size
    base64: 'honoured',
    unitLength: true,
    refuse: (problem) => {
      const [code, type, message] = llamaWords(problem);
      return json(code, { error: { code, message, type } });
    },
  },
  siliconflow: {
    ...usual,
    model: 'BAAI/bge-m3',
    dimension: 1024,
    needsKey: true,
    rows: 64,
    tokensPerRow: 8192,
    base64: 'honoured',
    refuse: (problem) => {
      if (problem.is === 'key') return json(401, 'Invalid token');
      const [status, code, message] = siliconFlowWords(problem);
      return json(status, { code, message, data: null });
    },
  },
};

function openAiWords(problem: Problem): [number, string | null, string] {
  switch (problem.is) {
    case 'key':
      return [401, 'invalid_api_key', 'Incorrect API key provided: sk-*****.'];
    case 'model':
      return [404, 'model_not_found', `The model \`${problem.model}\` does not exist or you do not have access to it.`];
    case 'dimension':
      return [400, null, 'This model does not support specifying dimensions.'];
    case 'rows':
      return [400, null, `'$.input' is invalid: array length ${problem.got} is above the maximum of ${problem.limit}.`];
    case 'length':
      return [400, null, `This model's maximum context length is ${problem.limit} tokens, however you requested ${problem.got} tokens. Please reduce your prompt; or completion length.`]; // prettier-ignore
    case 'total':
      return [
        400,
        'max_tokens_per_request',
        `Requested ${problem.got} tokens, max ${problem.limit} tokens per request`,
      ];
    default:
      return [400, null, "'$.input' is invalid. Please check the API reference."];
  }
}

function vllmWords(problem: Problem): string {
  switch (problem.is) {
    case 'model':
      return `The model \`${problem.model}\` does not exist.`;
    case 'dimension':
      return `Model "${problem.model}" does not support matryoshka representation, changing output dimensions will lead to poor results.`;
    case 'rows':
    case 'length':
    case 'total':
      return `This model's maximum context length is ${problem.limit} tokens. However, you requested ${problem.got} tokens in the input for embedding generation. Please reduce the length of the input.`;
    default:
      return 'Input should be a valid string or list of strings';
  }
}

function teiWords(problem: Problem): [number, string, string] {
  switch (problem.is) {
    case 'key':
      return [401, 'Unauthorized', 'Validation'];
    case 'empty':
      return [400, '`inputs` cannot be empty', 'Empty'];
    case 'rows':
      return [413, `batch size ${problem.got} > maximum allowed batch size ${problem.limit}`, 'Validation'];
    case 'length':
      return [413, `Input validation error: \`inputs\` must have less than ${problem.limit} tokens. Given: ${problem.got}`, 'Validation']; // prettier-ignore
    default:
      return [422, 'Failed to deserialize the JSON body into the target type', 'Tokenizer'];
  }
}

function llamaWords(problem: Problem): [number, string, string] {
  switch (problem.is) {
    case 'key':
      return [401, 'authentication_error', 'Invalid API Key'];
    case 'length':
      return [500, 'server_error', `input (${problem.got} tokens) is too large to process. increase the physical batch size (current batch size: ${problem.limit})`]; // prettier-ignore
    default:
      return [400, 'invalid_request_error', '"input" or "content" must be provided'];
  }
}

function siliconFlowWords(problem: Problem): [number, number, string] {
  switch (problem.is) {
    case 'model':
      return [400, 20012, 'Model does not exist. Please check it carefully.'];
    case 'rows':
      return [413, 20042, `input batch size ${problem.got} > maximum allowed batch size ${problem.limit}`];
    case 'length':
      return [413, 20042, `input must have less than ${problem.limit} tokens`]; // [own]
    default:
      return [400, 20015, 'The parameter is invalid. Please check it again.'];
  }
}

export interface EmbeddedRow {
  readonly index: number;
  readonly embedding: readonly number[] | string;
}

/** The answer, in which all of them agree; Ollama alone also answers at /api/embed. */
export function openAiAnswer(rows: readonly EmbeddedRow[], model: string, tokens: number): unknown {
  const data = rows.map(({ index, embedding }) => ({ object: 'embedding', index, embedding }));
  return { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens }, id: randomUUID() };
}
