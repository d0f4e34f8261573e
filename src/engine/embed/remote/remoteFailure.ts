// Stage 3, remote: why a request failed, as far as its cure goes. Invariant: `reason` holds neither the key nor a piece of a
// text that was sent, whatever the service echoes. Cost: failures only.
import { EngineError } from '../../errors.ts';

export type FailureKind =
  /** Too many requests or tokens for now: wait. */
  | 'rate'
  /** 5xx, a time-out: try again. */
  | 'server'
  /** No connection. */
  | 'network'
  /** Not of the protocol's shape, or vectors are missing: try again. */
  | 'answer'
  /** Too many rows in a request; `limit` when the service says how many it takes. */
  | 'rows'
  /** The request's body is too large. */
  | 'size'
  /** A row is too long. */
  | 'length'
  /** The request is refused as it is: one of its rows may be why. */
  | 'refused'
  // nothing that waiting or splitting cures
  | 'key'
  | 'access'
  | 'billing'
  | 'model';

export interface FailureFacts {
  readonly kind: FailureKind;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The service's own code, an errno, or a few words. */
  readonly reason: string;
  readonly limit?: number;
  readonly retryAfterMs?: number;
}

/** Codes that speak of one row's content, never of the request: a file that was refused, or is another one by now. */
const ONE_ROW =
  /^(InvalidFile\b.*|InvalidURL|BadRequest\.InputDownloadFailed|DataInspectionFailed|data_inspection_failed|file-changed)$/;

export function concernsOneRow({ facts }: RemoteFailure): boolean {
  return ONE_ROW.test(facts.reason);
}

export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure';
  constructor(
    readonly facts: FailureFacts,
    options?: ErrorOptions,
  ) {
    super(`${facts.kind} ${facts.status} ${facts.reason}`, options);
  }
}

/** Which service's manners an error follows. */
export type Manners = 'dashscope' | 'openai';

/** The failure behind an answer that is not 2xx. `body`: text as it came. */
export function failureOf(
  manners: Manners,
  status: number,
  body: string,
  retryAfter: string | undefined,
): RemoteFailure {
  const { code, message } = readError(body);
  const retryAfterMs = readRetryAfter(retryAfter);
  const kind = kindOf(manners, status, code, message);
  const limit = kind === 'rows' ? rowsLimitIn(message) : undefined;
  return new RemoteFailure({
    kind,
    status,
    reason: reasonOf(status, code, message),
    ...(limit !== undefined && { limit }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** As the engine's error, for a failure that stands. */
export function engineErrorOf({ facts }: RemoteFailure, origin: string, model: string): EngineError {
  const { kind, status, reason } = facts;
  switch (kind) {
    case 'rate':
      return new EngineError('rate-limited', { origin });
    case 'server':
      return new EngineError('server-failed', { origin, status, reason });
    case 'network':
      return new EngineError('network-failed', { origin, reason });
    case 'answer':
      return new EngineError('bad-answer', { origin, reason });
    case 'key':
      return new EngineError('key-refused', { origin, reason });
    case 'access':
    case 'model':
      return new EngineError('access-denied', { origin, model, reason });
    case 'billing':
      return new EngineError('billing-stopped', { origin, reason });
    case 'rows':
    case 'size':
    case 'length':
    case 'refused':
      return new EngineError('request-refused', { origin, status, reason });
  }
}

// ---- the body ---------------------------------------------------------------------------------------------------------

interface ServiceError {
  readonly code: string;
  readonly message: string;
}

/** More of a message is not looked at: patterns take long over a page that was made for it. */
const WORDS = 2000;

/** `{error:{...}}`, `{error:"..."}`, `{code,message}`, flat `{message}`, `{detail}`, `{error_type}`, or plain text. */
function readError(body: string): ServiceError {
  const parsed = parseJson(body);
  if (typeof parsed === 'string') return { code: '', message: parsed.slice(0, WORDS) };
  if (!isRecord(parsed)) return { code: '', message: body.slice(0, WORDS).replace(/<[^>]*>/g, ' ') };
  const inner = isRecord(parsed['error']) ? parsed['error'] : parsed;
  const message = [inner['message'], parsed['error'], parsed['detail'], parsed['msg']].find(
    (x) => typeof x === 'string',
  );
  // A status repeated as a code says nothing that the words don't.
  const code = [inner['code'], inner['type'], parsed['error_type']].find(
    (x) => (typeof x === 'string' && !/^\d{3}$/.test(x) && x !== '') || (typeof x === 'number' && x > 999),
  );
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    message: message?.slice(0, WORDS) ?? '',
  };
}

const BILLING =
  /^(Arrearage|PrepaidBillOverdue|PostpaidBillOverdue|CommodityNotPurchased|AccessDenied\.Unpurchased|AllocationQuota\.FreeTierOnly|billing_not_active|billing_hard_limit_reached)$/i;

function kindOf(manners: Manners, status: number, code: string, message: string): FailureKind {
  if (BILLING.test(code) || status === 402 || /free allocated quota exceeded/i.test(message)) return 'billing';
  // DashScope says insufficient_quota for the tokens of a minute, OpenAI for an empty purse.
  if (manners === 'openai' && code === 'insufficient_quota') return 'billing';
  if (status === 401) return 'key';
  if (status === 403) return 'access';
  if (status === 429) return 'rate';
  if (status === 404 || /model not exist|model_not_found/i.test(`${code} ${message}`)) return 'model';
  if (rowsLimitIn(message) !== undefined) return 'rows';
  if (isLength(message)) return 'length';
  if (/batch size/i.test(message)) return 'rows';
  if (status === 413 || /payload too large/i.test(message)) return 'size';
  if (status === 408 || status === 425 || status >= 500) return 'server';
  if (status >= 400) return 'refused';
  return 'answer';
}

/** "it should not be larger than 10", "maximum allowed batch size 64", "maximum array length 2048". */
function rowsLimitIn(message: string): number | undefined {
  const match = /(?:batch size.*?(?:larger than|maximum allowed batch size)|maximum array length)\D*(\d+)/is.exec(
    message,
  );
  return match === null ? undefined : Number(match[1]);
}

function isLength(message: string): boolean {
  return /range of input length|maximum context length|too large to process|(?:less|fewer) than \d+ tokens|exceeds? (?:the )?(?:maximum|context|max)|too many tokens|input (?:is )?too long/i.test(
    message,
  );
}

/** Seconds or a date. */
function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 120_000) : undefined;
}

/**
 * The service's code, else words of ours: its sentences may repeat the key ("Incorrect API key provided: sk-...") or a text,
 * and every reason can reach a log.
 */
function reasonOf(status: number, code: string, message: string): string {
  if (/^[A-Za-z][\w.-]{2,80}$/.test(code) || /^\d{4,6}$/.test(code)) return code;
  if (isLength(message)) return 'input too long';
  if (/batch size/i.test(message)) return 'too many rows';
  if (/dimension/i.test(message)) return 'dimension';
  return `HTTP ${status}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
