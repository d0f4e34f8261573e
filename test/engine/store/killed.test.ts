// A writer that is killed with -9, ten times over the same index. This file is both: run with KILLED_WRITER it is the writer.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
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

const KILLS = 10;
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
  const store = await openTestStore(folder, nodeFileSystem);
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
    let folder: string;
    before(() => (folder = temporaryFolder()));
    after(() => removeFolder(folder));

    const start = (first: number): ChildProcess =>
      spawn(process.execPath, [__filename], {
        env: { ...process.env, KILLED_WRITER: `${folder}|${first}` },
        stdio: ['ignore', 'pipe', 'inherit'],
      });

    it('leaves an index that opens, with every document that was done and at most the one begun', async function () {
      this.timeout(120_000);
      const random = seeded(42);
      let state = new Map<string, TestDocument>();
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const child = start(next);
        const killAtLine = 2 + Math.floor(random() * 60);
        let lines = 0;
        let begun = next - 1;
        let done = next - 1;
        for await (const line of readline.createInterface({ input: child.stdout! })) {
          const [word, number] = line.split(' ');
          if (word === 'begin') begun = Number(number);
          else done = Number(number);
          if (++lines === killAtLine) child.kill('SIGKILL');
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        assert.equal(child.signalCode, 'SIGKILL');
        for (; next <= done; next++) state = expect(state, stepAt(next));
        const store = await openTestStore(folder);
        assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
        const withBegun = begun > done ? expect(state, stepAt(begun)) : state;
        if (!holds(store, state)) {
          assert.ok(holds(store, withBegun), `kill ${kill} after step ${done}`);
          state = withBegun;
        }
        next = begun + 1;
        await store.close();
      }
      assert.ok(next > 50, `only ${next} steps`);
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
