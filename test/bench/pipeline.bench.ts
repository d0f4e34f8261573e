// The whole pipeline (walk, read, chunk, tokenise, embed, store) against the raw speed of the model: children x one-thread
// `session.run` over the same texts. Also a second run over the same folder, which must embed nothing.
import fs from 'node:fs';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { childrenFor } from '../../src/engine/embed/local/localEmbedder.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { embeddedText } from '../../src/engine/model.ts';
import { openStore } from '../../src/engine/store/vectraStore.ts';
import { spacesIn, spaceFolderName } from '../../src/engine/store/spaces.ts';
import { cpuMs } from '../support/cpuTime.ts';
import { distFolder, modelsFolder, repoFolder } from '../support/paths.ts';
import { openRawModel, type RawModel } from '../support/rawModel.ts';

interface Rep {
  readonly chunksPerSecond: number;
  readonly rawTextsPerSecond: number;
  readonly share: number;
  readonly cpuShare: number;
  readonly secondRun: number;
}

const CHUNKS = 1500;
const REPS = 3;
const PACKAGES = ['undici', 'mocha', 'vectra', 'ignore', 'picomatch', 'htmlparser2', 'csv-parse'];

/** Copies whole text files of installed packages until about `CHUNKS` chunks' worth of bytes is there. */
function copyCorpus(to: string): number {
  let bytes = 0;
  for (const name of PACKAGES) {
    const from = path.join(repoFolder, 'node_modules', name);
    if (!fs.existsSync(from)) continue;
    for (const file of fs.readdirSync(from, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(js|ts|md)$/.test(file) || /\.min\.|node_modules|\.d\.ts$/.test(file) || bytes > CHUNKS * 620) continue;
      const { size } = fs.statSync(path.join(from, file));
      if (size > 60_000) continue;
      fs.mkdirSync(path.dirname(path.join(to, name, file)), { recursive: true });
      fs.copyFileSync(path.join(from, file), path.join(to, name, file));
      bytes += size;
    }
  }
  return bytes;
}

async function indexOnce(folder: string, storageFolder: string) {
  const engine = createEngine({
    resources: { distFolder, modelsFolder },
    onStatus: () => undefined,
    onIndexed: () => undefined,
  });
  try {
    const settings = {
      model: 'minilm',
      include: [],
      exclude: [],
      maxFileBytes: 1 << 20,
      maxConcurrency: 0,
      language: 'en',
    };
    await engine.configure({ roots: [{ folder, prefix: '' }], storageFolder, ...settings });
    // The children start and load the model before the clock does, as for the raw figure.
    await engine.embed({ texts: ['warm', 'up'] });
    const before = cpuMs();
    const summary = await engine.index({});
    return { ...summary, cpuMsPerChunk: (cpuMs() - before) / Math.max(1, summary.embedded) };
  } finally {
    await engine.close();
  }
}

/** One thread of `session.run` alone, tokens made before. */
async function measureRaw(
  raw: RawModel,
  texts: readonly string[],
): Promise<{ textsPerSecond: number; cpuMsPerText: number }> {
  await raw.run(texts);
  const [start, before] = [performance.now(), cpuMs()];
  await raw.run(texts);
  return {
    textsPerSecond: (texts.length / (performance.now() - start)) * 1000,
    cpuMsPerText: (cpuMs() - before) / texts.length,
  };
}

async function storedTexts(storageFolder: string): Promise<string[]> {
  const [found] = await spacesIn([storageFolder]);
  if (!found) throw new Error('no index was written');
  const folder = path.join(storageFolder, spaceFolderName(found.space));
  const store = await openStore({ folder, space: found.space, partDimensions: [found.space.dimension] });
  const texts = store.table.chunks.slice(0, store.table.count).map(embeddedText);
  await store.close();
  return texts;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function main(): Promise<void> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-pipeline-'));
  try {
    const corpus = path.join(work, 'corpus');
    fs.mkdirSync(corpus);
    copyCorpus(corpus);
    const children = childrenFor(0, availableParallelism());
    const model = await openRawModel();
    const reps: Rep[] = [];
    let first = { documents: 0, chunks: 0, tokens: 0 };
    for (let rep = 0; rep < REPS; rep++) {
      const storage = path.join(work, `index-${rep}`);
      const summary = await indexOnce(corpus, storage);
      first = summary;
      const again = await indexOnce(corpus, storage);
      if (again.embedded !== 0) throw new Error(`the second run embedded ${again.embedded} chunks`);
      const texts = await storedTexts(storage);
      const raw = await measureRaw(
        model,
        texts.filter((_, i) => i % 10 === rep),
      );
      const chunksPerSecond = summary.embedded / summary.seconds;
      reps.push({
        chunksPerSecond,
        rawTextsPerSecond: raw.textsPerSecond,
        share: chunksPerSecond / (children * raw.textsPerSecond),
        cpuShare: raw.cpuMsPerText / summary.cpuMsPerChunk,
        secondRun: again.seconds / summary.seconds,
      });
    }
    const of = (key: keyof Rep): number => median(reps.map((rep) => rep[key]));
    const percent = (key: keyof Rep, digits = 0): string => `${(of(key) * 100).toFixed(digits)} %`;
    console.log('### Pipeline\n\n| what | measured |\n|---|---|');
    console.log(`| corpus | ${first.documents} documents, ${first.chunks} chunks, ${first.tokens} tokens |`);
    console.log(`| whole pipeline, ${children} children | ${of('chunksPerSecond').toFixed(1)} chunks/s |`);
    console.log(`| one thread of session.run alone | ${of('rawTextsPerSecond').toFixed(1)} chunks/s |`);
    console.log(`| pipeline / (children x one thread) | ${percent('share')} (target 85 %) |`);
    console.log(`| CPU time of session.run alone / CPU time of the pipeline, per chunk | ${percent('cpuShare')} |`);
    console.log(`| second run, nothing changed: time / first run | ${percent('secondRun', 1)}, 0 embedded |`);
    const out = path.join(repoFolder, 'out', 'bench');
    fs.mkdirSync(out, { recursive: true });
    fs.writeFileSync(path.join(out, 'pipeline.json'), JSON.stringify({ children, reps, first }, undefined, 2));
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
