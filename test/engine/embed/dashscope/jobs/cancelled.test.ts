import assert from 'node:assert/strict';
import { until } from '../../../../support/workspace.ts';
import { jobRows } from '../../../../../src/engine/jobResults.ts';
import { numbered, withDesk, type Desk } from './jobBoards.ts';
import type { JobBoard } from '../../../../../src/engine/jobBoard.ts';

/** A day: nothing of the emulator's own moves while a test looks. */
const LONG = 12 * 3_600_000;

async function atService(board: JobBoard, state: string): Promise<string> {
  const [job] = await board.submit({ texts: numbered(3) });
  await until(async () => (await board.list())[0]?.state === state);
  return job!.id;
}

const cancels = ({ emulator }: Desk): number => emulator.requests.filter(({ path }) => path.endsWith('/cancel')).length;

describe('A batch job that the user cancels', () => {
  it('is cancelled at the service while it waits there', () =>
    withDesk({ tasks: { unit: 'ms', pending: LONG, running: 0 } }, async (desk) => {
      const { board } = await desk.open();
      const id = await atService(board, 'submitted');
      const job = await board.cancel(id);
      assert.deepEqual([job.state, job.reason, cancels(desk)], ['cancelled', undefined, 1]);
    }));

  it('says that a running task goes on, is not fetched, and can be gone on with without a second submission', () =>
    withDesk({ tasks: { unit: 'ms', pending: 0, running: LONG } }, async (desk) => {
      const { board } = await desk.open();
      const id = await atService(board, 'running');
      const job = await board.cancel(id);
      assert.deepEqual([job.state, job.reason, job.isSent], ['cancelled', 'still-running', true]);
      desk.clock.pass(LONG);
      await board.resume(id);
      const [done] = await board.wait([id]);
      assert.deepEqual([done?.state, desk.submissions()], ['done', 1]);
    }));

  it('is ended by another process too: the one that works on it is asked to', () =>
    withDesk({ tasks: { unit: 'ms', pending: LONG, running: 0 } }, async (desk) => {
      const { board } = await desk.open();
      const id = await atService(board, 'submitted');
      const other = await desk.open();
      assert.equal((await other.board.cancel(id)).state, 'cancelled');
      await assert.rejects(board.wait([id]));
      assert.equal(cancels(desk), 1);
    }));
});

describe('A batch job whose process ended', () => {
  it('goes on in the next one with the task it has', () =>
    withDesk({ tasks: { unit: 'ms', pending: 0, running: LONG } }, async (desk) => {
      const first = await desk.open();
      const id = await atService(first.board, 'running');
      await first.board.close();
      desk.clock.pass(LONG);
      const { board } = await desk.open();
      await board.resumeAll();
      assert.equal(board.active?.jobs, 1);
      await board.wait([id]);
      assert.equal(desk.submissions(), 1);
      assert.equal((await jobRows(desk.storageFolder, id, 0, 10)).length, 3);
    }));

  it('between the submission and its answer finds its task in the list', () =>
    withDesk({ tasks: { unit: 'polls', pending: 1, running: 1 } }, async (desk) => {
      // The service takes the submission, and the answer is lost on its way.
      desk.emulator.faults([{ kind: 'cut', on: 'submit' }]);
      const { board } = await desk.open();
      const [job] = await board.submit({ texts: numbered(3) });
      await board.wait([job!.id]);
      assert.equal(desk.submissions(), 1);
      assert.equal((await jobRows(desk.storageFolder, job!.id, 0, 10)).length, 3);
    }));

  it('before the submission arrived submits it again', () =>
    withDesk({}, async (desk) => {
      desk.emulator.faults([{ kind: 'reset', on: 'submit' }]);
      const { board } = await desk.open();
      const [job] = await board.submit({ texts: numbered(3) });
      await board.wait([job!.id]);
      assert.equal(desk.submissions(), 1);
    }));
});
