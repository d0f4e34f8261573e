import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ruleForPath } from '../../../src/engine/source/ruleFor.ts';
import { defaults, seeded, sourceOf, walkAll, withTree } from './tempTree.ts';

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
const gitFiles = (folder: string) =>
  git(folder, 'ls-files', '-o', '-c', '--exclude-standard', '-z').split('\0').filter(Boolean).sort();

// (Git matches bytes, so that its `?` and `[!a]` never match a single non-ASCII letter: no such name here.)
const NAMES = ['a', 'b', 'ab', 'c.txt', 'd.log', 'x y', '[z]', 'é.md', 'a.b.c', '#h', '!n', 'A'];
const PIECES = [
  'a',
  'b',
  'ab',
  '*',
  '**',
  '?',
  '*.txt',
  '*.log',
  '[a-c]',
  '[!a]',
  'x y',
  '\\[z]',
  'é.md',
  'a*',
  '*.*',
  '\\#h',
  '\\!n',
];

/** About 150 files in 25 folders; `sparse`: 35 in 10. */
function randomTree(seed: number, sparse = false): Record<string, string> {
  const random = seeded(seed);
  const pick = (of: readonly string[]) => of[random(of.length)]!;
  const pattern = () => {
    const body = Array.from({ length: 1 + random(3) }, () => pick(PIECES)).join('/');
    return `${random(3) ? '' : '!'}${random(4) ? '' : '/'}${body}${random(4) ? '' : '/'}${random(8) ? '' : '  '}`;
  };
  const patterns = () => Array.from({ length: 1 + random(5) }, pattern).join(random(5) ? '\n' : '\r\n');
  const files: Record<string, string> = {};
  const fill = (folder: string, depth: number) => {
    if (!random(2)) files[`${folder}.gitignore`] = patterns();
    for (const name of NAMES) {
      if (depth < 3 && !random(depth === 0 ? (sparse ? 4 : 3) : sparse ? 10 : 6)) fill(`${folder}${name}/`, depth + 1);
      else if (sparse ? !random(4) : random(2)) files[`${folder}${name}`] = 'text';
    }
  };
  fill('', 0);
  files['.git/info/exclude'] = random(2) ? patterns() : '';
  return files;
}

