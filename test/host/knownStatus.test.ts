import assert from 'node:assert/strict';
import type { EngineStatus } from '../../src/protocol/engineApi.ts';
import { knownStatus } from '../../src/host/knownStatus.ts';

const FRESH: EngineStatus = {
  revision: 0, phase: 'idle', modelSetting: 'auto', documents: 0, chunks: 0, bytes: 0,
  coverage: { indexed: 0, excluded: 0, skipped: 0, failed: 0 }, languages: {},
}; // prettier-ignore
const OPEN: EngineStatus = {
  ...FRESH,
  revision: 9,
  space: { provider: 'local', model: 'minilm', dimension: 384, output: 'dense', prompt: 'none-1', chunkerVersion: 1 },
  documents: 4,
  chunks: 5,
  bytes: 6,
  coverage: { indexed: 4, excluded: 1, skipped: 0, failed: 0 },
};

describe('what is known of the index', () => {
  it('stays known while the engine that came back has not opened it', () => {
    const known = knownStatus({ ...FRESH, phase: 'scanning' }, OPEN);
    assert.deepEqual(known, { ...OPEN, revision: 0, phase: 'scanning' });
    assert.deepEqual(knownStatus({ ...FRESH, revision: 1 }, known).coverage, OPEN.coverage);
  });

  it('is what the engine says once it has opened one', () => {
    const emptied = { ...OPEN, documents: 0, chunks: 0 };
    assert.equal(knownStatus(emptied, OPEN), emptied);
  });

  it('is nothing at first, and for another model', () => {
    assert.equal(knownStatus(FRESH, undefined), FRESH);
    const other = { ...FRESH, modelSetting: 'bge-small-zh' };
    assert.equal(knownStatus(other, OPEN), other);
  });
});
