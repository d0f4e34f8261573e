// Stage 1: what git ignores, without git. Invariant: all rules that count in a folder stand in one matcher, outermost first, each
// bound to the folder of its file, so that the `ignore` package's "the last match wins" is git's "the deepest file wins". Cost:
// compiling each .gitignore once a walk. Difference to git: a tracked file that a rule matches counts as ignored.
import path from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { globalExcludes, readIfThere, repositoryAround, repositoryAt } from './gitRepository.ts';
import type { GitRepository } from './gitRepository.ts';

/** The rules that count in one folder and, until a deeper folder adds its own, below it. */
export interface GitRules {
  readonly matcher: Ignore;
  /** How paths relative to the opened folder become relative to the rules' folder: cut `drop`, then put `prefix` before. */
  readonly drop: string;
  readonly prefix: string;
}

/** Git's own default on these systems. */
const ignorecase = process.platform === 'win32' || process.platform === 'darwin';

/** The rules of the folder that a user opened, whose .gitignore and those of its parents up to the repository's root count. */
export async function openGitRules(folder: string): Promise<GitRules> {
  const repository = await repositoryAround(folder);
  const above =
    repository === undefined ? [] : path.relative(repository.folder, folder).split(path.sep).filter(Boolean);
  let rules: GitRules = { matcher: await repositoryMatcher(repository), drop: '', prefix: '' };
  for (const [depth, name] of above.entries()) {
    const parent = above.slice(0, depth);
    rules = await addGitignore(rules, path.join(repository?.folder ?? folder, ...parent), parent);
    // The user opened what the repository ignores (a package in node_modules): the repository has no say in it.
    if (rules.matcher.ignores(`${[...parent, name].join('/')}/`)) return openAlone(folder);
  }
  return { ...(await addGitignore(rules, folder, above)), prefix: above.map((name) => `${name}/`).join('') };
}

/** The rules inside a folder below the opened one; `inner` is its path there, with '/' at its end. */
export async function enterGitFolder(
  rules: GitRules,
  folder: string,
  inner: string,
  has: (name: string) => Promise<boolean>,
): Promise<GitRules> {
  const repository = (await has('.git')) ? await repositoryAt(folder) : undefined;
  // Git reads a repository inside a repository by its own rules alone.
  const entered = repository ? { matcher: await repositoryMatcher(repository), drop: inner, prefix: '' } : rules;
  return (await has('.gitignore'))
    ? addGitignore(entered, folder, relative(entered, inner).split('/').slice(0, -1))
    : entered;
}

/** The rule by which git ignores a path (a folder's ends in '/'), as `file: pattern`, or undefined. */
export function gitRuleOf(rules: GitRules, inner: string): string | undefined {
  const { ignored, rule } = rules.matcher.test(relative(rules, inner));
  return ignored ? (rule?.mark ?? rule?.pattern) : undefined;
}

const relative = (rules: GitRules, inner: string) => rules.prefix + inner.slice(rules.drop.length);

async function openAlone(folder: string): Promise<GitRules> {
  return addGitignore({ matcher: await repositoryMatcher(undefined), drop: '', prefix: '' }, folder, []);
}

async function repositoryMatcher(repository: GitRepository | undefined): Promise<Ignore> {
  const matcher = ignore({ ignorecase });
  add(matcher, (await globalExcludes(repository)) ?? '', [], 'core.excludesFile');
  if (repository !== undefined) {
    const exclude = await readIfThere(path.join(repository.gitFolder, 'info', 'exclude'));
    add(matcher, exclude ?? '', [], '.git/info/exclude');
  }
  return matcher;
}

async function addGitignore(rules: GitRules, folder: string, names: readonly string[]): Promise<GitRules> {
  const text = await readIfThere(path.join(folder, '.gitignore'));
  if (text === undefined) return rules;
  const matcher = ignore({ ignorecase }).add(rules.matcher);
  add(matcher, text, names, [...names, '.gitignore'].join('/'));
  return { ...rules, matcher };
}

function add(matcher: Ignore, text: string, names: readonly string[], file: string): void {
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const pattern = bindPattern(line, names);
    if (pattern !== undefined) matcher.add({ pattern, mark: `${file}: ${line}` });
  }
}

/** The pattern that means in the rules' folder what `line` means in the folder `names` below it. */
function bindPattern(line: string, names: readonly string[]): string | undefined {
  const negation = line.startsWith('!') ? '!' : '';
  const pattern = line.slice(negation.length).replace(/(?<!\\) +$/, '');
  if (names.length === 0 || line.startsWith('#') || pattern === '') return line === '' ? undefined : line;
  const body = pattern.replace(/^\//, '');
  // "/" alone matches nothing in git; bound to a folder it would match the folder.
  if (body === '' || body.startsWith('/')) return undefined;
  const folder = names.map((name) => `/${name.replace(/[\\*?[\]]/g, '\\$&')}`).join('');
  const anywhere = pattern.slice(0, -1).includes('/') ? '' : '**/';
  return `${negation}${folder}/${anywhere}${body}`;
}
