import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isCancelled, isEngineError } from '../../../src/engine/errors.ts';
import type { LeftOut } from '../../../src/engine/model.ts';
import { createSource } from '../../../src/engine/source/workspaceSource.ts';
import { defaults, sourceOf, walkAll, withTree } from './tempTree.ts';

const texts = (...paths: string[]) => Object.fromEntries(paths.map((p) => [p, 'text']));
const left = (p: string, reason: LeftOut['reason'], detail: string): LeftOut => ({ path: p, reason, detail });

/** Makes one call of the file system fail for paths with this ending. */
async function failing(call: 'lstatSync' | 'readdirSync', ending: string, code: string, body: () => Promise<void>) {
  const original = fs[call] as (...args: unknown[]) => unknown;
  const replaced = (file: unknown, ...rest: unknown[]) => {
    if (String(file).endsWith(ending)) throw Object.assign(new Error(code), { code });
    return original(file, ...rest);
  };
  Object.assign(fs, { [call]: replaced });
  try {
    await body();
  } finally {
    Object.assign(fs, { [call]: original });
  }
}

describe('a walk', () => {
  it('yields files and left-out paths together in path order', async () => {
    const tree = texts('b/x', 'a/z', 'a.ts', 'a-b/q', 'B.md', 'a/node_modules/m.js', 'é', 'a/.env', 'z/y/x/w');
    await withTree(tree, async (folder) => {
      const { paths } = await walkAll(sourceOf(folder));
      const expected = ['a/.env', 'a/node_modules/', 'a/z', 'a-b/q', 'a.ts', 'b/x', 'B.md', 'z/y/x/w', 'é'];
      assert.deepEqual(paths, expected.sort());
    });
  });

  it('gives size and time of each file', async () => {
    await withTree({ 'a.txt': 'four' }, async (folder) => {
      fs.utimesSync(path.join(folder, 'a.txt'), 5, 7);
      const met = [];
      for await (const group of sourceOf(folder).walk()) met.push(...group);
      assert.deepEqual(met, [{ file: { path: 'a.txt', size: 4, mtimeMs: 7000 } }]);
    });
  });

  it('names an excluded folder once, with the rule', async () => {
    const tree = texts('node_modules/a/b.js', 'app/src/main.ts', 'app/dist/main.js', 'lib/dist/x.js', 'env/pyvenv.cfg');
    await withTree(
      { ...tree, ...texts('.ssh/id_rsa', '.ssh/config', 'crate/Cargo.toml', 'crate/target/x') },
      async (folder) => {
        const { files, leftOut } = await walkAll(sourceOf(folder));
        assert.deepEqual(files, ['app/src/main.ts', 'crate/Cargo.toml', 'lib/dist/x.js']);
        assert.deepEqual(leftOut, [
          left('.ssh/', 'security', '.ssh/'),
          left('app/dist/', 'noise', 'dist/ beside src'),
          left('crate/target/', 'noise', 'target/ beside Cargo.toml'),
          left('env/', 'noise', 'holds pyvenv.cfg'),
          left('node_modules/', 'noise', 'node_modules/'),
        ]);
      },
    );
  });

  it('reads a folder inside node_modules when that is the folder opened', async () => {
    await withTree(texts('node_modules/m/lib/m.js', 'node_modules/m/m.d.ts'), async (folder) => {
      const { files } = await walkAll(sourceOf(path.join(folder, 'node_modules/m')));
      assert.deepEqual(files, ['lib/m.js', 'm.d.ts']);
    });
  });

  it('follows the include and exclude settings', async () => {
    const tree = texts('src/a.ts', 'src/a.test.ts', 'src/deep/b.ts', 'docs/x.md', 'README.md', 'other/deep/c.ts');
    await withTree(tree, async (folder) => {
      const source = sourceOf(folder, { include: ['src', '*.md'], exclude: ['**/*.test.ts', 'docs'] });
      const { files, leftOut } = await walkAll(source);
      assert.deepEqual(files, ['README.md', 'src/a.ts', 'src/deep/b.ts']);
      assert.deepEqual(leftOut, [
        left('docs/', 'exclude-setting', 'docs'),
        left('other/deep/c.ts', 'not-included', 'include'),
        left('src/a.test.ts', 'exclude-setting', '**/*.test.ts'),
      ]);
    });
  });

  it('does not enter folders that no include glob can reach', async () => {
    await withTree(texts('src/app/a.ts', 'src/b.ts', 'test/deep/c.ts'), async (folder) => {
      const { paths } = await walkAll(sourceOf(folder, { include: ['src/app/**/*.ts'] }));
      assert.deepEqual(paths, ['src/app/a.ts', 'src/b.ts', 'test/']);
    });
  });

  it('leaves links out and names where they lead', async () => {
    await withTree(texts('in/real/a.ts', 'in/.env', 'in/build/x', 'out/b.ts'), async (folder) => {
      const root = path.join(folder, 'in');
      const link = (target: string, name: string) => fs.symlinkSync(target, path.join(root, name));
      link('real/a.ts', '1-file');
      link('real', '2-folder');
      link('..', '3-up');
      link('.', '4-self');
      link('5-loop', '5-loop');
      link('../out/b.ts', '6-outside');
      link('.env', '7-secret');
      link('nowhere', '8-dangling');
      link('..', 'real/parent');
      const { files, leftOut } = await walkAll(sourceOf(root, { exclude: ['build'] }));
      assert.deepEqual(files, ['real/a.ts']);
      assert.deepEqual(
        leftOut.filter(({ path: p }) => /^\d|real/.test(p)),
        [
          left('1-file', 'same-file', 'real/a.ts'),
          left('2-folder', 'same-file', 'real'),
          left('3-up', 'outside-workspace', folder),
          left('4-self', 'symlink-loop', '.'),
          left('5-loop', 'symlink-loop', 'ELOOP'),
          left('6-outside', 'outside-workspace', path.join(folder, 'out/b.ts')),
          left('7-secret', 'security', '.env*'),
          left('8-dangling', 'not-a-file', 'ENOENT'),
          left('real/parent', 'symlink-loop', '.'),
        ],
      );
    });
  });

  it('reads an opened folder that is itself a link', async () => {
    await withTree(texts('real/a.ts'), async (folder) => {
      fs.symlinkSync('real', path.join(folder, 'link'));
      const source = sourceOf(path.join(folder, 'link'));
      assert.deepEqual((await walkAll(source)).files, ['a.ts']);
      assert.ok('document' in (await source.read('a.ts')));
    });
  });

  it('reads several folders under their names, one inside another once', async () => {
    await withTree(texts('one/a.ts', 'one/two/b.ts', 'three/c.ts'), async (folder) => {
      const root = (inner: string, prefix: string) => ({ folder: path.join(folder, inner), prefix });
      const roots = [root('three', 'three/'), root('one/two', 'two/'), root('one', 'one/'), root('one', 'again/')];
      const source = createSource(roots, { ...defaults, exclude: ['three/c*'] });
      const { files, leftOut } = await walkAll(source);
      assert.deepEqual(files, ['one/a.ts', 'two/b.ts']);
      assert.deepEqual(leftOut, [
        left('one/two/', 'same-file', 'two/'),
        left('three/c.ts', 'exclude-setting', 'three/c*'),
      ]);
      assert.deepEqual(await source.ruleFor('one/two/b.ts'), left('one/two/b.ts', 'same-file', 'two/'));
    });
  });

  it('names pipes and sockets and never opens them', async function () {
    if (process.platform === 'win32') this.skip();
    await withTree(texts('a.ts'), async (folder) => {
      execFileSync('mkfifo', [path.join(folder, 'pipe'), path.join(folder, '.gitignore')]);
      const source = sourceOf(folder);
      assert.deepEqual((await walkAll(source)).leftOut, [
        left('.gitignore', 'not-a-file', 'special file'),
        left('pipe', 'not-a-file', 'special file'),
      ]);
      assert.deepEqual(await source.read('pipe', { ruled: true }), { leftOut: { path: 'pipe', reason: 'not-a-file' } });
    });
  });

  for (const [call, ending, code, expected] of [
    ['readdirSync', '/locked', 'EACCES', left('locked/', 'unreadable', 'EACCES')],
    ['readdirSync', '/locked', 'ENOENT', left('locked/', 'vanished', 'ENOENT')],
    ['lstatSync', '/a.ts', 'EACCES', left('a.ts', 'unreadable', 'EACCES')],
    ['lstatSync', '/a.ts', 'ENOENT', left('a.ts', 'vanished', 'ENOENT')],
  ] as const) {
    it(`goes on after ${code} from ${call} and says so`, async () => {
      await withTree(texts('a.ts', 'b.ts', 'locked/c.ts'), async (folder) => {
        await failing(call, ending, code, async () => {
          const { files, leftOut } = await walkAll(sourceOf(folder));
          assert.deepEqual(leftOut, [expected]);
          assert.equal(files.length, 2);
        });
      });
    });
  }

  it('never takes a root that is gone for an empty one', async () => {
    const source = sourceOf('/nowhere/at/all');
    await assert.rejects(walkAll(source), (e) => isEngineError(e, 'file-not-found'));
    await withTree(texts('a.ts'), async (folder) => {
      await failing('readdirSync', folder, 'EACCES', async () => {
        await assert.rejects(walkAll(sourceOf(folder)), (e) => isEngineError(e, 'file-unreadable'));
      });
    });
  });

  it('stops when it is told to, also inside a large folder', async () => {
    await withTree(texts(...Array.from({ length: 1000 }, (_, i) => `f${i}`)), async (folder) => {
      await assert.rejects(walkAll(sourceOf(folder), AbortSignal.abort()), isCancelled);
      const controller = new AbortController();
      let stats = 0;
      const original = fs.lstatSync;
      Object.assign(fs, {
        lstatSync: (file: string) => {
          if (++stats === 100) controller.abort();
          return original(file);
        },
      });
      try {
        await assert.rejects(walkAll(sourceOf(folder), controller.signal), isCancelled);
      } finally {
        Object.assign(fs, { lstatSync: original });
      }
      assert.ok(stats <= 128, `${stats} files looked at after the abort at 100`);
    });
  });
});

describe('the rule for one path', () => {
  for (const [asked, expected] of [
    ['src/a.ts', undefined],
    ['src/not/yet/there.ts', undefined],
    ['src/node_modules/m/i.js', left('src/node_modules/m/i.js', 'noise', 'node_modules/')],
    ['node_modules/m/.env', left('node_modules/m/.env', 'security', '.env*')],
    ['node_modules/', left('node_modules/', 'noise', 'node_modules/')],
    ['link/a.ts', left('link/a.ts', 'same-file', 'src')],
    ['../x', left('../x', 'outside-workspace', '../x')],
    ['/etc/passwd', left('/etc/passwd', 'outside-workspace', '/etc/passwd')],
    ['a/../b', left('a/../b', 'outside-workspace', 'a/../b')],
    ['', left('', 'outside-workspace', '')],
  ] as const) {
    it(`says ${expected?.reason ?? 'nothing'} of "${asked}"`, async () => {
      await withTree(texts('src/a.ts'), async (folder) => {
        fs.symlinkSync('src', path.join(folder, 'link'));
        assert.deepEqual(await sourceOf(folder).ruleFor(asked), expected);
      });
    });
  }
});
