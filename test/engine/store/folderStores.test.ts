// An index for each of several folders, used as one: compared with a single index that holds the same.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isEngineError } from '../../../src/engine/errors.ts';
import type { LeftOut } from '../../../src/engine/model.ts';
import { topK } from '../../../src/engine/search/vectorSearch.ts';
import type { FileSystem } from '../../../src/engine/store/durableFiles.ts';
import { openFolderStores } from '../../../src/engine/store/folderStores.ts';
import type { StoreChange, VectorStore } from '../../../src/engine/store/store.ts';
import { until } from '../../support/workspace.ts';
import { deniedFileSystem, faultyFileSystem } from './faultyFileSystem.ts';
import {
  DIMENSION,
  type TestDocument,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  spaceOf,
  temporaryFolder,
  unitVector,
} from './storeFixtures.ts';

const unflushed = faultyFileSystem().fs;
const locked = (error: unknown): boolean => isEngineError(error, 'index-locked');
const SNIPPET = 'snippet:app/a.ts#L1-2';

describe('an index for each of several folders', () => {
  let root: string;
  const opened: VectorStore[] = [];
  beforeEach(() => {
    root = temporaryFolder();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close().catch(() => undefined);
    removeFolder(root);
  });

  const at = (name: string): string => path.join(root, name);
  const PREFIXES = ['app/', 'app/inner/', 'docs (2)/'];
  const folderOf = (prefix: string): string => at(`folders/${PREFIXES.indexOf(prefix)}`);
  async function open(
    more: {
      vectorMemoryBytes?: number;
      fs?: FileSystem;
      follow?: (change: StoreChange) => void;
      heartbeatMs?: number;
    } = {},
  ): Promise<VectorStore> {
    const { vectorMemoryBytes, follow, heartbeatMs = 10_000, fs: given = unflushed } = more;
    const store = await openFolderStores(
      {
        folder: at('own'),
        space: spaceOf(),
        partDimensions: [DIMENSION],
        fs: given,
        followEveryMs: 5,
        lockTiming: { heartbeatMs, silenceMs: 60_000, now: () => performance.now() },
        ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes }),
        ...(follow && { onChange: follow }),
      },
      PREFIXES.map((prefix) => ({ prefix, folder: folderOf(prefix) })),
    );
    opened.push(store);
    return store;
  }
  const single = async (): Promise<VectorStore> => {
    const store = await openTestStore(at('single'));
    opened.push(store);
    return store;
  };
  /** Of one folder's index alone. */
  async function pathsIn(folder: string): Promise<string[]> {
    const store = await openTestStore(folder);
    const paths = [...store.documents.keys()].sort();
    await store.close();
    return paths;
  }
  const snippet = (): TestDocument => {
    const made = makeDocument(SNIPPET, 1, 2);
    return { ...made, document: { ...made.document, kept: { sourcePath: 'app/a.ts', startLine: 1, endLine: 2 } } };
  };

  it('keeps a document with the folder that its path begins with, and a snippet with none', async () => {
    const store = await open();
    for (const name of ['app/a.ts', 'app/inner/b.ts', 'docs (2)/c.md']) await put(store, makeDocument(name, 1, 3));
    await put(store, snippet());
    assert.equal(store.documents.size, 4);
    assert.ok(store.documents.get(SNIPPET)?.kept && store.documents.has('app/inner/b.ts'));
    await store.close();
    assert.deepEqual(await pathsIn(folderOf('app/')), ['app/a.ts']);
    assert.deepEqual(await pathsIn(folderOf('app/inner/')), ['app/inner/b.ts']);
    assert.deepEqual(await pathsIn(folderOf('docs (2)/')), ['docs (2)/c.md']);
    assert.deepEqual(await pathsIn(at('own')), [SNIPPET]);
  });

  for (const [what, vectorMemoryBytes] of [
    ['in memory', undefined],
    ['on disk', 2000],
  ] as const) {
    it(`answers as a single index does, through 300 random changes and openings, vectors ${what}`, async () => {
      const random = seeded(vectorMemoryBytes ?? 7);
      const memory = vectorMemoryBytes === undefined ? {} : { vectorMemoryBytes };
      const one = await single();
      let several = await open(memory);
      const names = [...PREFIXES, ''].flatMap((prefix) => [1, 2, 3, 4, 5].map((i) => `${prefix || 'snippet:'}${i}.ts`));
      const pick = (): string => names[Math.floor(random() * names.length)]!;
      for (let step = 0; step < 300; step++) {
        const name = pick();
        const dice = random();
        if (dice < 0.55) {
          const document = makeDocument(name, Math.floor(random() * 4), Math.floor(random() * 5));
          for (const store of [one, several]) await put(store, document);
        } else if (dice < 0.75) {
          const paths = [name, pick()];
          for (const store of [one, several]) await store.removeDocuments(paths);
        } else if (dice < 0.82) {
          for (const store of [one, several]) store.touchDocument(name, 7, step);
        } else if (dice < 0.92) {
          const lines: LeftOut[] = [name, pick(), `${name}.bin`].map((each) => ({ path: each, reason: 'binary' }));
          const replaceAll = random() < 0.5;
          for (const store of [one, several]) store.recordLeftOut(lines, replaceAll);
        } else if (dice < 0.99) {
          await several.close();
          several = await open(memory);
        } else {
          for (const store of [one, several]) await store.clear();
        }
        if (step % 10 !== 0) continue;
        assert.deepEqual(snapshotOf(several), snapshotOf(one));
        assert.deepEqual(several.counts(), one.counts());
        assert.equal(several.documents.size, one.documents.size);
        const query = unitVector(random);
        const best = ({ table }: VectorStore): unknown => topK(table, query, 5).map(({ row, similarity }) => [table.chunks[row]?.hash, similarity]); // prettier-ignore
        assert.deepEqual(best(several), best(one));
      }
    });
  }

  it('finds vectors by their texts in all of them, also of texts that are gone', async () => {
    const store = await open();
    const [kept, gone] = [makeDocument('docs (2)/c.md', 1, 1), makeDocument('app/a.ts', 1, 1)];
    await put(store, kept);
    await put(store, gone);
    await store.removeDocuments(['app/a.ts']);
    assert.deepEqual(store.findVector(kept.chunks[0]!.hash), kept.vectors);
    assert.deepEqual(store.findVector(gone.chunks[0]!.hash), gone.vectors);
    assert.equal(store.retired, 1);
    await store.forgetRetired([gone.chunks[0]!.hash].values());
    assert.deepEqual([store.retired, store.findVector(gone.chunks[0]!.hash)], [0, undefined]);
  });

  it('loses with a damaged file only what that folder had there', async () => {
    const store = await open();
    await put(store, makeDocument('app/a.ts', 1, 3));
    await put(store, makeDocument('docs (2)/c.md', 1, 3));
    await store.close();
    const [shard] = fs.readdirSync(folderOf('app/')).filter((name) => name.startsWith('shard-'));
    fs.appendFileSync(path.join(folderOf('app/'), shard!), 'x');
    const again = await open();
    assert.deepEqual(again.report.lostDocuments, ['app/a.ts']);
    assert.equal(again.report.setAside.length, 1);
    assert.deepEqual([...again.documents.keys()], ['docs (2)/c.md']);
    assert.deepEqual(again.coverage().map(({ path: name, state }) => `${name} ${state}`), ['app/a.ts skipped', 'docs (2)/c.md indexed']); // prettier-ignore
  });

  it('is written by one process as a whole, however many open it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const stores = await Promise.all([open(), open(), open()]);
      const writers = stores.filter(({ report }) => report.readOnlyBecausePid === undefined);
      assert.equal(writers.length, 1);
      await put(writers[0]!, makeDocument('app/a.ts', round, 2));
      for (const store of stores) {
        if (store === writers[0]) continue;
        assert.throws(() => store.assertWritable(), locked);
        await assert.rejects(put(store, makeDocument('docs (2)/c.md', 1, 1)), locked);
      }
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('follows what another process writes in any folder, and writes all of them when that one is closed', async () => {
    const told = new Set<string>();
    const writer = await open({ follow: () => undefined });
    await put(writer, makeDocument('app/a.ts', 1, 3));
    const reader = await open({ follow: ({ paths }) => paths.forEach((name) => told.add(name)) });
    assert.equal(reader.report.readOnlyBecausePid, process.pid);
    await put(writer, makeDocument('docs (2)/c.md', 1, 2));
    await put(writer, makeDocument('app/inner/b.ts', 1, 2));
    await writer.removeDocuments(['app/a.ts']);
    await put(writer, snippet());
    await until(() => isDeepStrictEqual(snapshotOf(reader), snapshotOf(writer)));
    await until(() => isDeepStrictEqual([...told].sort(), ['app/a.ts', 'app/inner/b.ts', 'docs (2)/c.md', SNIPPET]));
    const before = snapshotOf(writer);
    const { revision } = reader.table;
    await writer.close();
    await reader.whenWritable(new AbortController().signal);
    assert.deepEqual(snapshotOf(reader), before);
    assert.ok(reader.table.revision > revision);
    assert.equal(reader.report.readOnlyBecausePid, undefined);
    await put(reader, makeDocument('app/a.ts', 2, 2));
    await reader.close();
    assert.deepEqual(await pathsIn(folderOf('app/')), ['app/a.ts']);
  });

  it('lets go of all of them when another process took it for dead, and follows that one', async () => {
    const slept = await open({ follow: () => undefined, heartbeatMs: 20 });
    await put(slept, makeDocument('app/a.ts', 1, 3));
    fs.rmSync(path.join(at('own'), 'writer.lock')); // its silence was noticed; those of the folders are still its own
    const other = await open({ follow: () => undefined });
    await until(() => {
      try {
        other.assertWritable();
        return true;
      } catch {
        return false;
      }
    });
    assert.throws(() => slept.assertWritable(), locked);
    await put(other, makeDocument('app/a.ts', 2, 1));
    await put(other, makeDocument('docs (2)/c.md', 1, 1));
    await until(() => isDeepStrictEqual(snapshotOf(slept), snapshotOf(other)));
  });

  describe('beside an index that had the documents of all folders', () => {
    const document = makeDocument('app/a.ts', 1, 3);
    beforeEach(async () => {
      const earlier = await openTestStore(at('own'));
      for (const each of [document, makeDocument('app/inner/b.ts', 1, 2), snippet()]) await put(earlier, each);
      await put(earlier, makeDocument('alone.ts', 1, 1)); // of when there was one folder
      await put(earlier, makeDocument('gone.ts', 1, 1));
      await earlier.removeDocuments(['gone.ts']);
      earlier.recordLeftOut([{ path: 'app/x.bin', reason: 'binary' }, { path: 'y.bin', reason: 'binary' }], false); // prettier-ignore
      await earlier.close();
      fs.cpSync(at('own'), at('copy'), { recursive: true });
    });

    it('moves them, with their lines of the ledger', async () => {
      const before = await single();
      for (const each of [document, makeDocument('app/inner/b.ts', 1, 2), snippet(), makeDocument('alone.ts', 1, 1)]) await put(before, each); // prettier-ignore
      before.recordLeftOut([{ path: 'app/x.bin', reason: 'binary' }, { path: 'y.bin', reason: 'binary' }], false); // prettier-ignore
      const store = await open();
      assert.deepEqual(snapshotOf(store), snapshotOf(before));
      assert.equal(store.retired, 1);
      await store.close();
      assert.deepEqual(await pathsIn(folderOf('app/')), ['app/a.ts']);
      assert.deepEqual(await pathsIn(folderOf('app/inner/')), ['app/inner/b.ts']);
      assert.deepEqual(await pathsIn(at('own')), ['alone.ts', SNIPPET]);
      // Killed before they were taken out of where they came from.
      fs.rmSync(at('own'), { recursive: true });
      fs.cpSync(at('copy'), at('own'), { recursive: true });
      assert.deepEqual(snapshotOf(await open()), snapshotOf(before));
    });

    it('waits for another process that has it', async () => {
      const other = await openTestStore(at('own'));
      await assert.rejects(open(), locked);
      await other.close();
      assert.equal((await open()).documents.size, 4);
    });

    it('reads it as it is where nothing can be written, and never writes it', async () => {
      const store = await open({ fs: deniedFileSystem('EROFS'), follow: () => undefined });
      assert.equal(store.report.readOnlyBecauseErrno, 'EROFS');
      assert.deepEqual([...store.documents.keys()].sort(), ['alone.ts', 'app/a.ts', 'app/inner/b.ts', SNIPPET]);
      assert.throws(() => store.assertWritable(), (error) => isEngineError(error, 'index-read-only')); // prettier-ignore
    });
  });

  it('says what is wrong with one of them, keeps no lock then, and opens when that is mended', async () => {
    fs.mkdirSync(folderOf('docs (2)/'), { recursive: true });
    const content = '"format":99}\n';
    const checksum = createHash('sha256').update(content).digest('hex');
    fs.writeFileSync(path.join(folderOf('docs (2)/'), 'manifest.json'), `{"checksum":"${checksum}",\n${content}`);
    await assert.rejects(open(), (error) => isEngineError(error, 'index-too-new'));
    fs.rmSync(folderOf('docs (2)/'), { recursive: true });
    const store = await open();
    store.assertWritable();
    await assert.rejects(store.replaceAll(makeDocument('x', 1, 1).document, [], new Float32Array()));
  });
});
