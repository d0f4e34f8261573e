import assert from 'node:assert/strict';
import { StatusBoard } from '../../src/engine/statusBoard.ts';
import type { Session } from '../../src/engine/session.ts';
import type { EngineStatus } from '../../src/protocol/engineApi.ts';
import { until } from '../support/workspace.ts';

describe('the status board', () => {
  it('tells in the end how many documents are indexed, also when the last of them came just after a count', async () => {
    let indexed = 0;
    const store = {
      space: {},
      documents: new Map(),
      table: { count: 0 },
      report: { setAside: [], lostDocuments: [] },
      bytes: () => Promise.resolve(0),
      counts: () => ({ indexed, excluded: 0, skipped: 3 - indexed, failed: 0 }),
      leftOut: () =>
        Array.from({ length: 3 - indexed }, (_, i) => ({
          path: `${i}`,
          reason: i === 0 ? 'empty' : 'not-indexed-yet',
        })),
    };
    let last: EngineStatus | undefined;
    const board = new StatusBoard((status) => (last = status));
    board.attach({ store, analyst: {}, embedder: { runtime: 'native' } } as unknown as Session);
    await until(() => last?.coverage.indexed === 0 && last.waiting === 2);
    indexed = 1;
    board.phase('paused');
    await until(() => last?.phase === 'paused' && last.coverage.indexed === 1 && last.waiting === 1);
    board.close();
  });

  it('tells the end of a run before anybody can learn it elsewhere, and says nothing of one that is over at once', async () => {
    const told: string[] = [];
    const board = new StatusBoard(({ phase }) => told.push(phase));
    board.phase('scanning');
    board.finish();
    await until(() => told.length > 0);
    assert.deepEqual(told, ['idle']);
    board.phase('scanning');
    await until(() => told.length === 2);
    board.phase('embedding');
    board.phase('stopping');
    board.finish();
    assert.deepEqual(told, ['idle', 'scanning', 'embedding', 'stopping', 'idle']);
    board.close();
  });
});
