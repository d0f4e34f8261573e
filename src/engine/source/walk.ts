// Stage 1: all files of a root that the rules let through, and what they leave out. Invariant: path order (UTF-16 code units), each
// real file at most once, nothing below an excluded folder. Cost: one readdir a folder, one lstat a file, 64 at a time; the abort
// signal is looked at between any two batches.
import fs from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import { EngineError, errnoOf, throwIfAborted } from '../errors.ts';
import type { LeftOut, LeftOutReason } from '../model.ts';
import { enterFolder, fileVerdict, folderVerdict, openFolder } from './folderScope.ts';
import type { FolderScope, Verdict } from './folderScope.ts';
import { nestedRootVerdict } from './roots.ts';
import type { Root } from './roots.ts';
import { linkVerdict, SPECIAL_FILE } from './ruleFor.ts';
import type { SourceOptions, Walked } from './source.ts';

const BATCH = 64;

/** What a folder holds, in path order: files are judged, folders are to be entered. */
type Item = Walked | { readonly subfolder: string };

export interface WalkContext {
  readonly roots: readonly Root[];
  readonly root: Root;
  readonly options: SourceOptions;
  readonly signal: AbortSignal | undefined;
}

/** Walks one root. Throws `cancelled`; `file-not-found` or `file-unreadable` where the root itself can't be listed. */
export async function* walkRoot(context: WalkContext): AsyncGenerator<Walked, void, undefined> {
  const { root, options, signal } = context;
  const entries = await listRoot(root);
  const scope = await openFolder(root.realFolder, root, options, hasIn(entries));
  const frames = [{ scope, items: (await judge(context, scope, entries)).values() }];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    throwIfAborted(signal);
    const item = frame.items.next().value;
    if (item === undefined) frames.pop();
    else if (!('subfolder' in item)) yield item;
    else {
      const entered = await listFolder(context, frame.scope, item.subfolder);
      if ('leftOut' in entered) yield entered;
      else frames.push({ scope: entered.scope, items: entered.items.values() });
    }
  }
}

/** What failing calls of the file system mean for a file or folder. */
export function failureVerdict(error: unknown): Verdict {
  const errno = errnoOf(error);
  if (errno === undefined) throw error; // a bug, no bad file
  const reasons: Readonly<Record<string, LeftOutReason>> = {
    ENOENT: 'vanished',
    ENOTDIR: 'vanished',
    ELOOP: 'symlink-loop',
  };
  return { reason: reasons[errno] ?? 'unreadable', detail: errno };
}

/** An unlisted root must not look like an empty one: the index would forget all that it held. */
async function listRoot({ folder, realFolder }: Root): Promise<Dirent[]> {
  try {
    return await fs.readdir(realFolder, { withFileTypes: true });
  } catch (error) {
    const reason = errnoOf(error) ?? 'readdir';
    throw new EngineError(
      reason === 'ENOENT' ? 'file-not-found' : 'file-unreadable',
      { path: folder, reason },
      { cause: error },
    );
  }
}

async function listFolder(
  context: WalkContext,
  parent: FolderScope,
  name: string,
): Promise<{ readonly scope: FolderScope; readonly items: readonly Item[] } | { readonly leftOut: LeftOut }> {
  const left = (verdict: Verdict) => leftOut(context, `${parent.inner}${name}/`, verdict);
  const verdict =
    (await folderVerdict(parent, name)) ?? nestedRootVerdict(context.roots, path.join(parent.folder, name));
  if (verdict !== undefined) return left(verdict);
  let entries: Dirent[];
  try {
    entries = await fs.readdir(path.join(parent.folder, name), { withFileTypes: true });
  } catch (error) {
    return left(failureVerdict(error));
  }
  const scope = await enterFolder(parent, name, hasIn(entries));
  return 'reason' in scope ? left(scope) : { scope, items: await judge(context, scope, entries) };
}

/** Judges what a folder holds; folders only get their place in the order. */
async function judge(context: WalkContext, scope: FolderScope, entries: readonly Dirent[]): Promise<Item[]> {
  // A folder's path goes on with '/', and so must its place in the order: `a.ts` is before `a/`.
  const keyed = entries.map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const items: Item[] = [];
  for (let i = 0; i < keyed.length; i += BATCH) {
    throwIfAborted(context.signal);
    const batch = keyed.slice(i, i + BATCH).map(({ entry }) => judgeEntry(context, scope, entry));
    items.push(...(await Promise.all(batch)));
  }
  return items;
}

async function judgeEntry(context: WalkContext, scope: FolderScope, entry: Dirent): Promise<Item> {
  const { name } = entry;
  if (entry.isDirectory()) return { subfolder: name };
  const inner = scope.inner + name;
  const verdict = fileVerdict(scope, name);
  if (verdict !== undefined) return leftOut(context, inner, verdict);
  const file = path.join(scope.folder, name);
  if (entry.isSymbolicLink()) {
    return leftOut(context, inner, await linkVerdict(context.roots, context.options, file));
  }
  if (!entry.isFile()) return leftOut(context, inner, SPECIAL_FILE);
  try {
    const { size, mtimeMs } = await fs.lstat(file);
    return { file: { path: context.root.prefix + inner, size, mtimeMs } };
  } catch (error) {
    return leftOut(context, inner, failureVerdict(error));
  }
}

function leftOut({ root }: WalkContext, inner: string, { reason, detail }: Verdict): { readonly leftOut: LeftOut } {
  return { leftOut: { path: root.prefix + inner, reason, detail } };
}

function hasIn(entries: readonly Dirent[]): FolderScope['has'] {
  const names = new Set(entries.map(({ name }) => name));
  return (name) => Promise.resolve(names.has(name));
}
