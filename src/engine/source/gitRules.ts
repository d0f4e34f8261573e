// Stage 1: what git ignores, without git. Invariant: all rules that count in a folder stand in one matcher, outermost first, each
// bound to the folder of its file, so that the `ignore` package's "the last match wins" is git's "the deepest file wins". Cost:
// compiling each .gitignore once a walk. Difference to git: a tracked file that a rule matches counts as ignored.
import path from 'node:path';
import { globalExcludes, readIfThere, repositoryAround, repositoryAt } from './gitRepository.ts';
import type { GitRepository } from './gitRepository.ts';
import { NO_RULES, ruleOn, rulesPath, withIgnoreFile, withRules } from './ignoreFile.ts';
import type { IgnoreRules } from './ignoreFile.ts';

const FILE = '.gitignore';

/** The rules of the folder that a user opened, whose .gitignore and those of its parents up to the repository's root count. */
export function openGitRules(folder: string): IgnoreRules {
  const repository = repositoryAround(folder);
  const above = namesBetween(repository, folder);
  let rules = repositoryRules(repository);
  for (const [depth, name] of above.entries()) {
    const parent = above.slice(0, depth);
    rules = withIgnoreFile(rules, FILE, path.join(repository?.folder ?? folder, ...parent), parent);
    // The user opened what the repository ignores (a package in node_modules): the repository has no say in it.
    if (rules.matcher.ignores(`${[...parent, name].join('/')}/`)) return openAlone(folder, '');
  }
  return { ...withIgnoreFile(rules, FILE, folder, above), prefix: above.map((name) => `${name}/`).join('') };
}

/** The rules inside a folder below the opened one; `inner` is its path there, with '/' at its end. */
export function enterGitFolder(
  rules: IgnoreRules,
  folder: string,
  inner: string,
  has: (name: string) => boolean,
): IgnoreRules {
  const repository = has('.git') ? repositoryAt(folder) : undefined;
  // Git reads a repository inside a repository by its own rules alone.
  const entered = repository ? { ...repositoryRules(repository), drop: inner } : rules;
  return has(FILE) ? withIgnoreFile(entered, FILE, folder, rulesPath(entered, inner).split('/').slice(0, -1)) : entered;
}

/** The rules of a folder that the repository ignores but that is read nevertheless: those in it. */
export function openAlone(folder: string, inner: string): IgnoreRules {
  return { ...withIgnoreFile(repositoryRules(undefined), FILE, folder, []), drop: inner };
}

/** The rule by which git ignores a path (a folder's ends in '/'), as `file: pattern`, or undefined. */
export function gitRuleOf(rules: IgnoreRules, inner: string): string | undefined {
  return ruleOn(rules, inner).ignoredBy;
}

/** Names of the folders from the repository's root down to the folder. */
export function namesBetween(repository: GitRepository | undefined, folder: string): readonly string[] {
  return repository === undefined ? [] : path.relative(repository.folder, folder).split(path.sep).filter(Boolean);
}

function repositoryRules(repository: GitRepository | undefined): IgnoreRules {
  const global = withRules(NO_RULES, globalExcludes(repository) ?? '', [], 'core.excludesFile');
  if (repository === undefined) return global;
  const exclude = readIfThere(path.join(repository.gitFolder, 'info', 'exclude'));
  return withRules(global, exclude ?? '', [], '.git/info/exclude');
}
