// A workspace of several folders, each with its own index, in an engine with the embedded model.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'kitchen/bread.md': '# Sourdough bread\n\nMix flour, water and salt, and bake it in a hot oven.\n',
  'kitchen/soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes.\n',
  'garden/roses.md': '# Roses\n\nPrune roses in spring, before the first leaves appear.\n',
  'garden/pond.bin': '\0\0\0',
  // So many that another index is read for them (partSources.ts).
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`kitchen/notes/${i}.md`, `# Shopping ${i}\n\nBuy ${i} eggs.\n`]),
  ),
};

describe('a workspace of several folders', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let running: TestEngine | undefined;
  beforeEach(() => {
    workspace = createWorkspace(FILES);
  });
  afterEach(async () => {
    await running?.engine.close();
    running = undefined;
    workspace.remove();
  });

  /** Opens folders under these names; one alone has no name before its paths. */
  async function open(names: Readonly<Record<string, string>>, model = 'minilm'): Promise<TestEngine['engine']> {
    await running?.engine.close();
    const roots = Object.entries(names).map(([folder, name]) => ({
      folder: path.join(workspace.folder, folder),
      prefix: Object.keys(names).length > 1 ? `${name}/` : '',
    }));
    running = await startEngine(workspace, { roots, model });
    return running.engine;
  }
  const BOTH = { kitchen: 'kitchen', garden: 'garden' };
  const folders = (): string[] => fs.readdirSync(path.join(workspace.storageFolder, 'folders')).sort();
  /** The space of the folder's own index. */
  const spaceOf = (folder: string): string => {
    const storage = path.join(
      workspace.storageFolder,
      'folders',
      folders().find((name) => name.startsWith(folder))!,
    );
    return path.join(
      storage,
      fs.readdirSync(storage).find((name) => name.startsWith('local-minilm'))!,
    );
  };
  const found = async (query: string): Promise<string | undefined> =>
    (await running!.engine.search({ query, top: 1 })).hits[0]?.path;

  it('has an index for each, and answers from all', async () => {
    const engine = await open(BOTH);
    assert.equal((await engine.index({})).embedded, 23);
    assert.deepEqual(folders().map((name) => name.replace(/-[0-9a-f]{10}$/, '')), ['garden', 'kitchen']); // prettier-ignore
    assert.deepEqual([await found('soup of tomatoes'), await found('cutting flowers')], ['kitchen/soup.md', 'garden/roses.md']); // prettier-ignore
    assert.equal((await engine.whyNot({ path: 'garden/pond.bin' })).reason, 'binary');
    const again = await open(BOTH);
    assert.equal((await again.index({})).embedded, 0);
    assert.equal(again.status().documents, 23);
    assert.deepEqual((await again.spaces()).map(({ active, documents }) => [active, documents]), [[true, 23]]); // prettier-ignore
    const { spaces, damaged } = await again.verify();
    assert.deepEqual([spaces.map(({ documents }) => documents).sort(), damaged], [[0, 1, 22], false]);
  });

  it('embeds nothing of a folder that is taken out and added again, and has its documents only meanwhile', async () => {
    await (await open({ ...BOTH, '.': 'all' })).index({});
    const without = await open({ '.': 'all', garden: 'garden' });
    assert.equal((await without.index({})).embedded, 0);
    const indexed = (await without.coverage()).filter(({ state }) => state === 'indexed').map((entry) => entry.path);
    assert.deepEqual([indexed.length, indexed[0], indexed.at(-1)], [23, 'all/kitchen/bread.md', 'garden/roses.md']);
    const again = await open(BOTH);
    assert.equal(again.status().documents, 0); // nothing is opened before it is needed
    assert.equal(await found('soup of tomatoes'), 'kitchen/soup.md'); // before any run
    assert.equal((await again.index({})).embedded, 0);
  });

  for (const [what, names] of [
    ['alone', { kitchen: '' }],
    ['under another name', { kitchen: 'cooking', garden: 'garden' }],
  ] as const) {
    it(`embeds nothing of a folder that is opened ${what} afterwards`, async () => {
      await (await open(BOTH)).index({});
      const { embedded, reused } = await (await open(names)).index({});
      assert.deepEqual([embedded, reused], [0, 22]);
    });
  }

  it('shows what folders left that it had once, and Prune removes it, or Clear', async () => {
    await (await open(BOTH)).index({});
    const engine = await open({ kitchen: 'kitchen', '.': 'all' });
    await engine.index({});
    const items = await engine.prunable();
    assert.deepEqual(items.map(({ kind, name, count }) => [kind, name, count]), [['folder', 'garden/', 1]]); // prettier-ignore
    const { freed } = await engine.prune({ ids: items.map(({ id }) => id) });
    assert.ok(freed > 384 * 4, `${freed} bytes`);
    assert.deepEqual(await engine.prunable(), []);
    const both = await open(BOTH);
    assert.equal((await both.index({})).documents, 23);
    const alone = await open({ garden: '' });
    await alone.index({});
    await alone.clear();
    assert.deepEqual(await alone.prunable(), []);
    assert.equal((await (await open(BOTH)).index({})).embedded, 23);
  });

  it('tells which one is damaged, repairs it, and embeds only what that one lost', async () => {
    await (await open(BOTH)).index({});
    await running!.engine.close();
    const shard = fs.readdirSync(spaceOf('garden')).find((name) => name.startsWith('shard-'))!;
    fs.appendFileSync(path.join(spaceOf('garden'), shard), 'x');
    const engine = await open(BOTH);
    const { spaces } = await engine.verify();
    const damaged = spaces.filter(({ findings }) => findings.length > 0);
    assert.deepEqual(damaged.map(({ folder, findings }) => [/^folders\/garden-\w+\/local-minilm/.test(folder), findings.map(({ kind, documents }) => `${kind} ${documents.join(' ')}`)]), [[true, ['shard-damaged garden/roses.md']]]); // prettier-ignore
    assert.deepEqual((await engine.repair()).lost, [{ path: 'garden/roses.md' }]);
    assert.equal(await found('soup of tomatoes'), 'kitchen/soup.md');
    assert.equal((await engine.index({})).embedded, 1);
    assert.deepEqual(
      (await engine.prunable()).map(({ kind, count }) => [kind, count]),
      [['set-aside', 1]],
    );
    assert.equal((await engine.verify()).damaged, false);
  });

  it('repairs the index of a folder that it had once, of which nothing is missed', async () => {
    await (await open(BOTH)).index({});
    await running!.engine.close();
    const shard = fs.readdirSync(spaceOf('garden')).find((name) => name.startsWith('shard-'))!;
    fs.appendFileSync(path.join(spaceOf('garden'), shard), 'x');
    const engine = await open({ kitchen: '' });
    await engine.index({});
    const { lost, spaces } = await engine.repair();
    assert.deepEqual([lost, spaces.map((space) => space.lost).sort()], [[], [0, 0, 1]]);
    assert.equal((await engine.verify()).damaged, false);
    assert.equal(engine.status().documents, 22);
  });

  it('takes vectors of one half over in the bilingual space, and keeps snippets with no folder', async () => {
    const english = await open(BOTH);
    await english.index({});
    await english.close();
    const engine = await open(BOTH, 'bilingual');
    const { reused, embedded } = await engine.index({});
    assert.deepEqual([embedded, reused], [23, 0]); // the other half is new
    await engine.keepSnippet({ example: { path: 'garden/roses.md', text: 'Water the roses in the morning.', startLine: 3, endLine: 3 } }); // prettier-ignore
    const only = await open({ garden: '' }, 'bilingual');
    assert.deepEqual(
      (await only.keptSnippets()).map(({ place }) => place.path),
      ['garden/roses.md'],
    );
  });

  it('opens beside files that are none of its own', async () => {
    await (await open(BOTH)).index({});
    fs.writeFileSync(path.join(workspace.storageFolder, 'folders', '.DS_Store'), 'x');
    const engine = await open(BOTH, 'auto');
    assert.equal(await found('soup of tomatoes'), 'kitchen/soup.md');
    assert.equal((await engine.verify()).damaged, false);
    assert.deepEqual(await engine.prunable(), []);
  });

  it('goes by what is opened for the embedded model, and leaves the indexes of other folders alone', async () => {
    workspace.write('notes/poem.md', `# 静夜思\n\n${'床前明月光，疑是地上霜。举头望明月，低头思故乡。\n'.repeat(12)}`);
    assert.equal((await (await open(BOTH, 'auto')).index({})).embedded, 23);
    const chinese = await open({ notes: '' }, 'auto');
    await chinese.index({});
    assert.equal(chinese.status().space?.model, 'bilingual');
    const again = await open({ notes: '' }, 'auto');
    assert.equal((await again.spaces()).find(({ active }) => active)?.space.model, 'bilingual');
    assert.equal((await (await open(BOTH, 'auto')).index({})).embedded, 0);
  });
});
