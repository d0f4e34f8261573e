import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { repoFolder } from '../../support/paths.ts';
import { makeDocument, openTestStore, put, removeFolder, temporaryFolder, vectorOfHash } from './storeFixtures.ts';
import { stockVectra } from './stockVectra.ts';

describe('vectra in the bundle', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => removeFolder(folder));

  it('is small, loads fast and works in a process of its own', async () => {
    const esbuild = await import('esbuild');
    const pluginFile = pathToFileURL(path.join(repoFolder, 'scripts', 'vectraStub.mjs')).href;
    const { vectraStub } = (await import(pluginFile)) as { vectraStub: Plugin };
    const watFile = pathToFileURL(path.join(repoFolder, 'scripts', 'watPlugin.mjs')).href;
    const { watPlugin } = (await import(watFile)) as { watPlugin: Plugin };
    const outfile = path.join(folder, 'store.cjs');
    await esbuild.build({
      stdin: {
        contents: `import { openStore } from './src/engine/store/vectraStore.ts';
          const loadedMs = performance.now() - begunMs;
          const space = { provider: 'local', model: 'm', dimension: 2, output: 'dense', prompt: 'p', chunkerVersion: 1 };
          const options = { folder: process.argv[2], space, partDimensions: [2] };
          const document = { path: 'a', languageId: 'x', hash: 'h', size: 1, mtimeMs: 1, cjkLetters: 0 };
          const chunk = { path: 'a', startLine: 1, endLine: 1, text: 't', kind: 'lines', hash: 'c' };
          void (async () => {
            const first = await openStore(options);
            await first.replaceDocument(document, [chunk], Float32Array.of(0.6, 0.8));
            await first.close();
            const second = await openStore(options);
            console.log(JSON.stringify({ loadedMs, vector: [...second.findVector('c')] }));
            await second.close();
          })();`,
        resolveDir: repoFolder,
        loader: 'ts',
      },
      banner: { js: 'const begunMs = performance.now();' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile,
      plugins: [vectraStub, watPlugin],
    });
    const kilobytes = fs.statSync(outfile).size / 1024;
    assert.ok(kilobytes < 200, `${kilobytes} KB`);
    const output = execFileSync(process.execPath, [outfile, path.join(folder, 'index')], { encoding: 'utf8' });
    const { loadedMs, vector } = JSON.parse(output) as { loadedMs: number; vector: number[] };
    assert.deepEqual(vector, [Math.fround(0.6), Math.fround(0.8)]);
    assert.ok(loadedMs < 500, `${loadedMs} ms`);
  });

  it('leaves files that a stock vectra opens and queries', async () => {
    const store = await openTestStore(folder);
    const documents = Array.from({ length: 150 }, (_, i) => makeDocument(`src/file${i}.ts`, 1, 1 + (i % 4)));
    for (const one of documents) await put(store, one);
    await store.removeDocuments(['src/file0.ts']);
    await store.close();
    const { LocalIndex, LocalFileStorage, ProtobufCodec } = stockVectra();
    const found = new Map<string, number[]>();
    let retired = 0;
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.pb'))) {
      const index = new LocalIndex(folder, name, new LocalFileStorage(), new ProtobufCodec());
      const items = await index.listItems();
      if (name.startsWith('retired')) retired += items.length;
      else for (const { metadata, vector } of items) found.set(String(metadata['hash']), vector);
      const wanted = items[items.length >> 1]!;
      const hits = await index.queryItems(wanted.vector, '', 1);
      assert.deepEqual(
        hits.map(({ item, score }) => [item.id, Math.round(score * 1e6)]),
        [[wanted.id, 1e6]],
      );
    }
    const chunks = documents.slice(1).flatMap((one) => one.chunks);
    assert.equal(found.size, chunks.length);
    for (const { hash } of chunks) assert.deepEqual(found.get(hash), Array.from(vectorOfHash(hash)));
    assert.equal(retired, 1);
  });
});
