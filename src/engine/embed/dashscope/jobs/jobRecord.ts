// Stage 3, DashScope, batch jobs: what is known of a job, as it lies on disk. Invariant: `taskId` is written before anything is
// asked about the task, and rows whose task is known are never submitted again while the service knows it. Cost: one small file.

/**
 * prepared -> uploaded -> submitting -> submitted -> running -> fetched -> done, or failed, cancelled, expired. `submitting` is
 * written before the request: a process that ended in between looks the task up in the service's list.
 */
export type JobState =
  | 'prepared'
  | 'uploaded'
  | 'submitting'
  | 'submitted'
  | 'running'
  | 'fetched'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'expired';

export interface JobRecord {
  readonly version: 1;
  readonly id: string;
  /** The endpoint that it was made for: its key goes nowhere else. */
  readonly baseUrl: string;
  readonly model: string;
  /** `index`: its vectors belong to documents of the index. */
  readonly purpose: 'texts' | 'index';
  /** Undefined for a URL of the user's until its result is there. */
  readonly rows?: number;
  /** Lines of the file: rows that were split have several, equal rows share one. */
  readonly lines?: number;
  /** Upper estimate. */
  readonly tokens: number;
  /** Where the user keeps the file; nothing is uploaded then. */
  readonly url?: string;
  readonly state: JobState;
  readonly createdAtMs: number;
  readonly ossUrl?: string;
  readonly uploadedAtMs?: number;
  readonly submittingAtMs?: number;
  readonly taskId?: string;
  readonly submittedAtMs?: number;
  /** The task was found in the service's list after an answer was lost. */
  readonly recovered?: true;
  /** What the service counted. */
  readonly usedTokens?: number;
  readonly doneAtMs?: number;
  /** Why it failed, was cancelled in vain, or expired: the service's code or a word of ours. */
  readonly reason?: string;
  /** Lines that the service refused: line -> its code. */
  readonly refused?: Readonly<Record<number, string>>;
}

/** The service no longer lets a running task be cancelled: its result is not fetched, but it is paid for. */
export const STILL_RUNNING = 'still-running';

const ENDED: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled', 'expired']);
const AT_SERVICE: ReadonlySet<JobState> = new Set(['submitting', 'submitted', 'running', 'fetched', 'done']);

export function hasEnded({ state }: Pick<JobRecord, 'state'>): boolean {
  return ENDED.has(state);
}

/** False: going on with it sends its rows. */
export function isSent({ state, reason }: Pick<JobRecord, 'state' | 'reason'>): boolean {
  return AT_SERVICE.has(state) || (state === 'cancelled' && reason === STILL_RUNNING);
}

/** A job that ended without a result, ready to go on: with its task where the service may still know it, else from the start. */
export function reopened(record: JobRecord): JobRecord {
  if (!hasEnded(record) || record.state === 'done') return record;
  const { version, id, baseUrl, model, purpose, rows, lines, tokens, url, createdAtMs } = record;
  const { taskId, submittedAtMs, recovered } = record;
  const made = {
    ...{ version, id, baseUrl, model, purpose, tokens, createdAtMs },
    ...(rows !== undefined && { rows }),
    ...(lines !== undefined && { lines }),
    ...(url !== undefined && { url }),
  };
  if (isSent(record) && taskId !== undefined && submittedAtMs !== undefined) {
    return { ...made, state: 'running', taskId, submittedAtMs, ...(recovered && { recovered }) };
  }
  return { ...made, state: 'prepared' };
}

export function parseRecord(text: string): JobRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<JobRecord> | null;
    const isOurs = record?.version === 1 && typeof record.id === 'string' && typeof record.baseUrl === 'string';
    return isOurs && typeof record.state === 'string' ? (record as JobRecord) : undefined;
  } catch {
    return undefined;
  }
}
