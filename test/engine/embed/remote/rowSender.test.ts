// Rows through the client to the strict emulator, with everything going wrong that a repetition or a smaller request cures.
import assert from 'node:assert/strict';
import { findDashScopeModel } from '../../../../src/engine/embed/dashscope/catalogue.ts';
import { nativeTextWire } from '../../../../src/engine/embed/dashscope/textWire.ts';
import { HttpClient } from '../../../../src/engine/embed/remote/httpClient.ts';
import { Pacer } from '../../../../src/engine/embed/remote/pacer.ts';
import { RowBatcher } from '../../../../src/engine/embed/remote/rowBatcher.ts';
import { RowSender, type Link, type RowVector } from '../../../../src/engine/embed/remote/rowSender.ts';
import { EngineError, isEngineError } from '../../../../src/engine/errors.ts';
import { FORBIDDEN_TEXT } from '../../../support/dashscope/textRequests.ts';
import { textVector } from '../../../support/dashscope/textRequests.ts';
import { chaos, rowsLimit, type FaultKind } from '../../../support/dashscope/faults.ts';
import { emulatedModels } from '../../../support/dashscope/models.ts';
import {
  startDashScope,
  type DashScopeEmulator,
  type DashScopeOptions,
} from '../../../support/dashscope/startDashScope.ts';

const MODEL = 'text-embedding-v4';
const DIMENSION = 64;
const never = new AbortController().signal;

interface Rig {
  readonly emulator: DashScopeEmulator;
  readonly sender: RowSender;
  readonly links: Link[];
  tokens: number;
  permit: () => void;
}

