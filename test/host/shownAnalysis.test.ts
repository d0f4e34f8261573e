import assert from 'node:assert/strict';
import { ShownAnalysis, type ShownChoice } from '../../src/host/shownAnalysis.ts';

const KEYS: Readonly<Record<ShownChoice, string>> = {
  granularity: 'clusterGranularity',
  minSimilarity: 'duplicatesMinSimilarity',
};

describe('what the tabs show of the analysis', () => {
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string) => kept.get(key) as never,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  beforeEach(() => kept.clear());

  for (const [choice, key] of Object.entries(KEYS) as [ShownChoice, string][]) {
    const shown = (): number | undefined => new ShownAnalysis(memento).current(choice);

    it(`is the automatic ${choice} until another is shown`, () => {
      assert.equal(shown(), undefined);
    });

    it(`is remembered for the next window, also when it is the automatic ${choice} again`, async () => {
      await new ShownAnalysis(memento).show(choice, 0.25);
      assert.deepEqual([shown(), [...kept.keys()]], [0.25, [key]]);
      await new ShownAnalysis(memento).show(choice, undefined);
      assert.equal(shown(), undefined);
    });

    for (const odd of [-1, 2, NaN, '0.5', null, {}]) {
      it(`is the automatic ${choice} where ${JSON.stringify(odd)} was kept`, async () => {
        await memento.update(key, odd);
        assert.equal(shown(), undefined);
      });
    }
  }
});
