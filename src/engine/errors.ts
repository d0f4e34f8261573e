// Coded errors of the engine. Invariant: the engine never writes a sentence for users; it throws a code with the data
// that a sentence needs, and the host (vscode.l10n) or the CLI turns both into words.

/** Every failure that can reach a user. `details` of an {@link EngineError} names the values that its sentence needs. */
export type ErrorCode =
  /** The caller's AbortSignal fired. */
  | 'cancelled'
  /** details: path */
  | 'file-not-found'
  /** details: path, reason (errno code) */
  | 'file-unreadable'
  /** The document holds no text that can be embedded. details: path */
  | 'no-text'
  /** A file of the security list was asked for by name; `force` overrides. details: path, rule */
  | 'security-file'
  /** details: model, known (comma separated) */
  | 'unknown-model'
  /** details: model, dimension, allowed (comma separated) */
  | 'dimension-not-allowed'
  /** Model weights are absent. details: model, file */
  | 'weights-missing'
  /** Model weights are there and differ from the pinned SHA-256. details: model, file, expected, actual */
  | 'weights-corrupt'
  /** Neither the native runtime nor WASM could load the model. details: model, reason */
  | 'runtime-unavailable'
  /** The model answered with something that is no vector (wrong length, NaN, zero). details: model, reason */
  | 'bad-vector'
  /** A child process of the engine ended while it worked. details: code, signal */
  | 'child-died'
  /** The vectors were imported: no model is there to embed a text with. */
  | 'no-model'
  /** Nothing is indexed yet. */
  | 'index-empty'
  /** The index changed again and again while it was exported; nothing was written. */
  | 'index-changing'
  /** The index folder was written by a newer version. details: version */
  | 'index-too-new'
  /** Another process holds the writer lock. details: pid */
  | 'index-locked'
  /** The index lies where nothing can be written, so it is only read. details: path, reason (errno code) */
  | 'index-read-only'
  /** details: path, reason (errno code): full disk ... */
  | 'storage-failed'
  /** A request was not of the protocol's shape. details: request, reason */
  | 'bad-request'
  /** A setting is out of its range. details: setting, value, allowed */
  | 'bad-setting'
  // ---- remote providers: `origin` is scheme, host and port; `reason` never holds a key, a text or a vector ----
  /** No key is known for this endpoint. details: origin */
  | 'key-missing'
  /** The endpoint refused the key (401), or the key belongs to another region. details: origin, reason */
  | 'key-refused'
  /** The account may not use this model or workspace (403). details: origin, model, reason */
  | 'access-denied'
  /** Arrears, an overdue bill or a used-up quota: waiting does not help. details: origin, reason */
  | 'billing-stopped'
  /** The rate limit did not clear in the time that a question can wait. details: origin */
  | 'rate-limited'
  /** No connection. details: origin, reason (errno code) */
  | 'network-failed'
  /** The endpoint goes on answering 5xx. details: origin, status, reason */
  | 'server-failed'
  /** The endpoint's answer is not of its protocol's shape. details: origin, reason */
  | 'bad-answer'
  /** The endpoint refuses the request as such (another 4xx). details: origin, status, reason */
  | 'request-refused'
  /** The endpoint refuses this one row, e.g. by its content check. details: reason */
  | 'row-refused'
  /** details: url, reason */
  | 'bad-endpoint'
  /** Sending to this endpoint was not agreed to for this workspace. details: origin */
  | 'consent-needed'
  /** details: spent, budget, currency */
  | 'budget-reached'
  /** details: model, feature */
  | 'not-supported'
  /** A batch job ended without a result. details: job, reason */
  | 'job-failed'
  /** A batch job or its result is no longer known to the service (24 hours). details: job */
  | 'job-expired'
  /** details: job */
  | 'job-unknown'
  /** A bug: anything else. details: reason */
  | 'internal';

export type ErrorDetails = Readonly<Record<string, string | number>>;

/** An error whose `code` is stable and whose `message` is for logs only. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(`${code} ${JSON.stringify(details)}`, options);
  }
}

export function isEngineError(error: unknown, code?: ErrorCode): error is EngineError {
  return error instanceof EngineError && (code === undefined || error.code === code);
}

export function isCancelled(error: unknown): boolean {
  return isEngineError(error, 'cancelled') || (error instanceof Error && error.name === 'AbortError');
}

/** Throws `cancelled` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EngineError('cancelled');
}

/** Any thrown value as an EngineError; unknown ones become `internal` with the original as cause. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (isCancelled(error)) return new EngineError('cancelled', {}, { cause: error });
  return new EngineError(
    'internal',
    { reason: error instanceof Error ? error.message : String(error) },
    { cause: error },
  );
}

/** The errno code (`ENOENT`, `EACCES` ...) of a Node system error, else undefined. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Another window writes the index, or the disk is full or fails. */
const NO_LOSS: ReadonlySet<ErrorCode> = new Set(['storage-failed', 'index-locked', 'index-read-only']);

/** For the reading and writing of a sidecar: what it holds can all be made again. Throws any other error. */
export function notMissed(error: unknown): undefined {
  if (!(error instanceof EngineError && NO_LOSS.has(error.code))) throw error;
}
