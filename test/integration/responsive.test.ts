// The extension host stays responsive: no piece of our own work holds it for 50 ms while a workspace is indexed, searched
// and followed.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../src/extension.ts';
import { NO_FILTER } from '../../src/protocol/viewApi.ts';
import { activated, exampleUri, openExample, openPage, run, until, User } from './support/host.ts';
import { ownTimeOf } from './support/ownTime.ts';

const FILES = 300;
const LONG = 'The parcel was late again and nobody answered the phone.\n'.repeat(30_000);

describe('the extension host', function () {
  this.timeout(300_000);
  const user = new User();
  const folder = exampleUri('many');
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
    user.arrive();
    user.press = 'Clear Index';
    await run('embedWorkspace');
    await run('clearIndex');
    user.forget();
  });
  after(async () => {
    user.leave();
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is never held up for 50 ms by our own work while the workspace is indexed, searched and followed', async () => {
    const { page, close } = openPage(api);
    await page.request('ready', { tab: 'similar' });
    const { stretches, samples, loop } = await ownTimeOf(async () => {
      const running = run('embedWorkspace');
      // A branch switch: many files at once, seen by the watcher.
      await Promise.all(
        Array.from(
          { length: FILES },
          (_, i) =>
          vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, `note-${i}.md`), Buffer.from(`# Note ${i}\n\nLamp ${i} on the roof is lit.\n`)), // prettier-ignore
        ),
      );
      await until(() => (api.snapshot().engine?.documents ?? 0) > 3, 120_000);
      for (let i = 0; i < 10; i++) {
        await page.request('search', { query: `late delivery ${i}`, filter: NO_FILTER });
        await openExample(i % 2 === 0 ? 'README.md' : `many/note-${i}.md`, [1, 3]);
        await run('findSimilarToSelection');
      }
      assert.equal(await running, undefined);
      const { document } = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: LONG, language: 'plaintext' })); // prettier-ignore
      for (let i = 0; i < 10; i++) {
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, new vscode.Position(i * 1000, 0), 'The box was damaged.\n');
        await vscode.workspace.applyEdit(edit);
        await run('findSimilarToFile');
      }
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      user.pick = (items) => items.find(({ label }) => label.includes('List Files'));
      await run('showIndexStatus');
      await until(
        () => (api.snapshot().engine?.documents ?? 0) > FILES && api.snapshot().engine?.phase === 'idle',
        120_000,
      );
    });
    close();
    const [longest] = stretches;
    assert.ok(longest, 'the profile shows our code at work');
    const total = stretches.reduce((sum, { workMs }) => sum + workMs, 0);
    console.log(`      our longest piece of work: ${longest.workMs.toFixed(1)} ms (${longest.wallMs.toFixed(1)} ms on the clock), of ${total.toFixed(0)} ms in ${stretches.length} pieces, ${samples} samples`); // prettier-ignore
    for (const { workMs, wallMs, in: frames } of stretches.slice(0, 5))
      console.log(`        ${workMs.toFixed(1)} / ${wallMs.toFixed(1)} ms  ${frames}`);
    console.log(`      event loop, whoever held it: at most ${loop.maxMs.toFixed(0)} ms, 99 % under ${loop.p99Ms.toFixed(0)} ms`); // prettier-ignore
    assert.ok(longest.workMs < 50, `${longest.workMs} ms in ${longest.in}`);
  });
});
