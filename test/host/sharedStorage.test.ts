import assert from 'node:assert/strict';
import path from 'node:path';
import { sharedStorage } from '../../src/host/sharedStorage.ts';

describe('the storage of an index', () => {
  const id = '0123456789abcdef0123456789abcdef';
  const at = (window: string): string => path.join('/home/me/workspaceStorage', window, 'vectorscope.vectorscope');

  it('is the same for all windows on a workspace', () => {
    for (const workspace of [id, '5f9b3c1a', '-5f9b3c1a', '-12345678']) {
      for (const window of [workspace, `${workspace}-1`, `${workspace}-9`])
        assert.equal(sharedStorage(at(window)), at(workspace));
    }
  });

  it('is left as it is where the name is no workspace’s with a number', () => {
    for (const window of ['1764240000000', 'ext-dev', 'ext-dev-1', `${id}x-1`, 'globalStorage'])
      assert.equal(sharedStorage(at(window)), at(window));
  });
});
