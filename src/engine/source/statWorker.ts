// Stage 1, the thread of statThread.ts: looks at the files that it is told of. Built as dist/stat.js. Invariant: an answer for each
// question. Cost: one lstat a file.
import fs from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { errnoOf } from '../errors.ts';
import type { StatAnswer, StatQuestion } from './statThread.ts';

parentPort?.on('message', ({ id, paths }: StatQuestion) => {
  const files = paths.split('\0');
  const facts = new Float64Array(2 * files.length);
  const failures: [number, string][] = [];
  for (const [i, file] of files.entries()) {
    try {
      const { size, mtimeMs } = fs.lstatSync(file);
      facts[2 * i] = size;
      facts[2 * i + 1] = mtimeMs;
    } catch (error) {
      failures.push([i, errnoOf(error) ?? 'UNKNOWN']);
    }
  }
  const answer: StatAnswer = { id, facts, failures };
  parentPort?.postMessage(answer, [facts.buffer]);
});
