import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../../src/engine/errors.ts';
import type { EmbeddingSpace } from '../../../src/engine/model.ts';
import { removeSpace, spaceFolderName, spacesIn } from '../../../src/engine/store/spaces.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import { makeDocument, put, removeFolder, spaceOf, temporaryFolder } from './storeFixtures.ts';

describe('spaces on disk', () => {
  let storage: string;
  beforeEach(() => (storage = temporaryFolder()));
  afterEach(() => removeFolder(storage));

  const open = (space: EmbeddingSpace) =>
    openStore({ folder: path.join(storage, spaceFolderName(space)), space, partDimensions: [space.dimension] });

  it('have a readable folder name that differs whenever the space differs', () => {
    const space = spaceOf(384);
    assert.match(spaceFolderName(space), /^local-test-model-384-[0-9a-f]{10}$/);
    assert.equal(spaceFolderName(space), spaceFolderName({ ...space }));
    const others: EmbeddingSpace[] = [
      { ...space, provider: 'openai' },
      { ...space, model: '/home/用户/my models/test-model' },
      { ...space, dimension: 383 },
      { ...space, prompt: 'none-2' },
      { ...space, chunkerVersion: 2 },
    ];
    const names = [space, ...others].map(spaceFolderName);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z0-9-]{1,80}$/);
  });

  it('are listed with their counts; what is no space is passed over', async () => {
    const spaces = [spaceOf(8), spaceOf(4)];
    for (const [i, space] of spaces.entries()) {
      const store = await open(space);
      await put(store, makeDocument('a.ts', 1, 3 + i, space.dimension));
      await store.close();
    }
    fs.mkdirSync(path.join(storage, 'empty'));
    fs.mkdirSync(path.join(storage, 'damaged'));
    fs.writeFileSync(path.join(storage, 'damaged', 'manifest.json'), 'x');
    fs.writeFileSync(path.join(storage, 'file.txt'), 'x');
    const found = await spacesIn([storage]);
    assert.deepEqual(
      found.map(({ space, documents, chunks }) => [space.dimension, documents, chunks]).sort(),
      [[4, 1, 4], [8, 1, 3]], // prettier-ignore
    );
    for (const { bytes } of found) assert.ok(bytes > 100);
    assert.deepEqual(await spacesIn([path.join(storage, 'nowhere')]), []);
  });

  it('are listed as soon as they are opened', async () => {
    const store = await open(spaceOf(8));
    assert.deepEqual((await spacesIn([storage])).map(({ documents }) => documents), [0]); // prettier-ignore
    await store.close();
  });

  it('can be removed unless a store writes to them', async () => {
    const store = await open(spaceOf(8));
    const locked = (error: unknown) => error instanceof EngineError && error.code === 'index-locked';
    await assert.rejects(removeSpace([storage], spaceOf(8)), locked);
    await store.close();
    await removeSpace([storage], spaceOf(8));
    await removeSpace([storage], spaceOf(4));
    assert.deepEqual(fs.readdirSync(storage), []);
  });
});
