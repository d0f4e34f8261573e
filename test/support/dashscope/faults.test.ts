/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument -- answers are looked into freely */
import assert from 'node:assert/strict';
import { COMPATIBLE_PATH, NATIVE_PATH, TestClock, compatible, native, numbered, post } from './emulatorCalls.ts';
import { chaos, rowsLimit, transientFaults, type FaultKind } from './faults.ts';
import { startDashScope, type DashScopeEmulator } from './startDashScope.ts';

const v4 = 'text-embedding-v4';

describe('The DashScope emulator, faults', () => {
  let emulator: DashScopeEmulator;
  before(async () => {
    emulator = await startDashScope({ rateLimits: false });
  });
  after(() => emulator.close());
  afterEach(() => emulator.faults([]));

  const refused: [kind: FaultKind, status: number, native: string, compatible: string, message: RegExp][] = [
    ['rate', 429, 'Throttling.RateQuota', 'limit_requests', /^Requests rate limit exceeded, please try again later\.$/],
    ['burst-rate', 429, 'Throttling.BurstRate', 'limit_burst_rate', /rate limit exceeded/],
    ['token-rate', 429, 'Throttling.AllocationQuota', 'insufficient_quota', /^(Allocated quota exceeded|You exceeded your current quota)/],
    ['bill-overdue', 429, 'PrepaidBillOverdue', 'PrepaidBillOverdue', /overdue/],
    ['free-quota', 429, 'Throttling.AllocationQuota', 'Throttling.AllocationQuota', /^Free allocated quota exceeded\.$/],
    ['free-tier-only', 403, 'AllocationQuota.FreeTierOnly', 'AllocationQuota.FreeTierOnly', /free tier/],
    ['arrearage', 400, 'Arrearage', 'Arrearage', /^Access denied, please make sure your account is in good standing\.$/],
    ['internal', 500, 'InternalError', 'internal_error', /./],
    ['time-out', 500, 'RequestTimeOut', 'RequestTimeOut', /./],
    ['unavailable', 503, 'ModelUnavailable', 'ModelUnavailable', /./],
  ]; // prettier-ignore
  for (const [kind, status, nativeCode, compatibleCode, message] of refused) {
    it(`refuses by ${kind} on both paths, then answers`, async () => {
      emulator.faults([{ kind, times: 2 }]);
      const one = await native(emulator, v4, ['a']);
      assert.deepEqual([one.status, one.json.code], [status, nativeCode]);
      const other = await compatible(emulator, { model: v4, input: 'a' });
      assert.deepEqual([other.status, other.json.error.code], [status, compatibleCode]);
      assert.match(one.json.message, message);
      assert.match(other.json.error.message, message);
      assert.equal((await native(emulator, v4, ['a'])).status, 200);
    });
  }

  it('sends Retry-After where the script says so, and never by itself', async () => {
    emulator.faults([{ kind: 'rate', retryAfter: 2 }, { kind: 'unavailable-html', retryAfter: 'soon' }, 'rate']);
    const sent: (string | null)[] = [];
    for (let i = 0; i < 3; i++) sent.push((await native(emulator, v4, ['a'])).headers.get('retry-after'));
    assert.deepEqual(sent, ['2', 'soon', null]);
  });

  it('answers like a gateway: a page with 503, an empty 502, words with 200, half of the JSON', async () => {
    emulator.faults(['unavailable-html', 'bad-gateway', 'not-json', 'truncated']);
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await native(emulator, v4, ['a']));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 502, 200, 200],
    );
    assert.ok(answers.every(({ json }) => json === undefined));
    assert.match(answers[0]!.text, /^<html>/);
    assert.match(answers[3]!.text, /^\{"output"/);
  });

  it('hangs until the client gives up, and tears connections down before and in the middle of an answer', async () => {
    emulator.faults(['hang', 'reset', 'cut']);
    const url = `${emulator.url}${NATIVE_PATH}`;
    const body = { model: v4, input: { texts: ['a'] } };
    const before = emulator.requests.length;
    await assert.rejects(post(url, emulator.key, body, {}, AbortSignal.timeout(50)), { name: 'TimeoutError' });
    await assert.rejects(post(url, emulator.key, body));
    await assert.rejects(post(url, emulator.key, body));
    assert.deepEqual(
      emulator.requests.slice(before).map(({ status }) => status),
      [undefined, undefined, 200],
    );
  });

  it('spoils rows: one is missing, two have one index, a vector is short, holds null, NaN or zeros only', async () => {
    emulator.faults(['short', 'duplicate-index', 'wrong-length', 'null-component', 'zero-vector', 'nan']);
    interface Row {
      readonly text_index: number;
      readonly embedding: (number | null)[];
    }
    const rows = async (): Promise<Row[]> => (await native(emulator, v4, numbered(3))).json.output.embeddings as Row[];
    assert.equal((await rows()).length, 2);
    assert.deepEqual(
      (await rows()).map(({ text_index }) => text_index),
      [0, 0, 2],
    );
    assert.equal((await rows())[0]!.embedding.length, 512);
    assert.equal((await rows())[0]!.embedding[0], null);
    assert.ok((await rows())[0]!.embedding.every((component) => component === 0));
    const { text, json } = await native(emulator, v4, numbered(3));
    assert.match(text, /\[NaN,/);
    assert.equal(json, undefined);
    assert.equal((await rows()).length, 3);
  });

  it('hits only requests that would have succeeded, of the kind and looks that the script names', async () => {
    emulator.faults([
      { kind: 'internal', when: ({ path }) => path === COMPATIBLE_PATH },
      { kind: 'rate', on: 'poll' },
    ]);
    assert.equal((await native(emulator, v4, ['a'])).status, 200);
    assert.equal((await compatible(emulator, { model: v4, input: '' })).status, 400);
    assert.equal((await compatible(emulator, { model: v4, input: 'a' })).status, 500);
    assert.equal(emulator.faultsLeft(), 1);
  });

  it('lowers the rows that it accepts, in the literal words', async () => {
    emulator.faults([rowsLimit(6)]);
    assert.equal((await native(emulator, v4, numbered(6))).status, 200);
    const { json } = await native(emulator, v4, numbered(7));
    assert.match(json.message, /batch size is invalid, it should not be larger than 6\./);
  });

  it('spoils a seeded share of requests, the same on each run', async () => {
    const kinds = transientFaults.filter((kind) => kind !== 'hang');
    const run = async (seed: number): Promise<string[]> => {
      emulator.faults([chaos(seed, 0.5, kinds)]);
      const seen: string[] = [];
      for (let i = 0; i < 40; i++) {
        const outcome = await native(emulator, v4, ['a', 'b'], { dimension: 64 }).catch(() => undefined);
        const rows = outcome?.json?.output?.embeddings as { text_index: number }[] | undefined;
        seen.push(`${outcome?.status} ${outcome?.json?.code ?? ''} ${rows?.map((row) => row.text_index).join() ?? ''}`);
      }
      return seen;
    };
    const first = await run(7);
    assert.deepEqual(await run(7), first);
    assert.notDeepEqual(await run(8), first);
    const right = first.filter((outcome) => outcome === '200  0,1').length;
    assert.ok(right > 10 && right < 30, String(right));
    assert.ok(new Set(first).size > 5);
  });
});

