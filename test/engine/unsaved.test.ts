// Searches answer from what editors hold: each answer is compared with that of an index of the same text, saved.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hit, SearchFilter, SearchMode } from '../../src/engine/model.ts';
import { LONGEST_UNSAVED } from '../../src/engine/unsaved.ts';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const SOUP = '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n';
const BREAD =
  '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake it in a hot oven.\n';
const FILES = {
  'notes/bread.md': BREAD,
  'notes/soup.md': SOUP,
  'src/retry.ts': 'export async function callAgain(work: () => Promise<void>): Promise<void> {\n  for (;;) {\n    try {\n      return await work();\n    } catch {\n      await pause();\n    }\n  }\n}\n',
  'src/total.ts': 'export function totalPrice(items: readonly { price: number }[]): number {\n  let sum = 0;\n  for (const { price } of items) sum += price;\n  return sum;\n}\n',
}; // prettier-ignore
/** Enough for a chunk of its own. */
const STEPS = ['Read all of it before you begin.', 'Lay out the tools on a clean table and count them.', 'Work slowly, look twice, and take a rest whenever something does not want to fit.', 'Put everything back where it was, so that it can be found by whoever comes next.', 'Write down in a notebook how long it took and what went wrong.', 'Do not throw anything away on the same day.'].join('\n'); // prettier-ignore
/** Another soup, and a section below it where there was none. */
const TYPED = `Notes of an autumn.\n\n${SOUP.replace('garlic and basil', 'zucchini').replace('Tomato soup', 'Zucchini soup')}${STEPS}\n\n# Bicycle repair\n\nPatch the inner tube and pump up the tyre again.\n${STEPS}\n`;
/** Its first line. */
const REPAIR = TYPED.split('\n').indexOf('# Bicycle repair') + 1;
const MODES: readonly SearchMode[] = ['semantic', 'keyword', 'hybrid'];
const QUERIES = ['zucchini', 'how do I mend a flat tyre?', 'garlic basil', 'call a function again after it failed'];

