import assert from 'node:assert/strict';
import type { SearchFilter } from '../../../src/engine/model.ts';
import { createFilter } from '../../../src/engine/search/filter.ts';
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
  const accept = createFilter(filter, documents) ?? (() => true);
  return PATHS.filter((path) => accept(chunkOf(path, 1)));
}

describe('createFilter', () => {
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

  it('lets everything pass without a filter, without a test to call', () => {
    for (const filter of [undefined, {}, { paths: [], languageIds: [], kinds: [] }]) {
      assert.equal(createFilter(filter, new Map()), undefined);
    }
  });

  it('takes languages and kinds, and all conditions together', () => {
    const documents = documentsOf({ 'a.ts': { languageId: 'typescript' }, 'b.py': { languageId: 'python' } });
    const accept = createFilter({ languageIds: ['python'], kinds: ['function'], paths: ['*.py'] }, documents)!;
    assert.equal(accept(chunkOf('b.py', 1, { kind: 'function' })), true);
    assert.equal(accept(chunkOf('b.py', 1, { kind: 'class' })), false);
    assert.equal(accept(chunkOf('a.ts', 1, { kind: 'function' })), false);
    assert.equal(accept(chunkOf('unknown', 1, { kind: 'function' })), false);
  });

  it('takes files that changed at a moment or later', () => {
    const documents = documentsOf({ 'old.ts': { mtimeMs: 999 }, 'new.ts': { mtimeMs: 1000 } });
    const accept = createFilter({ modifiedSinceMs: 1000 }, documents)!;
    assert.deepEqual(['old.ts', 'new.ts', 'unknown'].map((path) => accept(chunkOf(path, 1))), [false, true, false]); // prettier-ignore
  });

  it('takes a kept snippet for the file that it came from', () => {
    const kept = { sourcePath: 'src/a.ts', startLine: 1, endLine: 2 };
    const documents = documentsOf({ 'snippet:1': { kept } });
    assert.equal(createFilter({ paths: ['src'] }, documents)!(chunkOf('snippet:1', 1)), true);
    assert.equal(createFilter({ paths: ['test'] }, documents)!(chunkOf('snippet:1', 1)), false);
  });

  it('refuses a glob that is longer than any path', () => {
    assert.throws(() => createFilter({ paths: ['x'.repeat(70_000)] }, new Map()), { code: 'bad-request' });
  });
});
