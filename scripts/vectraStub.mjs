// esbuild plugin: bundles vectra's LocalIndex alone. The package's entry pulls in tokenizers, gRPC, an English language
// model and an OpenAI client (8 MB, 300 ms at start); its `exports` block deep imports, hence the path. What LocalIndex
// requires for BM25 and for its protobufjs codec is replaced by a module that throws at its first use: the store brings its
// own codec and never asks for BM25. Pinned to vectra's exact version; test/engine/store/vectraBundle.test.ts is the smoke test.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const UNUSED = /^(wink-bm25-text-search|wink-nlp|wink-eng-lite-web-model|protobufjs)$/;

/** @type {import('esbuild').Plugin} */
export const vectraStub = {
  name: 'vectra-stub',
  setup(build) {
    const entry = createRequire(import.meta.url).resolve('vectra');
    const localIndex = path.join(path.dirname(entry), 'LocalIndex.js');
    build.onStart(() => {
      if (!fs.existsSync(localIndex)) return { errors: [{ text: `vectra has moved ${localIndex}` }] };
      return undefined;
    });
    build.onResolve({ filter: /^vectra$/ }, () => ({ path: localIndex }));
    build.onResolve({ filter: UNUSED }, ({ path: name, importer }) =>
      importer.includes(`${path.sep}vectra${path.sep}`) ? { path: name, namespace: 'vectra-stub' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'vectra-stub' }, ({ path: name }) => ({
      contents: `module.exports = function () { throw new Error(${JSON.stringify(`${name} is not bundled`)}); };`,
    }));
  },
};
