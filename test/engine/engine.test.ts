import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { FileStream } from '../../src/engine/answers/fileStream.ts';
import { isEngineError } from '../../src/engine/errors.ts';
import { EXPORT_FORMATS, type SearchMode } from '../../src/engine/model.ts';
import { createWorkspace, startEngine, until, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'src/retry.ts':
    'export async function withRetry<T>(work: () => Promise<T>, attempts: number): Promise<T> {\n  for (let attempt = 1; ; attempt++) {\n    try {\n      return await work();\n    } catch (error) {\n      if (attempt >= attempts) throw error;\n      await sleep(2 ** attempt * 100);\n    }\n  }\n}\n',
  'tools/backoff.py':
    'import time\n\ndef call_again(function, tries):\n    """Calls the function again after an error, waiting twice as long each time."""\n    for attempt in range(tries):\n        try:\n            return function()\n        except Exception:\n            if attempt == tries - 1:\n                raise\n            time.sleep(2 ** attempt * 0.1)\n',
  'notes/bread.md':
    '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake it in a hot oven.\n',
  'notes/soup.md':
    '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
};

describe('engine', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let running: TestEngine;

  beforeEach(async () => {
    workspace = createWorkspace(FILES);
    running = await startEngine(workspace);
  });
  afterEach(async () => {
    await running.engine.close();
    workspace.remove();
  });

  /** Ends the engine and starts another on the same index, as a restart of VS Code does. */
  async function restart(settings: Parameters<typeof startEngine>[1] = {}): Promise<void> {
    await running.engine.close();
    running = await startEngine(workspace, settings);
  }

  it('says that nothing is indexed before the first run', async () => {
    await assert.rejects(running.engine.search({ query: 'x', top: 3 }), (e) => isEngineError(e, 'index-empty'));
  });

  it('finds text by its meaning', async () => {
    const summary = await running.engine.index({});
    assert.equal(summary.documents, 4);
    assert.equal(summary.embedded, summary.chunks);
    const { hits } = await running.engine.search({ query: 'how do I bake a loaf?', top: 2 });
    assert.equal(hits[0]?.path, 'notes/bread.md');
    assert.ok(hits.every(({ percentile }) => percentile >= 0 && percentile <= 100));
  });

  it('finds a name by its words and by both, a meaning by both, and says why', async () => {
    await running.engine.index({});
    const search = (query: string, mode?: SearchMode) =>
      running.engine.search({ query, top: 3, ...(mode && { mode }) });
    for (const mode of ['keyword', 'hybrid'] as const) {
      for (const query of ['call_again', 'callAgain'])
        assert.equal((await search(query, mode)).hits[0]?.path, 'tools/backoff.py');
    }
    const { hits, mode } = await search('how do I bake a loaf of bread?');
    assert.equal(mode, 'hybrid');
    assert.equal(hits[0]?.path, 'notes/bread.md');
    const { why } = hits[0];
    assert.ok(why?.words.includes('bread') && why.words.includes('bake'));
    assert.equal(why?.similarity, hits[0].similarity);
    const [byWords, ...others] = (await search('tomatoes garlic', 'keyword')).hits;
    assert.deepEqual(
      [byWords?.path, byWords?.score, byWords?.why],
      ['notes/soup.md', 1, { words: ['tomatoes', 'garlic'] }],
    );
    assert.deepEqual(others, []);
    const [byMeaning] = (await search('tomatoes garlic', 'semantic')).hits;
    assert.equal(byMeaning?.score, byMeaning?.similarity);
    assert.deepEqual(byMeaning?.why?.words, ['tomatoes', 'garlic']);
    assert.deepEqual((await search('zzzz', 'keyword')).hits, []);
  });

  it('searches by words in what changed, under the same filter', async () => {
    await running.engine.index({});
    const search = async (paths?: string[]) =>
      (await running.engine.search({ query: 'garlic', top: 5, mode: 'keyword', ...(paths && { filter: { paths } }) })).hits.map(({ path }) => path); // prettier-ignore
    assert.deepEqual(await search(), ['notes/soup.md']);
    assert.deepEqual(await search(['src']), []);
    workspace.write('notes/soup.md', '# Tomato soup\n\nCook tomatoes with basil for twenty minutes, then blend.\n');
    workspace.write('notes/bread.md', '# Garlic bread\n\nRub the toast with garlic and brush it with oil.\n');
    await running.engine.index({});
    assert.deepEqual(await search(), ['notes/bread.md']);
  });

  it('finds the function that does the same in another language, and never the example itself', async () => {
    await running.engine.index({});
    const { from, hits } = await running.engine.similar({
      example: { path: 'src/retry.ts', startLine: 1, endLine: 10 },
      top: 5,
    });
    assert.equal(from, 'stored');
    assert.equal(hits[0]?.path, 'tools/backoff.py');
    assert.ok(hits.every((hit) => hit.path !== 'src/retry.ts'));
  });

  it('compares a whole file with whole files, one hit each', async () => {
    await running.engine.index({});
    const { hits } = await running.engine.similar({ example: { path: 'notes/soup.md' }, top: 10 });
    assert.deepEqual([...new Set(hits.map((hit) => hit.path))].length, hits.length);
    assert.equal(hits[0]?.path, 'notes/bread.md');
  });

  it('takes text that is not on disk as example', async () => {
    await running.engine.index({});
    const { from, hits } = await running.engine.similar({
      example: { path: 'untitled:1', text: 'a warm soup of vegetables', languageId: 'plaintext' },
      top: 1,
    });
    assert.equal(from, 'embedded');
    assert.equal(hits[0]?.path, 'notes/soup.md');
  });

  it('embeds nothing after a restart when nothing changed', async () => {
    const first = await running.engine.index({});
    await restart();
    const second = await running.engine.index({});
    assert.deepEqual([second.embedded, second.reused, second.tokens], [0, 0, 0]);
    assert.equal(second.chunks, first.chunks);
  });

  it('does not index what is exported into its folder, nor the file that an export writes to', async () => {
    const { documents, chunks } = await running.engine.index({});
    const { signal } = new AbortController();
    for (const format of EXPORT_FORMATS) {
      const out = path.join(workspace.folder, `vectorscope-export.${format}`);
      await running.engine.wholeIndex.exportAnalysis({ format, out }, signal);
    }
    const half = await FileStream.open(path.join(workspace.folder, 'notes', 'report.md'));
    await half.write('Mix flour, water and salt. '.repeat(50_000));
    const after = await running.engine.index({});
    await half.abandon();
    assert.deepEqual([after.documents, after.chunks, after.embedded], [documents, chunks, 0]);
    const leftOut = (await running.engine.coverage()).filter(({ state }) => state === 'excluded');
    assert.ok(leftOut.every(({ reason, detail }) => reason === 'noise' && detail === 'vectorscope-export.*'));
    const names = leftOut.map((entry) => entry.path.replace(/[0-9a-f]{8}\.tmp$/, 'tmp'));
    const exported = ['csv', 'json', 'md', 'metadata.tsv', 'vectors.tsv'].map((end) => `vectorscope-export.${end}`);
    assert.deepEqual(names, ['notes/vectorscope-export.tmp', ...exported]);
  });

  it('embeds only what changed, and forgets what is gone', async () => {
    await running.engine.index({});
    workspace.write(
      'notes/soup.md',
      FILES['notes/soup.md'] +
        '\n# Onion soup\n\nBrown the onions slowly in butter, add stock and serve it with toasted bread and cheese on top of the bowl.\n',
    );
    fs.rmSync(path.join(workspace.folder, 'notes/bread.md'));
    const second = await running.engine.index({});
    assert.equal(second.documents, 3);
    assert.ok(second.embedded >= 1 && second.embedded <= 2, `embedded ${second.embedded}`);
    assert.ok(running.indexed.includes('notes/bread.md'));
    const { hits } = await running.engine.search({ query: 'sourdough', top: 10 });
    assert.ok(hits.every((hit) => hit.path !== 'notes/bread.md'));
  });

  it('embeds nothing when a file changes and changes back', async () => {
    await running.engine.index({});
    workspace.write('notes/bread.md', '# Rye bread\n\nUse rye flour.\n');
    await running.engine.index({ paths: ['notes/bread.md'] });
    workspace.write('notes/bread.md', FILES['notes/bread.md']);
    await restart();
    const back = await running.engine.index({});
    assert.equal(back.embedded, 0);
    assert.ok(back.reused > 0);
  });

  it('reuses the vectors of a file that moved', async () => {
    await running.engine.index({});
    fs.renameSync(path.join(workspace.folder, 'notes/bread.md'), path.join(workspace.folder, 'notes/loaf.md'));
    const moved = await running.engine.index({});
    assert.equal(moved.embedded, 0);
    assert.equal(moved.documents, 4);
  });

  it('indexes a saved file alone, and leaves an excluded one out', async () => {
    await running.engine.index({});
    workspace.write('.gitignore', 'drafts/\n');
    workspace.write('drafts/idea.md', '# Idea\n\nA note that nobody should see yet.\n');
    await running.engine.index({ paths: ['drafts/idea.md'] });
    assert.equal((await running.engine.whyNot({ path: 'drafts/idea.md' })).reason, 'gitignore');
  });

  it('keeps a file that the user asked for although a rule excludes it', async () => {
    workspace.write('.gitignore', 'drafts/\n');
    workspace.write('drafts/idea.md', '# Idea\n\nA note about a garden with apple trees.\n');
    await running.engine.index({});
    await running.engine.index({ paths: ['drafts/idea.md'], asked: 'named' });
    assert.equal((await running.engine.whyNot({ path: 'drafts/idea.md' })).state, 'indexed');
    await restart();
    await running.engine.index({});
    assert.equal((await running.engine.whyNot({ path: 'drafts/idea.md' })).state, 'indexed');
    fs.rmSync(path.join(workspace.folder, 'drafts/idea.md'));
    await running.engine.index({});
    assert.equal((await running.engine.whyNot({ path: 'drafts/idea.md' })).state, 'excluded');
  });

  it('embeds a file of the security list only when the user insists', async () => {
    workspace.write('.env', 'TOKEN=not-a-real-one and some words\n');
    await assert.rejects(running.engine.index({ paths: ['.env'], asked: 'named' }), (e) =>
      isEngineError(e, 'security-file'),
    );
    assert.equal(running.engine.status().problem, undefined, 'the index is in order');
    await running.engine.index({ paths: ['.env'], asked: 'insisted' });
    assert.equal((await running.engine.whyNot({ path: '.env' })).state, 'indexed');
  });

  it('takes MiniLM alone for English, and adds the Chinese half when Chinese text comes, without embedding the English half again', async () => {
    await restart({ model: 'auto' });
    const english = await running.engine.index({});
    assert.equal(running.engine.status().space?.model, 'minilm');
    workspace.write(
      'notes/豆腐.md',
      `# 麻婆豆腐\n\n${'把豆腐切成小块，用豆瓣酱和牛肉末一起煮，最后撒上花椒粉和葱花。'.repeat(10)}\n`,
    );
    const both = await running.engine.index({});
    assert.equal(running.engine.status().space?.model, 'bilingual');
    assert.equal(running.engine.status().space?.dimension, 896);
    assert.ok(both.chunks > english.chunks);
    const { hits } = await running.engine.search({ query: '怎么做川菜里的豆腐', top: 1 });
    assert.equal(hits[0]?.path, 'notes/豆腐.md');
    await restart({ model: 'auto' });
    assert.equal((await running.engine.index({})).embedded, 0);
    assert.equal(running.engine.status().space?.model, 'bilingual');
    // From nothing, the same workspace costs exactly the English tokens more.
    await restart({ model: 'bilingual', storageFolder: `${workspace.storageFolder}-fresh` });
    assert.equal((await running.engine.index({})).tokens - both.tokens, english.tokens);
  });

  it('takes the bilingual space at once where the first run meets Chinese text, and leaves no empty index behind', async () => {
    workspace.write('notes/豆腐.md', `# 麻婆豆腐\n\n${'把豆腐切成小块，用豆瓣酱和牛肉末一起煮。'.repeat(15)}\n`);
    await restart({ model: 'auto' });
    await running.engine.index({});
    assert.deepEqual(
      (await running.engine.spaces()).map(({ space }) => space.model),
      ['bilingual'],
    );
  });

  it('keeps the index of another model when the model changes, and comes back to it at no cost', async () => {
    await running.engine.index({});
    await restart({ model: 'bge-small-zh' });
    assert.ok((await running.engine.index({})).embedded > 0);
    await restart();
    assert.equal((await running.engine.index({})).embedded, 0);
    const spaces = await running.engine.spaces();
    assert.deepEqual(spaces.map(({ space, active }) => [space.model, active]).sort(), [['bge-small-zh', false], ['minilm', true]]); // prettier-ignore
  });

  it('keeps snippets through scans and restarts, and lets go of them', async () => {
    await running.engine.index({});
    const text = 'Brown the onions slowly in butter, then add stock.';
    const kept = await running.engine.keepSnippet({
      example: { path: 'notes/soup.md', startLine: 3, endLine: 3, text },
    });
    await restart();
    await running.engine.index({});
    const [snippet] = await running.engine.keptSnippets();
    assert.deepEqual(
      [snippet?.path, snippet?.place.path, snippet?.place.startLine, snippet?.place.text],
      [kept.path, 'notes/soup.md', 3, text],
    );
    const { hits } = await running.engine.similar({ example: { path: kept.path }, top: 10 });
    assert.ok(hits.length > 0);
    assert.ok(
      hits.every(({ path, startLine, endLine }) => path !== kept.path && !(path === 'notes/soup.md' && startLine <= 3 && endLine >= 3)), // prettier-ignore
      'neither the snippet nor where it was taken from is among its relatives',
    );
    await running.engine.removeSnippet({ path: kept.path });
    assert.deepEqual(await running.engine.keptSnippets(), []);
  });

  it('compares two texts in either order alike, equal texts as 1', async () => {
    const { engine } = running;
    const pair = ['a cat sleeps on the sofa', '一只猫在沙发上睡觉'] as const;
    const there = await engine.compare({ a: pair[0], b: pair[1] });
    const back = await engine.compare({ a: pair[1], b: pair[0] });
    assert.ok(Math.abs(there.similarity - back.similarity) < 1e-6);
    assert.ok(Math.abs((await engine.compare({ a: pair[0], b: pair[0] })).similarity - 1) < 1e-5);
    await assert.rejects(engine.compare({ a: ' ', b: 'x' }), (e) => isEngineError(e, 'no-text'));
  });

  it('stops within a second and keeps what was finished', async () => {
    for (let i = 0; i < 30; i++)
      workspace.write(
        `many/${i}.md`,
        Array.from(
          { length: 8 },
          (_, k) => `# Part ${k} of ${i}\n\n${'Words about topic number '.repeat(30)}${i} ${k}.\n`,
        ).join('\n'),
      );
    const run = running.engine.index({});
    const ended = run.then(
      () => 'done',
      (error: unknown) => (isEngineError(error) ? error.code : 'odd'),
    );
    await until(() => (running.engine.status().progress?.documentsDone ?? 0) >= 3, 30_000);
    const before = performance.now();
    await running.engine.stop();
    const took = performance.now() - before;
    assert.equal(await ended, 'cancelled');
    assert.ok(took < 1000, `stopping took ${took} ms`);
    const { documents } = running.engine.status();
    assert.ok(documents >= 3 && documents < 34);
    const notYet = (await running.engine.coverage()).filter(({ reason }) => reason === 'not-indexed-yet');
    assert.equal(documents + notYet.length, 34);
    await restart();
    const rest = await running.engine.index({});
    assert.equal(rest.documents, 34);
    const counts = running.statuses.flatMap(({ phase, progress }) =>
      phase === 'embedding' && progress ? [progress] : [],
    );
    assert.ok(counts.length > 0);
    for (const { documentsDone, documentsTotal } of counts) {
      assert.equal(documentsTotal, 34);
      assert.ok(documentsDone >= documents, 'goes on counting where it was');
    }
  });

  it('stops runs that wait for their turn too', async () => {
    const code = (run: Promise<unknown>): Promise<unknown> =>
      run.then(
        () => 'done',
        (error: unknown) => (isEngineError(error) ? error.code : error),
      );
    const runs = [
      running.engine.index({}),
      running.engine.index({}),
      running.engine.index({ paths: ['notes/soup.md'] }),
    ];
    const ends = Promise.all(runs.map(code));
    await running.engine.stop();
    assert.deepEqual(await ends, ['cancelled', 'cancelled', 'cancelled']);
    assert.equal((await running.engine.index({})).documents, 4);
  });

  it('pauses and resumes', async () => {
    for (let i = 0; i < 40; i++)
      workspace.write(`many/${i}.md`, `# Note ${i}\n\n${'Some words about things. '.repeat(60)}${i}\n`);
    const run = running.engine.index({});
    await until(() => (running.engine.status().progress?.documentsDone ?? 0) >= 2, 30_000);
    running.engine.pause();
    assert.equal(running.engine.status().phase, 'paused');
    let last = -1;
    await until(() => {
      const now = running.engine.status().documents;
      const still = now === last;
      last = now;
      return still;
    });
    running.engine.resume();
    assert.equal((await run).documents, 44);
  });

  it('never lets the share of what is done go back', async () => {
    for (let i = 0; i < 20; i++)
      workspace.write(`many/${i}.md`, `# Note ${i}\n\n${'Some words about things. '.repeat(40)}${i}\n`);
    await running.engine.index({});
    const shares = running.statuses.flatMap(({ phase, progress }) =>
      phase === 'embedding' && progress ? [progress.documentsDone / progress.documentsTotal] : [],
    );
    assert.ok(shares.every((share, i) => i === 0 || share >= (shares[i - 1] ?? 0)));
  });

  it('forgets everything when cleared', async () => {
    await running.engine.index({});
    await running.engine.clear();
    await assert.rejects(running.engine.search({ query: 'x', top: 3 }), (e) => isEngineError(e, 'index-empty'));
    assert.ok((await running.engine.index({})).embedded > 0);
  });

  it('reports a model that does not exist, a dimension that it has not, and weights that are missing', async () => {
    await restart({ model: 'nonesuch' });
    await assert.rejects(running.engine.index({}), (e) => isEngineError(e, 'unknown-model'));
    assert.equal(running.engine.status().problem?.code, 'unknown-model');
    await restart({ model: 'minilm', dimension: 100 });
    await assert.rejects(running.engine.index({}), (e) => isEngineError(e, 'dimension-not-allowed'));
  });

  describe('given bad input', () => {
    const cases: { name: string; make: (w: TestWorkspace) => void; path: string; expect: Record<string, unknown> }[] = [
      { name: 'an empty file', make: (w) => w.write('bad/x.md', ''), path: 'bad/x.md', expect: { state: 'skipped', reason: 'empty' } },
      { name: 'a binary file', make: (w) => w.write('bad/x.md', Uint8Array.from({ length: 4000 }, (_, i) => (i * 7) % 256)), path: 'bad/x.md', expect: { state: 'skipped', reason: 'binary' } },
      { name: 'invalid UTF-8', make: (w) => w.write('bad/x.md', Buffer.concat([Buffer.from('# Heading\n\nwords '), Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from(' more words about bread')])), path: 'bad/x.md', expect: { state: 'indexed' } },
      { name: 'one line of 50 MB', make: (w) => w.write('bad/x.txt', 'words and more words, '.repeat(2_400_000)), path: 'bad/x.txt', expect: { state: 'indexed', truncatedAtBytes: true } },
      { name: 'a symlink loop', make: (w) => { fs.mkdirSync(path.join(w.folder, 'bad')); fs.symlinkSync('../bad', path.join(w.folder, 'bad/loop')); w.write('bad/x.md', '# Fine\n\nWords.\n'); }, path: 'bad/x.md', expect: { state: 'indexed' } },
    ]; // prettier-ignore
    for (const { name, make, path: file, expect } of cases) {
      it(`copes with ${name}`, async function () {
        this.timeout(180_000);
        make(workspace);
        if (name.includes('50 MB')) await restart({ maxFileBytes: 64 * 1024 });
        const summary = await running.engine.index({});
        assert.ok(summary.documents >= 4);
        assert.deepEqual(summary.failed, []);
        const entry: Record<string, unknown> = { ...(await running.engine.whyNot({ path: file })) };
        for (const [key, value] of Object.entries(expect)) {
          if (value === true) assert.ok(entry[key] !== undefined, `${key} is not set`);
          else assert.equal(entry[key], value);
        }
      });
    }
  });
});
