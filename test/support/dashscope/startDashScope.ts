// DashScope on this machine, as strict as its documents (../shared/spec/dashscope.md of the project; section 9 is the checklist).
// What the real service refuses is refused with its words; what it answers is answered in its shapes, from vectors that make
// search work. Checks run in the service's order: key, JSON, model, input, rows, length, parameters, then a fault of the script,
// then rates.
import path from 'node:path';
import {
  field,
  startLoopback,
  type Arrival,
  type Broken,
  type Clock,
  type Reply,
  type SeenRequest,
} from '../loopbackServer.ts';
import { hashText, seededRandom, shuffled } from '../seededNumbers.ts';
import { answerText, replyInstead, spoilBody, spoilRows, type AnswerRow } from './answers.ts';
import { FaultQueue, type Fault, type FaultScript, type FaultTarget } from './faults.ts';
import { downloadFromLoopback, isWebAddress } from './loopbackDownload.ts';
import { emulatedModels, type EmulatedModel, type RateLimit } from './models.ts';
import { mediaAnswer, mediaOrder, mediaRows } from './multimodal.ts';
import { RateMeter } from './rateMeter.ts';
import { COMPATIBLE_PREFIX, Refusal, refusals, replyOf, type ErrorShape } from './refusals.ts';
import { TaskBoard, type TaskDuration } from './taskBoard.ts';
import { readTaskInput, resultFile, type ResultShape } from './taskFiles.ts';
import {
  compatibleAnswer,
  dimensionOf,
  modelOf,
  nativeAnswer,
  parametersOf,
  textOrder,
  textRows,
  textTypeOf,
} from './textRequests.ts';
import { Uploads, xmlError } from './uploads.ts';

export interface DashScopeOptions {
  /** The one valid key. */
  readonly key?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** For rates, tasks and uploads; the machine's time unless given. Latency is real time always. */
  readonly clock?: Clock;
  readonly latencyMs?: number;
  /** A seed: rows, and lines of results that carry an index, come in another order each time. In order unless given. */
  readonly shuffle?: number;
  /** On unless false; limits of single models can be replaced by name (`{}` for none). */
  readonly rateLimits?: boolean | Readonly<Record<string, RateLimit>>;
  /** `always-float` pays no heed to `encoding_format: "base64"`. `honour` unless given. */
  readonly base64?: 'honour' | 'always-float';
  /** One poll each says PENDING and RUNNING unless given. */
  readonly tasks?: TaskDuration;
  /** `indexed` and zipped unless given. */
  readonly result?: { readonly shape?: ResultShape; readonly gzip?: boolean };
  /** Lower limits than the service's, so that tests stay small. */
  readonly limits?: { readonly taskLines?: number; readonly fileBytes?: number; readonly bodyBytes?: number };
}

export interface DashScopeEmulator {
  /** `http://127.0.0.1:port`; the compatible base URL is `${url}/compatible-mode/v1`. */
  readonly url: string;
  readonly key: string;
  /** All requests so far, results' and uploads' included, in the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Replaces the script; `[]` ends all faults. */
  faults(script: FaultScript): void;
  /** Faults of the script that no request has met yet; chaos and rowsLimit do not count. */
  faultsLeft(): number;
  /** Ends hanging requests too. */
  close(): Promise<void>;
}

export const EMULATOR_KEY = 'sk-emulator-0d5f7c21';
/** As the service has it for tasks' files; any upload has it here. */
const FILE_BYTES = 200 * 2 ** 20;
/** The spec knows the refusal but no figure. */
const BODY_BYTES = 24 * 2 ** 20;
/** What a form has beside its file. */
const FORM_BYTES = 64 * 2 ** 10;

