import assert from 'node:assert/strict';
import { CrashHistory } from '../../src/host/crashHistory.ts';

describe('the engine after a crash', () => {
  it('is given up after three fruitless crashes within a minute, with growing delays before', () => {
    const history = new CrashHistory();
    const delays = [0, 1_000, 2_000].map((now) => history.record(now, false));
    assert.ok(delays[0] !== undefined && delays[1] !== undefined && delays[1] > delays[0]);
    assert.equal(delays[2], undefined);
  });

  it('comes back ten times when it had worked and was killed', () => {
    const history = new CrashHistory();
    for (let i = 0; i < 10; i++) assert.notEqual(history.record(i * 1_000, true), undefined);
  });

  it('is given up in the end when it crashes again and again after a little work', () => {
    const history = new CrashHistory();
    const answers = Array.from({ length: 40 }, (_, i) => history.record(i * 1_000, true));
    assert.equal(answers.at(-1), undefined);
  });

  it('is given up when it fell silent three times within ten minutes, whatever it had done before', () => {
    const history = new CrashHistory();
    const answers = [0, 40_000, 80_000].map((now) => history.record(now, true, true));
    assert.deepEqual(answers.map((delay) => delay === undefined), [false, false, true]); // prettier-ignore
    assert.notEqual(new CrashHistory().record(0, true, true), undefined);
  });

  it('forgets crashes of long ago, and all when the user restarts it', () => {
    const history = new CrashHistory();
    history.record(0, false);
    history.record(1_000, false);
    assert.notEqual(history.record(120_000, false), undefined);
    history.record(121_000, false);
    history.forget();
    assert.notEqual(history.record(122_000, false), undefined);
  });
});