describe('ignore rules of git', () => {
  // A tree is a folder of a repository: git is asked once for 50 of them, which differ in the repository's own exclude file too.
  it('leave out exactly what git leaves out, on 1,000 random trees', async function () {
    this.timeout(60_000);
    const [TREES, A_REPOSITORY] = [1_000, 50];
    let compared = 0;
    let ignored = 0;
    for (let first = 1; first <= TREES; first += A_REPOSITORY) {
      const repository: Record<string, string> = {};
      for (let seed = first; seed < first + A_REPOSITORY; seed++) {
        const { '.git/info/exclude': exclude = '', ...tree } = randomTree(seed, true);
        repository['.git/info/exclude'] = exclude;
        for (const [name, text] of Object.entries(tree)) repository[`tree${seed}/${name}`] = text;
      }
      await withTree(repository, async (folder) => {
        git(folder, 'init', '-q', '--template=');
        const { files } = await walkAll(sourceOf(folder));
        const known = gitFiles(folder);
        for (let seed = first; seed < first + A_REPOSITORY; seed++) {
          const ofTree = (all: readonly string[]) => all.filter((file) => file.startsWith(`tree${seed}/`));
          assert.deepEqual(ofTree(files), ofTree(known), `seed ${seed}`);
          compared++;
        }
        ignored += Object.keys(repository).length - known.length;
      });
    }
    assert.equal(compared, TREES);
    assert.ok(ignored > TREES, `only ${ignored} files were ignored`);
  });

  it('name the rule that git names, of all that matches the one that counts', async () => {
    for (let seed = 301; seed <= 310; seed++) {
      await withTree(randomTree(seed), async (folder) => {
        git(folder, 'init', '-q', '--template=');
        const { leftOut } = await walkAll(sourceOf(folder));
        const ours = leftOut.filter(({ reason }) => reason === 'gitignore');
        if (ours.length === 0) return;
        const input = ours.map(({ path: left }) => left).join('\0');
        const told = execFileSync('git', ['check-ignore', '--stdin', '-z', '-v', '--no-index'], { cwd: folder, input, encoding: 'utf8' }).split('\0'); // prettier-ignore
        const theirs = ours.map((_, i) => `${told[4 * i]}: ${told[4 * i + 2]}`);
        assert.deepEqual(ours.map(({ detail }) => detail?.trimEnd()), theirs.map((rule) => rule.trimEnd()), `seed ${seed}`); // prettier-ignore
      });
    }
  });

  it('count from the repository down when a folder inside it is opened', async () => {
    let compared = 0;
    for (let seed = 101; seed <= 105; seed++) {
      await withTree(randomTree(seed), async (folder) => {
        git(folder, 'init', '-q');
        const known = gitFiles(folder);
        for (const { name } of (await fs.readdir(folder, { withFileTypes: true })).filter((e) => e.isDirectory())) {
          if (!known.some((file) => file.startsWith(`${name}/`))) continue;
          const { files } = await walkAll(sourceOf(path.join(folder, name)));
          assert.deepEqual(files, gitFiles(path.join(folder, name)), `seed ${seed}, ${name}`);
          compared++;
        }
      });
    }
    assert.ok(compared > 3);
  });

  it('give the same answer for one path as for a walk, on random trees', async () => {
    for (let seed = 201; seed <= 203; seed++) {
      await withTree({ ...randomTree(seed), 'zz/.env': 'x', 'zz/node_modules/m.js': 'x' }, async (folder) => {
        const { files, leftOut } = await walkAll(sourceOf(folder, { exclude: ['**/ab'] }));
        const options = { ...defaults, exclude: ['**/ab'] };
        const roots = [{ folder, prefix: '', realFolder: folder }];
        for (const file of files) assert.equal(await ruleForPath(roots, options, file), undefined, `${seed} ${file}`);
        for (const { path: left, ...verdict } of leftOut) {
          assert.deepEqual(await ruleForPath(roots, options, left), verdict, `${seed} ${left}`);
        }
        for (const left of leftOut.filter((l) => l.path.endsWith('/'))) {
          const below = await ruleForPath(roots, options, `${left.path}deep/file.ts`);
          assert.deepEqual(below?.reason, left.reason, `${seed} ${left.path}`);
        }
      });
    }
  });

  it('take the rules of the outer repository for its own files only', async () => {
    const inner = {
      'sub/.git/HEAD': 'ref: refs/heads/main',
      'sub/a.log': 'x',
      'sub/.gitignore': '*.tmp',
      'sub/b.tmp': 'x',
    };
    await withTree({ '.git/HEAD': 'ref: x', '.gitignore': '*.log', 'c.log': 'x', ...inner }, async (folder) => {
      const { files } = await walkAll(sourceOf(folder));
      assert.deepEqual(files, ['.gitignore', 'sub/.gitignore', 'sub/a.log']);
    });
  });

  it('count in a folder that is no repository', async () => {
    await withTree({ '.gitignore': 'x.ts\n', 'x.ts': '1', 'y.ts': '1' }, async (folder) => {
      assert.deepEqual((await walkAll(sourceOf(folder))).files, ['.gitignore', 'y.ts']);
    });
  });

  it('have no say when the opened folder itself is ignored', async () => {
    const tree = { '.git/HEAD': 'ref: x', '.gitignore': 'node_modules/\n*.js', 'node_modules/m/a.js': '1' };
    await withTree({ ...tree, 'node_modules/m/.gitignore': 'b.js', 'node_modules/m/b.js': '1' }, async (folder) => {
      const { files } = await walkAll(sourceOf(path.join(folder, 'node_modules/m')));
      assert.deepEqual(files, ['.gitignore', 'a.js']);
    });
  });

  it('come from the shared git folder in a worktree, and from the excludes file of the user', async () => {
    const tree = {
      'main/.git/HEAD': 'ref: x',
      'main/.git/info/exclude': 'hidden.txt',
      'main/.git/config': '[core]\n\tbare = false\n\texcludesFile = "FOLDER/mine"\n',
      'main/.git/worktrees/w/HEAD': 'ref: x',
      'main/.git/worktrees/w/commondir': '../..\n',
      'w/.git': 'gitdir: ../main/.git/worktrees/w\n',
      'w/hidden.txt': 'x',
      'w/open.txt': 'x',
      'w/mine.txt': 'x',
      mine: 'mine.txt\n',
    };
    await withTree(tree, async (folder) => {
      const config = path.join(folder, 'main/.git/config');
      await fs.writeFile(config, (await fs.readFile(config, 'utf8')).replace('FOLDER', folder));
      const { files, leftOut } = await walkAll(sourceOf(path.join(folder, 'w')));
      assert.deepEqual(files, ['open.txt']);
      assert.deepEqual(leftOut, [
        { path: '.git', reason: 'noise', detail: '.git' },
        { path: 'hidden.txt', reason: 'gitignore', detail: '.git/info/exclude: hidden.txt' },
        { path: 'mine.txt', reason: 'gitignore', detail: 'core.excludesFile: mine.txt' },
      ]);
    });
  });

  it('are named with their file', async () => {
    await withTree({ 'a/.gitignore': '/out\n!keep', 'a/out/x': '1' }, async (folder) => {
      const { leftOut } = await walkAll(sourceOf(folder));
      assert.deepEqual(leftOut, [{ path: 'a/out/', reason: 'gitignore', detail: 'a/.gitignore: /out' }]);
    });
  });
});
