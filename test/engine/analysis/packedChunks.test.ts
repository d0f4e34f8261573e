import assert from 'node:assert/strict';
import { packChunks, readChunks } from '../../../src/engine/analysis/packedChunks.ts';
import { isCancelled } from '../../../src/engine/errors.ts';
import type { StoredChunk } from '../../../src/engine/model.ts';

const chunk = (path: string, text: string, startLine = 1): StoredChunk => ({
  path,
  startLine,
  endLine: startLine + text.split('\n').length - 1,
  text,
  kind: 'section',
  hash: text,
});
const ITEMS = [
  [chunk('a.md', 'one'), chunk('中文/笔记.md', 'one', 7)],
  [],
  [chunk('a.md', ''), chunk('a.md', '向量\n🚀 naïve', 3), chunk('a.md', '', 9)],
  [{ ...chunk('c.png', 'a picture'), kind: 'image' as const, hash: 'of its bytes' }],
  // What is embedded of a row may lack its number: one hash, two texts.
  [
    { ...chunk('d.csv', '17,Fine tea'), hash: 'Fine tea' },
    { ...chunk('d.csv', '18,Fine tea', 2), hash: 'Fine tea' },
  ],
];

describe('chunks packed for a thread', () => {
  it('are read as they were, item by item, also where one was deleted', async () => {
    const read = readChunks(structuredClone(await packChunks(ITEMS, undefined)));
    const shown = ({ path, startLine, endLine, text, kind }: Omit<StoredChunk, 'hash'>): unknown[] =>
      [path, startLine, endLine, text, kind]; // prettier-ignore
    assert.deepEqual(read.map((own) => own.map(shown)), ITEMS.map((own) => own.map(shown))); // prettier-ignore
    assert.deepEqual(read.flat().map(({ n }) => n), [0, 1, 2, 3, 4, 5, 6, 7]); // prettier-ignore
  });

  it('hold a text of an item once, and of images what tells them apart', async () => {
    const packed = await packChunks(ITEMS, undefined);
    assert.deepEqual(readChunks(packed).map((own) => new Set(own.map(({ textNumber }) => textNumber)).size), [1, 0, 2, 1, 2]); // prettier-ignore
    assert.equal(packed.utf8.length, Buffer.byteLength('one向量\n🚀 naïvea picture17,Fine tea18,Fine tea'));
    assert.deepEqual(readChunks(packed).map(([first]) => first?.hash), [undefined, undefined, undefined, 'of its bytes', undefined]); // prettier-ignore
  });

  it('are none of nothing, and stop when told to', async () => {
    assert.deepEqual(readChunks(await packChunks([], undefined)), []);
    await assert.rejects(packChunks(ITEMS, AbortSignal.abort()), isCancelled);
  });
});
