import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isEngineError } from '../../../../../src/engine/errors.ts';
import type { JobBoard } from '../../../../../src/engine/jobBoard.ts';
import type { JobInfo, JobRows } from '../../../../../src/protocol/engineApi.ts';
import { emulatedModels } from '../../../../support/dashscope/models.ts';
import { textVector } from '../../../../support/dashscope/textRequests.ts';
import { jobRows } from '../../../../../src/engine/jobResults.ts';
import { MODEL, numbered, withDesk, type Desk } from './jobBoards.ts';

const model = emulatedModels.find(({ name }) => name === MODEL)!;

/** The vector that the emulator gives a text, of unit length. */
function expected(text: string): number[] {
  const vector = textVector({ model, dimension: 1536, textType: 'document', instruct: undefined }, text);
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}

function assertRow(row: JobRows[number] | undefined, index: number, text: string): void {
  assert.equal(row?.index, index);
  const right = expected(text);
  const cosine = (row.vector ?? new Float32Array()).reduce((sum, x, i) => sum + x * right[i]!, 0);
  assert.ok(Math.abs(cosine - 1) < 1e-5, `row ${index}: cosine ${cosine}`);
}

async function submit(board: JobBoard, texts: readonly string[]): Promise<JobInfo> {
  const [job] = await board.submit({ texts });
  assert.ok(job);
  return job;
}

async function assertRows(desk: Desk, id: string, texts: readonly string[]): Promise<void> {
  const rows = await jobRows(desk.storageFolder, id, 0, texts.length + 10);
  assert.equal(rows.length, texts.length);
  texts.forEach((text, i) => assertRow(rows[i], i, text));
}

const paths = ({ emulator }: Desk, part: string): number =>
  emulator.requests.filter(({ path }) => path.includes(part)).length;

