// esbuild plugin: bundles of vectra only what the store uses. The package's entry pulls in tokenizers, gRPC, an English
// language model and an OpenAI client (8 MB, 300 ms at start); its `exports` block deep imports, hence the paths. What
// LocalIndex requires for BM25 and for its protobufjs codec is replaced by a module that throws at its first use: the store
// brings its own codec and never asks for BM25. vectra is pinned; test/engine/store/vectraBundle.test.ts is the smoke test.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const USED = { LocalIndex: 'LocalIndex.js', VirtualFileStorage: 'storage/VirtualFileStorage.js' };
const UNUSED = /^(wink-bm25-text-search|wink-nlp|wink-eng-lite-web-model|protobufjs)$/;

/** @type {import('esbuild').Plugin} */
export const vectraStub = {
  name: 'vectra-stub',
  setup(build) {
    const library = path.dirname(createRequire(import.meta.url).resolve('vectra'));
    build.onStart(() => ({
      errors: Object.values(USED)
        .filter((file) => !fs.existsSync(path.join(library, file)))
        .map((file) => ({ text: `vectra no longer has ${file}` })),
    }));
    build.onResolve({ filter: /^vectra$/ }, () => ({ path: 'vectra', namespace: 'vectra-used' }));
    build.onLoad({ filter: /.*/, namespace: 'vectra-used' }, () => ({
      contents: Object.entries(USED)
        .map(([name, file]) => `export { ${name} } from './${file}';`)
        .join('\n'),
      resolveDir: library,
    }));
    build.onResolve({ filter: UNUSED }, ({ path: name, importer }) =>
      importer.includes(`${path.sep}vectra${path.sep}`) ? { path: name, namespace: 'vectra-unused' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'vectra-unused' }, ({ path: name }) => ({
      contents: `module.exports = function () { throw new Error(${JSON.stringify(`${name} is not bundled`)}); };`,
    }));
  },
};
