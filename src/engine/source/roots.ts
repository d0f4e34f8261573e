// Stage 1: the opened folders, and which of them a path belongs to. Invariant: a path of the workspace never leads out of its
// folder. Cost: one realpath a root and source.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Verdict } from './folderScope.ts';
import type { WorkspaceRoot } from './source.ts';

/** An opened folder with its symbolic links resolved. */
export interface Root extends WorkspaceRoot {
  /** Absolute and real; as given where it can't be resolved. */
  readonly realFolder: string;
}

/** A path of the workspace, taken apart. */
export interface Location {
  readonly root: Root;
  /** Relative to the root's folder, with '/'; a folder's path may end in '/'. */
  readonly inner: string;
  /** Names from the root's folder down to the path. */
  readonly names: readonly string[];
}

/** The roots in path order, a folder that is opened twice only once. */
export async function resolveRoots(roots: readonly WorkspaceRoot[]): Promise<readonly Root[]> {
  const resolved = await Promise.all(
    roots.map(async (root) => ({ ...root, realFolder: await realOrGiven(root.folder) })),
  );
  return resolved
    .filter((root, i) => resolved.findIndex(({ realFolder }) => realFolder === root.realFolder) === i)
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

/** Undefined for a path that is no path of the workspace: absolute, with `..`, or under no root. */
export function locate(roots: readonly Root[], workspacePath: string): Location | undefined {
  const owners = roots.filter(({ prefix }) => workspacePath.startsWith(prefix));
  const root = owners.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (root === undefined) return undefined;
  const inner = workspacePath.slice(root.prefix.length);
  const names = inner.replace(/\/$/, '').split('/');
  const bad = names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'));
  const foreign = process.platform === 'win32' && /^[a-z]:|\\/i.test(inner);
  return bad || foreign ? undefined : { root, inner, names };
}

/** The workspace path of an absolute, real path, by the innermost root that holds it; a root itself is its prefix. */
export function workspacePathOf(roots: readonly Root[], real: string): string | undefined {
  const holders = roots.filter(({ realFolder }) => isInside(realFolder, real));
  const root = holders.sort((a, b) => b.realFolder.length - a.realFolder.length)[0];
  return root && root.prefix + path.relative(root.realFolder, real).split(path.sep).join('/');
}

/** A root that lies in another root is read under its own prefix alone. */
export function nestedRootVerdict(roots: readonly Root[], folder: string): Verdict | undefined {
  const nested = roots.find(({ realFolder }) => realFolder === folder);
  return nested && { reason: 'same-file', detail: nested.prefix };
}

/** Whether a folder is or holds a path; both absolute. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function realOrGiven(folder: string): Promise<string> {
  try {
    return await fs.realpath(folder);
  } catch {
    return path.resolve(folder);
  }
}
