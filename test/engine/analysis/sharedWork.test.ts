import assert from 'node:assert/strict';
import { SharedWork } from '../../../src/engine/analysis/sharedWork.ts';
import { isCancelled } from '../../../src/engine/errors.ts';

describe('work that several wait for', () => {
  const pending = (): { work: SharedWork<string>; signals: AbortSignal[]; finish: (value: string) => void } => {
    const signals: AbortSignal[] = [];
    let finish: (value: string) => void = () => undefined;
    const work = new SharedWork<string>((signal) => {
      signals.push(signal);
      return new Promise((resolve) => (finish = resolve));
    });
    return { work, signals, finish: (value) => finish(value) };
  };

  it('is done once, and goes on while one of them still waits', async () => {
    const { work, signals, finish } = pending();
    const giveUp = new AbortController();
    const one = work.join(giveUp.signal);
    const other = work.join();
    giveUp.abort();
    await assert.rejects(one, isCancelled);
    assert.deepEqual([signals.length, signals[0]?.aborted, work.isGivenUp], [1, false, false]);
    finish('done');
    assert.equal(await other, 'done');
    assert.equal(await work.join(), 'done');
    assert.equal(work.isGivenUp, false);
  });

  it('ends when the last of them gives up, and says so to whoever comes then', async () => {
    const { work, signals } = pending();
    const giveUp = new AbortController();
    const one = work.join(giveUp.signal);
    giveUp.abort();
    await assert.rejects(one, isCancelled);
    assert.deepEqual([signals[0]?.aborted, work.isGivenUp], [true, true]);
  });
});
