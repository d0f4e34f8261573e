import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { whyNot } from '../../src/engine/coverage.ts';
import { planIndex } from '../../src/engine/indexPlan.ts';
import type { Source } from '../../src/engine/source/source.ts';
import { createSource } from '../../src/engine/source/workspaceSource.ts';
import type { VectorStore } from '../../src/engine/store/store.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { makeDocument, openTestStore, put } from './store/storeFixtures.ts';

describe('what a run has to do', () => {
  let workspace: TestWorkspace;
  let source: Source;
  let store: VectorStore;
  let walks = 0;
  beforeEach(async () => {
    workspace = createWorkspace({ 'a/one.md': '# One\n', 'b/two.md': '# Two\n', 'b/c/three.md': '# Three\n', 'd/four.md': '# Four\n' }); // prettier-ignore
    const roots = [{ folder: workspace.folder, prefix: '' }];
    const inner = createSource(roots, { include: [], exclude: [], maxFileBytes: 1 << 20 });
    walks = 0;
    source = {
      walk: (signal) => (walks++, inner.walk(signal)),
      read: (file, options) => inner.read(file, options),
      fromText: (...text) => inner.fromText(...text),
      ruleFor: (file) => inner.ruleFor(file),
    };
    store = await openTestStore(workspace.storageFolder);
  });
  afterEach(async () => {
    await store.close();
    workspace.remove();
  });

  it('is found in one walk for any number of folders, of which some are gone, and files', async () => {
    for (const name of ['gone/x.md', 'gone/y.md', 'b/old.md', 'd/stays.md']) await put(store, makeDocument(name, 1, 1));
    const paths = ['a', 'b/', 'gone', 'd/four.md', 'b/two.md'];
    const { signal } = new AbortController();
    const plan = await planIndex(source, store, { paths, asked: 'named' }, 1 << 20, signal, () => undefined);
    assert.equal(walks, 1);
    assert.deepEqual(
      plan.pending.map(({ path: file, asked }) => `${file} ${asked ?? ''}`),
      ['a/one.md ', 'b/c/three.md ', 'b/two.md named', 'd/four.md named'],
    );
    assert.deepEqual([...plan.removed].sort(), ['b/old.md', 'gone/x.md', 'gone/y.md']);
  });

  it('keeps what was asked for although rules exclude it, below a folder that is named too', async () => {
    fs.writeFileSync(path.join(workspace.folder, '.gitignore'), 'd/four.md\nb/two.md\n');
    const { document, chunks, vectors } = makeDocument('d/four.md', 1, 1);
    await store.replaceDocument({ ...document, asked: 'named' }, chunks, vectors);
    store.recordLeftOut([{ path: 'b/two.md', reason: 'not-indexed-yet', asked: 'named' }], false);
    const { signal } = new AbortController();
    const planOf = (...paths: string[]) => planIndex(source, store, { paths }, 1 << 20, signal, () => undefined);
    const both = await planOf('b', 'd/');
    assert.deepEqual(both.pending.map(({ path: file, asked }) => `${file} ${asked ?? ''}`), ['b/c/three.md ', 'b/two.md named', 'd/four.md named']); // prettier-ignore
    assert.deepEqual(both.removed, []);
    assert.deepEqual((await planOf('a')).pending.map(({ path: file }) => file), ['a/one.md']); // prettier-ignore
  });

  it('for single files needs no walk', async () => {
    fs.rmSync(path.join(workspace.folder, 'a/one.md'));
    const { signal } = new AbortController();
    await planIndex(source, store, { paths: ['a/one.md', 'd/four.md'] }, 1 << 20, signal, () => undefined);
    assert.equal(walks, 0);
  });

  it('a file without text is told as the ledger has it until it changes', async () => {
    const file = path.join(workspace.folder, 'd/four.md');
    const { size, mtimeMs } = fs.statSync(file);
    store.recordLeftOut([{ path: 'd/four.md', reason: 'no-text', size, mtimeMs }], false);
    assert.deepEqual(await whyNot(store, source, 'd/four.md'), store.coverage()[0]);
    fs.appendFileSync(file, 'Words.\n');
    assert.equal((await whyNot(store, source, 'd/four.md')).reason, 'not-indexed-yet');
  });

  it('a document of which a part failed is told as failed, with its chunks', async () => {
    await put(store, makeDocument('a/one.md', 1, 3));
    store.recordLeftOut([{ path: 'a/one.md', reason: 'embedding-failed', detail: 'row-refused: lines 1-2' }], false);
    assert.deepEqual(await whyNot(store, source, 'a/one.md'), store.coverage()[0]);
    assert.equal((await whyNot(store, source, 'a/one.md')).state, 'failed');
  });
});
