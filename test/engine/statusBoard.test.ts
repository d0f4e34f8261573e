import { StatusBoard } from '../../src/engine/statusBoard.ts';
import type { Session } from '../../src/engine/session.ts';
import type { EngineStatus } from '../../src/protocol/engineApi.ts';
import { until } from '../support/workspace.ts';

describe('the status board', () => {
  it('tells in the end how many documents are indexed, also when the last of them came just after a count', async () => {
    const coverage: { path: string; state: 'indexed' }[] = [];
    const store = {
      space: {},
      documents: new Map(),
      table: { count: 0 },
      report: { setAside: [], lostDocuments: [] },
      bytes: () => Promise.resolve(0),
      coverage: () => coverage,
    };
    let last: EngineStatus | undefined;
    const board = new StatusBoard((status) => (last = status));
    board.attach({ store, embedder: { runtime: 'native' } } as unknown as Session);
    await until(() => last?.coverage.indexed === 0);
    coverage.push({ path: 'late.md', state: 'indexed' });
    board.phase('paused');
    await until(() => last?.phase === 'paused' && last.coverage.indexed === 1);
    board.close();
  });
});
