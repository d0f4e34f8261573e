// What the host itself can't do, beside the engine's error codes. No `vscode` here.
import { toEngineError, type ErrorCode, type ErrorDetails } from '../engine/errors.ts';

export type HostProblem =
  /** No folder is open. */
  | 'no-folder'
  /** The open folders lie on no disk (GitHub Repositories and the like). */
  | 'virtual-folder'
  /** Restricted mode. */
  | 'untrusted'
  /** Nothing was embedded in this workspace yet. */
  | 'not-indexed'
  /** The ready vectors of a table are looked at. details: path */
  | 'vectors-imported'
  /** No row of a table has a text and a vector. details: path */
  | 'no-vectors'
  | 'no-editor'
  | 'no-selection'
  /** The text holds too few letters to have a meaning. */
  | 'too-short'
  /** details: path */
  | 'outside-workspace'
  /** details: path */
  | 'not-saved'
  /** details: path */
  | 'not-text'
  /** No image is shown in the active tab. */
  | 'no-image'
  /** details: path, reason (a sentence) */
  | 'image-left-out'
  /** The model in use reads no images. details: model */
  | 'text-model'
  /** The engine ended too often; only the user starts it again. */
  | 'engine-down'
  | 'nothing-running'
  | 'nothing-failed'
  /** What leaves a file out is no line of a file that can be shown. details: path */
  | 'no-rule'
  | 'not-paused'
  | 'already-paused'
  | 'no-hits'
  /** No service is in use. */
  | 'nothing-sent'
  /** A server that is not in use yet; details: origin, reason */
  | 'server-key-refused'
  /** Only DashScope has batch jobs. */
  | 'no-batch-jobs'
  /** details: model, dimension */
  | 'one-dimension';

export type ProblemCode = ErrorCode | HostProblem;

export class HostError extends Error {
  override readonly name = 'HostError';
  constructor(
    readonly code: HostProblem,
    readonly details: ErrorDetails = {},
  ) {
    super(`${code} ${JSON.stringify(details)}`);
  }
}

export interface Problem {
  readonly code: ProblemCode;
  readonly details: ErrorDetails;
}

/** Any thrown value as a problem that has a sentence. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HostError) return { code: error.code, details: error.details };
  const { code, details } = toEngineError(error);
  return { code, details };
}