const NATIVE = '/api/v1/services/embeddings/text-embedding/text-embedding';
const MULTIMODAL = '/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding';
const COMPATIBLE = `${COMPATIBLE_PREFIX}v1/embeddings`;
const UPLOAD = '/oss';
const TASK = /^\/api\/v1\/tasks\/([^/]+)$/;
const CANCEL = /^\/api\/v1\/tasks\/([^/]+)\/cancel$/;
const RESULT = /^\/results\/([^/]+)\.txt\.gz$/;

export async function startDashScope(options: DashScopeOptions = {}): Promise<DashScopeEmulator> {
  const key = options.key ?? EMULATOR_KEY;
  const { fileBytes = FILE_BYTES, bodyBytes = BODY_BYTES } = options.limits ?? {};
  const service = new Service(key, options, fileBytes);
  const server = await startLoopback({
    clock: options.clock ?? Date,
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    maxBytes: (where) => (where.startsWith(UPLOAD) ? fileBytes + FORM_BYTES : bodyBytes),
    handle: (arrival, url) => service.handle(arrival, url),
  });
  return {
    url: server.url,
    key,
    requests: server.requests,
    faults: (script) => service.faults.set(script),
    faultsLeft: () => service.faults.left,
    close: () => server.close(),
  };
}

/** What a request came to, before faults touch its answer. */
interface Answer {
  readonly rows: readonly AnswerRow[];
  readonly body: (rows: readonly AnswerRow[]) => unknown;
}

/** The state of one emulator and its paths. */
class Service {
  readonly faults = new FaultQueue();
  private readonly clock: Clock;
  private readonly rates: RateMeter;
  private readonly tasks: TaskBoard;
  private readonly uploads: Uploads;
  private readonly random: (() => number) | undefined;

  constructor(
    private readonly key: string,
    private readonly options: DashScopeOptions,
    private readonly fileBytes: number,
  ) {
    this.clock = options.clock ?? Date;
    this.rates = new RateMeter(this.clock);
    this.tasks = new TaskBoard(this.clock, options.tasks ?? { unit: 'polls', pending: 1, running: 1 });
    this.uploads = new Uploads(this.clock, fileBytes);
    this.random = options.shuffle === undefined ? undefined : seededRandom(options.shuffle);
  }

  async handle(arrival: Arrival, server: string): Promise<Reply | Broken> {
    const shape = arrival.url.pathname.startsWith(COMPATIBLE_PREFIX) ? 'compatible' : 'native';
    try {
      return await this.route(arrival, server, shape);
    } catch (error) {
      if (error instanceof Refusal) return replyOf(error, shape);
      throw error;
    }
  }

  private async route(arrival: Arrival, server: string, shape: ErrorShape): Promise<Reply | Broken> {
    const { seen, url } = arrival;
    const to = `${seen.method} ${url.pathname}`;
    // These two are OSS's, not the service's: they have signatures instead of keys.
    if (to === `POST ${UPLOAD}`) return this.plain('upload', seen, shape, () => this.uploads.receive(arrival));
    const result = RESULT.exec(url.pathname)?.[1];
    if (result !== undefined && seen.method === 'GET') return this.sendResult(arrival, result);

    this.checkKey(seen);
    if (to === `GET /api/v1/uploads`) {
      return this.plain('policy', seen, shape, () => ok(this.uploads.policy(url, `${server}${UPLOAD}`)));
    }
    if (to === `GET /api/v1/tasks`) return ok(this.tasks.list(url.searchParams));
    const polled = TASK.exec(url.pathname)?.[1];
    if (polled !== undefined && seen.method === 'GET') {
      return this.plain('poll', seen, shape, async () =>
        ok(await this.tasks.poll(polled, (id, endedMs) => resultUrl(server, id, endedMs, this.key))),
      );
    }
    const cancelled = CANCEL.exec(url.pathname)?.[1];
    if (cancelled !== undefined && seen.method === 'POST') {
      return this.plain('cancel', seen, shape, () => ok(this.tasks.cancel(cancelled)));
    }
    if (to === `POST ${COMPATIBLE}`) return this.compatible(arrival);
    if (to === `POST ${MULTIMODAL}`) return this.multimodal(arrival);
    if (to === `POST ${NATIVE}`) return this.native(arrival);
    throw refusals.notFound();
  }

