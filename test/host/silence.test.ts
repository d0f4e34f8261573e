import assert from 'node:assert/strict';
import { watchForSilence } from '../../src/host/silence.ts';
import { until } from './support/until.ts';

describe('the watch for silence', () => {
  let asked = 0;
  let silent = 0;
  let endWatch: () => void = () => undefined;

  function watch(isAwaited: () => boolean, answer: () => Promise<unknown>): void {
    asked = silent = 0;
    const ask = (): Promise<unknown> => {
      asked++;
      return answer();
    };
    endWatch = watchForSilence({ isAwaited, ask, afterMs: 30, onSilent: () => silent++ });
  }

  afterEach(() => endWatch());

  for (const [how, answer] of [
    ['answers', () => Promise.resolve()],
    ['says no', () => Promise.reject(new Error('no'))],
  ] as const) {
    it(`goes on asking who ${how}`, async () => {
      watch(() => true, answer);
      await until(() => asked >= 100);
      assert.equal(silent, 0);
    });
  }

  it('tells once of who does not answer, after one question', async () => {
    watch(
      () => true,
      () => new Promise(() => undefined),
    );
    await until(() => silent > 0);
    assert.deepEqual({ asked, silent }, { asked: 1, silent: 1 });
  });

  it('asks nothing while nobody waits, and again when somebody does', async () => {
    let looks = 0;
    let isAwaited = false;
    watch(
      () => ++looks > 0 && isAwaited,
      () => Promise.resolve(),
    );
    await until(() => looks >= 50);
    assert.equal(asked, 0);
    isAwaited = true;
    await until(() => asked > 0);
    assert.equal(silent, 0);
  });
});
