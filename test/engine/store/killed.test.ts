// A writer that is killed with -9, 200 times over four indices. This file is both: run with KILLED_WRITER it is the writer.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import {
  type TestDocument,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  temporaryFolder,
} from './storeFixtures.ts';

const KILLS = 50;
const INDICES = 4;
const FILES = 25;

type Step = { readonly put: TestDocument } | { readonly remove: string } | 'checkpoint';

/** What the writer does at a step: depends on its number alone. */
function stepAt(number: number): Step {
  const random = seeded(number);
  const dice = random();
  const file = `src/file${Math.floor(random() * FILES)}.ts`;
  if (dice < 0.1) return 'checkpoint';
  if (dice < 0.25) return { remove: file };
  return { put: makeDocument(file, number, 1 + Math.floor(random() * 6)) };
}

async function take(store: VectorStore, step: Step): Promise<void> {
  if (step === 'checkpoint') await store.checkpoint();
  else if ('remove' in step) await store.removeDocuments([step.remove]);
  else await put(store, step.put);
}

function expect(state: Map<string, TestDocument>, step: Step): Map<string, TestDocument> {
  const next = new Map(state);
  if (step === 'checkpoint') return next;
  if ('remove' in step) next.delete(step.remove);
  else next.set(step.put.document.path, step.put);
  return next;
}

/** Says on standard output which step it begins and which one the store says is done. Never ends by itself. */
async function write(folder: string, first: number): Promise<never> {
  // Flushing is for power cuts: what a killed process wrote stays. One index has it, for its pauses.
  const store = await (folder.endsWith('0') ? openTestStore(folder, nodeFileSystem) : openTestStore(folder));
  for (let number = first; ; number++) {
    fs.writeSync(1, `begin ${number}\n`);
    await take(store, stepAt(number));
    fs.writeSync(1, `done ${number}\n`);
  }
}

const [folderOfWriter, firstStep] = (process.env['KILLED_WRITER'] ?? '').split('|');
if (folderOfWriter && firstStep) void write(folderOfWriter, Number(firstStep));
else {
  describe('a killed writer', () => {
    let parent: string;
    before(() => (parent = temporaryFolder()));
    after(() => removeFolder(parent));

    const start = (folder: string, first: number): ChildProcess =>
      spawn(process.execPath, [__filename], {
        env: { ...process.env, KILLED_WRITER: `${folder}|${first}` },
        stdio: ['ignore', 'pipe', 'inherit'],
      });

    /** Steps that the child began and those that it says are done, until it is killed at a random moment. */
    const runAndKill = async (child: ChildProcess, random: () => number) => {
      const moment = Math.floor(random() * 12) * random();
      const killAtLine = random() < 0.1 ? 0 : 1 + Math.floor(random() ** 2 * 60);
      const kill = (): void => void setTimeout(() => child.kill('SIGKILL'), moment);
      // While it opens the index and mends what the one before left.
      if (killAtLine === 0) setTimeout(kill, 60 + random() * 120);
      let lines = 0;
      const told = { begun: -1, done: -1 };
      for await (const line of readline.createInterface({ input: child.stdout! })) {
        const [word, number] = line.split(' ');
        if (word === 'begin') told.begun = Number(number);
        else told.done = Number(number);
        if (++lines === killAtLine) kill();
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      assert.equal(child.signalCode, 'SIGKILL');
      return told;
    };

    /** Resolves with how many kills hit a step that was begun and not done. */
    const killOverAndOver = async (index: number): Promise<{ steps: number; inTheMiddle: number }> => {
      const folder = path.join(parent, `index${index}`);
      const random = seeded(42 + index);
      let state = new Map<string, TestDocument>();
      let next = 0;
      let inTheMiddle = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const { begun, done } = await runAndKill(start(folder, next), random);
        for (; next <= done; next++) state = expect(state, stepAt(next));
        const store = await openTestStore(folder);
        assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
        if (begun > done) inTheMiddle++;
        if (!holds(store, state)) {
          assert.ok(begun > done, `index ${index}, kill ${kill}: a step is missing although ${done} was done`);
          state = expect(state, stepAt(begun));
          assert.ok(holds(store, state), `index ${index}, kill ${kill} after step ${done}`);
        }
        next = Math.max(next, begun + 1);
        await store.close();
      }
      return { steps: next, inTheMiddle };
    };

    it(`leaves an index that opens, with every document that was done and at most the one begun, ${INDICES * KILLS} times`, async function () {
      this.timeout(180_000);
      const runs = await Promise.all(Array.from({ length: INDICES }, (_, index) => killOverAndOver(index)));
      const inTheMiddle = runs.reduce((sum, run) => sum + run.inTheMiddle, 0);
      assert.ok(runs.every(({ steps }) => steps > 3 * KILLS), JSON.stringify(runs)); // prettier-ignore
      assert.ok(inTheMiddle > (INDICES * KILLS) / 4, `${inTheMiddle} kills met a step under way`);
    });
  });
}

function holds(store: VectorStore, state: ReadonlyMap<string, TestDocument>): boolean {
  const { documents } = snapshotOf(store);
  if (Object.keys(documents).length !== state.size) return false;
  return [...state].every(([file, { document, chunks, vectors }]) => {
    const found = documents[file];
    if (found?.record.hash !== document.hash) return false;
    assert.deepEqual(
      found.chunks.map((chunk) => ({ ...chunk, vector: '' })),
      chunks.map((chunk) => ({ ...chunk, vector: '' })),
    );
    assert.equal(found.chunks.map(({ vector }) => vector).join(''), Buffer.from(vectors.buffer).toString('hex'));
    return true;
  });
}
