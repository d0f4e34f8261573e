// Every answer about a whole index, stopped at every stage that it goes through, with the real threads.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { threadRunner } from '../../../src/engine/analysis/runInThread.ts';
import { type RunTask, type TaskName, TASKS } from '../../../src/engine/analysis/tasks.ts';
import { wholeIndexAnswers } from '../../../src/engine/answers/wholeIndex.ts';
import { isCancelled, isEngineError } from '../../../src/engine/errors.ts';
import type { Session } from '../../../src/engine/session.ts';
import type { Source } from '../../../src/engine/source/source.ts';
import type { EngineConfig } from '../../../src/protocol/engineApi.ts';
import { analysisSession, type TextAt } from '../../support/analysisSession.ts';
import { distFolder } from '../../support/paths.ts';
import { seededRandom, shuffled } from '../../support/seededNumbers.ts';

const TOPICS = [
  'flour water dough yeast oven crust loaf knead sourdough bake rise starter',
  'sail mast harbour anchor keel rudder wind tide deck crew hull voyage',
];
const random = seededRandom(5);
const TEXTS = TOPICS.flatMap(
  (words, topic) =>
  Array.from({ length: 20 }, (_, i): TextAt => ({ path: `${topic}/${i}.md`, text: shuffled(words.split(' '), random).slice(0, 9).join(' ') })), // prettier-ignore
);
const inThread = threadRunner(path.join(distFolder, 'analysis.js'));

type Answers = ReturnType<typeof wholeIndexAnswers>;
type Ask = (answers: Answers, folder: string, signal: AbortSignal) => unknown;
/**
 * Where a request is stopped: while vectors are read, in a thread's task, when it has the graph and goes on by itself, or between two
 * scans.
 */
type Stage = 'vectors' | TaskName | 'answer' | 'scan';

const ANSWERS: Readonly<Record<string, readonly [readonly Stage[], Ask]>> = {
  clusters: [['vectors', 'graph', 'answer', 'labels'], ({ clusters }, _, signal) => clusters({ of: 'chunks' }, signal)],
  'clusters of documents': [['vectors', 'graph', 'answer', 'labels'], ({ clusters }, _, signal) => clusters({ of: 'documents' }, signal)],
  members: [['vectors', 'graph', 'answer'], ({ clusterMembers }, _, signal) => clusterMembers({ of: 'chunks', offset: 0, count: 9 }, signal)],
  outliers: [['vectors', 'graph', 'answer', 'outliers'], ({ outliers }, _, signal) => outliers({ of: 'chunks', top: 5 }, signal)],
  duplicates: [['vectors', 'graph', 'answer', 'duplicates'], ({ duplicates }, _, signal) => duplicates({}, signal)],
  map: [['vectors', 'graph', 'answer', 'labels', 'layout'], ({ map }, _, signal) => map({ of: 'chunks' }, signal)],
  recommend: [['scan'], ({ recommend }, _, signal) => recommend({ example: { path: '0/0.md' }, top: 5 }, signal)],
  export: [
    ['vectors', 'graph', 'answer', 'labels', 'layout', 'duplicates', 'outliers'],
    ({ exportAnalysis }, folder, signal) => exportAnalysis({ format: 'json', out: path.join(folder, 'all.json') }, signal),
  ],
}; // prettier-ignore

/** Stops when the request gets there. */
function stopAt(stage: Stage, { analyst, store }: Session, stopping: AbortController): void {
  if (stage === 'vectors') {
    const find = store.findVector.bind(store);
    Object.assign(store, { findVector: (hash: string) => (stopping.abort(), find(hash)) });
  } else if (stage === 'scan') {
    const { table } = store;
    const scan = table.scan.bind(table);
    Object.assign(table, { scan: (...args: Parameters<typeof scan>) => (stopping.abort(), scan(...args)) });
  } else if (stage === 'answer') {
    const graph = analyst.graph.bind(analyst);
    Object.assign(analyst, { graph: async (...args: Parameters<typeof graph>) => graph(...args).finally(() => stopping.abort()) }); // prettier-ignore
  }
}

describe('an answer about the whole index', function () {
  this.timeout(60_000);
  let folder: string;
  let session: Session;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-stopped-'));
    session = analysisSession(TEXTS, new Map(), inThread);
  });
  afterEach(() => {
    session.analyst.close();
    fs.rmSync(folder, { recursive: true });
  });
  const answers = () =>
    wholeIndexAnswers({
      open: () => Promise.resolve(session),
      source: () => ({}) as Source,
      config: () => ({ storageFolder: folder, roots: [], language: 'en' }) as unknown as EngineConfig,
    });

  for (const [name, [stages, ask]] of Object.entries(ANSWERS)) {
    it(`stops at each of its stages, leaves nothing behind, and is whole the next time: ${name}`, async () => {
      const never = new AbortController().signal;
      const tasks = new Set<string>();
      session.analyst.onProgress = (progress) => progress && progress.stage in TASKS && tasks.add(progress.stage);
      const whole = await ask(answers(), folder, never);
      assert.deepEqual([...tasks].sort(), stages.filter((stage) => stage in TASKS).sort());
      for (const stage of stages) {
        session.analyst.close();
        fs.rmSync(path.join(folder, 'all.json'), { force: true });
        const stopping = new AbortController();
        session = analysisSession(TEXTS, new Map(), (task, ...rest) => {
          const running = inThread(task, ...rest);
          if (task === stage) stopping.abort(); // its thread has begun
          return running;
        });
        stopAt(stage, session, stopping);
        await assert.rejects(Promise.resolve(ask(answers(), folder, stopping.signal)), isCancelled, stage);
        assert.deepEqual(fs.readdirSync(folder), [], stage);
        assert.deepEqual(await ask(answers(), folder, never), whole, stage);
      }
    });
  }
});

describe('a thread of the analysis', function () {
  this.timeout(60_000);
  const task = { texts: ['a b'], groupOf: Int32Array.of(0), groups: 1 };
  const run = (signal: AbortSignal, runner: RunTask = inThread) => runner('labels', task, signal, () => undefined);
  const script = (text: string): RunTask => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-thread-')), 'thread.js');
    fs.writeFileSync(file, text);
    return threadRunner(file);
  };
  const isInternal = (error: unknown): boolean => isEngineError(error, 'internal');

  it('ends at once when it is stopped, whatever it does', async () => {
    const stopping = new AbortController();
    const busy = run(stopping.signal, script('for (;;);'));
    setTimeout(() => stopping.abort(), 100);
    await assert.rejects(busy, isCancelled);
    await assert.rejects(run(AbortSignal.abort()), isCancelled);
  });

  it('tells what went wrong in it, also when it just ends', async () => {
    const { signal } = new AbortController();
    await assert.rejects(run(signal, script('throw new Error("out of luck");')), /out of luck/);
    await assert.rejects(run(signal, script('process.exit(3);')), isInternal);
    await assert.rejects(run(signal, threadRunner(path.join(distFolder, 'no-such-thread.js'))));
  });
});
