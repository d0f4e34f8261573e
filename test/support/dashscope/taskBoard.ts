// Async tasks: queued, run (three at a time), kept for 24 hours of the clock. Nothing happens by itself: each look at the board
// first brings it up to the clock's time, in the order in which things would have happened.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../loopbackServer.ts';
import type { EmulatedModel } from './models.ts';
import { refusals, Refusal } from './refusals.ts';

export type TaskStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNKNOWN';

/** How long a task waits and runs: in ms of the clock, or in polls that answer so. */
export interface TaskDuration {
  readonly unit: 'ms' | 'polls';
  readonly pending: number;
  readonly running: number;
}

/** What a task has to embed, once its file has been read. */
export interface TaskInput {
  readonly lines: readonly string[];
  readonly textType: 'query' | 'document';
  readonly tokens: number;
}

interface Task {
  readonly id: string;
  readonly model: EmulatedModel;
  readonly submittedMs: number;
  /** Settles with the input or with why the task fails; never rejects. */
  readonly reading: Promise<void>;
  input?: TaskInput | Refusal;
  status: 'PENDING' | 'RUNNING' | 'ENDED' | 'CANCELED';
  polls: number;
  startedMs: number;
  startedPolls: number;
  endedMs: number;
}

const DAY_MS = 24 * 3_600_000;
const MAX_RUNNING = 3;
const MAX_WAITING = 50;

export class TaskBoard {
  private readonly tasks = new Map<string, Task>();
  /** When the last thing happened: a slot is free no earlier. */
  private eventMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly duration: TaskDuration,
  ) {}

  /** Throws the 429 of a full queue. */
  checkRoom(): void {
    this.advance();
    if (this.alive('PENDING').length + this.alive('RUNNING').length >= MAX_WAITING) throw refusals.rate();
  }

  submit(model: EmulatedModel, read: () => Promise<TaskInput>): unknown {
    const id = randomUUID();
    const reading = read()
      .catch((error: unknown) => {
        if (error instanceof Refusal) return error;
        throw error;
      })
      .then((input) => {
        task.input = input;
      });
    const times = { startedMs: 0, startedPolls: 0, endedMs: 0 };
    const task: Task = { id, model, submittedMs: this.clock.now(), reading, status: 'PENDING', polls: 0, ...times };
    this.tasks.set(id, task);
    return { output: { task_status: 'PENDING', task_id: id }, request_id: randomUUID() };
  }

  async poll(id: string, resultUrl: (id: string, endedMs: number) => string): Promise<unknown> {
    const task = this.find(id);
    if (!task) return { request_id: randomUUID(), output: { task_id: id, task_status: 'UNKNOWN' } };
    task.polls++;
    this.advance();
    await task.reading;
    const { input } = task;
    const times = {
      submit_time: chinaTime(task.submittedMs),
      ...(task.startedMs > 0 && { scheduled_time: chinaTime(task.startedMs) }),
      ...(task.endedMs > 0 && { end_time: chinaTime(task.endedMs) }),
    };
    const output = { task_id: id, task_status: statusOf(task), ...times };
    if (task.status !== 'ENDED' || !input) return { request_id: randomUUID(), output };
    if (input instanceof Refusal) {
      const failure = { ...output, code: input.code, message: input.message, url: 'null' };
      return { request_id: randomUUID(), output: failure };
    }
    const done = { ...output, url: resultUrl(id, task.endedMs) };
    return { request_id: randomUUID(), output: done, usage: { total_tokens: input.tokens } };
  }

  /** Only what still waits can be cancelled. */
  cancel(id: string): unknown {
    this.advance();
    const task = this.find(id);
    if (task?.status !== 'PENDING') throw refusals.unsupported();
    task.status = 'CANCELED';
    task.endedMs = this.clock.now();
    return { request_id: randomUUID() };
  }

  list(query: URLSearchParams): unknown {
    this.advance();
    const size = Number(query.get('page_size') ?? 10);
    const page = Number(query.get('page_no') ?? 1);
    if (!(size >= 1 && page >= 1)) throw refusals.parameter('page_no or page_size is invalid');
    const all = [...this.tasks.keys()]
      .flatMap((id) => this.find(id) ?? [])
      .filter((task) => (query.get('model_name') ?? task.model.name) === task.model.name)
      .filter((task) => (query.get('status') ?? statusOf(task)) === statusOf(task));
    const data = all.slice((page - 1) * size, page * size).map((task) => ({
      task_id: task.id,
      status: statusOf(task),
      model_name: task.model.name,
      start_time: task.submittedMs,
      ...(task.endedMs > 0 && { end_time: task.endedMs }),
    }));
    const pages = { total: all.length, total_page: Math.ceil(all.length / size), page_no: page, page_size: size };
    return { request_id: randomUUID(), data, ...pages };
  }

  /** The input and model of a task that has succeeded less than 24 hours ago. */
  finished(id: string): { readonly model: EmulatedModel; readonly input: TaskInput } | undefined {
    const task = this.tasks.get(id);
    if (task?.status !== 'ENDED' || !task.input || task.input instanceof Refusal) return undefined;
    return this.clock.now() - task.endedMs < DAY_MS ? { model: task.model, input: task.input } : undefined;
  }

  private find(id: string): Task | undefined {
    const task = this.tasks.get(id);
    return task && this.clock.now() - task.submittedMs < DAY_MS ? task : undefined;
  }

  private alive(status: Task['status']): Task[] {
    return [...this.tasks.values()].filter((task) => task.status === status);
  }

  private advance(): void {
    const now = this.clock.now();
    for (;;) {
      const running = this.alive('RUNNING');
      const ending = earliest(running, (task) => this.endMs(task, now));
      const waiting = running.length < MAX_RUNNING ? this.alive('PENDING') : [];
      const starting = earliest(waiting, (task) => Math.max(this.readyMs(task, now), this.eventMs));
      const next = ending && (!starting || ending.at <= starting.at) ? ending : starting;
      if (!next || next.at > now) return;
      this.eventMs = next.at;
      if (next === ending) {
        next.task.status = 'ENDED';
        next.task.endedMs = next.at;
      } else {
        next.task.status = 'RUNNING';
        next.task.startedMs = next.at;
        next.task.startedPolls = next.task.polls;
      }
    }
  }

  private readyMs(task: Task, now: number): number {
    const { unit, pending } = this.duration;
    if (unit === 'ms') return task.submittedMs + pending;
    return task.polls > pending ? now : Infinity;
  }

  private endMs(task: Task, now: number): number {
    const { unit, running } = this.duration;
    if (unit === 'ms') return task.startedMs + running;
    return task.polls - task.startedPolls >= running ? now : Infinity;
  }
}

function statusOf(task: Task): TaskStatus {
  if (task.status !== 'ENDED') return task.status;
  return task.input instanceof Refusal ? 'FAILED' : 'SUCCEEDED';
}

function earliest(tasks: readonly Task[], when: (task: Task) => number): { task: Task; at: number } | undefined {
  let first: { task: Task; at: number } | undefined;
  for (const task of tasks) {
    const at = when(task);
    if (at < (first?.at ?? Infinity)) first = { task, at };
  }
  return first;
}

/** `2025-01-01 10:00:00.123`, as the service writes times. */
function chinaTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().replace('T', ' ').replace('Z', '');
}
