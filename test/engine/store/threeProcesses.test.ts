// Three processes on one index: they take turns at writing, follow each other meanwhile, close and open again. This file is both:
// run with THREE_PROCESSES it is one of them. VECTORSCOPE_MINUTE=1 makes it last the whole minute.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEngineError } from '../../../src/engine/errors.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import { faultyFileSystem } from './faultyFileSystem.ts';
import { makeDocument, openTestStore, put, removeFolder, seeded, spaceOf, temporaryFolder } from './storeFixtures.ts';

const SECONDS = process.env['VECTORSCOPE_MINUTE'] ? 60 : 8;
const FILES = 12;

const chunksOf = (version: number): number => 1 + (version % 6);

/** Version of each document; throws for one whose chunks or vectors are not all of that version. */
function versionsIn(store: VectorStore): Map<string, number> {
  const { documents, table } = store;
  const versions = new Map<string, number>();
  for (const [name, { size }] of documents) {
    const version = size - 100;
    const expected = makeDocument(name, version, chunksOf(version));
    const rows = store.rowsOf(name);
    assert.deepEqual(rows.map((row) => table.chunks[row]), expected.chunks); // prettier-ignore
    const { dimension } = table;
    rows.forEach((row, i) => {
      assert.deepEqual(table.row(row), expected.vectors.subarray(i * dimension, (i + 1) * dimension));
    });
    versions.set(name, version);
  }
  return versions;
}

/** Says on standard output what was written, and how often what others wrote was seen. */
async function takePart(folder: string, id: number): Promise<void> {
  const random = seeded(id);
  const space = spaceOf();
  const end = performance.now() + SECONDS * 1000;
  const newest = new Map<string, number>();
  let version = 0;
  let followed = 0;
  const look = (store: VectorStore): void => {
    for (const [name, found] of versionsIn(store)) {
      const before = newest.get(name) ?? -1;
      assert.ok(found >= before, `${name} went back from ${before} to ${found}`);
      newest.set(name, found);
    }
  };
  while (performance.now() < end) {
    const store = await openStore({
      folder,
      space,
      partDimensions: [space.dimension],
      fs: faultyFileSystem().fs,
      followEveryMs: 20,
      onChange: ({ paths }) => (followed += paths.length),
    });
    const openUntil = Math.min(end, performance.now() + 300 + random() * 1000);
    for (let writes = 0; performance.now() < openUntil && writes < 60;) {
      look(store);
      if (store.report.readOnlyBecausePid !== undefined) {
        await sleep(10);
        continue;
      }
      const name = `p${id}/${Math.floor(random() * FILES)}.ts`;
      try {
        await put(store, makeDocument(name, ++version, chunksOf(version)));
      } catch (error) {
        if (isEngineError(error, 'index-locked')) continue;
        throw error;
      }
      fs.writeSync(1, `${name} ${version}\n`);
      if (++writes % 20 === 0) await store.checkpoint();
    }
    look(store);
    await store.close();
    await sleep(random() * 30); // gives the others a turn
  }
  fs.writeSync(1, `followed ${followed}\n`);
}

const [folderOfChild, idOfChild] = (process.env['THREE_PROCESSES'] ?? '').split('|');
if (folderOfChild && idOfChild) void takePart(folderOfChild, Number(idOfChild));
else {
  describe('three processes that write and read one index', () => {
    let folder: string;
    before(() => (folder = temporaryFolder()));
    after(() => removeFolder(folder));

    it(`lose no document, see none torn and none go back, for ${SECONDS} s`, async function () {
      this.timeout((SECONDS + 60) * 1000);
      const written = new Map<string, number>();
      const followed: number[] = [];
      const codes = await Promise.all(
        [1, 2, 3].map(async (id) => {
          const child = spawn(process.execPath, [__filename], {
            env: { ...process.env, THREE_PROCESSES: `${folder}|${id}` },
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
          for await (const line of readline.createInterface({ input: child.stdout })) {
            const [name = '', number] = line.split(' ');
            if (name === 'followed') followed.push(Number(number));
            else written.set(name, Number(number));
          }
          return ended;
        }),
      );
      assert.deepEqual(codes, [0, 0, 0]);
      const store = await openTestStore(folder);
      const found = versionsIn(store);
      assert.deepEqual([...found].sort(), [...written].sort());
      assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
      assert.deepEqual(fs.readdirSync(folder).filter((name) => /\.tmp$|takeover/.test(name)), []); // prettier-ignore
      await store.close();
      assert.equal(new Set([...written.keys()].map((name) => name.split('/')[0])).size, 3, 'each process wrote');
      assert.ok(followed.length === 3 && followed.every((count) => count > SECONDS), `followed ${followed.join(', ')}`);
      console.log(`      ${written.size} documents, ${Math.max(...written.values())} versions, followed ${followed.join(', ')}`);
    }); // prettier-ignore
  });
}
