import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { EngineConfig, IndexSummary } from '../../src/protocol/engineApi.ts';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'kitchen/bread.md': '# Sourdough bread\n\nMix flour, water and salt, and bake it in a hot oven.\n',
  'kitchen/soups/tomato.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes.\n',
  'garden/roses.md': '# Roses\n\nPrune roses in spring, before the first leaves appear.\n',
};

describe('a folder that another workspace has indexed', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  const running: TestEngine[] = [];

  beforeEach(() => {
    workspace = createWorkspace(FILES);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ engine }) => engine.close()));
    workspace.remove();
  });

  const storageOf = (name: string): string => path.join(workspace.storageFolder, name);
  const registryFolder = (): string => path.join(workspace.storageFolder, 'registry');
  /** Opens these folders as one workspace in an engine of its own, which stays open. */
  async function open(name: string, folders: readonly string[], more: Partial<EngineConfig> = {}): Promise<TestEngine> {
    const roots = folders.map((folder) => ({
      folder: path.join(workspace.folder, folder),
      prefix: folders.length > 1 ? `${folder}/` : '',
    }));
    const opened = await startEngine(workspace, {
      storageFolder: storageOf(name),
      registryFolder: registryFolder(),
      roots,
      ...more,
    });
    running.push(opened);
    return opened;
  }
  const counts = ({ documents, embedded, reused }: IndexSummary): number[] => [documents, embedded, reused];

  for (const [what, folders, expected] of [
    ['as one of several', ['kitchen', 'garden'], [3, 1, 2]],
    ['by its parent', ['.'], [3, 1, 2]],
    ['by a folder of it', ['kitchen/soups'], [1, 0, 1]],
    ['not at all', ['garden'], [1, 1, 0]],
  ] as const) {
    it(`is embedded once: opened ${what}, while the other is open`, async () => {
      const first = await open('first', ['kitchen']);
      assert.deepEqual(counts(await first.engine.index({})), [2, 2, 0]);
      const second = await open('second', folders);
      assert.deepEqual(counts(await second.engine.index({})), expected);
      const [hit] = (await second.engine.search({ query: 'soup of tomatoes', top: 1 })).hits;
      assert.equal(hit?.path.endsWith('tomato.md'), folders[0] !== 'garden');
    });
  }

  it('is embedded once: one of several, opened alone later, in the bilingual space too', async () => {
    const model = { model: 'bilingual' };
    const all = await open('all', ['kitchen', 'garden'], model);
    assert.deepEqual(counts(await all.engine.index({})), [3, 3, 0]);
    await all.engine.close();
    const alone = await open('alone', ['garden'], model);
    assert.deepEqual(counts(await alone.engine.index({})), [1, 0, 1]);
  });

  it('gives one part of the bilingual space its vectors', async () => {
    const model = { model: 'bilingual' };
    const { tokens } = await (await open('elsewhere', ['kitchen'], { ...model, registryFolder: storageOf('none') })).engine.index({}); // prettier-ignore
    await (await open('english', ['kitchen'])).engine.index({});
    const both = await (await open('both', ['kitchen'], model)).engine.index({});
    assert.ok(both.tokens > 0 && both.tokens < 0.7 * tokens, `${both.tokens} of ${tokens} tokens`);
  });

  it('is embedded where it is a few files beside an index, since reading the other one costs more', async () => {
    await (await open('first', ['kitchen'])).engine.index({});
    const second = await open('second', ['kitchen', 'garden']);
    await second.engine.index({ paths: ['garden/roses.md'] });
    assert.deepEqual(counts(await second.engine.index({ paths: ['kitchen/bread.md'] })), [2, 1, 0]);
  });

  it('is embedded again after its index was cleared, which is how one asks for that', async () => {
    await (await open('first', ['kitchen'])).engine.index({});
    const second = await open('second', ['kitchen']);
    assert.deepEqual(counts(await second.engine.index({})), [2, 0, 2]);
    await second.engine.clear();
    assert.deepEqual(counts(await second.engine.index({})), [2, 2, 0]);
    const third = await open('third', ['kitchen']);
    assert.deepEqual(counts(await third.engine.index({})), [2, 0, 2]);
  });

  it('is embedded again when the other index is gone, or damaged, or what tells of it is', async () => {
    const first = await open('first', ['kitchen']);
    await first.engine.index({});
    await first.engine.close();
    const [noted = ''] = fs.readdirSync(registryFolder());
    fs.writeFileSync(path.join(registryFolder(), 'odd.json'), '{"storageFolder":1,"folders":"x"}');
    fs.writeFileSync(path.join(registryFolder(), 'half.json'), '{"storageFolder":');
    for (const name of fs.readdirSync(storageOf('first'), { recursive: true, encoding: 'utf8' })) {
      const file = path.join(storageOf('first'), name);
      if (fs.statSync(file).isFile()) fs.writeFileSync(file, 'nothing of use');
    }
    const files = fs.readdirSync(storageOf('first'), { recursive: true });
    const second = await open('second', ['kitchen']);
    assert.deepEqual(counts(await second.engine.index({})), [2, 2, 0]);
    assert.deepEqual(fs.readdirSync(storageOf('first'), { recursive: true }), files, 'it is only read');
    await second.engine.close();
    fs.rmSync(storageOf('first'), { recursive: true });
    fs.rmSync(storageOf('second'), { recursive: true });
    const third = await open('third', ['kitchen']);
    assert.deepEqual(counts(await third.engine.index({})), [2, 2, 0]);
    assert.ok(!fs.existsSync(path.join(registryFolder(), noted)), 'what tells of an index that is gone goes too');
  });
});
