// Messages of the wrong shape from a page are refused, and do nothing.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../src/extension.ts';
import { activated, openPage, until } from './support/host.ts';

describe('a message of the wrong shape', () => {
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
  });

  it('is refused with a reason', async () => {
    const { send, replies, close } = openPage(api);
    const bad = [
      { name: 'open', params: { place: { path: '../../etc/passwd' }, mode: 'open' } },
      { name: 'command', params: { command: 'workbench.action.quit' } },
      { name: 'formatDisk', params: undefined },
      { name: 'constructor', params: {} },
    ];
    bad.forEach(({ name, params }, id) => send({ kind: 'request', id, name, params }));
    await until(() => replies.length === bad.length);
    for (const reply of replies) assert.equal((reply as { code?: string }).code, 'bad-request');
    close();
  });

  it('that is no message at all is ignored', async () => {
    const { page, send, close } = openPage(api);
    for (const odd of [undefined, null, 7, 'ready', [], { kind: 'request' }, { kind: 'launch', id: 1 }]) send(odd);
    const { snapshot, language } = await page.request('ready', { tab: 'search' });
    assert.ok(snapshot.revision > 0);
    assert.equal(language, vscode.env.language);
    close();
  });

  it('can’t open a file outside the workspace', async () => {
    const { page, close } = openPage(api);
    const place = { path: '../outside.txt', startLine: 1, endLine: 1 };
    await assert.rejects(page.request('open', { place, mode: 'open' }), { code: 'file-not-found' });
    close();
  });
});
