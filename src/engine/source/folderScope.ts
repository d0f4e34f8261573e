// Stage 1: the rules of one opened folder, asked folder by folder from the top down. Invariant: a walk and the question "why is
// this path left out?" go through these same steps, so they can't disagree. Cost: no file is touched but .gitignore and .git.
import path from 'node:path';
import type { LeftOutReason } from '../model.ts';
import { enterGitFolder, gitRuleOf, openGitRules } from './gitRules.ts';
import type { GitRules } from './gitRules.ts';
import { compileNameRules, matchAnywhere } from './nameRules.ts';
import { NOISE_BESIDE, NOISE_HOLDING, NOISE_RULES } from './noiseRules.ts';
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
  readonly git: GitRules;
  readonly globs: SettingGlobs;
  /** Whether the folder holds a name. */
  readonly has: (name: string) => Promise<boolean>;
}

const noiseOf = compileNameRules(NOISE_RULES);
const securityOf = compileNameRules(SECURITY_RULES, SECURITY_EXCEPTIONS);

/** The security rule for a path, be it in the last name or in a folder's. */
export function securityVerdict(inner: string): Verdict | undefined {
  return verdict('security', matchAnywhere(securityOf, inner));
}

/** The scope of an opened folder, given by its real path. */
export async function openFolder(
  folder: string,
  { prefix }: WorkspaceRoot,
  { include, exclude }: SourceOptions,
  has: FolderScope['has'],
): Promise<FolderScope> {
  return {
    folder,
    inner: '',
    git: await openGitRules(folder),
    globs: compileSettingGlobs(include, exclude, prefix),
    has,
  };
}

/** Why a file of the folder is left out. */
export function fileVerdict(scope: FolderScope, name: string): Verdict | undefined {
  const inner = scope.inner + name;
  return commonVerdict(scope, inner) ?? verdict('not-included', scope.globs.includes(inner) ? undefined : 'include');
}

/** Why a folder of the folder is left out, as far as can be told from outside. */
export async function folderVerdict(scope: FolderScope, name: string): Promise<Verdict | undefined> {
  const inner = `${scope.inner}${name}/`;
  const left = commonVerdict(scope, inner);
  if (left !== undefined) return left;
  for (const neighbour of NOISE_BESIDE[name.toLowerCase()] ?? []) {
    if (await scope.has(neighbour)) return { reason: 'noise', detail: `${name}/ beside ${neighbour}` };
  }
  return verdict('not-included', scope.globs.mayIncludeBelow(inner.slice(0, -1)) ? undefined : 'include');
}

/** The scope of a folder that {@link folderVerdict} let through, or why what it holds leaves it out. */
export async function enterFolder(
  scope: FolderScope,
  name: string,
  has: FolderScope['has'],
): Promise<FolderScope | Verdict> {
  for (const marker of NOISE_HOLDING) if (await has(marker)) return { reason: 'noise', detail: `holds ${marker}` };
  const folder = path.join(scope.folder, name);
  const inner = `${scope.inner}${name}/`;
  return { folder, inner, globs: scope.globs, has, git: await enterGitFolder(scope.git, folder, inner, has) };
}

function commonVerdict({ globs, git }: FolderScope, inner: string): Verdict | undefined {
  return (
    verdict('security', securityOf(inner)) ??
    verdict('exclude-setting', globs.excludedBy(inner.replace(/\/$/, ''))) ??
    verdict('noise', noiseOf(inner)) ??
    verdict('gitignore', gitRuleOf(git, inner))
  );
}

function verdict(reason: LeftOutReason, detail: string | undefined): Verdict | undefined {
  return detail === undefined ? undefined : { reason, detail };
}
