import assert from 'node:assert/strict';
import { ShownGranularity } from '../../src/host/shownGranularity.ts';

describe('the granularity of the Clusters tab', () => {
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string) => kept.get(key) as never,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  beforeEach(() => kept.clear());

  it('is the automatic one until another is shown', () => {
    assert.equal(new ShownGranularity(memento).current, undefined);
  });

  it('is remembered for the next window, also when it is the automatic one again', async () => {
    await new ShownGranularity(memento).show(0.25);
    assert.equal(new ShownGranularity(memento).current, 0.25);
    await new ShownGranularity(memento).show(undefined);
    assert.equal(new ShownGranularity(memento).current, undefined);
  });

  for (const odd of [-1, 2, NaN, '0.5', null, {}]) {
    it(`is the automatic one where ${JSON.stringify(odd)} was kept`, async () => {
      await memento.update('clusterGranularity', odd);
      assert.equal(new ShownGranularity(memento).current, undefined);
    });
  }
});
