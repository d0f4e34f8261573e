// Builds dist/ (what ships) and, with --tests, out/test and out/bench (what the suites and the benchmark run).
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { writeNotices } from './scripts/notices.mjs';
import { copyRuntimes, runtimeBuilds } from './scripts/runtimes.mjs';
import { vectraStub } from './scripts/vectraStub.mjs';
import { watPlugin } from './scripts/watPlugin.mjs';

const tests = process.argv.includes('--tests');
const production = process.argv.includes('--production');

/** Never bundled: VS Code's own module, and the inference runtimes (copied to dist/runtime, loaded by path). */
const external = ['vscode', 'onnxruntime-node', 'onnxruntime-web'];

/** @type {esbuild.BuildOptions} */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external,
  sourcemap: production ? false : 'linked',
  minify: production,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [vectraStub, watPlugin],
};

/** @type {esbuild.BuildOptions[]} */
const builds = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { engine: 'src/engine/process.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { stat: 'src/engine/source/statWorker.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { analysis: 'src/engine/analysis/thread.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { inference: 'src/engine/embed/local/inference.ts' }, outdir: 'dist' },
  ...runtimeBuilds(node),
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
  {
    ...node,
    entryPoints: { webview: 'src/webview/main.ts' },
    outdir: 'dist',
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    external: [],
    keepNames: false, // nothing reads names there, and bytes count
  },
];
if (tests) {
  builds.push({
    ...node,
    entryPoints: [
      ...find('test', /\.(test|bench)\.ts$/),
      ...find('test/integration', /index\.ts$/),
      ...find('test/support', /emulatorMain\.ts$/),
    ],
    outdir: 'out',
    outbase: '.',
    external: [...external, 'mocha', 'playwright-core', 'esbuild'],
    sourcemap: 'inline',
  });
}

/** Files below a folder, sorted. */
function find(folder, pattern) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => pattern.test(file))
    .sort();
}

/** Files that ship as they are. */
function copyAssets() {
  copyRuntimes();
  for (const file of ['codicon.css', 'codicon.ttf']) {
    fs.copyFileSync(path.join('node_modules/@vscode/codicons/dist', file), path.join('dist', file));
  }
  const wasm = 'node_modules/@vscode/tree-sitter-wasm/wasm';
  fs.mkdirSync('dist/grammars', { recursive: true });
  for (const file of fs.readdirSync(wasm)) {
    const unused = /-(ini|regex)\.wasm$/.test(file);
    if (/\.wasm$|^tree-sitter\.js$/.test(file) && !unused)
      fs.copyFileSync(path.join(wasm, file), path.join('dist/grammars', file));
  }
}

const present = builds.filter((build) => Object.values(build.entryPoints).every((file) => fs.existsSync(file)));
const results = await Promise.all(present.map((build) => esbuild.build({ ...build, metafile: true }))).catch(
  () => process.exit(1), // esbuild has said why
);
copyAssets();
if (production) {
  writeNotices(
    results.map(({ metafile }) => metafile),
    'dist/ThirdPartyNotices.txt',
  );
}
