// The way of a user from the one click to results, and every command once there is an index.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../src/extension.ts';
import { activated, exampleUri, openExample, openPage, run, until, User } from './support/host.ts';

describe('once the workspace is embedded', function () {
  this.timeout(180_000);
  const user = new User();
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
    assert.equal(await run('embedWorkspace'), undefined);
  });
  beforeEach(() => user.arrive());
  afterEach(() => {
    user.leave();
    user.forget();
  });

  it('it is remembered, and its documents are counted', async () => {
    await until(() => (api.snapshot().engine?.documents ?? 0) > 0 && api.snapshot().engine?.phase === 'idle');
    assert.equal(api.snapshot().optedIn, true);
    assert.equal(api.snapshot().problem, undefined);
  });

  it('embedding again embeds nothing', async () => {
    await run('embedWorkspace');
    assert.match(user.said[0]?.text ?? '', /^Nothing new to embed/);
    await until(() => api.snapshot().engine?.lastIndex?.embedded === 0);
  });

  it('searchByMeaning finds what a question means', async () => {
    assert.equal(await run('searchByMeaning', 'delivery was late and the box was damaged'), undefined);
    const { search } = api.snapshot();
    assert.equal(search.problem, undefined);
    assert.ok(search.hits.length > 0);
    assert.ok(search.hits.every(({ similarity, percentile }) => similarity <= 1.0001 && percentile <= 100));
  });

  it('the Similar tab follows the cursor to the selection, and stays where a hit was opened', async () => {
    const { page, close } = openPage(api);
    await page.request('ready', { tab: 'similar' });
    await openExample('README.md', [1, 8]);
    await run('findSimilarToSelection');
    await until(() => api.snapshot().similar.hits.length > 0);
    const { target, hits } = api.snapshot().similar;
    assert.equal(target?.kind, 'selection');
    assert.equal(target.path, 'README.md');
    const [first] = hits;
    assert.ok(first);
    assert.ok(
      hits.every((hit) => hit.path !== 'README.md' || hit.startLine > 8),
      'an example never finds itself',
    );
    await page.request('open', { place: first, mode: 'preview' });
    await until(() => vscode.window.activeTextEditor?.document.uri.fsPath === exampleUri(first.path).fsPath);
    await new Promise((resolve) => setTimeout(resolve, 600)); // longer than the follower waits
    assert.equal(api.snapshot().similar.target?.path, 'README.md');
    await page.request('hide', { place: first });
    await until(() => api.snapshot().similar.hidden === 1);
    await page.request('unhideAll', undefined);
    await page.request('copyLink', { place: first });
    assert.ok((await vscode.env.clipboard.readText()).includes(`](${encodeURI(first.path)}#L`));
    await page.request('moreLikeThis', { place: first });
    await until(() => api.snapshot().similar.target?.path === first.path && !api.snapshot().similar.busy);
    await page.request('back', undefined);
    assert.equal(api.snapshot().similar.target?.path, 'README.md');
    await page.request('compare', { place: first });
    assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
    close();
  });

  it('findSimilarToFile shows the relatives of a file, from its stored vectors', async () => {
    assert.equal(await run('findSimilarToFile', exampleUri('README.md')), undefined);
    const { similar } = api.snapshot();
    assert.equal(similar.target?.kind, 'file');
    assert.ok(similar.hits.length > 0, similar.problem ?? similar.empty);
  });

  it('nextHit and previousHit answer when there are hits', async () => {
    for (const name of ['nextHit', 'previousHit']) assert.equal(await run(name), undefined, name);
  });

  it('embedSelection keeps a snippet and shows its relatives', async () => {
    await openExample('README.md', [1, 8]);
    assert.equal(await run('embedSelection'), undefined);
    const { snippets, similar } = api.snapshot();
    assert.equal(snippets.length, 1);
    assert.equal(similar.target?.kind, 'snippet');
    assert.ok(similar.hits.length > 0, similar.problem ?? similar.empty);
    const { page, close } = openPage(api);
    await page.request('showSnippet', { path: snippets[0]?.path ?? '' });
    await page.request('removeSnippet', { path: snippets[0]?.path ?? '' });
    assert.equal(api.snapshot().snippets.length, 0);
    close();
  });

  it('embedFiles asks before it embeds what may hold secrets', async () => {
    const uri = exampleUri('.env');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('SECRET_KEY=this is a secret that nobody may read\n'));
    assert.equal(await run('embedFiles', uri), undefined);
    assert.deepEqual(user.said.at(-1)?.buttons, ['Embed Anyway']);
    assert.match(user.said.at(-1)?.text ?? '', /\.env.*secrets/);
    await vscode.workspace.fs.delete(uri);
  });

  it('a file is embedded when it is saved, and forgotten when it is deleted', async () => {
    const uri = exampleUri('notes-of-the-test.md');
    const documents = (): number => api.snapshot().engine?.documents ?? 0;
    const before = documents();
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('# Penguins\n\nPenguins waddle over the antarctic ice to fish.\n'),
    );
    await until(() => documents() === before + 1);
    await run('searchByMeaning', 'birds of the south pole');
    assert.equal(api.snapshot().search.hits[0]?.path, 'notes-of-the-test.md');
    await vscode.workspace.fs.delete(uri);
    await until(() => documents() === before);
  });

  it('an unsaved text is compared by what it says now', async () => {
    const content = 'The parcel came a week too late and everything in it was broken. Never again from this shop.';
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }));
    assert.equal(await run('findSimilarToFile'), undefined);
    const { similar } = api.snapshot();
    assert.ok(similar.hits.length > 0, similar.problem ?? similar.empty);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('what is typed is found before it is saved, opens in its editor, and is gone once it is taken back', async () => {
    const { page, close } = openPage(api);
    await page.request('ready', { tab: 'search' });
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Workspace); // the web saves after a second
    const query = 'quibblewort marmalade';
    const found = () => api.snapshot().search.hits.find(({ text }) => text.includes('quibblewort'));
    const editor = await openExample('README.md');
    await run('searchByMeaning', query);
    assert.equal(found(), undefined);
    const typed = `# Kitchen\n\nStir the quibblewort marmalade until it sets.\n${'It takes an hour, and nobody may leave the stove in all that time.\n'.repeat(12)}\n`;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), typed));
    await until(() => found() !== undefined); // the search that is shown is asked again
    assert.ok(editor.document.isDirty);
    const hit = found();
    assert.ok(hit?.path === 'README.md' && hit.startLine === 1);
    await openExample('warehouse/backoff.py');
    await page.request('open', { place: hit, mode: 'open' });
    await until(() => vscode.window.activeTextEditor?.document === editor.document);
    const opened = vscode.window.activeTextEditor;
    assert.match(opened?.document.lineAt(opened.selection.active.line).text ?? '', /^# Kitchen/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.equal(editor.document.isDirty, false);
    await until(() => found() === undefined && api.snapshot().search.hits.length > 0);
    await files.update('autoSave', undefined, vscode.ConfigurationTarget.Workspace);
    close();
  });

  it('showIndexStatus counts, leads to the list of files, and says why one is not there', async () => {
    user.pick = (items) => items.find(({ label }) => label.includes('List Files'));
    assert.equal(await run('showIndexStatus'), undefined);
    const [menu, ...others] = user.picks;
    assert.ok(menu?.some(({ label }) => label.includes('Clear Index')));
    assert.ok(menu?.some(({ description }) => /^\d+ embedded, /.test(description ?? '')));
    assert.deepEqual(others, [], 'the files are listed in the sidebar');
    await openExample('README.md');
    user.pick = (items) => items.find(({ label }) => label.includes('Why Isn’t'));
    assert.equal(await run('showIndexStatus'), undefined);
    assert.match(user.said.at(-1)?.text ?? '', /^README\.md is in the index/);
  });

  it('a setting out of range is told, and its default is used', async () => {
    const section = vscode.workspace.getConfiguration('vectorscope');
    await section.update('resultCount', 999, vscode.ConfigurationTarget.Workspace);
    await until(() => user.said.some(({ text }) => text.includes('vectorscope.resultCount') && text.includes('999')));
    await section.update('resultCount', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('a long file is compared by its beginning, and lines are counted as the editor counts them', async () => {
    const content = 'The parcel was late again and nobody answered the phone.\n'.repeat(30_000);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }));
    assert.equal(await run('findSimilarToFile'), undefined);
    const { similar } = api.snapshot();
    assert.equal(similar.target?.endLine, 30_000);
    assert.ok(similar.hits.length > 0, similar.problem ?? similar.empty);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('pause keeps a run until resume', async () => {
    user.press = 'Clear Index';
    await run('clearIndex');
    user.press = undefined;
    const running = run('embedWorkspace');
    await until(() => api.snapshot().engine?.phase === 'embedding');
    assert.equal(await run('pauseIndexing'), undefined);
    await until(() => api.snapshot().engine?.phase === 'paused');
    assert.equal(await run('pauseIndexing'), 'already-paused');
    assert.deepEqual(user.said.at(-1)?.buttons, ['Resume']);
    assert.equal(await run('resumeIndexing'), undefined);
    assert.equal(await running, undefined);
  });

  it('Stop ends a run within a second, and Resume goes on with the rest', async () => {
    user.press = 'Clear Index';
    assert.equal(await run('clearIndex'), undefined);
    user.press = undefined;
    assert.equal(api.snapshot().optedIn, false);
    const running = run('embedWorkspace');
    await until(() => api.snapshot().engine?.phase === 'embedding' || api.snapshot().engine?.phase === 'scanning');
    const started = Date.now();
    assert.equal(await run('stopIndexing'), undefined);
    const took = Date.now() - started;
    assert.equal(await running, 'cancelled');
    console.log(`      stopped in ${took} ms`);
    assert.ok(took < 1_000, `${took} ms`);
    assert.equal(await run('resumeIndexing'), undefined);
    assert.ok((api.snapshot().engine?.documents ?? 0) > 0);
  });
});
