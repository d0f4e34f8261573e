// While a whole index of 50,000 x 1,024 is analysed: how long other questions wait, and how long the loop of the process that asks
// (in VS Code the extension host) is held up, beside the same questions while nothing else goes on. The engine is the real one,
// in its own process. Prints Markdown.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { importedSpace } from '../../src/engine/embed/imported/importedEmbedder.ts';
import { spaceFolderName } from '../../src/engine/store/spaces.ts';
import { openStore } from '../../src/engine/store/vectraStore.ts';
import { EngineProcess } from '../../src/host/engineProcess.ts';
import { seeded } from '../engine/store/storeFixtures.ts';
import { median } from '../support/measure.ts';
import { distFolder, modelsFolder } from '../support/paths.ts';
import { CHUNKS_A_FILE, syntheticFiles } from '../support/syntheticFiles.ts';
import { unflushed } from '../support/unflushed.ts';

const DIMENSION = 1_024;
const ITEMS = Number(process.env['RESPONSIVE_ITEMS'] ?? 50_000);
const FILES = ITEMS / CHUNKS_A_FILE;
const WORDS = 5_000;
const WORDS_A_CHUNK = 100;
const PAUSE_MS = 50;
const QUIET_QUESTIONS = 60;

async function makeIndex(storageFolder: string): Promise<void> {
  const space = importedSpace(DIMENSION);
  const store = await openStore({ folder: path.join(storageFolder, spaceFolderName(space)), space, partDimensions: [DIMENSION], fs: unflushed }); // prettier-ignore
  const fileOf = syntheticFiles(DIMENSION);
  const random = seeded(7);
  for (let f = 0; f < FILES; f++) {
    const { record, chunks, vectors } = fileOf(f);
    const worded = chunks.map((chunk) => {
      const text = Array.from({ length: WORDS_A_CHUNK }, () => `word${Math.floor(random() ** 2 * WORDS).toString(36)}`).join(' '); // prettier-ignore
      return { ...chunk, text, hash: createHash('sha256').update(text).digest('hex') };
    });
    await store.replaceDocument(record, worded, vectors);
  }
  await store.close();
}

interface Measured {
  readonly ms: number;
  /** Of the questions meanwhile. */
  readonly waits: readonly number[];
  /** Longest turn of this process's loop. */
  readonly heldUpMs: number;
}

/** Asks for the neighbours of a snippet again and again, as a moving cursor does, until `work` is done. */
async function beside(engine: EngineProcess, work: () => Promise<unknown>): Promise<Measured> {
  const random = seeded(3);
  const waits: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let isDone = false;
  const ask = async (): Promise<void> => {
    while (!isDone) {
      const file = Math.floor(random() * FILES);
      const startLine = 1 + 20 * Math.floor(random() * CHUNKS_A_FILE);
      const began = performance.now();
      await engine.request('similar', { example: { path: `src/folder${file % 100}/file${file}.ts`, startLine, endLine: startLine + 5 }, top: 10 }); // prettier-ignore
      waits.push(performance.now() - began);
      await wait(PAUSE_MS);
    }
  };
  delay.enable();
  const began = performance.now();
  const asking = ask();
  await work().finally(() => (isDone = true));
  const ms = performance.now() - began;
  await asking;
  delay.disable();
  return { ms, waits, heldUpMs: delay.max / 1e6 };
}

async function main(): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-responsive-'));
  const silent = (): void => undefined;
  const storageFolder = path.join(root, 'index');
  const engine = new EngineProcess({
    entry: path.join(distFolder, 'engine.js'),
    args: [JSON.stringify({ distFolder, modelsFolder })],
    config: () => ({
      roots: [{ folder: root, prefix: '' }],
      storageFolder,
      model: 'imported',
      include: [],
      exclude: [],
      maxFileBytes: 1 << 20,
      maxConcurrency: 0,
      language: 'en',
    }),
    log: { debug: silent, info: silent, warn: console.error, error: console.error },
  });
  try {
    await makeIndex(storageFolder);
    const quiet = async (): Promise<void> => wait(QUIET_QUESTIONS * PAUSE_MS);
    await beside(engine, quiet); // opens the index
    const works: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['nothing', quiet],
      ['clusters (with the graph)', () => engine.request('clusters', { of: 'chunks' })],
      ['a step of the slider', () => engine.request('clusters', { of: 'chunks', granularity: 0.8 })],
      ['map', () => engine.request('map', { of: 'chunks' })],
      ['map, once more', () => engine.request('map', { of: 'chunks' })],
      ['outliers', () => engine.request('outliers', { of: 'chunks', top: 200 })],
      ['duplicates', () => engine.request('duplicates', {})],
      ['clusters of documents', () => engine.request('clusters', { of: 'documents' })],
    ];
    console.log(`${ITEMS.toLocaleString('en')} items x ${DIMENSION}\n\n| at work | s | questions meanwhile | their median, ms | longest, ms | asking process held up, ms |\n|---|---|---|---|---|---|`); // prettier-ignore
    for (const [name, work] of works) {
      const { ms, waits, heldUpMs } = await beside(engine, work);
      console.log(`| ${name} | ${(ms / 1_000).toFixed(2)} | ${waits.length} | ${median(waits).toFixed(0)} | ${Math.max(...waits).toFixed(0)} | ${heldUpMs.toFixed(0)} |`); // prettier-ignore
    }
  } finally {
    await engine.dispose();
    fs.rmSync(root, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
