// Throughput with a service that takes 200 ms a request, against what the catalogue's rate limits allow. The service is the
// emulator in a process of its own, which enforces the limits by the second and the minute and refuses what is above.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findDashScopeModel } from '../../src/engine/embed/dashscope/catalogue.ts';
import { nativeTextWire } from '../../src/engine/embed/dashscope/textWire.ts';
import { HttpClient } from '../../src/engine/embed/remote/httpClient.ts';
import { Pacer } from '../../src/engine/embed/remote/pacer.ts';
import { RowSender } from '../../src/engine/embed/remote/rowSender.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { repoFolder } from '../support/paths.ts';
import { startDashScope } from '../support/dashscope/startDashScope.ts';

const LATENCY_MS = 200;
const DIMENSION = 64;
const REPS = 3;

interface Case {
  readonly name: string;
  readonly model: string;
  readonly rows: number;
  readonly words: number;
}

/** Short rows meet the limit of requests, chunks of about 250 tokens the limit of tokens. */
const CASES: readonly Case[] = [
  { name: 'short rows', model: 'text-embedding-v4', rows: 3000, words: 6 },
  { name: 'chunks', model: 'text-embedding-v4', rows: 800, words: 180 },
];

interface Result {
  readonly seconds: number;
  readonly allowedSeconds: number;
  readonly refused: number;
}

async function measure({ model, rows, words }: Case, url: string, key: string): Promise<Result> {
  const http = new HttpClient({ strictSsl: true });
  const limits = findDashScopeModel(model)!;
  let tokens = 0;
  let requests = 0;
  let refused = 0;
  const sender = new RowSender({
    wire: nativeTextWire({ http, baseUrl: url, key, model, dimension: DIMENSION, textType: true }),
    model,
    limits,
    pacer: new Pacer(limits),
    concurrency: 16,
    permit: () => undefined,
    onAnswer: (_reckoned, taken) => {
      requests++;
      tokens += taken?.tokens ?? 0;
      if (!taken) refused++;
    },
    onLink: () => undefined,
  });
  const texts = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: words }, (__, k) => `word${(i * 31 + k * 7) % 997}`).join(' '),
  );
  const startedMs = performance.now();
  const answer = await sender.send(texts, 'document', 'dense', new AbortController().signal);
  const seconds = (performance.now() - startedMs) / 1000;
  await http.close();
  if (answer.rows.some((row) => row instanceof EngineError)) throw new Error('a row without a vector');
  const { requestsPerSecond, tokensPerSecond = Infinity } = limits;
  return { seconds, refused, allowedSeconds: Math.max(requests / requestsPerSecond, tokens / tokensPerSecond) };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function main(): Promise<void> {
  const service = fork(__filename, ['serve'], { stdio: 'inherit' });
  const { url, key } = await new Promise<{ url: string; key: string }>((resolve) =>
    service.once('message', (message) => resolve(message as { url: string; key: string })),
  );
  const results: Record<string, Result[]> = {};
  try {
    console.log(
      `### Remote, ${LATENCY_MS} ms a request\n\n| rows | limit allows | took | share of the limit | refused |\n|---|---|---|---|---|`,
    );
    for (const each of CASES) {
      const reps: Result[] = [];
      for (let rep = 0; rep < REPS; rep++) {
        reps.push(await measure(each, url, key));
        // The limits of the second before must not weigh on the next run.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      }
      results[each.name] = reps;
      const of = (field: keyof Result): number => median(reps.map((rep) => rep[field]));
      const share = median(reps.map(({ seconds, allowedSeconds }) => allowedSeconds / seconds));
      console.log(
        `| ${each.rows} ${each.name} | ${of('allowedSeconds').toFixed(1)} s | ${of('seconds').toFixed(1)} s | ${(share * 100).toFixed(0)} % (target 90 %) | ${of('refused')} |`,
      );
    }
  } finally {
    service.kill();
  }
  const out = path.join(repoFolder, 'out', 'bench');
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, 'remote.json'), JSON.stringify(results, undefined, 2));
}

async function serve(): Promise<void> {
  const { url, key } = await startDashScope({ latencyMs: LATENCY_MS });
  process.send?.({ url, key });
  process.once('disconnect', () => process.exit(0));
}

void (process.argv[2] === 'serve' ? serve() : main()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
