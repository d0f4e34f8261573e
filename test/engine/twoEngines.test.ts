// Two engines on one index, as two windows of VS Code have: one writes, the other follows and takes over.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isEngineError } from '../../src/engine/errors.ts';
import { createWorkspace, startEngine, until, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const BREAD = '# Sourdough bread\n\nMix flour, water and salt, rest the dough overnight and bake it in a hot oven.\n';
const SOUP = '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n';

describe('two engines on one index', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let writing: TestEngine;
  let reading: TestEngine;

  beforeEach(async () => {
    workspace = createWorkspace({ 'bread.md': BREAD });
    writing = await startEngine(workspace);
    await writing.engine.index({});
    reading = await startEngine(workspace);
  });
  afterEach(async () => {
    await reading.engine.close();
    await writing.engine.close();
    workspace.remove();
  });

  const found = async (query: string): Promise<string[]> =>
    (await reading.engine.search({ query, top: 5, mode: 'semantic' })).hits.map((hit) => hit.path);
  const locked = (error: unknown): boolean => isEngineError(error, 'index-locked');

  it('the one that reads finds within two seconds what the other embeds, counts it and tells of it', async () => {
    assert.deepEqual(await found('soup'), ['bread.md']);
    assert.equal(reading.engine.status().readOnlyBecausePid, process.pid);
    workspace.write('soup.md', SOUP);
    await writing.engine.index({});
    await until(() => reading.indexed.includes('soup.md'), 2_000);
    assert.deepEqual(await found('tomato soup'), ['soup.md', 'bread.md']);
    await until(() => reading.statuses.at(-1)?.documents === 2 && reading.statuses.at(-1)?.coverage.indexed === 2);
    fs.rmSync(path.join(workspace.folder, 'bread.md'));
    await writing.engine.index({});
    await until(() => reading.engine.status().documents === 1, 2_000);
    assert.deepEqual(await found('bread'), ['soup.md']);
  });

  it('the one that reads writes once the other is gone, and its problem is forgotten', async () => {
    await found('bread');
    await assert.rejects(reading.engine.index({}), locked);
    assert.equal(reading.engine.status().problem?.code, 'index-locked');
    await writing.engine.close();
    await until(() => reading.statuses.at(-1)?.readOnlyBecausePid === undefined, 3_000);
    assert.equal(reading.statuses.at(-1)?.problem, undefined);
    workspace.write('soup.md', SOUP);
    const summary = await reading.engine.index({});
    assert.deepEqual([summary.documents, summary.embedded], [2, 1]);
  });

  it('a run finds the lock free although no look came to it yet', async () => {
    await found('bread');
    await writing.engine.close();
    assert.equal((await reading.engine.index({})).embedded, 0);
  });
});
