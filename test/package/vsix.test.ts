// What ships, file by file: a file that is missing, and one that nobody named here, fail alike.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { text } from 'node:stream/consumers';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { vsixFile } from '../support/vsix.ts';

const GRAMMARS = 'bash c-sharp cpp css go java javascript php powershell python ruby rust tsx typescript'.split(' ');

const FILES = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  ...[
    'LICENSE.txt',
    'changelog.md',
    'package.json',
    'package.nls.json',
    'package.nls.zh-cn.json',
    'readme.md',
    'dist/ThirdPartyNotices.txt',
    'dist/analysis.js',
    'dist/cli.js',
    'dist/codicon.css',
    'dist/codicon.ttf',
    'dist/engine.js',
    'dist/extension.js',
    'dist/inference.js',
    'dist/stat.js',
    'dist/webview.js',
    'dist/grammars/tree-sitter.js',
    'dist/grammars/tree-sitter.wasm',
    ...GRAMMARS.map((name) => `dist/grammars/tree-sitter-${name}.wasm`),
    'dist/runtime/onnxruntime-web.js',
    'dist/runtime/ort-wasm-simd-threaded.mjs',
    'dist/runtime/ort-wasm-simd-threaded.wasm',
    ...nativeRuntime().map((file) => `dist/runtime/${file}`),
    'media/activity.svg',
    'media/icon.png',
    'media/map.css',
    'media/sidebar.css',
    'media/l10n/bundle.l10n.zh-cn.json',
    'media/model-licences/all-MiniLM-L6-v2.txt',
    'media/model-licences/bge-small-v1.5.txt',
    'media/model-licences/onnxruntime.txt',
    'media/models/bge-small-zh/model.onnx',
    'media/models/bge-small-zh/tokenizer.json',
    'media/models/minilm/model.onnx',
    'media/models/minilm/tokenizer.json',
  ].map((file) => `extension/${file}`),
];

/** ONNX Runtime for CPUs; Intel Macs have none and use WebAssembly. */
function nativeRuntime(): string[] {
  const libraries: Record<string, string> = {
    linux: 'libonnxruntime.so.1',
    darwin: 'libonnxruntime.1.dylib',
    win32: 'onnxruntime.dll',
  };
  const library = libraries[process.platform];
  if (library === undefined || (process.platform === 'darwin' && process.arch !== 'arm64')) return [];
  return [library, 'onnxruntime-node.js', 'onnxruntime_binding.node'];
}

describe('The packaged extension', () => {
  let zip: ZipFile;
  const entries = new Map<string, Entry>();

  before(async () => {
    zip = await openPromise(vsixFile, { autoClose: false });
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  });
  after(() => zip.close());

  const read = async (file: string): Promise<string> => text(await zip.openReadStreamPromise(entries.get(file)!));

  it('holds exactly the files that it needs', () => {
    assert.deepEqual([...entries.keys()].sort(), FILES.sort());
  });

  it('is below 64 MB', function () {
    const megabytes = fs.statSync(vsixFile).size / 1e6;
    console.log(`      ${megabytes.toFixed(1)} MB`);
    assert.ok(megabytes < 64);
  });

  it('tells neither scripts nor development packages, and keeps what VS Code reads', async () => {
    const manifest = JSON.parse(await read('extension/package.json')) as Record<string, unknown>;
    assert.equal(manifest['main'], './dist/extension.js');
    assert.deepEqual(
      ['scripts', 'devDependencies', 'dependencies'].filter((key) => key in manifest),
      [],
    );
  });

  it('has no picture or link in its README that leads nowhere', async () => {
    const readme = await read('extension/readme.md');
    assert.deepEqual(readme.match(/\]\((?!https?:|#)[^)]*\)/g), null);
  });

  it('names the licence of every bundled package', async () => {
    const notices = await read('extension/dist/ThirdPartyNotices.txt');
    for (const name of ['vectra', 'onnxruntime-node', '@huggingface/tokenizers', '@vscode/codicons', 'highlight.js']) {
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
    }
    assert.doesNotMatch(notices, /\b(GPL|AGPL|LGPL|UNLICENSED)\b/);
  });

  it('holds no source map and no path of the machine that built it', async () => {
    for (const file of ['extension', 'engine', 'analysis', 'inference', 'stat', 'cli', 'webview']) {
      const code = await read(`extension/dist/${file}.js`);
      assert.doesNotMatch(code, /sourceMappingURL/);
      assert.ok(!code.includes(process.cwd()), `${file}.js names ${process.cwd()}`);
    }
  });
});
