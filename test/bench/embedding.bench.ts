// Texts a second of the local embedder against the model alone and against what others run. All contenders take the same real
// texts in turn, several times; ratios are medians of the ratios within a turn, so that what else the machine does touches both
// sides alike, and CPU time a text says what is left when it does not. REPS and TEXTS change the effort.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { childrenFor } from '../../src/engine/embed/local/localEmbedder.ts';
import type { Embedder } from '../../src/engine/embed/embedder.ts';
import { chunkTexts, fixedLineTexts } from '../support/chunkTexts.ts';
import { cpuMs } from '../support/cpuTime.ts';
import { type Contender, embeddingPeers } from '../support/embeddingPeers.ts';
import { repoFolder } from '../support/paths.ts';
import { openRawModel } from '../support/rawModel.ts';
import { testEmbedder } from '../support/testEmbedder.ts';

const REPS = Number(process.env['REPS'] ?? 5);
const TEXTS = Number(process.env['TEXTS'] ?? 120);
const TEXTS_PER_DOCUMENT = 6;
const RAW = 0;
const POOL = 2;

interface Row {
  readonly name: string;
  readonly textsPerSecond: number;
  readonly cpuMsPerText: number;
  readonly poolTimesFaster: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** The pool, fed as the indexer feeds it: several documents' texts in flight at once. */
function poolContender(name: string, embedder: Embedder): Contender {
  return {
    name,
    embed: (texts) => {
      const documents = Math.ceil(texts.length / TEXTS_PER_DOCUMENT);
      const document = (i: number): readonly string[] =>
        texts.slice(i * TEXTS_PER_DOCUMENT, (i + 1) * TEXTS_PER_DOCUMENT);
      return Promise.all(Array.from({ length: documents }, (_, i) => embedder.embedPart(0, document(i))));
    },
  };
}

async function compare(contenders: readonly Contender[], texts: readonly string[]): Promise<Row[]> {
  for (const { embed } of contenders) await embed(texts.slice(0, 8)); // models are loaded before the clock starts
  const rates: number[][] = contenders.map(() => []);
  const cpu: number[][] = contenders.map(() => []);
  for (let turn = 0; turn < REPS; turn++) {
    for (const [i, { embed }] of contenders.entries()) {
      const [started, cpuStarted] = [performance.now(), cpuMs()];
      await embed(texts);
      rates[i]!.push((texts.length * 1000) / (performance.now() - started));
      cpu[i]!.push((cpuMs() - cpuStarted) / texts.length);
    }
  }
  return contenders.map(({ name }, i) => ({
    name,
    textsPerSecond: median(rates[i]!),
    cpuMsPerText: median(cpu[i]!),
    poolTimesFaster: median(rates[i]!.map((rate, turn) => rates[POOL]![turn]! / rate)),
  }));
}

async function main(): Promise<void> {
  const children = childrenFor(0, os.availableParallelism());
  const raw = await openRawModel();
  const one = await testEmbedder({ maxConcurrency: 1 });
  const pool = await testEmbedder({ maxConcurrency: children });
  const contenders: Contender[] = [
    { name: 'session.run alone, 1 thread', embed: (texts) => raw.run(texts) },
    poolContender('pool of 1 child', one),
    poolContender(`pool of ${children} children`, pool),
    ...(await embeddingPeers()),
  ];
  const corpora = {
    'chunks of at most 250 tokens': chunkTexts(TEXTS, (text) => pool.countTokens(text)),
    'chunks of 40 lines': fixedLineTexts(TEXTS, 40),
  };
  const figures: Record<string, { share: number; rows: Row[] }> = {};
  for (const [name, texts] of Object.entries(corpora)) {
    const tokens = texts.reduce((sum, text) => sum + Math.min(256, pool.countTokens(text) + 2), 0);
    const rows = await compare(contenders, texts);
    const share = rows[RAW]!.poolTimesFaster / children;
    figures[name] = { share, rows };
    const load = os.loadavg()[0]!.toFixed(1);
    console.log(`### MiniLM, ${name}: ${texts.length} texts, ${tokens} tokens at 256, ${REPS} turns, load ${load}\n`);
    console.log('| how | texts/s | CPU ms a text | pool is faster by |\n|---|---|---|---|');
    for (const { name: how, textsPerSecond, cpuMsPerText, poolTimesFaster } of rows) {
      console.log(
        `| ${how} | ${textsPerSecond.toFixed(1)} | ${cpuMsPerText.toFixed(1)} | ${poolTimesFaster.toFixed(2)} |`,
      );
    }
    console.log(`| pool / (${children} children x session.run alone) | ${(share * 100).toFixed(0)} % | | |\n`);
  }
  await Promise.all([one.close(), pool.close()]);
  const out = path.join(repoFolder, 'out', 'bench');
  fs.writeFileSync(path.join(out, 'embedding.json'), JSON.stringify({ children, reps: REPS, figures }, undefined, 2));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
