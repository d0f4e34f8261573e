import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { resolveRoots } from '../../../src/engine/source/roots.ts';
import type { Walked } from '../../../src/engine/source/source.ts';
import { StatThread } from '../../../src/engine/source/statThread.ts';
import { walkRoot } from '../../../src/engine/source/walk.ts';
import { distFolder } from '../../support/paths.ts';
import { defaults, walkAll, sourceOf, withTree } from './tempTree.ts';

const entry = path.join(distFolder, 'stat.js');
const TREE = {
  ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d${i % 7}/f${i} 中文 #%.md`, 'x'.repeat(i)])),
  '.gitignore': '*.log\n',
  'a.log': 'left out',
  'd3/.env': 'left out',
  'node_modules/x.js': 'left out',
};

async function walk(folder: string, thread?: StatThread): Promise<Walked[]> {
  const roots = await resolveRoots([{ folder, prefix: '' }]);
  const [root] = roots;
  assert.ok(root);
  const all: Walked[] = [];
  for await (const group of walkRoot({ roots, root, options: defaults, signal: undefined, thread })) all.push(...group);
  return all;
}

/** Runs `body` while looking at files from this thread fails. */
async function blind<T>(body: () => Promise<T>): Promise<T> {
  const { lstatSync } = fs;
  Object.assign(fs, {
    lstatSync: () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
  });
  try {
    return await body();
  } finally {
    Object.assign(fs, { lstatSync });
  }
}

describe('a thread that looks at files', () => {
  let thread: StatThread;

  beforeEach(() => {
    thread = new StatThread(entry);
    thread.start();
    assert.ok(thread.isStarted);
  });
  afterEach(() => thread.close());

  it('tells a walk the same, in the same order, as a look from here', async () => {
    await withTree(TREE, async (folder) => {
      fs.symlinkSync('a.log', path.join(folder, 'd1', 'link'));
      const expected = await walk(folder);
      assert.ok(expected.length > 300);
      assert.deepEqual(await blind(() => walk(folder, thread)), expected);
    });
  });

  it('says what was gone when it came', async () => {
    await withTree({ 'a.md': 'a', 'b.md': 'b', 'c.md': 'c' }, async (folder) => {
      const look = thread.look.bind(thread);
      thread.look = (files) => {
        fs.rmSync(path.join(folder, 'b.md'));
        return look(files);
      };
      const walked = (await walk(folder, thread)).map((each) => ('file' in each ? each.file.path : each.leftOut));
      assert.deepEqual(walked, ['a.md', { path: 'b.md', reason: 'vanished', detail: 'ENOENT' }, 'c.md']);
    });
  });

  it('is done without where it does not start, or ends too soon', async () => {
    await withTree(TREE, async (folder) => {
      const expected = await walk(folder);
      const missing = new StatThread(path.join(folder, 'nothing.js'));
      missing.start();
      assert.deepEqual(await walk(folder, missing), expected);
      assert.equal(missing.isStarted, false);
      await missing.close();
      const look = thread.look.bind(thread);
      thread.look = (files) => {
        const answer = look(files);
        void thread.close();
        return answer;
      };
      assert.deepEqual(await walk(folder, thread), expected);
      assert.equal(thread.isStarted, false);
    });
  });

  it('is ended with the walk that wanted it', async () => {
    await withTree(TREE, async (folder) => {
      const { files } = await walkAll(sourceOf(folder, { statEntry: entry }));
      assert.equal(files.length, 301);
      const abort = new AbortController();
      abort.abort();
      await assert.rejects(walkAll(sourceOf(folder, { statEntry: entry }), abort.signal));
    });
  });
});
