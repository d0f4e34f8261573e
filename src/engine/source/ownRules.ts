// Stage 1: the product's own ignore files, `.vectorscopeignore`, in git's syntax. Invariant: they have the last word over git and
// the noise list, never over the security list. Cost: as .gitignore's.
//
// A negated pattern brings back what git ignores. That git never enters an ignored folder is git's own rule and would make
// `!out/report.md` useless, so a folder is entered for the sake of what a negated pattern with a '/' names in it.
import path from 'node:path';
import { repositoryAround } from './gitRepository.ts';
import { namesBetween } from './gitRules.ts';
import { NO_RULES, rulesPath, withIgnoreFile } from './ignoreFile.ts';
import type { IgnoreRules } from './ignoreFile.ts';
import { onOneLine } from './settingGlobs.ts';

export const OWN_FILE = '.vectorscopeignore';

/** The rules of an opened folder: its own file and those of its parents up to the repository's root. */
export function openOwnRules(folder: string): IgnoreRules {
  const repository = repositoryAround(folder);
  const above = namesBetween(repository, folder);
  let rules = NO_RULES;
  for (let depth = 0; depth <= above.length; depth++) {
    const names = above.slice(0, depth);
    rules = withIgnoreFile(rules, OWN_FILE, path.join(repository?.folder ?? folder, ...names), names);
  }
  return { ...rules, prefix: above.map((name) => `${name}/`).join('') };
}

/** The rules inside a folder below the opened one; `inner` is its path there, with '/' at its end. */
export function enterOwnFolder(
  rules: IgnoreRules,
  folder: string,
  inner: string,
  has: (name: string) => boolean,
): IgnoreRules {
  if (!has(OWN_FILE)) return rules;
  return withIgnoreFile(rules, OWN_FILE, folder, rulesPath(rules, inner).split('/').slice(0, -1));
}

/** Whether a negated pattern names something below a folder. */
export function mayBringBackBelow(rules: IgnoreRules, inner: string): boolean {
  if (rules.broughtBack.length === 0) return false;
  const folder = rulesPath(rules, inner).slice(0, -1);
  return rules.broughtBack.some((base) => onOneLine(base, folder));
}
