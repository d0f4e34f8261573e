import assert from 'node:assert/strict';
import { readVectors } from '../../../../src/engine/embed/remote/readVectors.ts';
import { RemoteFailure } from '../../../../src/engine/embed/remote/remoteFailure.ts';

const item = (index: unknown, embedding: unknown = [3, 4]) => ({ index, embedding });
const base64 = (...values: number[]): string => Buffer.from(Float32Array.from(values).buffer).toString('base64');

describe('the vectors of an answer', () => {
  it('are matched by their index, not by their place', () => {
    const vectors = readVectors([item(1, [1, 2]), item(0, [3, 4])], 'index', 2, 'dense');
    assert.deepEqual(vectors.map(({ dense }) => [...(dense ?? [])]), [[3, 4], [1, 2]]); // prettier-ignore
  });

  it('may be base64, also where numbers were asked for', () => {
    const [vector] = readVectors([item(0, base64(0.5, -2))], 'index', 1, 'dense');
    assert.deepEqual([...(vector?.dense ?? [])], [0.5, -2]);
  });

  it('may be sparse, ordered by the index of the word', () => {
    const sparse = [
      { index: 9, value: 0.5, token: '高' },
      { index: 2, value: 1, token: '风' },
    ];
    const [vector] = readVectors([{ text_index: 0, sparse_embedding: sparse }], 'text_index', 1, 'sparse');
    assert.deepEqual(vector, { sparse: { indices: [2, 9], values: [1, 0.5], tokens: ['风', '高'] } });
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['no list', { 0: item(0) }],
    ['a row that is missing', [item(0)]],
    ['two vectors of one row', [item(0), item(0)]],
    ['a vector of no row', [item(0), item(2)]],
    ['an index that is no number', [item(0), item('1')]],
    ['an item that is null', [item(0), null]],
    ['a vector that is missing', [item(0), { index: 1 }]],
    ['an empty vector', [item(0), item(1, [])]],
    ['a null in a vector', [item(0), item(1, [1, null])]],
    ['a text in a vector', [item(0), item(1, [1, '2'])]],
    ['a number that no float holds', [item(0), item(1, [1, 1e300])]],
    ['a vector of zeros', [item(0), item(1, [0, 0])]],
    ['base64 of another length', [item(0), item(1, 'AAAA')]],
    ['NaN in base64', [item(0), item(1, base64(1, NaN))]],
  ];
  for (const [name, items] of wrong) {
    it(`are refused: ${name}`, () => {
      assert.throws(
        () => readVectors(items, 'index', 2, 'dense'),
        (e) => e instanceof RemoteFailure && e.facts.kind === 'answer',
      );
    });
  }
});