  private checkKey({ headers }: SeenRequest): void {
    const authorization = headers['authorization'];
    if (authorization === undefined || authorization === '') throw refusals.noKey();
    if (authorization !== `Bearer ${this.key}`) throw refusals.wrongKey();
  }

  private native(arrival: Arrival): Promise<Reply | Broken> | Reply | Broken {
    const { seen } = arrival;
    checkJson(arrival);
    const model = modelOf(seen.body, ['text', 'async']);
    checkAsyncHeader(seen, model);
    if (model.kind === 'async') return this.submit(seen, model);
    seen.rows = lengthOf(field(field(seen.body, 'input'), 'texts'));
    const order = textOrder(model, seen.body, 'native', this.faults.rowsLimit);
    return this.embed(seen, 'native', model, order.tokens, () => ({
      rows: textRows(order),
      body: (rows) => nativeAnswer(rows, order.tokens),
    }));
  }

  private compatible(arrival: Arrival): Reply | Broken {
    const { seen } = arrival;
    checkJson(arrival);
    const model = modelOf(seen.body, ['text']);
    seen.rows = lengthOf(field(seen.body, 'input'));
    const order = textOrder(model, seen.body, 'compatible', this.faults.rowsLimit);
    const base64 = order.base64 && (this.options.base64 ?? 'honour') === 'honour';
    return this.embed(seen, 'compatible', model, order.tokens, () => ({
      rows: textRows(order),
      body: (rows) => compatibleAnswer(rows, order, base64),
    }));
  }

  private async multimodal(arrival: Arrival): Promise<Reply | Broken> {
    const { seen } = arrival;
    checkJson(arrival);
    const model = modelOf(seen.body, ['multimodal']);
    checkAsyncHeader(seen, model);
    seen.rows = lengthOf(field(field(seen.body, 'input'), 'contents'));
    const order = await mediaOrder(model, seen.body, this.faults.rowsLimit);
    return this.embed(seen, 'native', model, order.tokens, () => ({
      rows: mediaRows(order),
      body: (rows) => mediaAnswer(rows, order),
    }));
  }

  /** The end of every embedding request: a fault or the rates refuse it, or it is answered. */
  private embed(
    seen: SeenRequest,
    shape: ErrorShape,
    model: EmulatedModel,
    tokens: number,
    work: () => Answer,
  ): Reply | Broken {
    const fault = this.faults.take('embed', seen);
    const instead = fault && replyInstead(fault, shape);
    if (instead) return instead;
    this.checkRate(model, tokens);
    const answer = work();
    const rows = this.random ? shuffled(answer.rows, this.random) : answer.rows;
    return spoilBody({ status: 200, body: answerText(answer.body(spoilRows(rows, fault)), fault) }, fault);
  }

  private checkRate(model: EmulatedModel, tokens: number): void {
    const { rateLimits = true } = this.options;
    if (rateLimits === false) return;
    const own = typeof rateLimits === 'object' ? rateLimits[model.name] : undefined;
    this.rates.admit(model.name, own ?? model.rate, tokens);
  }

  private submit(seen: SeenRequest, model: EmulatedModel): Promise<Reply | Broken> {
    const { body, headers } = seen;
    const address = field(field(body, 'input'), 'url');
    if (address === undefined) throw refusals.noInput();
    if (typeof address !== 'string') throw refusals.url();
    const isOss = address.startsWith('oss://');
    if (isOss ? headers['x-dashscope-ossresourceresolve'] !== 'enable' : !isWebAddress(address)) throw refusals.url();
    const parameters = parametersOf(body);
    const textType = textTypeOf(field(parameters, 'text_type'));
    dimensionOf(model, field(parameters, 'dimension'));
    return this.plain('submit', seen, 'native', () => {
      this.checkRate(model, 0);
      this.tasks.checkRoom();
      const read = async () => {
        const bytes = isOss ? this.uploads.read(address) : await downloadFromLoopback(address, this.fileBytes);
        if (!bytes) throw refusals.download();
        const lines = this.options.limits?.taskLines ?? model.rows;
        return readTaskInput(model, path.posix.basename(new URL(address).pathname), bytes, textType, lines);
      };
      return ok(this.tasks.submit(model, read));
    });
  }

