import assert from 'node:assert/strict';
import { RecentChanges } from '../../src/host/recentChanges.ts';

describe('recent changes of the index', () => {
  it('count a file once, however often it changed since', () => {
    const changes = new RecentChanges();
    changes.note(['a', 'b']);
    const mark = changes.list().at(-1) ?? 0;
    changes.note(['a']);
    changes.note(['a', 'c']);
    assert.equal(changes.list().filter((change) => change > mark).length, 2);
  });

  it('grow, and are at most a hundred', () => {
    const changes = new RecentChanges();
    changes.note(Array.from({ length: 5_000 }, (_, i) => `a${i}`));
    changes.note(['b']);
    const list = changes.list();
    assert.equal(list.length, 100);
    assert.deepEqual(
      [...list].sort((a, b) => a - b),
      list,
    );
  });
});
