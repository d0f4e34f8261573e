// Verify, Repair and Prune of an engine, with the embedded model.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'bread.md': '# Sourdough bread\n\nMix flour, water and salt, rest the dough overnight and bake it in a hot oven.\n',
  'soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
  'old/tea.md': '# Green tea\n\nPour water of eighty degrees over the leaves and wait for two minutes.\n',
  'old/cups/coffee.md': '# Coffee\n\nGrind the beans, fold the filter and pour the water slowly in circles.\n',
};

describe('looking after an index', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let running: TestEngine;
  beforeEach(async () => {
    workspace = createWorkspace(FILES);
    running = await startEngine(workspace);
    await running.engine.index({});
    await running.engine.close(); // folds the journal into shards
    running = await startEngine(workspace);
  });
  afterEach(async () => {
    await running.engine.close();
    workspace.remove();
  });

  const spaceFolder = (): string =>
    path.join(
      workspace.storageFolder,
      fs.readdirSync(workspace.storageFolder).find((name) => name.startsWith('local-minilm'))!,
    );
  const shards = (): string[] =>
    fs
      .readdirSync(spaceFolder())
      .filter((name) => name.startsWith('shard-'))
      .sort();
  const damage = (name: string): void => fs.appendFileSync(path.join(spaceFolder(), name), 'x');
  const found = async (query: string): Promise<string | undefined> =>
    (await running.engine.search({ query, top: 1 })).hits[0]?.path; // prettier-ignore

  it('Verify finds nothing, then the damage, and goes on answering', async () => {
    assert.equal((await running.engine.verify()).damaged, false);
    damage(shards()[0]!);
    const { damaged, spaces } = await running.engine.verify();
    assert.equal(damaged, true);
    assert.deepEqual(spaces.flatMap(({ findings }) => findings.map(({ kind }) => kind)), ['shard-damaged']); // prettier-ignore
    assert.equal(await found('dough'), 'bread.md');
  });

  it('Repair drops one document, keeps the others, and the next run embeds just that one', async () => {
    damage(shards()[0]!);
    const { lost, spaces, snippets } = await running.engine.repair();
    assert.equal(lost.length, 1);
    assert.deepEqual([spaces.length, spaces[0]?.lost, spaces[0]?.setAside.length], [1, 1, 1]);
    assert.deepEqual(snippets, { restored: 0, gone: 0 });
    assert.equal(running.engine.status().documents, 3);
    assert.equal((await running.engine.verify()).damaged, false);
    const { documents, embedded } = await running.engine.index({});
    assert.deepEqual([documents, embedded], [4, 1]);
  });

  it('a damaged file found at opening: the run after it embeds just its documents, and the status says what was mended', async () => {
    await running.engine.close();
    damage(shards()[0]!);
    running = await startEngine(workspace);
    const { documents, embedded, tokens } = await running.engine.index({});
    assert.deepEqual([documents, embedded], [4, 1]);
    assert.ok(tokens < 60, `${tokens} tokens`);
    const { mended } = running.engine.status();
    assert.deepEqual([mended?.lostDocuments, mended?.setAside.length], [1, 1]);
  });

  it('what was lost and has its text elsewhere too is not embedded again', async () => {
    workspace.write('copy/soup.md', FILES['soup.md']);
    workspace.write('copy/bread.md', FILES['bread.md']);
    await running.engine.index({});
    for (const name of ['bread.md', 'soup.md']) await running.engine.similar({ example: { path: name }, top: 1 });
    const { shardOf } = await import('../../src/engine/store/indexState.ts');
    await running.engine.close();
    for (const name of ['bread.md', 'soup.md'])
      damage(shards().find((shard) => Number(shard.split('-')[1]) === shardOf(name))!);
    running = await startEngine(workspace);
    const { lost } = await running.engine.repair();
    assert.deepEqual(lost.map((one) => one.path).sort(), ['bread.md', 'soup.md']);
    assert.equal((await running.engine.index({})).embedded, 0);
  });

  it('Repair restores a kept snippet from its text', async () => {
    const example = { path: 'soup.md', startLine: 3, endLine: 3, text: 'A warm bowl of lentils with cumin and lemon.' };
    await running.engine.keepSnippet({ example });
    const before = shards();
    await running.engine.close();
    damage(shards().find((name) => !before.includes(name))!);
    running = await startEngine(workspace);
    const { snippets } = await running.engine.repair();
    assert.deepEqual(snippets, { restored: 1, gone: 0 });
    assert.match((await running.engine.keptSnippets())[0]?.place.text ?? '', /lentils/);
  });

  it('a kept snippet and files that were asked for, lost at an ordinary opening: the run after it brings them back', async () => {
    workspace.write('.gitignore', 'private/\n');
    workspace.write('private/diary.md', '# Diary\n\nToday the cat slept on the warm radiator all afternoon.\n');
    workspace.write('.env', 'GREETING=hello from the settings\n');
    await running.engine.index({ paths: ['private/diary.md'], asked: 'named' });
    await running.engine.index({ paths: ['.env'], asked: 'insisted' });
    const example = { path: 'soup.md', startLine: 3, endLine: 3, text: 'A warm bowl of lentils with cumin and lemon.' };
    await running.engine.keepSnippet({ example });
    await running.engine.close();
    for (const name of shards()) damage(name);
    running = await startEngine(workspace);
    assert.match((await running.engine.keptSnippets())[0]?.place.text ?? '', /lentils/);
    assert.equal(running.engine.status().documents, 0);
    await running.engine.close(); // and the next start still knows
    running = await startEngine(workspace);
    const notYet = (await running.engine.coverage()).filter(({ reason }) => reason === 'not-indexed-yet');
    assert.equal(notYet.length, 6);
    const { documents } = await running.engine.index({});
    assert.equal(documents, 8); // .gitignore is new
    assert.match((await running.engine.keptSnippets())[0]?.place.text ?? '', /lentils/);
    assert.match((await found('lentils with cumin')) ?? '', /^snippet:/);
    assert.deepEqual([await found('cat on the radiator'), await found('hello from the settings')], ['private/diary.md', '.env']); // prettier-ignore
    await running.engine.index({});
    assert.equal(running.engine.status().documents, 8);
  });

  it('a lost snippet that is removed before it was embedded again stays away', async () => {
    const example = { path: 'soup.md', startLine: 3, endLine: 3, text: 'A warm bowl of lentils with cumin and lemon.' };
    const { path: snippet } = await running.engine.keepSnippet({ example });
    await running.engine.close();
    for (const name of shards()) damage(name);
    running = await startEngine(workspace);
    await running.engine.removeSnippet({ path: snippet });
    await running.engine.close();
    running = await startEngine(workspace);
    await running.engine.index({});
    assert.deepEqual(await running.engine.keptSnippets(), []);
  });

  it('a question asked during Repair waits for it', async () => {
    damage(shards()[0]!);
    const [, first] = await Promise.all([running.engine.repair(), found('tomatoes')]);
    assert.ok(first !== undefined);
    assert.equal(running.engine.status().readOnlyBecausePid, undefined);
  });

  it('Prune shows and removes old spaces, deleted folders, retired vectors and what was set aside, and nothing else', async () => {
    assert.deepEqual(await running.engine.prunable(), []);
    await running.engine.close();
    running = await startEngine(workspace, { model: 'bge-small-zh' });
    await running.engine.index({});
    workspace.write('soup.md', '# Onion soup\n\nBrown the onions slowly in butter.\n');
    fs.rmSync(path.join(workspace.folder, 'old'), { recursive: true });
    await running.engine.index({ paths: ['soup.md'] });
    await running.engine.close();
    const inUse = fs.readdirSync(workspace.storageFolder).find((name) => name.startsWith('local-bge'))!;
    fs.mkdirSync(path.join(workspace.storageFolder, inUse, 'set-aside'));
    fs.writeFileSync(path.join(workspace.storageFolder, inUse, 'set-aside', 'x'), 'x'.repeat(1000));
    running = await startEngine(workspace, { model: 'bge-small-zh' });
    const items = await running.engine.prunable();
    assert.deepEqual(
      items.map(({ kind, count, name, space }) => [kind, count, space?.model ?? name]).sort(),
      [['documents', 2, 'old/'], ['retired', 1, undefined], ['set-aside', 1, inUse], ['space', 4, 'minilm']],
    ); // prettier-ignore
    const old = items.filter(({ kind }) => kind === 'space').map(({ id }) => id);
    const { freed } = await running.engine.prune({ ids: old });
    assert.ok(freed > 4 * 384 * 4, `${freed} bytes`);
    assert.equal((await running.engine.prunable()).length, 3);
    await running.engine.prune({ ids: items.map(({ id }) => id) });
    assert.deepEqual(await running.engine.prunable(), []);
    assert.deepEqual([running.engine.status().documents, await found('onions')], [2, 'soup.md']);
    assert.equal((await running.engine.verify()).damaged, false);
  });

  it('Prune takes no folder for deleted whose disk is out', async () => {
    fs.renameSync(workspace.folder, `${workspace.folder}-away`);
    assert.deepEqual(await running.engine.prunable(), []);
    fs.renameSync(`${workspace.folder}-away`, workspace.folder);
  });
});