describe('text that is not saved', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let running: TestEngine;

  before(async () => {
    workspace = createWorkspace();
    running = await startEngine(workspace);
  });
  beforeEach(async () => {
    for (const [name, text] of Object.entries(FILES)) workspace.write(name, text);
    await running.engine.index({});
    running.indexed.length = 0;
  });
  afterEach(() => running.engine.unsaved({ path: 'notes/soup.md' }));
  after(async () => {
    await running.engine.close();
    workspace.remove();
  });

  const search = async (query: string, mode: SearchMode = 'hybrid', filter?: SearchFilter): Promise<readonly Hit[]> =>
    (await running.engine.search({ query, top: 5, mode, ...(filter && { filter }) })).hits;
  const first = async (query: string, mode?: SearchMode): Promise<string> => {
    const [hit] = await search(query, mode);
    return hit ? `${hit.path}:${hit.startLine}` : '';
  };
  const soups = async (): Promise<boolean> => /zucchini/i.test((await search('zucchini', 'keyword'))[0]?.text ?? '');

  it('is found by meaning, by words and by both, at its lines, as if it were saved', async () => {
    assert.equal(await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED }), true);
    assert.deepEqual(running.indexed, ['notes/soup.md']);
    for (const mode of MODES) {
      assert.equal(await first('zucchini soup', mode), 'notes/soup.md:1', mode);
      assert.equal(await first('patch a bicycle tyre', mode), `notes/soup.md:${REPAIR}`, mode);
    }
    assert.deepEqual(await search('garlic', 'keyword'), [], 'the line that is gone is not found');
    const facts = async () =>
      Promise.all(
        QUERIES.flatMap((query) =>
          [undefined, { paths: ['notes'] }, { languageIds: ['markdown'], modifiedSinceMs: Date.now() - 60_000 }].map(
            async (filter) =>
              (await search(query, 'semantic', filter)).map(({ path: at, startLine, endLine, text, kind, symbol, similarity }) => ({ at, startLine, endLine, text, kind, symbol, similarity })), // prettier-ignore
          ),
        ),
      );
    const unsaved = await facts();
    workspace.write('notes/soup.md', TYPED);
    assert.equal((await running.engine.index({})).embedded, 0, 'saving embeds nothing again');
    assert.deepEqual(unsaved, await facts());
    assert.ok((await search('zucchini'))[0]?.why?.words.includes('zucchini'));
  });

  it('is kept apart by filters, and weighs words as the index does', async () => {
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    assert.deepEqual(await search('zucchini', 'keyword', { paths: ['src'] }), []);
    assert.deepEqual(await search('zucchini', 'keyword', { languageIds: ['typescript'] }), []);
    const scores = async () => (await search('zucchini soup bread', 'keyword')).map(({ path: at, startLine, score }) => ({ at, startLine, score: score ?? 0 })); // prettier-ignore
    const unsaved = await scores();
    workspace.write('notes/soup.md', TYPED);
    await running.engine.index({});
    for (const [i, { at, startLine, score }] of (await scores()).entries()) {
      assert.deepEqual([at, startLine], [unsaved[i]?.at, unsaved[i]?.startLine]);
      assert.ok(Math.abs(score - (unsaved[i]?.score ?? 0)) < 0.2);
    }
  });

  it('is among what resembles an example, and is none of its own relatives', async () => {
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    const example = { path: 'elsewhere.md', text: 'Cook zucchini for twenty minutes, then blend and add cream.' };
    const { hits } = await running.engine.similar({ example, top: 3 });
    assert.deepEqual([hits[0]?.path, hits[0]?.startLine], ['notes/soup.md', 1]);
    const here = { path: 'notes/soup.md', startLine: REPAIR, endLine: REPAIR + 2 };
    const own = await running.engine.similar({ example: here, top: 9 });
    assert.equal(own.from, 'stored');
    assert.match(own.example.text, /Patch the inner tube/);
    assert.ok(own.hits.some((hit) => hit.path === 'notes/soup.md' && hit.startLine === 1));
    assert.ok(!own.hits.some((hit) => hit.path === 'notes/soup.md' && hit.startLine === REPAIR));
    const file = await running.engine.similar({ example: { path: 'notes/soup.md' }, top: 9 });
    assert.ok(file.hits.length > 0 && file.hits.every((hit) => hit.path !== 'notes/soup.md'));
  });

  it('counts no more once the editor is closed, and leaves nothing behind on disk', async () => {
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    assert.ok(await soups());
    assert.equal(await running.engine.unsaved({ path: 'notes/soup.md' }), false);
    assert.deepEqual(running.indexed, ['notes/soup.md', 'notes/soup.md']);
    assert.equal(await soups(), false);
    assert.equal(await first('garlic', 'keyword'), 'notes/soup.md:1');
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    await running.engine.close();
    const files = fs.readdirSync(workspace.storageFolder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile()))
      assert.ok(!/zucchini/i.test(fs.readFileSync(path.join(file.parentPath, file.name), 'latin1')), file.name);
    running = await startEngine(workspace);
    assert.equal(await soups(), false);
  });

  it('is found at every moment from the typing to the index of the saved file', async () => {
    const file = 'notes/soup.md';
    await running.engine.unsaved({ path: file, text: TYPED });
    // What a formatter did while it was saved is told with it.
    const saved = TYPED.replace('Patch', 'Mend');
    workspace.write(file, saved);
    await running.engine.unsaved({ path: file, text: saved, onDisk: true });
    assert.ok(await soups());
    const over = new AbortController();
    const run = running.engine.index({ paths: [file] }).finally(() => over.abort());
    while (!over.signal.aborted) {
      assert.ok(await soups());
      await nextTurn();
    }
    assert.equal((await run).embedded, 0);
    assert.ok(await soups());
    workspace.write(file, SOUP);
    await running.engine.index({ paths: [file] });
    assert.equal(await soups(), false, 'what was saved counts no longer than the index is behind');
  });

  it('gives way to whatever the index has after it was saved, and not before', async () => {
    const file = 'notes/soup.md';
    await running.engine.unsaved({ path: file, text: TYPED });
    workspace.write(file, SOUP.replace('cream', 'milk'));
    await running.engine.index({ paths: [file] });
    assert.ok(await soups(), 'a file that changed on disk changes nothing in the editor');
    await running.engine.unsaved({ path: file, text: TYPED, onDisk: true });
    workspace.write(file, SOUP);
    await running.engine.index({ paths: [file] });
    assert.equal(await soups(), false);
  });

  it('embeds only what is new', async () => {
    const { store } = await (running.engine as unknown as { open(): Promise<{ store: { findVector(hash: string): unknown } }> }).open(); // prettier-ignore
    const asked: unknown[] = [];
    const find = store.findVector.bind(store);
    store.findVector = (hash) => {
      const found = find(hash);
      if (!found) asked.push(hash);
      return found;
    };
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    const once = asked.length;
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    assert.equal(asked.length, once, 'the same text is not looked at twice');
    await running.engine.unsaved({ path: 'notes/soup.md', text: `${TYPED}\n# More\n\nAnd more.\n` });
    assert.ok(asked.length > once);
  });

  it('is only that of documents in the index, and of untitled ones', async () => {
    workspace.write('.env', 'TOKEN=zucchini\n');
    const refused = [
      { path: '.env', text: 'TOKEN=zucchini zucchini\n' },
      { path: 'notes/new.md', text: TYPED },
      { path: 'node_modules/x/readme.md', text: TYPED },
      { path: '/etc/passwd', text: TYPED },
      { path: 'notes/soup.md', text: `${TYPED}${' '.repeat(LONGEST_UNSAVED)}` },
    ];
    for (const params of refused) assert.equal(await running.engine.unsaved(params), false, params.path);
    assert.equal(await soups(), false);
    assert.equal(await running.engine.unsaved({ path: 'untitled:Untitled-1', text: TYPED, languageId: 'markdown' }), true); // prettier-ignore
    const [hit] = await search('zucchini');
    assert.deepEqual([hit?.path, hit?.startLine, hit?.languageId], ['untitled:Untitled-1', 1, 'markdown']);
    await running.engine.unsaved({ path: 'untitled:Untitled-1' });
    assert.equal(await soups(), false);
  });

  it('of a document with a private key, or of an empty one, is not found, nor is what it was', async () => {
    for (const text of [`-----BEGIN RSA PRIVATE KEY-----\nzucchini\n-----END RSA PRIVATE KEY-----\n`, '']) {
      assert.equal(await running.engine.unsaved({ path: 'notes/soup.md', text }), true);
      assert.deepEqual(await search('zucchini garlic', 'keyword'), []);
    }
  });

  it('is forgotten when its file leaves the index, and when the index is cleared', async () => {
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    fs.rmSync(path.join(workspace.folder, 'notes/soup.md'));
    await running.engine.index({ paths: ['notes/soup.md'] });
    assert.equal(await soups(), false);
  });

  it('stays found when the index is repaired, and is dropped with the model', async () => {
    await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED });
    await running.engine.repair();
    await running.engine.unsaved({ path: 'untitled:b', text: '' }); // its turn comes after the one that is told again
    assert.ok(await soups());
    const settings = { storageFolder: workspace.storageFolder, roots: [{ folder: workspace.folder, prefix: '' }], include: [], exclude: [], maxFileBytes: 1 << 20, maxConcurrency: 0, language: 'en' }; // prettier-ignore
    await running.engine.configure({ ...settings, model: 'minilm', exclude: ['*.tmp'] });
    assert.equal(await soups(), false);
    const remote = { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', api: 'compatible', sendDimension: false, rowsPerRequest: 8, tokensPerRow: 512, encodingFormat: 'float', queryPrefix: '', documentPrefix: '', consent: true } as const; // prettier-ignore
    await running.engine.configure({ ...settings, model: 'some-model', dimension: 8, remote });
    assert.equal(await running.engine.unsaved({ path: 'notes/soup.md', text: TYPED }), false);
  });
});
