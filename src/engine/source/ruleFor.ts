// Stage 1: why one path is left out, without a walk. Invariant: the same answer as the walk's, because both take the steps of
// folderScope.ts; only that a security rule is named even where another rule excludes a folder above. Cost: a few lstats a folder.
import fs from 'node:fs';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { enterFolder, fileVerdict, folderVerdict, openFolder, securityVerdict } from './folderScope.ts';
import type { Verdict } from './folderScope.ts';
import { isInside, locate, nestedRootVerdict, workspacePathOf } from './roots.ts';
import type { Root } from './roots.ts';
import type { SourceOptions } from './source.ts';

/** The verdict on a workspace path, be there a file or not; undefined when no rule leaves it out. */
export async function ruleForPath(
  roots: readonly Root[],
  options: SourceOptions,
  workspacePath: string,
): Promise<Verdict | undefined> {
  const location = locate(roots, workspacePath);
  if (location === undefined) return { reason: 'outside-workspace', detail: workspacePath };
  const { root, inner, names } = location;
  const secret = securityVerdict(inner);
  if (secret !== undefined) return secret;
  let scope = openFolder(root.realFolder, root, options, holds(root.realFolder));
  for (const [depth, name] of names.entries()) {
    const file = path.join(scope.folder, name);
    const kind = kindOf(file);
    const isFolder = kind === 'folder' || (kind === 'missing' && (depth < names.length - 1 || inner.endsWith('/')));
    if (!isFolder) {
      const verdict = fileVerdict(scope, name) ?? (kind === 'special' ? SPECIAL_FILE : undefined);
      return verdict ?? (kind === 'link' ? linkVerdict(roots, options, file) : undefined);
    }
    const verdict = folderVerdict(scope, name) ?? nestedRootVerdict(roots, file);
    if (verdict !== undefined) return verdict;
    const entered = enterFolder(scope, name, holds(file));
    if ('reason' in entered) return entered;
    scope = entered;
  }
  return undefined;
}

/** A pipe, socket or device: never opened. */
export const SPECIAL_FILE: Verdict = { reason: 'not-a-file', detail: 'special file' };

/**
 * Why a symbolic link is left out: it always is. What it points to is read under its own path if that lies in the workspace and
 * the rules let it through, and must not be read through a link if they don't.
 */
export async function linkVerdict(roots: readonly Root[], options: SourceOptions, link: string): Promise<Verdict> {
  let real: string;
  try {
    real = await fs.promises.realpath(link);
  } catch (error) {
    return brokenLink(errnoOf(error) ?? 'realpath');
  }
  const target = workspacePathOf(roots, real);
  if (target === undefined) return { reason: 'outside-workspace', detail: real };
  if (isInside(real, link)) return { reason: 'symlink-loop', detail: target === '' ? '.' : target };
  const isRoot = roots.some(({ realFolder }) => realFolder === real);
  const verdict = isRoot ? undefined : await ruleForPath(roots, options, target);
  return verdict ?? { reason: 'same-file', detail: target };
}

function brokenLink(errno: string): Verdict {
  if (errno === 'ELOOP') return { reason: 'symlink-loop', detail: errno };
  const dangling = errno === 'ENOENT' || errno === 'ENOTDIR';
  return { reason: dangling ? 'not-a-file' : 'unreadable', detail: errno };
}

function kindOf(file: string): 'file' | 'folder' | 'link' | 'special' | 'missing' {
  try {
    const stat = fs.lstatSync(file);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'special';
  } catch {
    return 'missing'; // or hidden from us: the rules speak of names either way
  }
}

const holds = (folder: string) => (name: string) => kindOf(path.join(folder, name)) !== 'missing';
