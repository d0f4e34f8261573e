// Questions that are asked while a run goes on: each answers before the texts that the run has under way are embedded.
import assert from 'node:assert/strict';
import type { Engine } from '../../src/engine/engine.ts';
import { createWorkspace, startEngine, until, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const DOCUMENTS = 80;
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
