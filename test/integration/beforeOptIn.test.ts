// Every command in a workspace that nothing was embedded of: it works, or says why not with the button that cures it.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../src/extension.ts';
import { activated, openExample, run, until, User } from './support/host.ts';

describe('before anything is embedded', () => {
  const user = new User();
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => vscode.window.activeTextEditor === undefined);
  });
  beforeEach(() => user.arrive());
  afterEach(() => {
    user.leave();
    user.forget();
  });

  const withoutEditor: readonly (readonly [string, string, string | undefined])[] = [
    ['embedSelection', 'no-editor', 'Search by Meaning…'],
    ['embedFiles', 'no-editor', 'Search by Meaning…'],
    ['findSimilarToSelection', 'no-editor', 'Search by Meaning…'],
    ['findSimilarToFile', 'no-editor', 'Search by Meaning…'],
    ['compareSelectionWith', 'no-editor', 'Search by Meaning…'],
    ['copyVector', 'no-editor', 'Search by Meaning…'],
    ['pauseIndexing', 'nothing-running', 'Embed Workspace'],
    ['resumeIndexing', 'not-paused', 'Embed Workspace'],
    ['stopIndexing', 'nothing-running', 'Embed Workspace'],
    ['showIndexStatus', 'not-indexed', 'Embed Workspace'],
    ['clearIndex', 'not-indexed', 'Embed Workspace'],
    ['nextHit', 'no-hits', 'Search by Meaning…'],
    ['previousHit', 'no-hits', 'Search by Meaning…'],
  ];
  for (const [name, code, cure] of withoutEditor) {
    it(`${name} says '${code}' and offers ${cure ?? 'nothing'}`, async () => {
      assert.equal(await run(name), code);
      assert.equal(user.said.length, 1);
      assert.ok(cure === undefined || user.said[0]?.buttons.includes(cure), JSON.stringify(user.said));
    });
  }

  it('searchByMeaning and findSimilarToFile show the view with the button', async () => {
    assert.equal(await run('searchByMeaning'), undefined);
    assert.equal(api.snapshot().search.empty, 'not-indexed');
    await openExample('README.md');
    assert.equal(await run('findSimilarToFile'), undefined);
    assert.equal(api.snapshot().similar.empty, 'not-indexed');
  });

  it('commands that need a selection say so', async () => {
    const editor = await openExample('README.md');
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    for (const name of ['embedSelection', 'compareSelectionWith']) assert.equal(await run(name), 'no-selection', name);
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    for (const name of ['embedSelection', 'findSimilarToSelection']) assert.equal(await run(name), 'too-short', name);
  });

  it('embedFiles refuses what is not a file of the workspace', async () => {
    assert.equal(await run('embedFiles', vscode.Uri.file('/etc/hostname')), 'outside-workspace');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'unsaved text of mine' }));
    assert.equal(await run('embedFiles'), 'not-saved');
  });

  it('no engine was needed for all of this', () => {
    assert.equal(api.engine().pid, undefined);
  });

  it('showLog shows the log', async () => {
    assert.equal(await run('showLog'), undefined);
  });

  it('selectModel lists the models and changes nothing when left', async () => {
    assert.equal(await run('selectModel'), undefined);
    assert.ok(user.picks[0]?.some(({ label }) => label.includes('minilm')));
    assert.equal(vscode.workspace.getConfiguration('vectorscope').get('model'), 'auto');
  });

  it('selectDimension says when there is nothing to choose', async () => {
    assert.equal(await run('selectDimension'), 'one-dimension');
    assert.ok(user.said[0]?.buttons.includes('Select Model…'));
  });

  it('copyVector works, as it needs no index', async () => {
    await openExample('README.md', [1, 3]);
    assert.equal(await run('copyVector'), undefined);
    const vector = JSON.parse(await vscode.env.clipboard.readText()) as number[];
    assert.ok(vector.length >= 384);
    assert.match(user.said[0]?.text ?? '', new RegExp(`${vector.length} dimensions`));
  }).timeout(120_000);

  it('compareSelectionWith works, as it needs no index', async () => {
    await vscode.env.clipboard.writeText('A text about something else entirely, such as the weather in spring.');
    await openExample('README.md', [1, 3]);
    user.pick = (items) => items.find(({ label }) => label.includes('Clipboard'));
    assert.equal(await run('compareSelectionWith'), undefined);
    assert.match(user.said[0]?.text ?? '', /^Similarity -?\d\.\d\d/);
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
  }).timeout(120_000);
});
