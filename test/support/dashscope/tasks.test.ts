/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are looked into freely */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { NATIVE_PATH, TestClock, call, get, native, post, type Answered } from './emulatorCalls.ts';
import { startDashScope, type DashScopeEmulator, type DashScopeOptions } from './startDashScope.ts';
import type { ResultShape } from './taskFiles.ts';

const MODEL = 'text-embedding-async-v2';
const RESOLVE = { 'X-DashScope-OssResourceResolve': 'enable' };
const ASYNC = { 'X-DashScope-Async': 'enable' };

/** An emulator whose async rate is no hindrance, for as long as the work takes. */
async function using(options: DashScopeOptions, work: (emulator: DashScopeEmulator) => Promise<void>): Promise<void> {
  const emulator = await startDashScope({ rateLimits: false, ...options });
  try {
    await work(emulator);
  } finally {
    await emulator.close();
  }
}

const policyOf = async (emulator: DashScopeEmulator): Promise<Record<string, string>> =>
  (await get(emulator, `/api/v1/uploads?action=getPolicy&model=${MODEL}`)).json.data as Record<string, string>;

/** The form as the service's own SDK fills it, with what a test wants otherwise. */
async function upload(
  emulator: DashScopeEmulator,
  text: string,
  changes: Record<string, string> = {},
): Promise<Answered & { url: string }> {
  const policy = await policyOf(emulator);
  const fields: Record<string, string> = {
    OSSAccessKeyId: policy['oss_access_key_id']!,
    Signature: policy['signature']!,
    policy: policy['policy']!,
    key: `${policy['upload_dir']!}/rows.txt`,
    'x-oss-object-acl': policy['x_oss_object_acl']!,
    'x-oss-forbid-overwrite': policy['x_oss_forbid_overwrite']!,
    success_action_status: '200',
    ...changes,
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([text]), 'rows.txt');
  const answer = await call(policy['upload_host']!, { method: 'POST', body: form });
  return { ...answer, url: `oss://${fields['key']!}` };
}

const submit = (
  emulator: DashScopeEmulator,
  url: unknown,
  headers: Record<string, string> = RESOLVE,
): Promise<Answered> =>
  post(`${emulator.url}${NATIVE_PATH}`, emulator.key, { model: MODEL, input: { url } }, { ...ASYNC, ...headers });

const submitted = async (emulator: DashScopeEmulator, text: string): Promise<string> =>
  (await submit(emulator, (await upload(emulator, text)).url)).json.output.task_id as string;

const poll = async (emulator: DashScopeEmulator, id: string): Promise<Record<string, string>> =>
  (await get(emulator, `/api/v1/tasks/${id}`)).json.output as Record<string, string>;

async function resultBytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

