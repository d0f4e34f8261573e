import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobRecord } from '../../../../../src/engine/embed/dashscope/jobs/jobRecord.ts';
import { isEngineError } from '../../../../../src/engine/errors.ts';
import { jobRows } from '../../../../../src/engine/jobResults.ts';
import { numbered, withDesk, type Desk } from './jobBoards.ts';

const TEXTS = numbered(20);

/** A finished job's folder as a process leaves it that is killed when it has written this state. */
async function leave(desk: Desk, state: JobRecord['state'], without: readonly (keyof JobRecord)[]): Promise<string> {
  const { board } = await desk.open();
  const [job] = await board.submit({ texts: TEXTS });
  await board.wait([job!.id]);
  await board.close();
  const folder = path.join(desk.storageFolder, 'jobs', job!.id);
  const file = path.join(folder, 'job.json');
  const record = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  const kept = Object.entries(record).filter(([key]) => !(without as readonly string[]).includes(key));
  fs.writeFileSync(file, JSON.stringify({ ...Object.fromEntries(kept), state }));
  if (state !== 'fetched') fs.rmSync(path.join(folder, 'vectors.f32'));
  fs.writeFileSync(path.join(folder, 'vectors.f32.tmp'), 'half a file');
  // Of a process that this machine knows to be gone.
  fs.writeFileSync(path.join(folder, 'writer.lock'), JSON.stringify({ pid: 2 ** 30, host: os.hostname(), token: 'x' }));
  return job!.id;
}

const fetched = ['usedTokens', 'doneAtMs'] as const;
const answered = [...fetched, 'taskId', 'submittedAtMs'] as const;

describe('A batch job whose process was killed', () => {
  const moments: [state: JobRecord['state'], without: readonly (keyof JobRecord)[], submissions: number][] = [
    ['fetched', [], 1],
    ['running', fetched, 1],
    ['submitted', fetched, 1],
    ['submitting', answered, 1],
    // Here the kill came before the submission: the one that the test made is another's.
    ['uploaded', answered, 2],
    ['prepared', [...answered, 'ossUrl'], 2],
  ];
  for (const [state, without, submissions] of moments) {
    it(`when it was ${state}, ends with each row once`, () =>
      withDesk({}, async (desk) => {
        const id = await leave(desk, state, without);
        const { board } = await desk.open();
        await board.resumeAll();
        await board.wait([id]);
        const rows = await jobRows(desk.storageFolder, id, 0, 100);
        assert.deepEqual(rows.map(({ index }) => index), TEXTS.map((_, i) => i)); // prettier-ignore
        assert.ok(rows.every(({ vector }) => vector?.length === 1536));
        assert.equal(desk.submissions(), submissions);
      }));
  }

  it('while it submitted takes no task of other rows for its own', () =>
    withDesk({ tasks: { unit: 'ms', pending: 0, running: 0 } }, async (desk) => {
      const other = (await desk.open()).board;
      const [foreign] = await other.submit({ texts: numbered(300, 'another tool sends many more rows') });
      await other.wait([foreign!.id]);
      await other.close();
      fs.rmSync(path.join(desk.storageFolder, 'jobs'), { recursive: true });
      desk.emulator.faults([{ kind: 'reset', on: 'submit' }]);
      const { board } = await desk.open();
      const [job] = await board.submit({ texts: TEXTS });
      await assert.rejects(board.wait([job!.id]), (error) => isEngineError(error, 'job-failed'));
      await board.resume(job!.id);
      await board.wait([job!.id]);
      assert.equal((await jobRows(desk.storageFolder, job!.id, 0, 100)).length, TEXTS.length);
    }));
});
