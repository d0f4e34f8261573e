import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isEngineError } from '../../../src/engine/errors.ts';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import type { IndexFinding } from '../../../src/engine/store/indexFindings.ts';
import { encodeRecord } from '../../../src/engine/store/journal.ts';
import { decodeManifest, shardFileName, writeManifest } from '../../../src/engine/store/manifest.ts';
import { repairIndex } from '../../../src/engine/store/repairIndex.ts';
import { encodeShard } from '../../../src/engine/store/shard.ts';
import { shardOf } from '../../../src/engine/store/indexState.ts';
import { spaceFolderName } from '../../../src/engine/store/spaces.ts';
import { verifyIndex } from '../../../src/engine/store/verifyIndex.ts';
import { makeDocument, openTestStore, put, removeFolder, spaceOf, temporaryFolder } from './storeFixtures.ts';

describe('Verify and Repair of an index', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = temporaryFolder();
    folder = path.join(parent, spaceFolderName(spaceOf()));
    const store = await openTestStore(folder);
    for (const name of ['a', 'b', 'c']) await put(store, makeDocument(`${name}.ts`, 1, 3));
    await put(store, makeDocument('empty.ts', 1, 0));
    await put(store, makeDocument('b.ts', 2, 3)); // retires vectors
    await store.close();
  });
  afterEach(() => removeFolder(parent));

  const file = (name: string): string => path.join(folder, name);
  const named = (prefix: string): string => fs.readdirSync(folder).find((name) => name.startsWith(prefix))!;
  const shardWith = (document: string): string => named(`shard-${String(shardOf(document)).padStart(3, '0')}`);
  const damage = (name: string): void => {
    const bytes = fs.readFileSync(file(name));
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(file(name), bytes);
  };
  const verify = async () => (await verifyIndex(nodeFileSystem, folder))!;
  const findings = async (): Promise<IndexFinding[]> => [...(await verify()).findings];
  const repair = () => repairIndex(nodeFileSystem, folder, spaceOf(), () => 0);
  const listing = (): Record<string, string> =>
    Object.fromEntries(
      fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => fs.statSync(file(name)).isFile())
        .map((name) => [name, fs.readFileSync(file(name), 'hex')]),
    ); // prettier-ignore
  const documentsLeft = async (): Promise<string[]> => {
    const store = await openTestStore(folder);
    const left = [...store.documents.keys()].sort();
    await store.close();
    return left;
  };
  const allFour = ['a.ts', 'b.ts', 'c.ts', 'empty.ts'];

  it('finds nothing in a sound index, and counts it', async () => {
    const { bytes, ...verified } = await verify();
    const expected = { folder: path.basename(folder), space: spaceOf(), documents: 4, chunks: 9, findings: [] };
    assert.deepEqual(verified, expected);
    assert.ok(bytes > 0);
    assert.deepEqual(await repair(), { lost: [], setAside: [] });
    assert.deepEqual(await documentsLeft(), allFour);
  });

  it('finds nothing where nothing is stored', async () => {
    assert.equal(await verifyIndex(nodeFileSystem, path.join(parent, 'none')), undefined);
    assert.equal(await verifyIndex(nodeFileSystem, parent), undefined);
  });

  const shardOfA = (): string => shardWith('a.ts');
  const damages: readonly [string, () => void, () => IndexFinding[], readonly string[]][] = [
    ['a damaged shard', () => damage(shardOfA()), () => [{ kind: 'shard-damaged', file: shardOfA(), documents: ['a.ts'] }], ['a.ts']],
    ['damaged retired vectors', () => damage(named('retired')), () => [{ kind: 'retired-damaged', file: named('retired'), documents: [] }], []],
    ['a damaged manifest', () => damage('manifest.json'), () => [{ kind: 'manifest-damaged', file: 'manifest.json', documents: [] }], ['empty.ts']],
    ['a manifest that is gone', () => fs.rmSync(file('manifest.json')), () => [{ kind: 'manifest-missing', file: 'manifest.json', documents: [] }], ['empty.ts']],
  ]; // prettier-ignore
  for (const [name, breakIt, expected, lost] of damages) {
    it(`finds ${name}, changing nothing, and mends it`, async () => {
      breakIt();
      const before = listing();
      assert.deepEqual(await findings(), expected());
      assert.deepEqual(listing(), before);
      await repair();
      const after = await verify();
      assert.deepEqual(after.findings.filter(({ kind }) => kind !== 'set-aside'), []); // prettier-ignore
      assert.deepEqual(await documentsLeft(), allFour.filter((document) => !lost.includes(document))); // prettier-ignore
    });
  }

  it('names the documents of a shard that is gone, and Repair tells what the user had said of them', async () => {
    const store = await openTestStore(folder);
    const { document, chunks, vectors } = makeDocument('a.ts', 1, 3);
    await store.replaceDocument({ ...document, asked: 'named' }, chunks, vectors);
    await store.close();
    const gone = shardOfA();
    fs.rmSync(file(gone));
    assert.deepEqual(await findings(), [{ kind: 'shard-missing', file: gone, documents: ['a.ts'] }]);
    assert.deepEqual((await repair()).lost, [{ path: 'a.ts', asked: 'named' }]);
  });

  it('finds damage inside a journal and none in a torn end, and keeps what is around', async () => {
    const records = ['x.ts', 'y.ts', 'z.ts'].map((name) => encodeRecord({ replace: makeDocument(name, 1, 1) }));
    const journal = 'journal-999.bin';
    fs.writeFileSync(file(journal), Buffer.concat([records[0]!, records[1]!.subarray(0, 50)]));
    assert.deepEqual(await findings(), []);
    assert.equal((await verify()).documents, 5);
    records[1]![100]! ^= 1;
    fs.writeFileSync(file(journal), Buffer.concat(records));
    assert.deepEqual(await findings(), [{ kind: 'journal-damaged', file: journal, documents: [] }]);
    assert.equal((await repair()).setAside.length, 1);
    assert.deepEqual(await documentsLeft(), [...allFour, 'x.ts', 'z.ts']);
  });

  it('finds vectors that are none under a right checksum; Repair drops their documents and nothing finds those vectors again', async () => {
    const bad = makeDocument('a.ts', 1, 3);
    bad.vectors[20] = NaN;
    const shard = await encodeShard([bad]);
    const { files, ...manifest } = decodeManifest(fs.readFileSync(file('manifest.json')));
    const name = shardFileName(shardOf('a.ts'), manifest.generation, [shard]);
    fs.rmSync(file(shardOfA()));
    fs.writeFileSync(file(name), shard);
    const shards = files.shards.map((old, i) => (i === shardOf('a.ts') ? name : old));
    await writeManifest(nodeFileSystem, folder, { ...manifest, files: { ...files, shards } });
    assert.deepEqual(await findings(), [{ kind: 'bad-vectors', file: name, documents: ['a.ts'] }]);
    assert.deepEqual((await repair()).lost, [{ path: 'a.ts' }]);
    assert.deepEqual(await findings(), []);
    const store = await openTestStore(folder);
    const found = bad.chunks.map(({ hash }) => store.findVector(hash));
    assert.equal(found[1], undefined);
    await store.close();
  });

  it('finds documents that no shard holds, and a manifest of another space', async () => {
    const { documents, ...manifest } = decodeManifest(fs.readFileSync(file('manifest.json')));
    const { document } = makeDocument('ghost.ts', 1, 2);
    await writeManifest(nodeFileSystem, folder, { ...manifest, documents: [...documents, { document, chunks: 2 }] });
    assert.deepEqual(await findings(), [{ kind: 'chunks-missing', file: 'manifest.json', documents: ['ghost.ts'] }]);
    assert.deepEqual((await repair()).lost, [{ path: 'ghost.ts' }]);
    const renamed = path.join(parent, 'another');
    fs.renameSync(folder, renamed);
    const kinds = (await verifyIndex(nodeFileSystem, renamed))!.findings.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['foreign-manifest']);
  });

  it('tells leftovers and what was set aside from damage', async () => {
    fs.writeFileSync(file('manifest.json.tmp'), 'half');
    fs.writeFileSync(file(`shard-001-1-${'0'.repeat(16)}.pb`), 'old');
    fs.mkdirSync(file('set-aside'));
    fs.writeFileSync(file('set-aside/old.pb'), 'xyz');
    assert.deepEqual((await findings()).map(({ kind, bytes }) => [kind, bytes]), [['leftover', 4], ['leftover', 3], ['set-aside', 3]]); // prettier-ignore
  });

  it('is right while a process writes', async function () {
    this.timeout(30_000);
    const store = await openTestStore(folder);
    const progress = { ended: false };
    const writing = (async () => {
      for (let version = 3; version < 40; version++) {
        for (const name of ['a', 'b', 'c', 'd']) await put(store, makeDocument(`${name}.ts`, version, version % 4));
        await store.checkpoint();
      }
      progress.ended = true;
    })();
    let looks = 0;
    for (; !progress.ended; looks++) {
      const { findings: found } = await verify();
      assert.deepEqual(found.filter(({ kind }) => kind !== 'leftover'), []); // prettier-ignore
    }
    assert.ok(looks > 3);
    await writing;
    await assert.rejects(repair(), (error) => isEngineError(error, 'index-locked'));
    await store.close();
  });

  it('repairs where a killed process left its lock', async () => {
    const pid = spawnSync(process.execPath, ['-e', '']).pid;
    fs.writeFileSync(file('writer.lock'), JSON.stringify({ pid, host: os.hostname(), token: 't' }));
    damage(shardOfA());
    assert.equal((await repair()).lost.length, 1);
    assert.equal(fs.existsSync(file('writer.lock')), false);
  });

  describe('of a kept snippet', () => {
    const kept = { sourcePath: 'src/x.ts', startLine: 3, endLine: 9 };
    /** Its shard holds another document behind it. */
    const keep = async (): Promise<string> => {
      const store = await openTestStore(folder);
      const { document, chunks, vectors } = makeDocument('snippet:x', 1, 2);
      const { embeddedText } = await import('../../../src/engine/model.ts');
      const { createHash } = await import('node:crypto');
      const right = chunks.map((chunk) => ({ ...chunk, hash: createHash('sha256').update(embeddedText(chunk)).digest('hex') }));
      await store.replaceDocument({ ...document, kept }, right, vectors);
      await store.close();
      return shardWith('snippet:x');
    }; // prettier-ignore

    /** As the next opening finds them. */
    const salvaged = async (): Promise<unknown[]> => {
      const store = await openTestStore(folder);
      const found = [...store.salvaged.values()].map(({ document, chunks }) => [document.path, document.kept, chunks.length]); // prettier-ignore
      await store.close();
      return found;
    };

    it('hands out the text where its hash is right, from a shard that is cut short', async () => {
      const shard = await keep();
      fs.appendFileSync(file(shard), 'garbage');
      assert.deepEqual((await repair()).lost, [{ path: 'snippet:x', kept }]);
      assert.deepEqual(await salvaged(), [['snippet:x', kept, 2]]);
    });

    it('hands out nothing where a letter is wrong', async () => {
      const shard = await keep();
      const bytes = fs.readFileSync(file(shard));
      bytes[bytes.indexOf('"quoted"') + 2]! ^= 1;
      fs.writeFileSync(file(shard), bytes);
      assert.deepEqual((await repair()).lost, [{ path: 'snippet:x', kept }]);
      assert.deepEqual(await salvaged(), []);
    });
  });
});
