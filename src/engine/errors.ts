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
  /** Nothing is indexed yet. */
  | 'index-empty'
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
