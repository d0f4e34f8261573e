// Questions that are asked while a run goes on: each answers before the texts that the run has under way are embedded.
import assert from 'node:assert/strict';
import type { Engine } from '../../src/engine/engine.ts';
import type { EngineConfig } from '../../src/protocol/engineApi.ts';
import { createWorkspace, startEngine, until, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const DOCUMENTS = 80;
const configOf = ({ folder, storageFolder }: TestWorkspace, exclude: string[] = []): EngineConfig => ({
  roots: [{ folder, prefix: '' }],
  storageFolder,
  model: 'minilm',
  include: [],
  exclude,
  maxFileBytes: 1024 * 1024,
  maxConcurrency: 1,
  language: 'en',
});
const text = (i: number): string => `# Note ${i}\n\n${`The parcel number ${i} arrived in the harbour. `.repeat(20)}\n`;

describe('a question while a run goes on', function () {
  this.timeout(120_000);
  let workspace: TestWorkspace;
  let running: TestEngine;
  beforeEach(async () => {
    const files = Array.from({ length: DOCUMENTS }, (_, i): [string, string] => [`${i}.md`, text(i)]);
    workspace = createWorkspace(Object.fromEntries(files));
    running = await startEngine(workspace, { maxConcurrency: 1 });
  });
  afterEach(async () => {
    await running.engine.close();
    workspace.remove();
  });

  it('is stopped also while its index is only being opened, and a new configuration does not wait for its end', async () => {
    for (const end of [
      (engine: Engine) => engine.stop(),
      (engine: Engine) => engine.configure(configOf(workspace, ['nothing/**'])),
    ]) {
      const { engine } = running;
      const run = engine.index({});
      run.catch(() => undefined);
      await Promise.resolve().then(() => undefined); // its turn has come
      await end(engine);
      await assert.rejects(run, { code: 'cancelled' });
      assert.equal(engine.status().documents, 0);
      await engine.configure(configOf(workspace));
    }
  });

  for (const [what, ask] of [
    ['by meaning', (engine) => engine.search({ query: 'roses', top: 1, mode: 'semantic' })],
    ['by a text that no document has', (engine) => engine.similar({ example: { path: 'x.md', text: 'Prune the roses in spring.' }, top: 1 })], // prettier-ignore
    ['that compares two texts', (engine) => engine.compare({ a: 'Prune the roses.', b: 'Cut the flowers.' })],
    ['that keeps a snippet', (engine) => engine.keepSnippet({ example: { path: 'x.md', text: 'Water the roses.' } })],
  ] as const satisfies readonly (readonly [string, (engine: Engine) => Promise<unknown>])[]) {
    it(`${what} does not wait for what is under way`, async () => {
      const { engine } = running;
      const run = engine.index({});
      await until(() => engine.status().chunks > 0);
      await ask(engine);
      const { progress } = engine.status();
      await run;
      assert.ok(progress && progress.documentsDone < DOCUMENTS / 2, JSON.stringify(progress));
    });
  }
});
