// Ready vectors from a terminal: a file stands where a folder does, and nothing is ever embedded.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { meaningVector, textFeatures } from '../support/meaningVectors.ts';

const TEXTS = [
  'tomato soup with garlic and basil',
  'leek soup with potatoes and cream',
  'pumpkin soup with ginger and cream',
  'the ledger was signed by the auditor',
  'tomato soup with garlic and basil',
];

describe('import from the command line', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let file: string;
  before(() => {
    workspace = createWorkspace();
    const vectorOf = (text: string): string => JSON.stringify(meaningVector(textFeatures(text), text, { space: 'test', dimension: 64 })); // prettier-ignore
    const rows = TEXTS.map((text, i) => `${i},"${text}","${vectorOf(text)}"`);
    file = workspace.write('reviews.csv', ['id,combined,embedding', ...rows, '5,no vector at all,', ''].join('\n'));
  });
  after(() => workspace.remove());

  function vectorscope(command: string, ...args: string[]) {
    const all = [path.join(distFolder, 'cli.js'), command, file, ...args, '--store', workspace.storageFolder];
    return spawnSync(process.execPath, all, { encoding: 'utf8' });
  }
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says what is read
  function json<T>(command: string, ...args: string[]): T {
    const { status, stdout, stderr } = vectorscope(command, ...args, '--json');
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as T;
  }

  it('takes the rows over, and says which have no vector', () => {
    assert.match(vectorscope('outliers').stderr, /import FILE/);
    const summary = json<{ seconds: number }>('import');
    assert.deepEqual(
      { ...summary, seconds: 0 },
      { documents: 1, chunks: 5, embedded: 0, reused: 5, skipped: [], failed: [{ path: 'reviews.csv:7', error: 'no vector' }], tokens: 0, seconds: 0 }, // prettier-ignore
    );
    assert.match(vectorscope('import').stdout, /^5 rows .*\nfailed: reviews\.csv:7 \(no vector\)\n$/);
    const { spaces } = json<{ spaces: { model: string; dimension: number; chunks: number }[] }>('status');
    assert.deepEqual(spaces.map(({ model, dimension, chunks }) => [model, dimension, chunks]), [['imported', 64, 5]]); // prettier-ignore
  });

  it('answers by stored vectors and by words', () => {
    type Hits = { hits: { path: string; startLine: number }[] };
    assert.equal(json<Hits>('similar', 'reviews.csv:3', '--top', '1').hits[0]?.startLine, 4);
    const rows = json<Hits>('recommend', 'reviews.csv:2').hits.map(({ startLine }) => startLine);
    assert.deepEqual([...rows].sort(), [3, 4, 5]);
    assert.equal(json<Hits>('search', 'auditor', '--mode', 'keyword').hits[0]?.startLine, 5);
    assert.equal(json<{ groups: { members: object[] }[] }>('duplicates').groups[0]?.members.length, 2);
    assert.equal(json<{ outliers: { startLine: number }[] }>('outliers').outliers[0]?.startLine, 5);
  });

  it('says what is missing where a text would have to be embedded', () => {
    const semantic = vectorscope('search', 'auditor', '--mode', 'semantic');
    assert.deepEqual([semantic.status, semantic.stdout], [1, '']);
    assert.match(semantic.stderr, /no model is there that could embed a text: search with --mode keyword/);
    assert.match(vectorscope('search', 'auditor').stderr, /^Found by words alone: These vectors were imported/);
  });

  it('is refused for what is no such file', () => {
    assert.match(vectorscope('index').stderr, /There is no folder/);
    const missing = vectorscope('import', '--vector', 'nonesuch');
    assert.match(missing.stderr, /vector is nonesuch; allowed: id, combined, embedding/);
    assert.notEqual(missing.status, 0);
  });
});
