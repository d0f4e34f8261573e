// What the emulated service refuses, in the words of the spec's section 5, and the two shapes in which it says so.
import { randomUUID } from 'node:crypto';
import type { Reply } from '../loopbackServer.ts';

/** The compatible path answers errors as OpenAI does, every other path natively. */
export type ErrorShape = 'native' | 'compatible';

export const COMPATIBLE_PREFIX = '/compatible-mode/';

/** A refusal: thrown by the checks, told in the path's shape by the server. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Where the compatible path has other words for it. */
    readonly compatible: {
      readonly status?: number;
      readonly code?: string;
      readonly type?: string;
      readonly message?: string;
    } = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  withHeaders(headers: Readonly<Record<string, string>>): Refusal {
    return new Refusal(this.status, this.code, this.message, this.compatible, headers);
  }
}

export function replyOf(refusal: Refusal, shape: ErrorShape): Reply {
  const id = randomUUID();
  const { headers } = refusal;
  if (shape === 'native') {
    const { status } = refusal;
    return { status, headers, body: JSON.stringify({ code: refusal.code, message: refusal.message, request_id: id }) };
  }
  const status = refusal.compatible.status ?? refusal.status;
  const code = refusal.compatible.code ?? refusal.code;
  const error = {
    message: refusal.compatible.message ?? refusal.message,
    type: refusal.compatible.type ?? code,
    param: null,
    code,
  };
  // The documented 401 has no ids.
  return { status, headers, body: JSON.stringify(status === 401 ? { error } : { error, id, request_id: id }) };
}

const ALGO = '<400> InternalError.Algo.InvalidParameter: ';
const invalid = (message: string): Refusal => new Refusal(400, 'InvalidParameter', `${ALGO}${message}`);

/** Each with its literal text; those marked [own] have no literal text in the spec. */
export const refusals = {
  wrongKey: () =>
    new Refusal(401, 'InvalidApiKey', 'Invalid API-key provided.', {
      code: 'invalid_api_key',
      type: 'invalid_request_error',
      message: 'Incorrect API key provided. ',
    }),
  noKey: () =>
    new Refusal(401, 'InvalidApiKey', 'No API-key provided.', {
      code: 'invalid_api_key',
      type: 'invalid_request_error',
      message: 'Incorrect API key provided. ',
    }),
  notFound: () => new Refusal(404, 'NotFound', 'Not Found'), // [own]
  notJson: () => new Refusal(400, 'BadRequest.IllegalInput', 'The input parameter requires json format.'),
  tooLarge: () => new Refusal(400, 'BadRequest.TooLarge', 'Payload Too Large.'),
  noModel: () =>
    new Refusal(400, 'BadRequest.EmptyModel', 'Required parameter "model" missing from request.', {
      code: 'invalid_request_error',
      message: 'you must provide a model parameter.',
    }),
  unknownModel: (model: string) =>
    new Refusal(404, 'ModelNotFound', 'Model can not be found.', {
      code: 'model_not_found',
      message: `The model ${model} does not exist or you do not have access to it.`,
    }),
  /** A model of another kind than the path serves. [own] */
  wrongPath: (model: string) =>
    new Refusal(400, 'InvalidParameter', 'url error, please check url!', {
      status: 404,
      code: 'model_not_supported',
      message: `Unsupported model ${model} for OpenAI compatibility mode.`,
    }),
  needsAsync: () => new Refusal(403, 'AccessDenied', 'current user api does not support synchronous calls.'),
  needsSync: () => new Refusal(403, 'AccessDenied', 'current user api does not support asynchronous calls.'),
  noInput: () => new Refusal(400, 'BadRequest.EmptyInput', 'Required input parameter missing from request.'),
  notTexts: () => invalid('Value error, contents is neither str nor list of str.: input.contents'),
  /** [own] */
  contents: (what: string) => invalid(`Value error, ${what}: input.contents`),
  tooManyRows: (limit: number) =>
    invalid(`Value error, batch size is invalid, it should not be larger than ${limit}.: input.contents`),
  length: (limit: number) => invalid(`Range of input length should be [1, ${limit}]`),
  dimension: (model: string, allowed: readonly number[]) => {
    const name = model.replace('text-', '').replace('-v', ' v');
    // The one literal text that is known lists more than v3 has.
    const list = name === 'embedding v3' ? [64, 128, 256, 512, 768, 1024, 1536, 2048, 3072] : [...allowed];
    const ascending = list.sort((a, b) => a - b).join(', ');
    return invalid(`Value error, dimension for ${name} is invalid, its value shold be in [${ascending}]`);
  },
  /** [own] */
  parameter: (what: string) => invalid(`Value error, ${what}: parameters`),
  url: () => new Refusal(400, 'InvalidURL', 'Required URL is missing or invalid, please check the request URL.'), // [own]
  download: () => new Refusal(400, 'BadRequest.InputDownloadFailed', 'Failed to download the input file.'), // [own]
  /** [own words] */
  file: (problem: 'Size' | 'Format' | 'Content', message: string) =>
    new Refusal(400, `InvalidFile.${problem}`, message),
  inspected: () =>
    new Refusal(400, 'DataInspectionFailed', 'Input data may contain inappropriate content.', {
      code: 'data_inspection_failed',
    }),
  unsupported: () => new Refusal(400, 'UnsupportedOperation', 'The operation is unsupported on the referee object.'),
  rate: () =>
    new Refusal(429, 'Throttling.RateQuota', 'Requests rate limit exceeded, please try again later.', {
      code: 'limit_requests',
    }),
  burst: () =>
    new Refusal(429, 'Throttling.BurstRate', 'Requests rate limit exceeded, please try again later.', {
      code: 'limit_burst_rate',
    }),
  tokenRate: () =>
    new Refusal(429, 'Throttling.AllocationQuota', 'Allocated quota exceeded, please increase your quota limit.', {
      code: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    }),
  billOverdue: () => new Refusal(429, 'PrepaidBillOverdue', 'The prepaid bill is overdue.'),
  freeQuota: () => new Refusal(429, 'Throttling.AllocationQuota', 'Free allocated quota exceeded.'),
  freeTierOnly: () =>
    new Refusal(403, 'AllocationQuota.FreeTierOnly', 'The free tier of the model has been exhausted.'),
  arrearage: () => new Refusal(400, 'Arrearage', 'Access denied, please make sure your account is in good standing.'),
  internal: () =>
    new Refusal(
      500,
      'InternalError',
      'An internal error has occured, please try again later or contact service support.',
      {
        code: 'internal_error',
      },
    ),
  timeOut: () => new Refusal(500, 'RequestTimeOut', 'Request timed out, please try again later.'),
  unavailable: () => new Refusal(503, 'ModelUnavailable', 'Model is unavailable, please try again later.'),
} as const;
