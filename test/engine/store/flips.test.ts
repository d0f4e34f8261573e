// 500 times something in a stored file is other than it was written: bits flipped, the end cut off, a block zeroed, garbage behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import { isDamage } from '../../../src/engine/store/indexFindings.ts';
import { shardOf } from '../../../src/engine/store/indexState.ts';
import { parseShardName } from '../../../src/engine/store/manifest.ts';
import { spaceFolderName } from '../../../src/engine/store/spaces.ts';
import { verifyIndex } from '../../../src/engine/store/verifyIndex.ts';
import {
  type Snapshot,
  type TestDocument,
  copyIndex,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  spaceOf,
  temporaryFolder,
  vectorOfHash,
} from './storeFixtures.ts';

const ROUNDS = 500;
const NAMES = Array.from({ length: 10 }, (_, i) => `f${i}.ts`);

/** The text of another document under a path of its own. */
function twinOf({ document, chunks, vectors }: TestDocument, twin: string): TestDocument {
  return { document: { ...document, path: twin }, chunks: chunks.map((chunk) => ({ ...chunk, path: twin })), vectors };
}

describe('an index of which something was changed on disk', () => {
  let parent: string;
  let base: string;
  let index: string;
  /** What the index holds, without its last n journal records. */
  const states: Snapshot[] = [];

  before(async () => {
    parent = temporaryFolder();
    base = path.join(parent, 'base');
    index = path.join(parent, spaceFolderName(spaceOf()));
    const store = await openTestStore(base);
    for (const name of NAMES) await put(store, makeDocument(name, 1, 3));
    await put(store, twinOf(makeDocument('f0.ts', 1, 3), 'twin-of-f0.ts'));
    await put(store, makeDocument('f1.ts', 2, 3)); // its first texts are retired
    await store.checkpoint();
    states.unshift(snapshotOf(store));
    for (const [name, version] of [['f2.ts', 2], ['new.ts', 1], ['f3.ts', 2]] as const) {
      await put(store, makeDocument(name, version, 2));
      states.unshift(snapshotOf(store));
    } // prettier-ignore
    copyIndex(base, index);
    await store.close();
    copyIndex(index, base);
  });
  after(() => removeFolder(parent));

  /** What was done, or undefined where it changed nothing. */
  const spoil = (file: string, random: () => number): string | undefined => {
    const before = fs.readFileSync(file);
    const bytes = Buffer.from(before);
    const at = Math.floor(random() * bytes.length);
    const dice = random();
    let after = bytes;
    let how = 'flipped';
    if (dice < 0.5) for (let i = 0; i <= random() * 3; i++) bytes[(at + i * 37) % bytes.length]! ^= 1 << Math.floor(random() * 8);
    else if (dice < 0.75) [after, how] = [bytes.subarray(0, at), 'cut'];
    else if (dice < 0.9) [after, how] = [bytes.fill(0, at, Math.min(bytes.length, at + 64)), 'zeroed'];
    else [after, how] = [Buffer.concat([bytes, Buffer.from('garbage')]), 'lengthened'];
    fs.writeFileSync(file, after);
    return after.equals(before) ? undefined : how;
  }; // prettier-ignore

  /** Each document is one that was written once, whole. */
  const assertWhole = ({ documents }: Snapshot, message: string): void => {
    for (const [name, { record, chunks }] of Object.entries(documents)) {
      const original = name.startsWith('twin') ? 'f0.ts' : name;
      const expected = makeDocument(original, record.size - 100, chunks.length);
      assert.deepEqual(chunks.map(({ text }) => text), expected.chunks.map(({ text }) => text), message); // prettier-ignore
      for (const { hash, vector } of chunks) {
        assert.equal(vector, Buffer.from(vectorOfHash(hash).buffer).toString('hex'), message);
      }
    }
  };

  const differences = (found: Snapshot, expected: Snapshot): string[] =>
    Object.keys({ ...found.documents, ...expected.documents }).filter(
      (name) => !isDeepStrictEqual(found.documents[name], expected.documents[name]),
    );

  it(`is known to be damaged or is none the worse, opens, and lacks only what lay there (${ROUNDS} times)`, async function () {
    this.timeout(300_000);
    const random = seeded(2026);
    const files = fs.readdirSync(base);
    const [whole] = states;
    const seen = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      copyIndex(base, index);
      const name = files[Math.floor(random() * files.length)]!;
      const how = spoil(path.join(index, name), random);
      if (how === undefined) continue;
      const message = `round ${round}: ${name} was ${how}`;
      const place = parseShardName(name)?.place;
      const { findings } = (await verifyIndex(nodeFileSystem, index))!;
      const detected = findings.some(isDamage);
      const store = await openTestStore(index);
      const found = snapshotOf(store);
      assertWhole(found, message);
      const different = differences(found, whole!);
      if (name.startsWith('journal')) {
        // A cut journal looks like one whose last records never came: the next scan finds those documents changed.
        if (!detected)
          assert.ok(
            states.some((state) => differences(found, state).length === 0),
            message,
          );
        assert.ok(
          different.every((one) => ['f2.ts', 'new.ts', 'f3.ts'].includes(one)),
          message,
        );
      } else {
        assert.ok(detected, `${message}: not detected`);
        const mayLack = (one: string): boolean => typeof place === 'number' && shardOf(one) === place;
        assert.ok(different.every(mayLack), `${message}: ${different.join(', ')} differ`);
      }
      // What is lost and has its text elsewhere finds its vectors there.
      for (const lost of different.includes('f0.ts') ? makeDocument('f0.ts', 1, 3).chunks : []) {
        assert.deepEqual(store.findVector(lost.hash), vectorOfHash(lost.hash), message);
      }
      if (place !== 'retired' && name !== 'manifest.json')
        for (const { hash } of makeDocument('f1.ts', 1, 3).chunks) assert.ok(store.findVector(hash), message);
      await store.close();
      const after = (await verifyIndex(nodeFileSystem, index))!;
      assert.deepEqual(after.findings.filter(isDamage), [], message); // prettier-ignore
      const kind = `${place === undefined ? name.slice(0, 4) : typeof place} ${how}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    assert.ok(seen.size >= 14, JSON.stringify([...seen]));
  });
});
