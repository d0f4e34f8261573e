// Stage 3, DashScope, batch jobs: the requests about tasks. Wire facts: ../shared/spec/dashscope.md, sections 1, 2.4 and 3.
// Invariant: the key goes to the service's host only, neither to the upload's nor to the result's. Cost: a round trip each.
import type { HttpClient } from '../../remote/httpClient.ts';
import { badAnswer, readJsonObject, tokensIn } from '../../remote/readVectors.ts';
import { failureOf, isRecord } from '../../remote/remoteFailure.ts';
import { dashScopeHeaders, TEXT_PATH } from '../textWire.ts';

export type TaskStatus = 'PENDING' | 'RUNNING' | 'SUSPENDED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNKNOWN';

export interface TaskReport {
  readonly status: TaskStatus;
  /** Of a task that succeeded: where its result is, for 24 hours. */
  readonly resultUrl?: string;
  /** Of a task that failed. */
  readonly code?: string;
  readonly tokens?: number;
}

export interface ListedTask {
  readonly id: string;
  readonly startedMs: number;
}

export interface TaskApiOptions {
  readonly http: HttpClient;
  readonly baseUrl: string;
  readonly key: string;
  readonly workspaceId?: string;
}

const STATUSES = ['PENDING', 'RUNNING', 'SUSPENDED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'UNKNOWN'] as const;
const PAGE_SIZE = 50;

/** Every method throws {@link RemoteFailure}. */
export class TaskApi {
  readonly http: HttpClient;

  constructor(private readonly options: TaskApiOptions) {
    this.http = options.http;
  }

  /** Resolves with the task's id. */
  async submit(model: string, url: string, signal: AbortSignal): Promise<string> {
    const headers = {
      'x-dashscope-async': 'enable',
      ...(url.startsWith('oss://') && { 'x-dashscope-ossresourceresolve': 'enable' }),
    };
    const body = { model, input: { url }, parameters: { text_type: 'document' } };
    const { task_id: id } = outputOf(await this.send('POST', TEXT_PATH, signal, headers, body));
    if (typeof id !== 'string' || id === '') throw badAnswer('a task without an id');
    return id;
  }

  async poll(taskId: string, signal: AbortSignal): Promise<TaskReport> {
    const answer = await this.send('GET', `/api/v1/tasks/${encodeURIComponent(taskId)}`, signal);
    const { task_status: said, url, code } = outputOf(answer);
    const status = STATUSES.find((each) => each === said);
    if (!status) throw badAnswer('a task of unknown status');
    const tokens = tokensIn(answer);
    return {
      status,
      ...(typeof url === 'string' && URL.canParse(url) && { resultUrl: url }), // a failed task says "null"
      ...(typeof code === 'string' && /^[A-Za-z][\w.-]{2,80}$/.test(code) && { code }), // other words may quote a text
      ...(tokens !== undefined && { tokens }),
    };
  }

  /** Refused (`refused`) once the task runs. */
  async cancel(taskId: string, signal: AbortSignal): Promise<void> {
    await this.send('POST', `/api/v1/tasks/${encodeURIComponent(taskId)}/cancel`, signal, {}, {});
  }

  /** Tasks of a model that began in a span of time. */
  async list(model: string, fromMs: number, toMs: number, signal: AbortSignal): Promise<ListedTask[]> {
    const found: ListedTask[] = [];
    for (let page = 1; ; page++) {
      const query = new URLSearchParams({
        model_name: model,
        start_time: chinaStamp(fromMs),
        end_time: chinaStamp(toMs),
        page_no: String(page),
        page_size: String(PAGE_SIZE),
      });
      const answer = await this.send('GET', `/api/v1/tasks?${query.toString()}`, signal);
      const data = Array.isArray(answer['data']) ? (answer['data'] as unknown[]) : [];
      for (const task of data) {
        if (!isRecord(task) || typeof task['task_id'] !== 'string') continue;
        const startedMs = timeOf(task['start_time'] ?? task['submit_time']);
        // The service's filter is not relied on.
        if (startedMs >= fromMs && startedMs <= toMs) found.push({ id: task['task_id'], startedMs });
      }
      if (data.length < PAGE_SIZE || page >= Number(answer['total_page'] ?? 0)) return found;
    }
  }

  /** Also used for the upload's policy. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    extra: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { http, baseUrl, ...auth } = this.options;
    const headers = { ...dashScopeHeaders(auth), ...extra };
    const text = body && { body: JSON.stringify(body) };
    const answer = await http.send({ method, url: baseUrl + path, headers, ...text }, signal);
    if (answer.status !== 200)
      throw failureOf('dashscope', answer.status, answer.body.toString('utf8'), answer.retryAfter);
    return readJsonObject(answer.body);
  }
}

function outputOf(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { output } = answer;
  if (!isRecord(output)) throw badAnswer('an answer without output');
  return output;
}

const CHINA_MS = 8 * 3_600_000;

/** `20250101100000`, in China's time, as the service's SDK gives it. */
function chinaStamp(ms: number): string {
  return new Date(ms + CHINA_MS).toISOString().replace(/\D/g, '').slice(0, 14);
}

/** Milliseconds, or `2025-01-01 10:00:00.123` in China's time. NaN for anything else. */
function timeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return NaN;
  return /^\d+$/.test(value) ? Number(value) : Date.parse(`${value.replace(' ', 'T')}+08:00`);
}