describe('The DashScope emulator, rates', () => {
  it('takes 30 requests a second of a model and no more, until the second is over', async () => {
    const clock = new TestClock();
    const emulator = await startDashScope({ clock });
    const statuses = await Promise.all(numbered(31).map(async (row) => (await native(emulator, v4, [row])).status));
    assert.deepEqual(statuses.sort(), [...Array.from({ length: 30 }, () => 200), 429]);
    assert.equal((await native(emulator, 'text-embedding-v3', ['a'])).status, 200);
    clock.pass(999);
    assert.equal((await native(emulator, v4, ['a'])).json.code, 'Throttling.RateQuota');
    clock.pass(1);
    assert.equal((await native(emulator, v4, ['a'])).status, 200);
    await emulator.close();
  });

  it('takes 1.2 million tokens a minute, and of them a sixtieth in a second', async () => {
    const clock = new TestClock();
    const emulator = await startDashScope({ clock });
    const many = (): Promise<{ status: number; json: { code?: string } }> =>
      native(emulator, v4, Array.from({ length: 10 }, () => '汉'.repeat(8000)), { dimension: 64 }); // prettier-ignore
    assert.equal((await many()).status, 200);
    assert.equal((await many()).json.code, 'Throttling.AllocationQuota');
    for (let i = 1; i < 15; i++) {
      clock.pass(1000);
      assert.equal((await many()).status, 200);
    }
    clock.pass(1000);
    assert.equal((await many()).status, 429);
    clock.pass(45_000);
    assert.equal((await many()).status, 200);
    await emulator.close();
  });

  it('checks requests a minute each second too, and takes other limits or none', async () => {
    const clock = new TestClock();
    const rateLimits = { [v4]: { requestsPerMinute: 120 }, 'text-embedding-v3': {} };
    const emulator = await startDashScope({ clock, rateLimits });
    const codes: unknown[] = [];
    for (let i = 0; i < 3; i++) codes.push((await native(emulator, v4, ['a'])).json.code);
    assert.deepEqual(codes, [undefined, undefined, 'Throttling.BurstRate']);
    for (let i = 0; i < 40; i++) assert.equal((await native(emulator, 'text-embedding-v3', ['a'])).status, 200);
    await emulator.close();
  });
});
