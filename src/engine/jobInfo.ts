// A job's record as the protocol shows it. Invariant: no text, no key, no address of a result. Cost: none.
import type { JobInfo } from '../protocol/engineApi.ts';
import { isSent, type JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import type { EngineError } from './errors.ts';

export function jobInfo(record: JobRecord, isActive: boolean, problem: EngineError | undefined): JobInfo {
  const { id, model, state, purpose, tokens, createdAtMs, baseUrl } = record;
  const { rows, usedTokens, taskId, submittedAtMs, reason } = record;
  return {
    id,
    model,
    baseUrl,
    state,
    purpose,
    tokens,
    createdAtMs,
    isSent: isSent(record),
    isActive,
    ...(rows !== undefined && { rows }),
    ...(usedTokens !== undefined && { usedTokens }),
    ...(taskId !== undefined && { taskId }),
    ...(submittedAtMs !== undefined && { submittedAtMs }),
    ...(reason !== undefined && { reason }),
    ...(problem && { problem: { code: problem.code, details: problem.details } }),
  };
}