describe('The DashScope emulator, async tasks', () => {
  it('takes a file by the form, runs it and gives a zipped result of one line a row', () =>
    using({}, async (emulator) => {
      const id = await submitted(emulator, '第一行\nsecond row\r\n');
      const statuses = [];
      for (let i = 0; i < 2; i++) statuses.push((await poll(emulator, id))['task_status']);
      const done = await get(emulator, `/api/v1/tasks/${id}`);
      assert.deepEqual([...statuses, done.json.output.task_status], ['PENDING', 'RUNNING', 'SUCCEEDED']);
      assert.match(done.json.output.submit_time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
      assert.equal(done.json.usage.total_tokens, 6);
      const bytes = await resultBytes(done.json.output.url);
      assert.equal(bytes.readUInt16BE(0), 0x1f8b);
      const lines = gunzipSync(bytes)
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { text_index: number; output: { embedding: number[] } });
      assert.deepEqual(lines.map((line) => [line.text_index, line.output.embedding.length]), [[0, 1536], [1, 1536]]); // prettier-ignore
    }));

  const shapes: [shape: ResultShape, line: RegExp][] = [
    ['output', /^\{"output":\{"embedding":\[/],
    ['flat', /^\{"embedding":\[/],
    ['list', /^\{"embeddings":\[\{"embedding":\[/],
  ];
  for (const [shape, line] of shapes) {
    it(`writes the result in the shape ${shape}, unzipped where told`, () =>
      using({ result: { shape, gzip: false } }, async (emulator) => {
        const id = await submitted(emulator, 'a');
        await poll(emulator, id);
        await poll(emulator, id);
        const { url } = await poll(emulator, id);
        assert.match((await resultBytes(url!)).toString('utf8'), line);
      }));
  }

  it('writes lines that carry an index out of order', () =>
    using({ shuffle: 3, result: { gzip: false } }, async (emulator) => {
      const id = await submitted(emulator, Array.from({ length: 210 }, (_, i) => `row ${i}`).join('\n'));
      await poll(emulator, id);
      await poll(emulator, id);
      const { url } = await poll(emulator, id);
      const text = (await resultBytes(url!)).toString('utf8').trimEnd();
      const indexes = text.split('\n').map((line) => JSON.parse(line).text_index as number);
      assert.notEqual(indexes[0], 0);
      assert.deepEqual(
        [...indexes].sort((a, b) => a - b),
        indexes.map((_, i) => i),
      );
    }));

  it('fetches a file of this machine by its address, and no other', async () => {
    const server = http.createServer((request, response) => {
      if (!request.url?.startsWith('/rows.txt')) response.statusCode = 404;
      response.end('one\ntwo\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const work = using({ tasks: { unit: 'polls', pending: 0, running: 0 } }, async (emulator) => {
      const outcomes: [file: string, status: string, code: string | undefined][] = [
        [`${origin}/rows.txt`, 'SUCCEEDED', undefined],
        [`${origin}/none.txt`, 'FAILED', 'BadRequest.InputDownloadFailed'],
        ['https://example.com/rows.txt', 'FAILED', 'BadRequest.InputDownloadFailed'],
        [`${origin}/rows.txt?x=.csv`, 'SUCCEEDED', undefined],
      ];
      for (const [file, status, code] of outcomes) {
        const { json } = await submit(emulator, file, {});
        const output = await poll(emulator, json.output.task_id);
        assert.deepEqual([output['task_status'], output['code']], [status, code], file);
      }
    });
    await work.finally(() => server.close().closeAllConnections());
  });

  it('fails a task by its file, and says so with HTTP 200', () =>
    using({ tasks: { unit: 'polls', pending: 0, running: 0 }, limits: { taskLines: 3 } }, async (emulator) => {
      const failures: [text: string, code: string][] = [
        ['', 'InvalidFile.Content'],
        ['1\n2\n3\n4', 'InvalidFile.Size'],
        ['1\n\n3', 'InvalidParameter'],
        [`1\n${'字'.repeat(2049)}`, 'InvalidParameter'],
      ];
      for (const [text, code] of failures) {
        const { status, json } = await get(emulator, `/api/v1/tasks/${await submitted(emulator, text)}`);
        assert.deepEqual(
          [status, json.output.task_status, json.output.code, json.output.url],
          [200, 'FAILED', code, 'null'],
        );
      }
      const policy = await policyOf(emulator);
      const other = await upload(emulator, 'a', { ...policyFields(policy), key: `${policy['upload_dir']!}/rows.csv` });
      const output = await poll(emulator, (await submit(emulator, other.url)).json.output.task_id);
      assert.deepEqual([output['code'], output['message']], ['InvalidFile.TypeNotTxt', 'File type should be txt']);
    }));

  it('submits only with the right headers and a file that it can reach', () =>
    using({}, async (emulator) => {
      const { url } = await upload(emulator, 'a');
      const unresolved = await submit(emulator, url, {});
      assert.deepEqual([unresolved.status, unresolved.json.code], [400, 'InvalidURL']);
      assert.equal((await submit(emulator, 'rows.txt')).json.code, 'InvalidURL');
      assert.equal((await submit(emulator, undefined)).json.code, 'BadRequest.EmptyInput');
      const sync = { model: 'text-embedding-v4', input: { texts: ['a'] } };
      const { status, json } = await post(`${emulator.url}${NATIVE_PATH}`, emulator.key, sync, ASYNC);
      assert.deepEqual([status, json.message], [403, 'current user api does not support asynchronous calls.']);
      assert.equal((await native(emulator, MODEL, ['a'])).status, 403);
    }));

  it('checks every part of the upload form, and refuses the key there', () =>
    using({ limits: { fileBytes: 1000 } }, async (emulator) => {
      const refused: [changes: Record<string, string>, status: number, code: string][] = [
        [{ OSSAccessKeyId: 'other' }, 403, 'InvalidAccessKeyId'],
        [{ Signature: 'other' }, 403, 'SignatureDoesNotMatch'],
        [{ policy: 'other' }, 403, 'SignatureDoesNotMatch'],
        [{ key: 'elsewhere/rows.txt' }, 403, 'AccessDenied'],
      ];
      for (const [changes, status, code] of refused) {
        const answer = await upload(emulator, 'a', changes);
        assert.equal(answer.status, status);
        assert.match(answer.text, new RegExp(`<Code>${code}</Code>`));
      }
      assert.match((await upload(emulator, 'a'.repeat(1001))).text, /EntityTooLarge/);
      assert.equal((await upload(emulator, 'a'.repeat(1000))).status, 200);
      const { upload_host: host } = await policyOf(emulator);
      assert.equal((await post(host!, emulator.key, {})).status, 400);
      const unknown = await get(emulator, '/api/v1/uploads?action=getPolicy&model=nope');
      assert.equal(unknown.status, 404);
    }));

  it('cancels what waits, and nothing else', () =>
    using({}, async (emulator) => {
      const cancel = (id: string): Promise<Answered> =>
        post(`${emulator.url}/api/v1/tasks/${id}/cancel`, emulator.key, {});
      const id = await submitted(emulator, 'a');
      assert.equal((await cancel(id)).status, 200);
      assert.equal((await poll(emulator, id))['task_status'], 'CANCELED');
      const other = await submitted(emulator, 'a');
      await poll(emulator, other);
      await poll(emulator, other);
      for (const late of [id, other, 'no-task']) {
        assert.deepEqual([(await cancel(late)).status, (await cancel(late)).json.code], [400, 'UnsupportedOperation']);
      }
    }));

  it('runs three at a time by the clock, and lists them', async () => {
    const clock = new TestClock();
    await using({ clock, tasks: { unit: 'ms', pending: 1000, running: 10_000 } }, async (emulator) => {
      const ids = [];
      for (let i = 0; i < 4; i++) ids.push(await submitted(emulator, 'a'));
      const statuses = async (): Promise<unknown[]> =>
        (await get(emulator, '/api/v1/tasks')).json.data.map((task: { status: string }) => task.status) as unknown[];
      assert.deepEqual(await statuses(), ['PENDING', 'PENDING', 'PENDING', 'PENDING']);
      clock.pass(1000);
      assert.deepEqual(await statuses(), ['RUNNING', 'RUNNING', 'RUNNING', 'PENDING']);
      clock.pass(10_000);
      assert.deepEqual(await statuses(), ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'RUNNING']);
      clock.pass(10_000);
      const page = (await get(emulator, '/api/v1/tasks?page_no=2&page_size=3&status=SUCCEEDED')).json;
      assert.deepEqual([page.total, page.total_page, page.page_no, page.page_size], [4, 2, 2, 3]);
      assert.deepEqual(
        page.data.map((task: { task_id: string }) => task.task_id),
        ids.slice(3),
      );
    });
  });

  it('forgets a task after 24 hours, and its result with it', async () => {
    const clock = new TestClock();
    await using({ clock, tasks: { unit: 'ms', pending: 0, running: 0 } }, async (emulator) => {
      const id = await submitted(emulator, 'a');
      const { url } = await poll(emulator, id);
      clock.pass(24 * 3_600_000);
      for (const gone of [id, 'no-task']) {
        const { status, json } = await get(emulator, `/api/v1/tasks/${gone}`);
        assert.deepEqual([status, json.output.task_status], [200, 'UNKNOWN']);
      }
      assert.equal((await call(url!)).status, 403);
    });
  });

  it('takes one submission a second and 50 at a time', async () => {
    const clock = new TestClock();
    await using({ clock, rateLimits: true, tasks: { unit: 'ms', pending: 1e6, running: 0 } }, async (emulator) => {
      const { url } = await upload(emulator, 'a');
      assert.equal((await submit(emulator, url)).status, 200);
      assert.equal((await submit(emulator, url)).json.code, 'Throttling.RateQuota');
      for (let i = 1; i < 50; i++) {
        clock.pass(1000);
        assert.equal((await submit(emulator, url)).status, 200);
      }
      clock.pass(1000);
      assert.equal((await submit(emulator, url)).status, 429);
    });
  });

  it('spoils each step of a task where the script says so', () =>
    using({ tasks: { unit: 'polls', pending: 0, running: 0 } }, async (emulator) => {
      emulator.faults([
        { kind: 'internal', on: 'policy' },
        { kind: 'unavailable-html', on: 'upload' },
        { kind: 'internal', on: 'submit' },
        { kind: 'unavailable-html', on: 'poll' },
        { kind: 'short', on: 'result' },
        { kind: 'truncated', on: 'result' },
      ]);
      assert.equal((await get(emulator, `/api/v1/uploads?action=getPolicy&model=${MODEL}`)).status, 500);
      assert.equal((await upload(emulator, 'a\nb')).status, 503);
      const { url } = await upload(emulator, 'a\nb');
      assert.equal((await submit(emulator, url)).status, 500);
      const id = (await submit(emulator, url)).json.output.task_id as string;
      assert.equal((await get(emulator, `/api/v1/tasks/${id}`)).status, 503);
      const result = (await poll(emulator, id))['url']!;
      assert.equal(
        gunzipSync(await resultBytes(result))
          .toString('utf8')
          .trimEnd()
          .split('\n').length,
        1,
      );
      const half = await resultBytes(result);
      assert.throws(() => gunzipSync(half));
      assert.equal(
        gunzipSync(await resultBytes(result))
          .toString('utf8')
          .trimEnd()
          .split('\n').length,
        2,
      );
      const withKey = await call(result, { headers: { authorization: `Bearer ${emulator.key}` } });
      assert.equal(withKey.status, 400);
    }));
});

function policyFields(policy: Record<string, string>): Record<string, string> {
  return { policy: policy['policy']!, Signature: policy['signature']! };
}
