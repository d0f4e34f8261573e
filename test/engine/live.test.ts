// What changes under an index that is done: moves, branches, rules, folders, failures. Nothing that was embedded once is again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../support/workspace.ts';

const FILES = {
  'src/cart.ts': 'export class Cart {\n  private total = 0;\n  add(price: number): void {\n    this.total += price;\n  }\n}\n',
  'src/deep/retry.py': 'def call_again(work, tries):\n    """Calls the work again after an error."""\n    for _ in range(tries):\n        try:\n            return work()\n        except Exception:\n            pass\n',
  'docs/guide.md': '# Guide\n\n## Install\n\nRun the installer and follow its steps.\n\n## Use\n\nOpen a folder and search in it.\n',
  'data/people.csv': 'name,town\nAnn,Berlin\nBob,Paris\nCarl,Rome\n',
  'data/notes.jsonl': '{"text":"a note about apples"}\n{"text":"a note about pears"}\n',
  'page.html': '<html><body><h1>Bread</h1><p>Flour, water and salt.</p></body></html>\n',
}; // prettier-ignore

describe('an index that lives', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let running: TestEngine;

  before(async () => {
    workspace = createWorkspace(FILES);
    running = await startEngine(workspace);
    await running.engine.index({});
  });
  after(async () => {
    await running.engine.close();
    workspace.remove();
  });

  const at = (name: string): string => path.join(workspace.folder, name);
  const paths = async (): Promise<readonly string[]> =>
    (await running.engine.coverage()).filter(({ state }) => state === 'indexed').map(({ path: p }) => p);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace.folder });
  };

  it('keeps the vectors of every kind of file that gets another name', async () => {
    const moves = Object.keys(FILES).map((name) => [name, name.replace(/(\w+)(\.\w+)$/, 'moved/other-$1$2')] as const);
    for (const [from, to] of moves) {
      fs.mkdirSync(path.dirname(at(to)), { recursive: true });
      fs.renameSync(at(from), at(to));
    }
    const { embedded, reused } = await running.engine.index({ paths: moves.flat() });
    assert.equal(embedded, 0);
    assert.ok(reused >= moves.length);
    assert.deepEqual(await paths(), moves.map(([, to]) => to).sort());
    for (const [from, to] of moves) fs.renameSync(at(to), at(from));
    assert.equal((await running.engine.index({})).embedded, 0);
  });

  it('keeps the vectors of a folder that gets another name, told as two folders', async () => {
    fs.renameSync(at('src'), at('lib'));
    const { embedded } = await running.engine.index({ paths: ['src', 'lib'] });
    assert.equal(embedded, 0);
    assert.ok((await paths()).includes('lib/deep/retry.py'));
    assert.ok(!(await paths()).some((name) => name.startsWith('src/')));
    fs.renameSync(at('lib'), at('src'));
    assert.equal((await running.engine.index({ paths: ['lib', 'src'] })).embedded, 0);
  });

  it('embeds nothing when a branch is left and come back to', async () => {
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'one');
    git('switch', '-qc', 'other');
    for (const name of Object.keys(FILES)) fs.appendFileSync(at(name), '\n');
    workspace.write('docs/guide.md', '# Handbook\n\nAnother text of the same file on another branch.\n');
    fs.rmSync(at('src'), { recursive: true });
    git('add', '-A');
    git('commit', '-qm', 'two');
    const other = await running.engine.index({});
    assert.ok(other.embedded > 0);
    git('switch', '-q', 'main');
    assert.equal((await running.engine.index({})).embedded, 0);
    git('switch', '-q', 'other');
    assert.equal((await running.engine.index({})).embedded, 0);
    git('switch', '-q', 'main');
    assert.equal((await running.engine.index({})).embedded, 0);
    fs.rmSync(at('.git'), { recursive: true });
  });

  it('keeps the vectors when a second folder joins the workspace and when it goes', async () => {
    const second = createWorkspace({ 'poem.md': '# Poem\n\nRoses are red.\n' });
    try {
      const settings = { storageFolder: workspace.storageFolder, model: 'minilm', include: [], exclude: [], maxFileBytes: 1 << 20, maxConcurrency: 0, language: 'en' }; // prettier-ignore
      const one = { folder: workspace.folder, prefix: 'one/' };
      await running.engine.configure({ ...settings, roots: [one, { folder: second.folder, prefix: 'two/' }] });
      assert.equal((await running.engine.index({})).embedded, 1);
      assert.ok((await paths()).includes('two/poem.md') && (await paths()).includes('one/page.html'));
      await running.engine.configure({ ...settings, roots: [{ ...one, prefix: '' }] });
      assert.equal((await running.engine.index({})).embedded, 0);
      assert.deepEqual(await paths(), Object.keys(FILES).sort());
    } finally {
      second.remove();
    }
  });

  it('follows the rules of .vectorscopeignore, and names them', async () => {
    workspace.write('.vectorscopeignore', 'data/*\n!data/people.csv\n.vectorscopeignore\n');
    await running.engine.index({});
    const entry = await running.engine.whyNot({ path: 'data/notes.jsonl' });
    assert.deepEqual([entry.state, entry.reason, entry.detail], ['excluded', 'vectorscopeignore', '.vectorscopeignore: data/*']); // prettier-ignore
    assert.ok((await paths()).includes('data/people.csv'));
    fs.rmSync(at('.vectorscopeignore'));
    assert.equal((await running.engine.index({})).embedded, 0);
    assert.ok((await paths()).includes('data/notes.jsonl'));
  });

  it('writes nothing but the journal for a saved file, one without text among them', async () => {
    const space = fs.readdirSync(workspace.storageFolder).find((name) => name.startsWith('local-')) ?? '';
    const stored = (): string[] =>
      fs
        .readdirSync(path.join(workspace.storageFolder, space))
        .filter((name) => /^(?:manifest|shard|retired)/.test(name));
    await running.engine.index({}); // behind the checkpoint after the first run
    const before = stored();
    const manifest = fs.statSync(path.join(workspace.storageFolder, space, 'manifest.json')).mtimeMs;
    workspace.write('docs/guide.md', '# Guide\n\nAnother text altogether.\n');
    assert.equal((await running.engine.index({ paths: ['docs/guide.md'] })).embedded, 1);
    workspace.write('pic.bin', Uint8Array.from([0, 1, 2, 3]));
    await running.engine.index({ paths: ['pic.bin'] });
    assert.deepEqual(stored(), before);
    assert.equal(fs.statSync(path.join(workspace.storageFolder, space, 'manifest.json')).mtimeMs, manifest);
  });

  it('has no line about what is gone, whether it was indexed or not', async () => {
    workspace.write('pic.bin', Uint8Array.from([0, 1, 2, 3]));
    workspace.write('bins/other.bin', Uint8Array.from([0, 1, 2, 3]));
    await running.engine.index({ paths: ['pic.bin', 'bins/other.bin'] });
    const skipped = async () => (await running.engine.coverage()).filter(({ reason }) => reason === 'binary').length;
    assert.equal(await skipped(), 2);
    fs.rmSync(at('pic.bin'));
    await running.engine.index({ paths: ['pic.bin'] });
    assert.equal(await skipped(), 1);
    fs.rmSync(at('bins'), { recursive: true });
    await running.engine.index({ paths: ['bins/'] });
    assert.equal(await skipped(), 0);
  });

  it('tries just what failed once more', async () => {
    const open = fsPromises.open;
    const opened: string[] = [];
    let broken = true;
    Object.assign(fsPromises, {
      open: (file: string, ...rest: [string]) => {
        if (file.startsWith(workspace.folder)) opened.push(path.basename(file));
        if (broken && file.endsWith('broken.md')) return Promise.reject(Object.assign(new Error(), { code: 'EACCES' }));
        return open(file, ...rest);
      },
    });
    try {
      workspace.write('broken.md', '# Broken\n\nA file that could not be read for a while.\n');
      workspace.write('fine.md', '# Fine\n\nA file that could be read.\n');
      const first = await running.engine.index({});
      assert.deepEqual(first.failed, [{ path: 'broken.md', error: 'EACCES' }]);
      opened.length = 0;
      assert.equal((await running.engine.index({ failed: true })).failed.length, 1);
      broken = false;
      workspace.write('fine.md', '# Fine\n\nChanged meanwhile.\n');
      const again = await running.engine.index({ failed: true });
      assert.deepEqual([again.failed, again.embedded], [[], 1]);
      assert.deepEqual([...new Set(opened)], ['broken.md']);
      assert.equal((await running.engine.index({ failed: true })).embedded, 0);
    } finally {
      Object.assign(fsPromises, { open });
    }
  });

  it('tells its coverage page by page', async () => {
    workspace.write('x.bin', Uint8Array.from([0, 1, 2, 3]));
    workspace.write('.gitignore', '*.tmp\n');
    for (let i = 0; i < 5; i++) workspace.write(`t${i}.tmp`, 'x');
    await running.engine.index({});
    const page = await running.engine.coveragePage({ offset: 0, count: 2 });
    assert.deepEqual([page.counts.excluded, page.counts.skipped, page.counts.failed], [5, 1, 0]);
    assert.deepEqual(page.reasons, [{ reason: 'gitignore', state: 'excluded', count: 5 }, { reason: 'binary', state: 'skipped', count: 1 }]); // prettier-ignore
    assert.deepEqual(page.entries.map(({ path: p }) => p), ['x.bin', 't0.tmp']); // prettier-ignore
    const some = await running.engine.coveragePage({ reason: 'gitignore', text: 'T3.', offset: 0, count: 9 });
    assert.deepEqual([some.total, some.entries[0]?.path, some.counts.excluded], [1, 't3.tmp', 5]);
    const last = await running.engine.coveragePage({ state: 'excluded', offset: 4, count: 9 });
    assert.deepEqual(last.entries.map(({ path: p }) => p), ['t4.tmp']); // prettier-ignore
  });
});