  private async sendResult({ seen, url }: Arrival, id: string): Promise<Reply | Broken> {
    // OSS takes a signature or a key, not both: so a client that sends its key to another host is caught.
    if (seen.headers['authorization'] !== undefined)
      return xmlError(400, 'InvalidArgument', 'Two ways to authenticate.');
    const finished = this.tasks.finished(id);
    const isSigned = url.searchParams.get('Signature') === signatureOf(id, this.key);
    if (!isSigned) return xmlError(403, 'SignatureDoesNotMatch', 'The signature is wrong.');
    if (!finished) return xmlError(403, 'AccessDenied', 'Request has expired.');
    return this.plain('result', seen, 'native', (fault) => {
      const { shape = 'indexed', gzip = true } = this.options.result ?? {};
      const rules = { shape, gzip, random: this.random };
      const parts = resultFile(finished.model, finished.input, fault, rules);
      const headers = { 'content-type': 'application/octet-stream' };
      const whole = fault ? Buffer.concat([...parts]) : parts;
      return { status: 200, headers, body: whole };
    });
  }

  /** All that is not an embedding: a fault instead of the answer, or the answer, cut where the fault says so. */
  private async plain(
    target: FaultTarget,
    seen: SeenRequest,
    shape: ErrorShape,
    work: (fault: Fault | undefined) => Reply | Promise<Reply>,
  ): Promise<Reply | Broken> {
    const fault = this.faults.take(target, seen);
    const instead = fault && replyInstead(fault, shape);
    if (instead) return instead;
    const reply = await work(fault);
    const { body } = reply;
    return typeof body === 'string' || Buffer.isBuffer(body) ? spoilBody({ ...reply, body }, fault) : reply;
  }
}

function ok(body: unknown): Reply {
  return { status: 200, body: JSON.stringify(body) };
}

function checkJson({ seen, tooLarge }: Arrival): void {
  if (tooLarge) throw refusals.tooLarge();
  const isJson = /^application\/json\b/i.test(seen.headers['content-type'] ?? '');
  if (!isJson || typeof seen.body !== 'object' || seen.body === null) throw refusals.notJson();
}

function checkAsyncHeader({ headers }: SeenRequest, model: EmulatedModel): void {
  const isAsync = headers['x-dashscope-async'] === 'enable';
  if (isAsync && model.kind !== 'async') throw refusals.needsSync();
  if (!isAsync && model.kind === 'async') throw refusals.needsAsync();
}

/** Rows as a request has them, right or wrong: for the log. */
function lengthOf(input: unknown): number | undefined {
  if (typeof input === 'string') return 1;
  return Array.isArray(input) ? input.length : undefined;
}

function resultUrl(server: string, id: string, endedMs: number, key: string): string {
  const expires = Math.floor(endedMs / 1000) + 24 * 3600;
  return `${server}/results/${id}.txt.gz?Expires=${expires}&OSSAccessKeyId=LTAI-emulator&Signature=${signatureOf(id, key)}`;
}

function signatureOf(id: string, key: string): string {
  return hashText(`${id} ${key}`).toString(16);
}

/** The names of the models that the emulator serves, by kind: for tests that go through all of them. */
export function emulatedNames(kind: EmulatedModel['kind']): string[] {
  return emulatedModels.filter((model) => model.kind === kind).map(({ name }) => name);
}
