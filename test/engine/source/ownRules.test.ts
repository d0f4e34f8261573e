import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ruleForPath } from '../../../src/engine/source/ruleFor.ts';
import { defaults, sourceOf, walkAll, withTree } from './tempTree.ts';

const texts = (...paths: string[]) => Object.fromEntries(paths.map((p) => [p, 'text']));

/** The files of a walk but for the ignore files, and what is left out as `path: reason (rule)`. */
async function walked(folder: string): Promise<{ files: string[]; left: string[] }> {
  const { files, leftOut } = await walkAll(sourceOf(folder));
  return {
    files: files.filter((file) => !file.endsWith('ignore')),
    left: leftOut.map(({ path: p, reason, detail }) => `${p}: ${reason} (${detail})`),
  };
}

describe('.vectorscopeignore', () => {
  it('leaves out what it names, by git’s syntax, nested and with negation', async () => {
    const tree = texts('a.log', 'b.md', 'docs/a.log', 'docs/keep.log', 'docs/old/x.md', 'src/old/y.md');
    const rules = {
      '.vectorscopeignore': '*.log\n# a comment\n/docs/old/\n',
      'docs/.vectorscopeignore': '!keep.log\n',
    };
    await withTree({ ...tree, ...rules }, async (folder) => {
      assert.deepEqual(await walked(folder), {
        files: ['b.md', 'docs/keep.log', 'src/old/y.md'],
        left: [
          'a.log: vectorscopeignore (.vectorscopeignore: *.log)',
          'docs/a.log: vectorscopeignore (.vectorscopeignore: *.log)',
          'docs/old/: vectorscopeignore (.vectorscopeignore: /docs/old/)',
        ],
      });
    });
  });

  it('has the last word over git and the noise list: files, whole folders, files in an ignored folder', async () => {
    const tree = texts(
      'notes.log', 'other.log', 'yarn.lock', 'out/a.md', 'out/deep/b.md', 'out/c.log', 'gen/report.md', 'gen/x.md', 'gen/deep/y.md',
      'gen/reports/z.md', 'node_modules/m/index.js', 'node_modules/mine/index.js', 'app/src/a.ts', 'app/dist/b.js',
    ); // prettier-ignore
    const rules = {
      '.gitignore': '*.log\nout/\ngen/\n',
      '.vectorscopeignore':
        '!notes.log\n!yarn.lock\n!out/\n!/gen/report.md\n!gen/reports/\n!node_modules/mine/\n!dist/\n',
    };
    await withTree({ ...tree, ...rules }, async (folder) => {
      assert.deepEqual(await walked(folder), {
        files: ['app/dist/b.js', 'app/src/a.ts', 'gen/report.md', 'gen/reports/z.md', 'node_modules/mine/index.js', 'notes.log', 'out/a.md', 'out/c.log', 'out/deep/b.md', 'yarn.lock'],
        left: [
          'gen/deep/: gitignore (.gitignore: gen/)',
          'gen/x.md: gitignore (.gitignore: gen/)',
          'node_modules/m/: noise (node_modules/)',
          'other.log: gitignore (.gitignore: *.log)',
        ],
      }); // prettier-ignore
    });
  });

  it('enters no ignored folder for a pattern that names none', async () => {
    const tree = { ...texts('node_modules/m/README.md', 'README.md'), '.vectorscopeignore': '!*.md\n!**/*.md\n' };
    await withTree(tree, async (folder) => {
      const { files, left } = await walked(folder);
      assert.deepEqual([files, left], [['README.md'], ['node_modules/: noise (node_modules/)']]);
    });
  });

  it('never brings back what may hold secrets', async () => {
    const tree = { ...texts('.env', 'keys/id_rsa', '.ssh/config'), '.vectorscopeignore': '!.env\n!keys/\n!id_rsa\n!.ssh/\n!.ssh/config\n' }; // prettier-ignore
    await withTree(tree, async (folder) => {
      const { files, left } = await walked(folder);
      assert.deepEqual(files, []);
      assert.deepEqual(left, ['.env: security (.env*)', '.ssh/: security (.ssh/)', 'keys/id_rsa: security (id_rsa*)']);
    });
  });

  it('counts from the repository down when a folder inside it is opened', async () => {
    const tree = { ...texts('sub/a.md', 'sub/b.md', 'sub/c.log'), '.gitignore': '*.log\n', '.vectorscopeignore': '/sub/a.md\n!sub/c.log\n' }; // prettier-ignore
    await withTree(tree, async (folder) => {
      execFileSync('git', ['init', '-q'], { cwd: folder });
      const { files, left } = await walked(path.join(folder, 'sub'));
      assert.deepEqual([files, left], [['b.md', 'c.log'], ['a.md: vectorscopeignore (.vectorscopeignore: /sub/a.md)']]);
    });
  });

  it('gives the same answer for one path as for a walk', async () => {
    const tree = texts(
      'gen/report.md',
      'gen/x.md',
      'gen/deep/y.md',
      'out/a.md',
      'a.log',
      'b.log',
      'node_modules/mine/i.js',
    );
    const rules = { '.gitignore': '*.log\nout/\ngen/\n', '.vectorscopeignore': '!/gen/report.md\n!out/\n!a.log\n!node_modules/mine/\n' }; // prettier-ignore
    await withTree({ ...tree, ...rules }, async (folder) => {
      const { files, leftOut } = await walkAll(sourceOf(folder));
      const roots = [{ folder, prefix: '', realFolder: folder }];
      for (const file of files) assert.equal(await ruleForPath(roots, defaults, file), undefined, file);
      for (const { path: left, ...verdict } of leftOut) {
        assert.deepEqual(await ruleForPath(roots, defaults, left), verdict, left);
      }
    });
  });
});
