import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { encodeWords } from '../../src/engine/search/words/wordFile.ts';
import { WordIndex } from '../../src/engine/search/words/wordIndex.ts';
import { SessionWords } from '../../src/engine/sessionWords.ts';
import type { VectorStore } from '../../src/engine/store/store.ts';
import { until } from '../support/workspace.ts';
import { faultyFileSystem, type Faults } from './store/faultyFileSystem.ts';
import { makeDocument, openTestStore, put, removeFolder, temporaryFolder } from './store/storeFixtures.ts';

const CHUNKS = 400;

describe('words of a session', () => {
  let folder: string;
  let store: VectorStore;
  let faults: Faults;
  const file = (): string => path.join(folder, 'words.sidecar');

  beforeEach(async () => {
    folder = temporaryFolder();
    faults = faultyFileSystem();
    store = await openTestStore(folder, faults.fs);
    for (let i = 0; i < CHUNKS / 20; i++) await put(store, makeDocument(`src/file${i}.ts`, 1, 20));
  });
  afterEach(async () => {
    await store.close();
    removeFolder(folder);
  });

  async function reopen(): Promise<void> {
    await store.close();
    store = await openTestStore(folder, faults.fs);
  }

  async function caughtUp(): Promise<SessionWords> {
    const words = new SessionWords(store);
    await words.catchUp(undefined);
    return words;
  }

  /** A file that finds every chunk by a word that none of them holds. */
  async function writeMarked(): Promise<void> {
    const marked = new WordIndex(() => ['zebra']);
    marked.follow(store.table);
    await store.writeSidecar('words', await encodeWords(marked.save()));
  }

  it('are written when they are closed, and taken from the file by the next session', async () => {
    await (await caughtUp()).close();
    assert.ok(fs.existsSync(file()));
    await writeMarked();
    await reopen();
    const words = await caughtUp();
    assert.equal(words.score('zebra').rows.length, CHUNKS);
    assert.equal(words.score('quoted').rows.length, 0);
    await put(store, makeDocument('src/file3.ts', 2, 7));
    assert.equal(words.score('zebra').rows.length, CHUNKS - 20);
    assert.equal(words.score('v2').rows.length, 7);
    await words.close();
  });

  it('are made anew from a damaged file, which is then replaced', async () => {
    await writeMarked();
    const bytes = fs.readFileSync(file());
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(file(), bytes);
    const words = await caughtUp();
    assert.equal(words.score('quoted').rows.length, CHUNKS);
    await words.close();
    assert.notDeepEqual(fs.readFileSync(file()), bytes);
  });

  it('are not written again for a few changes', async () => {
    await (await caughtUp()).close();
    const bytes = fs.readFileSync(file());
    await put(store, makeDocument('src/file3.ts', 2, 7));
    const words = await caughtUp();
    assert.equal(words.score('v2').rows.length, 7);
    await words.close();
    assert.deepEqual(fs.readFileSync(file()), bytes);
  });

  it('are there, and left alone on disk, for a store that only reads', async () => {
    const reader = await openTestStore(folder);
    assert.notEqual(reader.report.readOnlyBecausePid, undefined);
    const words = new SessionWords(reader);
    await words.catchUp(undefined);
    assert.equal(words.score('quoted').rows.length, CHUNKS);
    await words.close();
    await reader.close();
    assert.ok(!fs.existsSync(file()));
  });

  it('do without the file on a full disk', async () => {
    const words = await caughtUp();
    faults.arm(1, 'crash');
    await words.close();
    faults.arm(0, 'once');
    assert.ok(!fs.existsSync(file()));
    assert.equal(words.score('quoted').rows.length, CHUNKS);
  });

  it('go with the index when it is cleared', async () => {
    await (await caughtUp()).close();
    await store.clear();
    assert.ok(!fs.existsSync(file()));
  });

  it('are made ahead of any search while nothing else is done', async () => {
    const words = new SessionWords(store);
    let busy = 0;
    words.workAhead(() => busy++ < 1);
    await until(() => words.weigh('quoted').size > 0, 10_000);
    assert.ok(busy > 1);
    await until(() => fs.existsSync(file()), 10_000);
    await words.close();
  });

  it('stop working ahead at once when they are closed', async () => {
    const words = new SessionWords(store);
    words.workAhead(() => true);
    const begun = performance.now();
    await words.close();
    assert.ok(performance.now() - begun < 500);
    assert.equal(words.weigh('quoted').size, 0);
  });
});
