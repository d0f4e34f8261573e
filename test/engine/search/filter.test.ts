import assert from 'node:assert/strict';
import type { SearchFilter, StoredChunk, VectorTable } from '../../../src/engine/model.ts';
import { maskRows } from '../../../src/engine/search/filter.ts';
import { vectorTable } from '../../support/vectorTable.ts';
import { chunkOf, documentsOf } from './tables.ts';

const PATHS = [
  'README.md',
  'src/index.ts',
  'src/deep/er/index.ts',
  'src/deep/style.css',
  'src2/index.ts',
  'test/src/index.ts',
  '.github/workflows/ci.yml',
  'docs/中文/说明.md',
  'odd [x]/a{b}.ts',
];

function passing(filter: SearchFilter | undefined): string[] {
  const documents = documentsOf(Object.fromEntries(PATHS.map((path) => [path, {}])));
  const mask = maskRows(filter, tableOf(PATHS.map((path) => chunkOf(path, 1))), documents);
  return PATHS.filter((_, row) => mask?.[row] !== 0);
}

function tableOf(chunks: readonly StoredChunk[]): VectorTable {
  return vectorTable(1, new Float32Array(chunks.length).fill(1), chunks);
}

describe('maskRows', () => {
  const TS = ['src/index.ts', 'src/deep/er/index.ts', 'src2/index.ts', 'test/src/index.ts', 'odd [x]/a{b}.ts'];
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['a bare extension at any depth', ['*.ts'], TS],
    ['a bare name at any depth', ['index.ts'], TS.slice(0, 4)],
    ['a folder and its content at any depth', ['src'], ['src/index.ts', 'src/deep/er/index.ts', 'src/deep/style.css', 'test/src/index.ts']], // prettier-ignore
    ['a folder with a slash at its end', ['deep/'], ['src/deep/er/index.ts', 'src/deep/style.css']],
    ['an anchored folder', ['./src'], ['src/index.ts', 'src/deep/er/index.ts', 'src/deep/style.css']],
    ['an anchored file', ['/README.md'], ['README.md']],
    ['two stars', ['src/**/*.ts'], ['src/index.ts', 'src/deep/er/index.ts', 'test/src/index.ts']],
    ['braces', ['*.{css,yml}'], ['src/deep/style.css', '.github/workflows/ci.yml']],
    ['several as alternatives', ['*.md', '*.css'], ['README.md', 'src/deep/style.css', 'docs/中文/说明.md']],
    ['hidden folders', ['.github'], ['.github/workflows/ci.yml']],
    ['Chinese names', ['中文'], ['docs/中文/说明.md']],
    ['an exclusion alone', ['!*.ts'], PATHS.filter((path) => !path.endsWith('.ts'))],
    ['an exclusion that wins over an inclusion', ['src', '!deep'], ['src/index.ts', 'test/src/index.ts']],
    ['an exclusion before the inclusion', ['!deep', 'src'], ['src/index.ts', 'test/src/index.ts']],
    ['blanks as nothing', [' ', '!', ''], PATHS],
    ['everything', ['**'], PATHS],
    ['the workspace itself', ['./', '.'], PATHS],
    ['what matches nothing', ['nowhere'], []],
    ['an unclosed bracket literally', ['[x'], []],
    ['escaped letters', ['odd \\[x\\]'], ['odd [x]/a{b}.ts']],
  ];
  for (const [name, paths, expected] of cases) {
    it(`takes ${name}: ${JSON.stringify(paths)}`, () => assert.deepEqual(passing({ paths }), expected));
  }

  it('lets everything pass without a filter', () => {
    for (const filter of [undefined, {}, { paths: [], languageIds: [], kinds: [] }]) {
      assert.equal(maskRows(filter, tableOf([]), new Map()), undefined);
    }
  });

  it('takes languages and kinds, and all conditions together', () => {
    const documents = documentsOf({ 'a.ts': { languageId: 'typescript' }, 'b.py': { languageId: 'python' } });
    const table = tableOf([
      chunkOf('b.py', 1, { kind: 'function' }),
      chunkOf('b.py', 1, { kind: 'class' }),
      chunkOf('a.ts', 1, { kind: 'function' }),
      chunkOf('unknown', 1, { kind: 'function' }),
    ]);
    const filter: SearchFilter = { languageIds: ['python'], kinds: ['function'], paths: ['*.py'] };
    assert.deepEqual([...maskRows(filter, table, documents)!], [1, 0, 0, 0]);
  });

  it('takes files that changed at a moment or later', () => {
    const documents = documentsOf({ 'old.ts': { mtimeMs: 999 }, 'new.ts': { mtimeMs: 1000 } });
    const table = tableOf(['old.ts', 'new.ts', 'unknown'].map((path) => chunkOf(path, 1)));
    assert.deepEqual([...maskRows({ modifiedSinceMs: 1000 }, table, documents)!], [0, 1, 0]);
  });

  it('takes a kept snippet for the file that it came from', () => {
    const kept = { sourcePath: 'src/a.ts', startLine: 1, endLine: 2 };
    const documents = documentsOf({ 'snippet:1': { kept } });
    const table = tableOf([chunkOf('snippet:1', 1)]);
    assert.deepEqual([...maskRows({ paths: ['src'] }, table, documents)!], [1]);
    assert.deepEqual([...maskRows({ paths: ['test'] }, table, documents)!], [0]);
  });

  it('refuses a glob that is longer than any path', () => {
    assert.throws(() => maskRows({ paths: ['x'.repeat(70_000)] }, tableOf([]), new Map()), { code: 'bad-request' });
  });
});
