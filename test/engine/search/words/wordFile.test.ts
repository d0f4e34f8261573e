import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import fastCheck from 'fast-check';
import { decodeWords, encodeWords } from '../../../../src/engine/search/words/wordFile.ts';
import { WordIndex } from '../../../../src/engine/search/words/wordIndex.ts';
import { WORDS_VERSION, wordsOf, wordsOfChunk } from '../../../../src/engine/search/words/wordsOf.ts';
import { ChunkTable } from '../../../../src/engine/store/chunkTable.ts';
import { fixturesFolder } from '../../../support/paths.ts';
import { seeded } from '../../store/storeFixtures.ts';
import { changeTable, scoresOf } from './wordTables.ts';

async function fileOf(index: WordIndex): Promise<Buffer> {
  return Buffer.concat(await encodeWords(index.save()));
}

async function filledTable(seed: number, changes: number): Promise<{ table: ChunkTable; bytes: Buffer }> {
  const table = new ChunkTable(1);
  const random = seeded(seed);
  for (let i = 0; i < changes; i++) changeTable(table, random);
  const index = new WordIndex();
  index.follow(table);
  return { table, bytes: await fileOf(index) };
}

describe('the file of words', () => {
  it('gives, to the last bit, the scores of an index built anew, whatever changed between writing and reading', async () => {
    await fastCheck.assert(
      fastCheck.asyncProperty(
        fastCheck.nat(),
        fastCheck.integer({ min: 0, max: 60 }),
        fastCheck.integer({ min: 0, max: 30 }),
        async (seed, before, between) => {
          const random = seeded(seed);
          const table = new ChunkTable(1);
          let index = new WordIndex();
          for (let round = 0; round < 2; round++) {
            for (let i = 0; i < before; i++) {
              changeTable(table, random);
              if (random() < 0.3) index.follow(table);
            }
            index.follow(table);
            const bytes = await fileOf(index);
            for (let i = 0; i < between; i++) changeTable(table, random);
            const saved = await decodeWords(bytes);
            assert.ok(saved);
            index = new WordIndex(undefined, saved);
            while (!index.follow(table, random() < 0.5 ? -1 : Infinity)) changeTable(table, random);
            const anew = new WordIndex();
            anew.follow(table);
            assert.deepEqual(scoresOf(index), scoresOf(anew));
          }
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  it('spares the words of every chunk that is as it was, also within a document that changed', async () => {
    const { table, bytes } = await filledTable(1, 80);
    const asked: string[] = [];
    const counting = async (): Promise<WordIndex> =>
      new WordIndex(
        (chunk) => {
          asked.push(chunk.text);
          return wordsOfChunk(chunk);
        },
        await decodeWords(bytes),
      );
    // Read again: objects of their own, in another order.
    const reopened = new ChunkTable(1);
    for (const { path: name, ...chunk } of [...table.chunks].reverse()) {
      const others = reopened.rowsOf(name).map((row) => reopened.chunks[row]!);
      reopened.remove(name);
      reopened.add(name, [{ path: name, ...chunk }, ...others], new Float32Array(others.length + 1));
    }
    const same = await counting();
    same.follow(reopened);
    assert.deepEqual(asked, []);
    assert.equal(same.unsavedChunks, 0);
    const [first] = reopened.chunks;
    const kept = reopened.rowsOf(first!.path).map((row) => reopened.chunks[row]!);
    reopened.remove(first!.path);
    reopened.add(first!.path, [...kept, { ...first!, text: 'quite new' }], new Float32Array(kept.length + 1));
    (await counting()).follow(reopened);
    assert.deepEqual(asked, ['quite new']);
  });

  it('is not taken for whole when any of its bytes is another, or some are missing', async () => {
    const { bytes } = await filledTable(2, 30);
    const random = seeded(3);
    for (let i = 0; i < 300; i++) {
      const damaged = Buffer.from(bytes);
      const at = i < 80 ? i : Math.floor(random() * bytes.length);
      damaged[at]! ^= 1 << Math.floor(random() * 8);
      assert.equal(await decodeWords(damaged), undefined, `byte ${at}`);
      assert.equal(await decodeWords(bytes.subarray(0, Math.floor(random() * bytes.length))), undefined);
    }
    assert.equal(await decodeWords(Buffer.concat([bytes, Buffer.alloc(4)])), undefined);
    assert.equal(await decodeWords(Buffer.alloc(0)), undefined);
  });

  it('is read wherever its bytes lie', async () => {
    const { table, bytes } = await filledTable(4, 30);
    const shifted = Buffer.alloc(bytes.length + 3)
      .fill(bytes, 3)
      .subarray(3);
    const anew = new WordIndex();
    anew.follow(table);
    for (const each of [bytes, shifted]) {
      const index = new WordIndex(undefined, await decodeWords(each));
      index.follow(table);
      assert.deepEqual(scoresOf(index), scoresOf(anew));
    }
  });

  it('is not taken over from another version', async () => {
    const { bytes } = await filledTable(5, 5);
    const other = Buffer.from(bytes);
    other.writeUInt32LE(other.readUInt32LE(4) + 1, 4);
    assert.equal(await decodeWords(other), undefined);
  });

  it('holds the words of its version: whoever changes what a text is found by raises WORDS_VERSION', () => {
    const texts = ['Ledger.java', 'cache.go', 'button.jsx']
      .map((name) => fs.readFileSync(path.join(fixturesFolder, 'chunk', name), 'utf8'))
      .concat('安装组件 サーバー ÜberTräger ﬁne 한국 getHTTPServer stopped queries vec.push_back(x)');
    const words = texts.flatMap((text) => wordsOf(text)).join(' ');
    const known = `${WORDS_VERSION} ${createHash('sha256').update(words).digest('hex').slice(0, 16)}`;
    assert.equal(known, '1 679d669caf201f6d');
  });
});