describe('Batch jobs', () => {
  it('upload the rows, submit them once, and give every row its vector of unit length', () =>
    withDesk({ shuffle: 7 }, async (desk) => {
      const { board, remote } = await desk.open();
      const texts = numbered(450);
      const job = await submit(board, texts);
      const [done] = await board.wait([job.id]);
      assert.deepEqual([done?.state, done?.rows, done?.model], ['done', 450, MODEL]);
      await assertRows(desk, job.id, texts);
      assert.deepEqual([desk.submissions(), paths(desk, '/oss')], [1, 1]);
      const [row] = await remote.options.ledger.rows();
      assert.equal(row?.tokens, done?.usedTokens);
      assert.ok(Math.abs((row?.amount ?? 0) - (0.0007 * (done?.usedTokens ?? 0)) / 1000) < 1e-9);
    }));

  for (const shape of ['indexed', 'output', 'flat', 'list'] as const) {
    for (const gzip of [true, false]) {
      it(`read results of shape ${shape}${gzip ? ', zipped' : ''}`, () =>
        withDesk({ result: { shape, gzip } }, async (desk) => {
          const { board } = await desk.open();
          const job = await submit(board, numbered(5));
          await board.wait([job.id]);
          await assertRows(desk, job.id, numbered(5));
        }));
    }
  }

  it('embed blank rows never, equal rows once, line breaks as spaces, and long rows in parts', () =>
    withDesk({}, async (desk) => {
      const { board } = await desk.open();
      const long = 'many words of one long row '.repeat(400);
      const texts = ['a\r\nb\u2028c', '', 'same', '  ', 'same', long];
      const job = await submit(board, texts);
      await board.wait([job.id]);
      const rows = await jobRows(desk.storageFolder, job.id, 0, 100);
      assertRow(rows[0], 0, 'a b c');
      assert.deepEqual([rows[1]?.refused?.code, rows[3]?.refused?.code], ['no-text', 'no-text']);
      assert.deepEqual(rows[2]?.vector, rows[4]?.vector);
      assert.ok((rows[5]?.parts ?? 0) > 1);
      assert.ok(Math.abs(Math.hypot(...(rows[5]?.vector ?? [])) - 1) < 1e-5);
    }));

  it('give the service a URL of the user as it is', async () => {
    const server = http.createServer((_, response) => response.end('one\ntwo\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows.txt`;
    try {
      await withDesk({}, async (desk) => {
        const { board } = await desk.open();
        const [job] = await board.submit({ url });
        const [done] = await board.wait([job!.id]);
        assert.equal(done?.rows, 2);
        await assertRows(desk, job!.id, ['one', 'two']);
        assert.equal(paths(desk, '/uploads'), 0);
      });
    } finally {
      server.close();
    }
  });

  it('send nothing without consent, without a key, or beyond the budget', () =>
    withDesk({}, async ({ open, emulator }) => {
      const cases = [
        [{ consent: false }, 'consent-needed'],
        [{ key: '' }, 'key-missing'],
        [{ budget: 0.00001 }, 'budget-reached'],
      ] as const;
      for (const [changes, code] of cases) {
        const { board } = await open(changes);
        await assert.rejects(submit(board, numbered(100)), (error) => isEngineError(error, code));
      }
      assert.equal(emulator.requests.length, 0);
    }));

  it('go on with the same job when the same rows come again, and cost nothing once it is done', () =>
    withDesk({}, async (desk) => {
      const { board } = await desk.open();
      const first = await submit(board, numbered(3));
      const again = await submit(board, numbered(3));
      assert.equal(first.id, again.id);
      await board.wait([first.id]);
      const before = desk.emulator.requests.length;
      assert.equal((await submit(board, numbered(3))).state, 'done');
      assert.equal((await board.estimate({ texts: numbered(3) })).rows, 0);
      assert.deepEqual([desk.submissions(), desk.emulator.requests.length], [1, before]);
    }));

  it('submit one a second and no more than 50 at a time', () =>
    withDesk({ tasks: { unit: 'ms', pending: 500, running: 20_000 } }, async (desk) => {
      const { board } = await desk.open();
      const jobs = await Promise.all(Array.from({ length: 60 }, (_, i) => submit(board, [`job ${i}`])));
      await board.wait(jobs.map(({ id }) => id));
      assert.equal(desk.submissions(), 60);
      const refused = desk.emulator.requests.filter(({ status }) => status === 429).length;
      assert.ok(refused <= 3, `${refused} refusals by rate`);
    })).timeout(60_000);

  it('survive 503 and lost connections while they poll, and a failing upload and submission', () =>
    withDesk({}, async (desk) => {
      desk.emulator.faults([
        { kind: 'internal', on: 'policy' },
        { kind: 'unavailable-html', on: 'upload' },
        { kind: 'rate', on: 'submit' },
        { kind: 'unavailable-html', on: 'poll', times: 12 },
        { kind: 'reset', on: 'poll', times: 3 },
        { kind: 'not-json', on: 'poll' },
      ]);
      const { board } = await desk.open();
      const job = await submit(board, numbered(4));
      await board.wait([job.id]);
      await assertRows(desk, job.id, numbered(4));
      assert.deepEqual([desk.submissions(), desk.emulator.faultsLeft()], [1, 0]);
    }));

  for (const kind of [
    'truncated',
    'cut',
    'short',
    'duplicate-index',
    'wrong-length',
    'null-component',
    'zero-vector',
    'nan',
  ] as const) {
    it(`fetch a result again that is ${kind}`, () =>
      withDesk({}, async (desk) => {
        desk.emulator.faults([{ kind, on: 'result', times: 2 }]);
        const { board } = await desk.open();
        const job = await submit(board, numbered(30));
        await board.wait([job.id]);
        await assertRows(desk, job.id, numbered(30));
        assert.deepEqual([desk.submissions(), paths(desk, '/results/')], [1, 3]);
      }));
  }

  it('say why a task failed', () =>
    withDesk({ limits: { taskLines: 2 } }, async (desk) => {
      const { board } = await desk.open();
      const job = await submit(board, numbered(3));
      await assert.rejects(board.wait([job.id]), (error) => isEngineError(error, 'job-failed') && error.details['reason'] === 'InvalidFile.Size'); // prettier-ignore
      assert.equal((await board.list())[0]?.state, 'failed');
    }));

  it('that the service forgot are expired, and begin again when told to, with only those rows', () =>
    withDesk({ tasks: { unit: 'ms', pending: 1000, running: 1000 } }, async (desk) => {
      const first = (await desk.open()).board;
      const kept = await submit(first, ['kept']);
      await first.wait([kept.id]);
      const lost = await submit(first, ['lost']);
      while ((await first.list())[1]?.taskId === undefined) await new Promise((resolve) => setImmediate(resolve));
      await first.close();
      desk.clock.pass(25 * 3_600_000);
      const { board } = await desk.open();
      await board.resumeAll();
      await assert.rejects(board.wait([lost.id]), (error) => isEngineError(error, 'job-expired'));
      assert.deepEqual((await board.list()).map(({ state }) => state), ['done', 'expired']); // prettier-ignore
      assert.equal(desk.submissions(), 2);
      await board.resume(lost.id);
      await board.wait([kept.id, lost.id]);
      await assertRows(desk, lost.id, ['lost']);
      assert.equal(desk.submissions(), 3);
    }));
});
