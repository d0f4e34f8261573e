import assert from 'node:assert/strict';
import type { Hit } from '../../../src/engine/model.ts';
import { foldOverlaps } from '../../../src/engine/search/foldOverlaps.ts';
import { toHits } from '../../../src/engine/search/hits.ts';
import { chunkOf, documentsOf, makeTable } from './tables.ts';

describe('toHits', () => {
  it('tells a place with its language, similarity, percentile and where a snippet came from', () => {
    const kept = { sourcePath: 'a.ts', startLine: 3, endLine: 9 };
    const chunks = [chunkOf('a.ts', 1, { symbol: 'f' }), chunkOf('snippet:1', 3), chunkOf('unknown', 1)];
    const table = { ...makeTable(3, 2, 1), chunks };
    const documents = documentsOf({ 'a.ts': { languageId: 'typescript' }, 'snippet:1': { kept } });
    const found = [1, 0, 2].map((row) => ({ row, similarity: row / 10 }));
    assert.deepEqual(
      toHits(table, documents, found, (similarity) => (similarity > 0 ? similarity * 100 : undefined)),
      [
        { path: 'snippet:1', startLine: 3, endLine: 7, text: 'text snippet:1 3', kind: 'lines', languageId: 'plaintext', similarity: 0.1, percentile: 10, kept }, // prettier-ignore
        { path: 'a.ts', startLine: 1, endLine: 5, symbol: 'f', text: 'text a.ts 1', kind: 'lines', languageId: 'typescript', similarity: 0, percentile: 100 }, // prettier-ignore
        { path: 'unknown', startLine: 1, endLine: 5, text: 'text unknown 1', kind: 'lines', languageId: 'plaintext', similarity: 0.2, percentile: 20 }, // prettier-ignore
      ],
    );
  });
});

describe('foldOverlaps', () => {
  const hit = (path: string, startLine: number, endLine: number, text: string, more: Partial<Hit> = {}): Hit => ({
    path,
    startLine,
    endLine,
    text,
    kind: 'lines',
    languageId: 'plaintext',
    similarity: 0.5,
    percentile: 99,
    ...more,
  });
  const kept = { sourcePath: 'a', startLine: 2, endLine: 3 };
  const cases: readonly [string, readonly Hit[], readonly number[]][] = [
    ['folds a part of a better hit', [hit('a', 1, 9, 'x\n  y\nz'), hit('a', 2, 2, ' y ')], [0]],
    ['folds the whole of which a part is better', [hit('a', 2, 2, 'y'), hit('a', 1, 9, 'x\ny\nz')], [0]],
    ['folds a kept snippet with the place it came from', [hit('snippet:1', 2, 3, 'y', { kept }), hit('a', 1, 9, 'x y z')], [0]], // prettier-ignore
    ['keeps several chunks of one long line', [hit('a', 1, 1, 'first half'), hit('a', 1, 1, 'second half')], [0, 1]],
    ['keeps the same text elsewhere in the file', [hit('a', 1, 2, 'y'), hit('a', 5, 6, 'y')], [0, 1]],
    ['keeps the same text in another file', [hit('a', 1, 2, 'y'), hit('b', 1, 2, 'y')], [0, 1]],
    [
      'keeps the order',
      [hit('c', 1, 1, '1'), hit('a', 1, 1, '2'), hit('c', 1, 1, '1'), hit('b', 1, 1, '3')],
      [0, 1, 3],
    ],
    ['takes nothing', [], []],
  ];
  for (const [name, hits, expected] of cases) {
    it(name, () => {
      assert.deepEqual(
        foldOverlaps(hits),
        expected.map((i) => hits[i]),
      );
    });
  }
});
