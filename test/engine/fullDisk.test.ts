// A disk that is full, or denies writing, for a while: during a run, and during the checkpoint after it.
import assert from 'node:assert/strict';
import fsPromises from 'node:fs/promises';
import { isEngineError } from '../../src/engine/errors.ts';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const COUNT = 12;
const FILES = Object.fromEntries(
  Array.from({ length: COUNT }, (_, i) => [`note${i}.md`, `# Note ${i}\n\nThe recipe number ${i} wants ${i} eggs and an oven.\n`]),
); // prettier-ignore

describe('an engine whose disk can’t be written to for a while', function () {
  this.timeout(60_000);
  const { open } = fsPromises;
  let isFull = false;
  let workspace: TestWorkspace;
  let running: TestEngine;
  beforeEach(async () => {
    workspace = createWorkspace(FILES);
    running = await startEngine(workspace);
  });
  const makeRoom = (): void => {
    isFull = false; // an open journal stays open
    fsPromises.open = open;
  };
  afterEach(async () => {
    makeRoom();
    await running.engine.close();
    workspace.remove();
  });

  /** From the `after`-th write to a file with this in its name on, each fails as on a full disk. */
  const fillUp = (name: RegExp, after: number, code: string): void => {
    let writes = 0;
    isFull = true;
    fsPromises.open = async (file, ...rest) => {
      const handle = await open(file, ...rest);
      if (!name.test(String(file)) || rest[0] === 'r') return handle;
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (...values) => {
        if (isFull && ++writes > after) throw Object.assign(new Error(`injected ${code}`), { code });
        await writeFile(...values);
      };
      return handle;
    };
  };

  for (const [code, name, after] of [
    ['ENOSPC', /journal-/, 5],
    ['EACCES', /journal-/, 5],
  ] as const) {
    it(`says ${code} of ${name.source}, answers from what it has, and goes on when there is room`, async () => {
      await running.engine.coverage(); // opens the index
      fillUp(name, after, code);
      const failed = (error: unknown): boolean =>
        isEngineError(error, 'storage-failed') && error.details['reason'] === code;
      await assert.rejects(running.engine.index({}), failed);
      const { problem, documents, phase } = running.engine.status();
      assert.deepEqual([problem?.code, problem?.details['reason'], phase], ['storage-failed', code, 'idle']);
      assert.equal(documents, 5);
      const { hits } = await running.engine.search({ query: 'eggs', top: 3 });
      assert.equal(hits.length, 3);
      await assert.rejects(running.engine.index({}), failed); // still full: says so again, loses nothing
      makeRoom();
      const summary = await running.engine.index({});
      assert.deepEqual([summary.documents, running.engine.status().problem], [COUNT, undefined]);
      await running.engine.close();
      running = await startEngine(workspace);
      const again = await running.engine.index({});
      assert.deepEqual([again.documents, again.embedded], [COUNT, 0]);
      assert.equal((await running.engine.verify()).damaged, false);
    });
  }

  for (const [code, name, after] of [
    ['ENOSPC', /shard-/, 2],
    ['ENOSPC', /manifest/, 0],
    ['EACCES', /manifest/, 0],
  ] as const) {
    it(`needs no ${name.source} for what it embeds: ${code} there loses nothing`, async () => {
      await running.engine.coverage(); // opens the index
      fillUp(name, after, code);
      assert.equal((await running.engine.index({})).documents, COUNT);
      workspace.write('more.md', '# More\n\nAnother recipe.\n');
      assert.equal((await running.engine.index({ paths: ['more.md'] })).embedded, 1);
      assert.equal(running.engine.status().problem, undefined);
      await assert.rejects(running.engine.close(), (error) => isEngineError(error, 'storage-failed'));
      makeRoom();
      running = await startEngine(workspace);
      const again = await running.engine.index({});
      assert.deepEqual([again.documents, again.embedded], [COUNT + 1, 0]);
      assert.equal((await running.engine.verify()).damaged, false);
    });
  }
});
