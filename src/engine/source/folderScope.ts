// Stage 1: the rules of one opened folder, asked folder by folder from the top down. Invariant: a walk and the question "why is
// this path left out?" go through these same steps, so they can't disagree. Cost: no file is touched but
// .gitignore, .vectorscopeignore and .git.
import path from 'node:path';
import type { LeftOutReason } from '../model.ts';
import { enterGitFolder, gitRuleOf, openAlone, openGitRules } from './gitRules.ts';
import { ruleOn } from './ignoreFile.ts';
import type { IgnoreRules } from './ignoreFile.ts';
import { compileNameRules, matchAnywhere } from './nameRules.ts';
import { NOISE_BESIDE, NOISE_HOLDING, NOISE_RULES } from './noiseRules.ts';
import { enterOwnFolder, mayBringBackBelow, openOwnRules } from './ownRules.ts';
import { SECURITY_EXCEPTIONS, SECURITY_RULES } from './securityRules.ts';
import { compileSettingGlobs } from './settingGlobs.ts';
import type { SettingGlobs } from './settingGlobs.ts';
import type { SourceOptions, WorkspaceRoot } from './source.ts';

/** Why a path is left out, without the path. */
export interface Verdict {
  readonly reason: LeftOutReason;
  readonly detail: string;
}

/** A folder that the rules let through. */
export interface FolderScope {
  /** Absolute. */
  readonly folder: string;
  /** Relative to the opened folder: '' or `a/b/`. */
  readonly inner: string;
  readonly git: IgnoreRules;
  readonly own: IgnoreRules;
  readonly globs: SettingGlobs;
  /** Whether the folder holds a name. */
  readonly has: (name: string) => boolean;
  /** Set where the folder itself is left out and entered only for what `.vectorscopeignore` brings back in it. */
  readonly closedBy?: Verdict;
}

const noiseOf = compileNameRules(NOISE_RULES);
const securityOf = compileNameRules(SECURITY_RULES, SECURITY_EXCEPTIONS);

/** The security rule for a path, be it in the last name or in a folder's. */
export function securityVerdict(inner: string): Verdict | undefined {
  return verdict('security', matchAnywhere(securityOf, inner));
}

/** The scope of an opened folder, given by its real path. */
export function openFolder(
  folder: string,
  { prefix }: WorkspaceRoot,
  { include, exclude }: SourceOptions,
  has: FolderScope['has'],
): FolderScope {
  return {
    folder,
    inner: '',
    git: openGitRules(folder),
    own: openOwnRules(folder),
    globs: compileSettingGlobs(include, exclude, prefix),
    has,
  };
}

/** Why a file of the folder is left out. */
export function fileVerdict(scope: FolderScope, name: string): Verdict | undefined {
  const inner = scope.inner + name;
  const left = settledVerdict(scope, inner) ?? (isBroughtBack(scope, inner) ? undefined : listedVerdict(scope, inner));
  return left ?? verdict('not-included', scope.globs.includes(inner) ? undefined : 'include');
}

/** Why a folder of the folder is left out, as far as can be told from outside. */
export function folderVerdict(scope: FolderScope, name: string): Verdict | undefined {
  const inner = `${scope.inner}${name}/`;
  const left = settledVerdict(scope, inner);
  if (left !== undefined) return left;
  const listed = isBroughtBack(scope, inner) ? undefined : listedFolderVerdict(scope, name);
  if (listed !== undefined && !mayBringBackBelow(scope.own, inner)) return listed;
  return verdict('not-included', scope.globs.mayIncludeBelow(inner.slice(0, -1)) ? undefined : 'include');
}

/** The scope of a folder that {@link folderVerdict} let through, or why what it holds leaves it out. */
export function enterFolder(scope: FolderScope, name: string, has: FolderScope['has']): FolderScope | Verdict {
  const folder = below(scope.folder, name);
  const inner = `${scope.inner}${name}/`;
  const own = enterOwnFolder(scope.own, folder, inner, has);
  const entered = { folder, inner, globs: scope.globs, has, own };
  if (isBroughtBack(scope, inner)) {
    // The repository has no say in what it ignores as a whole.
    const isIgnored = scope.closedBy !== undefined || gitRuleOf(scope.git, inner) !== undefined;
    return { ...entered, git: isIgnored ? openAlone(folder, inner) : enterGitFolder(scope.git, folder, inner, has) };
  }
  const git = enterGitFolder(scope.git, folder, inner, has);
  const closedBy = listedFolderVerdict(scope, name);
  if (closedBy !== undefined) return { ...entered, git, closedBy };
  for (const marker of NOISE_HOLDING) {
    if (!has(marker)) continue;
    const noise: Verdict = { reason: 'noise', detail: `holds ${marker}` };
    return mayBringBackBelow(scope.own, inner) ? { ...entered, git, closedBy: noise } : noise;
  }
  return { ...entered, git };
}

/** `path.join` for a folder's own name, which a walk can't wait for. */
export function below(folder: string, name: string): string {
  return folder.endsWith(path.sep) ? folder + name : folder + path.sep + name;
}

/** What nothing can bring back. */
function settledVerdict({ globs, own }: FolderScope, inner: string): Verdict | undefined {
  return (
    verdict('security', securityOf(inner)) ??
    verdict('exclude-setting', globs.excludedBy(inner.endsWith('/') ? inner.slice(0, -1) : inner)) ??
    verdict('vectorscopeignore', ruleOn(own, inner).ignoredBy)
  );
}

function isBroughtBack({ own }: FolderScope, inner: string): boolean {
  return ruleOn(own, inner).isBroughtBack;
}

/** What `.vectorscopeignore` can bring back. */
function listedVerdict({ git, closedBy }: FolderScope, inner: string): Verdict | undefined {
  return closedBy ?? verdict('noise', noiseOf(inner)) ?? verdict('gitignore', gitRuleOf(git, inner));
}

function listedFolderVerdict(scope: FolderScope, name: string): Verdict | undefined {
  const listed = listedVerdict(scope, `${scope.inner}${name}/`);
  if (listed !== undefined) return listed;
  const neighbour = NOISE_BESIDE[name.toLowerCase()]?.find((beside) => scope.has(beside));
  return verdict('noise', neighbour === undefined ? undefined : `${name}/ beside ${neighbour}`);
}

function verdict(reason: LeftOutReason, detail: string | undefined): Verdict | undefined {
  return detail === undefined ? undefined : { reason, detail };
}
