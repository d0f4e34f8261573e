import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FileStore } from '../../src/host/fileStore.ts';
import { JobFollowing } from '../../src/host/followedJobs.ts';

describe('values in a file of the storage folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-store-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('are on disk at once, for the next window', async () => {
    const file = path.join(folder, 'not/there/yet.json');
    const jobs = { ids: ['a', 'b'], rows: 7, file: '/x/lines.txt' };
    await new JobFollowing(new FileStore(file)).add(jobs);
    await new FileStore(file).update('other', 1);
    assert.deepEqual(new JobFollowing(new FileStore(file)).list(), [jobs]);
    await new JobFollowing(new FileStore(file)).remove(jobs);
    assert.deepEqual(new JobFollowing(new FileStore(file)).list(), []);
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['yet.json']);
  });

  for (const text of ['', '{', 'null', '[]', '{"vectorscope.jobs":[{"ids":3}]}']) {
    it(`are none where the file holds ${text === '' ? 'nothing' : text}`, () => {
      const file = path.join(folder, 'store.json');
      fs.writeFileSync(file, text);
      assert.deepEqual(new JobFollowing(new FileStore(file)).list(), []);
    });
  }
});