describe('rows sent to a service', function () {
  this.timeout(60_000);
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  async function rig(
    options: DashScopeOptions & { timeoutMs?: number; reach?: boolean; model?: string } = {},
  ): Promise<Rig> {
    const emulator = await startDashScope({ rateLimits: false, ...options });
    const http = new HttpClient({ strictSsl: true, timeoutMs: options.timeoutMs ?? 5_000 });
    const model = options.model ?? MODEL;
    const limits = findDashScopeModel(model)!;
    const links: Link[] = [];
    const made: Rig = { emulator, links, tokens: 0, permit: () => undefined } as never;
    const sender = new RowSender({
      wire: nativeTextWire({
        http,
        baseUrl: emulator.url,
        key: emulator.key,
        model,
        dimension: DIMENSION,
        textType: true,
      }),
      model,
      limits,
      pacer: new Pacer({}),
      concurrency: 8,
      firstDelayMs: 20,
      permit: () => made.permit(),
      onAnswer: (_reckoned, taken) => {
        made.tokens += taken?.tokens ?? 0;
      },
      onLink: (link) => {
        if (links.at(-1) !== link) links.push(link);
      },
    });
    closing.push(async () => {
      await http.close();
      await emulator.close();
    });
    return Object.assign(made, { sender });
  }

  /** What the emulator answers for a text, at unit length. */
  function expected(text: string, textType: 'document' | 'query' = 'document'): number[] {
    const model = emulatedModels.find(({ name }) => name === MODEL)!;
    const vector = textVector({ model, dimension: DIMENSION, textType, instruct: undefined }, text);
    const length = Math.hypot(...vector);
    return vector.map((x) => x / length);
  }

  function assertRow(row: RowVector | EngineError | undefined, text: string): void {
    assert.ok(row && !(row instanceof EngineError) && row.dense, `no vector for ${text}`);
    const wanted = expected(text);
    const cosine = row.dense.reduce((sum, x, i) => sum + x * wanted[i]!, 0);
    assert.ok(cosine > 0.99999, `another vector (${cosine}) for ${text}`);
  }

  const texts = (count: number): string[] =>
    Array.from(
      { length: count },
      (_, i) => `row ${i}: ${['alpha', 'beta', '风急天高', 'gamma delta'][i % 4]!} ${i * 7919}`,
    );
  const rowsOf = ({ emulator }: Rig): (number | undefined)[] => emulator.requests.map(({ rows }) => rows);

  it('go to v4 as 10, 10 and 5', async () => {
    const made = await rig();
    const all = texts(25);
    const { rows, tokens } = await made.sender.send(all, 'document', 'dense', never);
    rows.forEach((row, i) => assertRow(row, all[i]!));
    assert.deepEqual(rowsOf(made), [10, 10, 5]);
    assert.ok(tokens > 0 && tokens === made.tokens);
  });

  it('of several documents share requests', async () => {
    const made = await rig();
    const all = texts(23);
    const batcher = new RowBatcher(made.sender);
    const documents = [all.slice(0, 3), all.slice(3, 4), all.slice(4, 16), all.slice(16)];
    const answers = (await Promise.all(documents.map((each) => batcher.embed(each, never)))).flat();
    answers.forEach(({ row }, i) => assertRow(row, all[i]!));
    assert.deepEqual(rowsOf(made), [10, 10, 3]);
    assert.ok(Math.abs(answers.reduce((sum, { tokens }) => sum + tokens, 0) - made.tokens) < 1e-6);
  });

  it('are neither lost nor swapped, 10,000 of them, whatever passes by itself goes wrong', async () => {
    const made = await rig({ shuffle: 5, timeoutMs: 400 });
    made.emulator.faults([chaos(11, 0.15)]);
    const all = texts(10_000);
    const { rows } = await made.sender.send(all, 'document', 'dense', never);
    assert.equal(rows.length, all.length);
    rows.forEach((row, i) => assertRow(row, all[i]!));
  });

  for (const kind of [
    'rate',
    'token-rate',
    'internal',
    'unavailable-html',
    'bad-gateway',
    'reset',
    'cut',
    'short',
    'duplicate-index',
    'null-component',
    'zero-vector',
    'nan',
    'not-json',
    'truncated',
  ] satisfies FaultKind[]) {
    it(`are sent again after ${kind}`, async () => {
      const made = await rig();
      made.emulator.faults([{ kind, times: 2 }]);
      const all = texts(3);
      const { rows } = await made.sender.send(all, 'document', 'dense', never);
      rows.forEach((row, i) => assertRow(row, all[i]!));
      assert.deepEqual(rowsOf(made), [3, 3, 3]);
    });
  }

  it('outlast a failure that comes after a long wait for the rate', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'rate', times: 6 }, { kind: 'internal' }, { kind: 'reset' }]);
    const all = texts(3);
    const { rows } = await made.sender.send(all, 'document', 'dense', never);
    rows.forEach((row, i) => assertRow(row, all[i]!));
  });

  it('are counted as paid for also when the answer is of no use', async () => {
    const made = await rig();
    const { tokens } = await made.sender.send(texts(3), 'document', 'dense', never);
    made.tokens = 0;
    made.emulator.faults([{ kind: 'short' }, { kind: 'null-component' }, { kind: 'internal' }]);
    await made.sender.send(texts(3), 'document', 'dense', never);
    assert.ok(made.tokens >= 3 * tokens && made.tokens < 6 * tokens, `${made.tokens} for three times ${tokens}`);
  });

  it('are not sent in a flood when the service says "at once" again and again', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'rate', retryAfter: 0, times: 1000 }]);
    const stop = new AbortController();
    const sending = made.sender.send(texts(1), 'document', 'dense', stop.signal);
    setTimeout(() => stop.abort(), 300);
    await assert.rejects(sending, (error) => isEngineError(error, 'cancelled'));
    assert.ok(made.emulator.requests.length <= 32, `${made.emulator.requests.length}`);
  });

  it('end when their sender is closed, whatever their own signal says', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'hang', times: 3 }]);
    const sending = made.sender.send(texts(25), 'document', 'dense', never);
    const ended = assert.rejects(sending, (error) => isEngineError(error, 'cancelled'));
    while (made.emulator.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
    made.sender.close();
    await ended;
  });

  it('wait as long as the service says', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'rate', retryAfter: 1 }]);
    await made.sender.send(texts(1), 'document', 'dense', never);
    const [first, second] = made.emulator.requests;
    assert.ok(second!.atMs - first!.atMs >= 950);
    assert.deepEqual(made.links, ['limited', 'ok']);
  });

  it('learn how many rows the service takes', async () => {
    const made = await rig();
    made.emulator.faults([rowsLimit(4)]);
    const all = texts(20);
    const first = await made.sender.send(all.slice(0, 10), 'document', 'dense', never);
    first.rows.forEach((row, i) => assertRow(row, all[i]!));
    assert.deepEqual(rowsOf(made), [10, 4, 4, 2]);
    const second = await made.sender.send(all.slice(10), 'document', 'dense', never);
    second.rows.forEach((row, i) => assertRow(row, all[10 + i]!));
    assert.deepEqual(rowsOf(made).slice(4), [4, 4, 2]);
  });

  it('lose only the one that the service refuses', async () => {
    const made = await rig();
    const all = texts(30);
    all[0] = `${FORBIDDEN_TEXT} at the very first`;
    all[17] = `in the middle ${FORBIDDEN_TEXT}`;
    const { rows } = await made.sender.send(all, 'document', 'dense', never);
    rows.forEach((row, i) => {
      if (i === 0 || i === 17)
        assert.ok(isEngineError(row, 'row-refused') && row.details['reason'] === 'DataInspectionFailed');
      else assertRow(row, all[i]!);
    });
    assert.ok(made.emulator.requests.length <= 3 + 2 * 8);
  });

  it('that are too long are split, and say into how many parts', async () => {
    const made = await rig();
    const all = ['风'.repeat(8000), '风'.repeat(20_000), 'x'.repeat(200 * 1024), '😀'.repeat(1000), 'short'];
    const { rows } = await made.sender.send(all, 'document', 'dense', never);
    const parts = rows.map((row) => (row instanceof EngineError ? row.code : row.parts));
    assert.equal(parts[0], 1);
    assert.equal(parts[1], 3);
    assert.ok(Number(parts[2]) >= 9);
    assert.deepEqual(parts.slice(3), [1, 1]);
    for (const row of rows) {
      assert.ok(!(row instanceof EngineError) && row.dense);
      assert.ok(Math.abs(Math.hypot(...row.dense) - 1) < 1e-5);
    }
  });

  it('that the service finds too long although the estimate did not are split', async () => {
    // A model whose catalogue promises more than the service takes.
    const made = await rig();
    made.emulator.faults([]);
    const long = 'a b c d '.repeat(2_500); // one token a letter for the emulator, a third of that by ASCII's rule
    const all = ['first', long, 'last'];
    const { rows } = await made.sender.send(all, 'document', 'dense', never);
    assertRow(rows[0], 'first');
    assertRow(rows[2], 'last');
    assert.ok(rows[1] && !(rows[1] instanceof EngineError) && rows[1].parts >= 2);
  });

  const stops: readonly (readonly [FaultKind, string])[] = [
    ['bill-overdue', 'billing-stopped'],
    ['free-quota', 'billing-stopped'],
    ['free-tier-only', 'billing-stopped'],
    ['arrearage', 'billing-stopped'],
  ];
  for (const [kind, code] of stops) {
    it(`stop at once after ${kind}`, async () => {
      const made = await rig();
      made.emulator.faults([{ kind, times: 1000 }]);
      await assert.rejects(made.sender.send(texts(10), 'document', 'dense', never), (e) =>
        isEngineError(e, code as never),
      );
      assert.equal(made.emulator.requests.length, 1);
    });
  }

  it('give up on a service that goes on failing', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'internal', times: 1000 }]);
    await assert.rejects(made.sender.send(texts(1), 'document', 'dense', never), (e) =>
      isEngineError(e, 'server-failed'),
    );
    assert.equal(made.emulator.requests.length, 5);
  });

  it('say that an endpoint can’t be reached, when it never was', async () => {
    const made = await rig();
    await made.emulator.close();
    await assert.rejects(
      made.sender.send(texts(1), 'document', 'dense', never),
      (e) => isEngineError(e, 'network-failed') && e.details['reason'] === 'ECONNREFUSED',
    );
  });

  it('wait for the network when it goes, and go on by themselves', async () => {
    const made = await rig();
    await made.sender.send(texts(1), 'document', 'dense', never);
    const port = Number(new URL(made.emulator.url).port);
    await made.emulator.close();
    const all = texts(12);
    const sent = made.sender.send(all, 'document', 'dense', never);
    while (!made.links.includes('offline')) await new Promise((resolve) => setImmediate(resolve));
    const back = await startDashScope({ rateLimits: false, port });
    closing.push(() => back.close());
    (await sent).rows.forEach((row, i) => assertRow(row, all[i]!));
    assert.deepEqual(made.links, ['ok', 'offline', 'ok']);
  });

  it('end at once when they are cancelled, also while waiting', async () => {
    const made = await rig();
    made.emulator.faults([{ kind: 'hang', times: 1000 }]);
    const stop = new AbortController();
    const sent = made.sender.send(texts(40), 'document', 'dense', stop.signal);
    while (made.emulator.requests.length < 4) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await assert.rejects(sent, (e) => isEngineError(e, 'cancelled'));
  });

  it('are not sent without leave', async () => {
    const made = await rig();
    made.permit = () => {
      throw new EngineError('consent-needed', { origin: 'x' });
    };
    await assert.rejects(made.sender.send(texts(1), 'query', 'dense', never), (e) =>
      isEngineError(e, 'consent-needed'),
    );
    assert.equal(made.emulator.requests.length, 0);
  });

  it('are documents or a query, and dense, sparse or both', async () => {
    const made = await rig();
    const [row] = (await made.sender.send(['风急天高猿啸哀'], 'query', 'dense+sparse', never)).rows;
    assert.ok(row && !(row instanceof EngineError) && row.dense && row.sparse && row.sparse.indices.length > 0);
    const [only] = (await made.sender.send(['风急天高猿啸哀'], 'document', 'sparse', never)).rows;
    assert.ok(only && !(only instanceof EngineError) && !only.dense && only.sparse);
    const parameters = made.emulator.requests.map(({ body }) => (body as { parameters: unknown }).parameters);
    assert.deepEqual(parameters, [
      { text_type: 'query', dimension: DIMENSION, output_type: 'dense&sparse' },
      { text_type: 'document', dimension: DIMENSION, output_type: 'sparse' },
    ]);
  });
});

describe('the pace of a key', function () {
  this.timeout(30_000);

  it('keeps within limits that are checked by the second, and uses them', async () => {
    const emulator = await startDashScope({ latencyMs: 50 });
    const http = new HttpClient({ strictSsl: true });
    const limits = findDashScopeModel(MODEL)!;
    const sender = new RowSender({
      wire: nativeTextWire({
        http,
        baseUrl: emulator.url,
        key: emulator.key,
        model: MODEL,
        dimension: 64,
        textType: true,
      }),
      model: MODEL,
      limits,
      pacer: new Pacer(limits),
      concurrency: 16,
      permit: () => undefined,
      onAnswer: () => undefined,
      onLink: () => undefined,
    });
    const all = Array.from({ length: 900 }, (_, i) => `row ${i}`);
    const { rows } = await sender.send(all, 'document', 'dense', never);
    assert.ok(rows.every((row) => !(row instanceof EngineError)));
    assert.equal(emulator.requests.filter(({ status }) => status === 429).length, 0);
    assert.equal(emulator.requests.length, 90);
    await http.close();
    await emulator.close();
  });
});
