// A restart over 38,000 unchanged small files in a git repository: the scan of the reopened index against `git status` on the
// same tree, taking turns. Also how long the engine's event loop was held up meanwhile, since searches wait for it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CHUNKER_VERSION } from '../../src/engine/chunk/chunker.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EmbeddingSpace } from '../../src/engine/model.ts';
import { spaceFolderName } from '../../src/engine/store/spaces.ts';
import { openStore } from '../../src/engine/store/vectraStore.ts';
import { median } from '../support/measure.ts';
import { distFolder, modelsFolder, repoFolder } from '../support/paths.ts';
import { testEmbedder } from '../support/testEmbedder.ts';
import { unflushed } from '../support/unflushed.ts';

const FILES = 38_000;
const REPS = 9;
const MOST_TIMES_GIT = 3;

interface Tree {
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** 40 packages of 60 folders, as in a monorepo. */
function makeTree(folder: string): Tree {
  const files = Array.from({ length: FILES }, (_, i) => {
    const kind = i % 3 === 0 ? 'docs' : 'src';
    const name = `packages/pkg${i % 40}/module${Math.floor(i / 40) % 30}/${kind}/file${i}.${kind === 'src' ? 'ts' : 'md'}`;
    return { path: name, text: `export const value${i} = ${i};\n` };
  });
  for (const { path: name, text } of files) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  fs.writeFileSync(path.join(folder, '.gitignore'), '*.log\nout/\nnode_modules/\ncoverage/\n*.tmp\n/.env\n');
  git(folder, 'init', '-q');
  git(folder, 'add', '.');
  git(folder, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '-qm', 'all');
  return { folder, files: [...files, { path: '.gitignore', text: fs.readFileSync(path.join(folder, '.gitignore'), 'utf8') }] }; // prettier-ignore
}

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** An index of the tree with one vector a file, as a run would leave it: in path order. */
async function makeIndex({ folder, files }: Tree, storageFolder: string, space: EmbeddingSpace): Promise<void> {
  const store = await openStore({ folder: path.join(storageFolder, spaceFolderName(space)), space, partDimensions: [space.dimension], fs: unflushed }); // prettier-ignore
  const vector = new Float32Array(space.dimension).fill(1 / Math.sqrt(space.dimension));
  for (const { path: name, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const { size, mtimeMs } = fs.statSync(path.join(folder, name));
    const hash = createHash('sha256').update(text).digest('hex');
    const languageId = name.endsWith('.ts') ? 'typescript' : name.endsWith('.md') ? 'markdown' : 'ignore';
    await store.replaceDocument(
      { path: name, languageId, hash, size, mtimeMs, cjkLetters: 0 },
      [{ path: name, startLine: 1, endLine: 1, text, kind: 'code', hash }],
      vector,
    );
  }
  await store.close();
}

async function openEngine(folder: string, storageFolder: string): Promise<Engine> {
  const engine = createEngine({ resources: { distFolder, modelsFolder }, onStatus: () => undefined, onIndexed: () => undefined }); // prettier-ignore
  await engine.configure({
    roots: [{ folder, prefix: '' }],
    storageFolder,
    model: 'minilm',
    include: [],
    exclude: [],
    maxFileBytes: 1 << 20,
    maxConcurrency: 0,
    language: 'en',
  });
  await engine.whyNot({ path: '.gitignore' }); // opens the index
  return engine;
}

async function main(): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-scan-'));
  try {
    const tree = makeTree(path.join(root, 'tree'));
    const storageFolder = path.join(root, 'index');
    const embedder = await testEmbedder({ chunkerVersion: CHUNKER_VERSION });
    await makeIndex(tree, storageFolder, embedder.space);
    await embedder.close();
    const [scanMs, gitMs, heldUpMs]: [number[], number[], number[]] = [[], [], []];
    let embedded = 0;
    git(tree.folder, 'status', '--porcelain'); // both start with a warm cache of the file system
    for (let rep = 0; rep < REPS; rep++) {
      const engine = await openEngine(tree.folder, storageFolder);
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const began = performance.now();
      const summary = await engine.index({});
      scanMs.push(performance.now() - began);
      delay.disable();
      heldUpMs.push(delay.max / 1e6);
      embedded += summary.embedded + summary.reused + summary.failed.length;
      if (summary.documents !== tree.files.length) throw new Error(`${summary.documents} documents`);
      await engine.close();
      const gitBegan = performance.now();
      git(tree.folder, 'status', '--porcelain');
      gitMs.push(performance.now() - gitBegan);
    }
    const [scan, status] = [median(scanMs), median(gitMs)];
    const ratio = scan / status;
    const report = { files: FILES, scanMs: scan, gitStatusMs: status, ratio, heldUpMs: median(heldUpMs), embedCalls: embedded }; // prettier-ignore
    console.log(`Restart over ${FILES.toLocaleString('en')} unchanged files, median of ${REPS} alternating runs.\n
| | ms | times \`git status\` |
|---|---|---|
| \`git status --porcelain\` | ${status.toFixed(0)} | 1.0 |
| scan of the reopened index | ${scan.toFixed(0)} | ${ratio.toFixed(1)} (at most ${MOST_TIMES_GIT}) |

Embed calls: ${embedded}. Longest the event loop was held up: ${report.heldUpMs.toFixed(0)} ms (median of the runs' longest).`);
    fs.mkdirSync(path.join(repoFolder, 'out', 'bench'), { recursive: true });
    fs.writeFileSync(path.join(repoFolder, 'out', 'bench', 'scan.json'), JSON.stringify(report, null, 2));
    if (embedded > 0 || ratio > MOST_TIMES_GIT) process.exitCode = 1;
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
