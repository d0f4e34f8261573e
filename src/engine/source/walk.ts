// Stage 1: all files of a root that the rules let through, and what they leave out. Invariant: path order (UTF-16 code units), each
// real file at most once, nothing below an excluded folder (but what `.vectorscopeignore` brings back).
//
// Cost: one readdir a folder, one lstat a file. Synchronous, because a promise costs more than the call it stands for: 38,000 files
// take 0.2 s so and 0.7 s the other way. The event loop gets its turn after each slice of a few milliseconds, with the abort signal
// looked at. In a long walk a thread looks at the files; where the disk is slow (a network drive) they are looked at side by side.
import fs from 'node:fs';
import type { Dirent } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EngineError, errnoOf, throwIfAborted } from '../errors.ts';
import type { LeftOut, LeftOutReason } from '../model.ts';
import { below, enterFolder, fileVerdict, folderVerdict, openFolder } from './folderScope.ts';
import type { FolderScope, Verdict } from './folderScope.ts';
import { nestedRootVerdict } from './roots.ts';
import type { Root } from './roots.ts';
import { linkVerdict, SPECIAL_FILE } from './ruleFor.ts';
import type { SourceOptions, Walked } from './source.ts';
import type { StatThread } from './statThread.ts';

/** How long the event loop waits at most, but for one call of the file system. */
const SLICE_MS = 12;
/** A disk that answers more slowly than this, call by call, is asked many things at once. */
const SLOW_CALL_MS = 0.3;
/** In so many slices in a row: a processor that others need makes calls slow now and then. */
const SLOW_SLICES = 3;
/** Small workspaces are done before a thread could help. */
const LONG_SLICES = 1;
/** So many slices go ahead of a thread that looks at their files. */
const SLICES_AHEAD = 8;
const AT_ONCE = 64;

export interface WalkContext {
  readonly roots: readonly Root[];
  readonly root: Root;
  readonly options: SourceOptions;
  readonly signal: AbortSignal | undefined;
  /** Started once a walk turns out to be a long one. */
  readonly thread?: StatThread | undefined;
}

/** Walks one root. Throws `cancelled`; `file-not-found` or `file-unreadable` where the root itself can't be listed. */
export async function* walkRoot(context: WalkContext): AsyncGenerator<readonly Walked[], void, undefined> {
  const { root, options, signal, thread } = context;
  const entries = listRoot(root);
  const frames = [frameOf(openFolder(root.realFolder, root, options, hasIn(entries)), entries)];
  const pace = new Pace();
  let walked: Step[] = [];
  const groups: Promise<readonly Walked[]>[] = [];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    throwIfAborted(signal);
    if (pace.isSliceOver) {
      if (pace.slices === LONG_SLICES) thread?.start();
      groups.push(settle(context, walked));
      walked = [];
      await nextTurn();
      while (groups.length > SLICES_AHEAD) yield* firstOf(groups);
      pace.begin();
    }
    const entry = frame.entries[frame.next];
    if (entry === undefined) frames.pop();
    else if (entry.isDirectory()) {
      frame.next++;
      const entered = enter(context, frame.scope, entry.name);
      if ('leftOut' in entered) walked.push(entered);
      else frames.push(entered);
    } else {
      const files = pace.isDiskSlow ? filesFrom(frame) : [entry];
      frame.next += files.length;
      const { scope } = frame;
      if (pace.isDiskSlow || entry.isSymbolicLink()) {
        walked.push(...(await Promise.all(files.map((file) => look(context, scope, file)))));
      } else {
        walked.push(
          verdictOf(context, scope, entry) ??
            (thread?.isStarted ? { scope, name: entry.name } : stat(context, scope, entry.name)),
        );
      }
    }
  }
  groups.push(settle(context, walked));
  while (groups.length > 0) yield* firstOf(groups);
}

async function* firstOf(groups: Promise<readonly Walked[]>[]): AsyncGenerator<readonly Walked[], void, undefined> {
  const first = groups.shift();
  if (first) yield await first;
}

/** A file that is still to be looked at. */
interface Unseen {
  readonly scope: FolderScope;
  readonly name: string;
}

type Step = Walked | Unseen;

function isUnseen(step: Step): step is Unseen {
  return 'scope' in step;
}

/** Never rejects but for a bug: where the thread failed, the files are looked at here. */
async function settle(context: WalkContext, steps: readonly Step[]): Promise<readonly Walked[]> {
  const unseen = steps.filter(isUnseen);
  if (unseen.length === 0) return steps.flatMap((step) => (isUnseen(step) ? [] : [step]));
  const answer = await context.thread?.look(unseen.map(({ scope, name }) => below(scope.folder, name)));
  const failures = new Map(answer?.failures);
  let next = 0;
  return steps.map((step) => {
    if (!isUnseen(step)) return step;
    const { scope, name } = step;
    const i = next++;
    if (!answer) return stat(context, scope, name);
    const errno = failures.get(i);
    if (errno !== undefined) return leftOut(context, scope.inner + name, errnoVerdict(errno));
    return fileOf(context, scope, name, { size: answer.facts[2 * i] ?? 0, mtimeMs: answer.facts[2 * i + 1] ?? 0 });
  });
}

/** What failing calls of the file system mean for a file or folder. */
export function failureVerdict(error: unknown): Verdict {
  const errno = errnoOf(error);
  if (errno === undefined) throw error; // a bug, no bad file
  return errnoVerdict(errno);
}

function errnoVerdict(errno: string): Verdict {
  const reasons: Readonly<Record<string, LeftOutReason>> = {
    ENOENT: 'vanished',
    ENOTDIR: 'vanished',
    ELOOP: 'symlink-loop',
  };
  return { reason: reasons[errno] ?? 'unreadable', detail: errno };
}

class Pace {
  slices = 0;
  private slowSlices = 0;
  private startedMs = performance.now();
  private steps = 0;

  /** Stays so: what is asked side by side says nothing of a single call. */
  get isDiskSlow(): boolean {
    return this.slowSlices >= SLOW_SLICES;
  }

  /** Asked once a step. */
  get isSliceOver(): boolean {
    this.steps++;
    const elapsedMs = performance.now() - this.startedMs;
    if (elapsedMs < SLICE_MS) return false;
    this.slices++;
    const isSlow = elapsedMs / this.steps > SLOW_CALL_MS;
    if (!this.isDiskSlow) this.slowSlices = isSlow ? this.slowSlices + 1 : 0;
    return true;
  }

  begin(): void {
    this.startedMs = performance.now();
    this.steps = 0;
  }
}

/** A folder that is being walked. */
interface Frame {
  readonly scope: FolderScope;
  /** In path order. */
  readonly entries: readonly Dirent[];
  next: number;
}

function frameOf(scope: FolderScope, entries: readonly Dirent[]): Frame {
  // A folder's path goes on with '/', and so must its place in the order: `a.ts` is before `a/`.
  const keyed = entries.map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { scope, entries: keyed.map(({ entry }) => entry), next: 0 };
}

/** The files that come next, some at once. */
function filesFrom({ entries, next }: Frame): readonly Dirent[] {
  const files = entries.slice(next, next + AT_ONCE);
  const folder = files.findIndex((entry) => entry.isDirectory());
  return folder < 0 ? files : files.slice(0, folder);
}

/** An unlisted root must not look like an empty one: the index would forget all that it held. */
function listRoot({ folder, realFolder }: Root): Dirent[] {
  try {
    return fs.readdirSync(realFolder, { withFileTypes: true });
  } catch (error) {
    const reason = errnoOf(error) ?? 'readdir';
    throw new EngineError(
      reason === 'ENOENT' ? 'file-not-found' : 'file-unreadable',
      { path: folder, reason },
      { cause: error },
    );
  }
}

function enter(context: WalkContext, parent: FolderScope, name: string): Frame | { readonly leftOut: LeftOut } {
  const left = (verdict: Verdict) => leftOut(context, `${parent.inner}${name}/`, verdict);
  const verdict = folderVerdict(parent, name) ?? nestedRootVerdict(context.roots, below(parent.folder, name));
  if (verdict !== undefined) return left(verdict);
  let entries: Dirent[];
  try {
    entries = fs.readdirSync(below(parent.folder, name), { withFileTypes: true });
  } catch (error) {
    return left(failureVerdict(error));
  }
  const scope = enterFolder(parent, name, hasIn(entries));
  return 'reason' in scope ? left(scope) : frameOf(scope, entries);
}

/** What can be told of a file without looking at it. */
function verdictOf(context: WalkContext, scope: FolderScope, entry: Dirent): Walked | undefined {
  const inner = scope.inner + entry.name;
  const verdict = fileVerdict(scope, entry.name);
  if (verdict !== undefined) return leftOut(context, inner, verdict);
  return entry.isFile() || entry.isSymbolicLink() ? undefined : leftOut(context, inner, SPECIAL_FILE);
}

async function linkIn(context: WalkContext, scope: FolderScope, entry: Dirent): Promise<Walked | undefined> {
  if (!entry.isSymbolicLink()) return undefined;
  const link = below(scope.folder, entry.name);
  return leftOut(context, scope.inner + entry.name, await linkVerdict(context.roots, context.options, link));
}

function stat(context: WalkContext, scope: FolderScope, name: string): Walked {
  try {
    return fileOf(context, scope, name, fs.lstatSync(below(scope.folder, name)));
  } catch (error) {
    return leftOut(context, scope.inner + name, failureVerdict(error));
  }
}

/** All of it, beside others. */
async function look(context: WalkContext, scope: FolderScope, entry: Dirent): Promise<Walked> {
  const known = verdictOf(context, scope, entry) ?? (await linkIn(context, scope, entry));
  if (known) return known;
  try {
    return fileOf(context, scope, entry.name, await fs.promises.lstat(below(scope.folder, entry.name)));
  } catch (error) {
    return leftOut(context, scope.inner + entry.name, failureVerdict(error));
  }
}

function fileOf(
  { root }: WalkContext,
  { inner }: FolderScope,
  name: string,
  { size, mtimeMs }: Pick<fs.Stats, 'size' | 'mtimeMs'>,
): Walked {
  return { file: { path: root.prefix + inner + name, size, mtimeMs } };
}

function leftOut({ root }: WalkContext, inner: string, { reason, detail }: Verdict): { readonly leftOut: LeftOut } {
  return { leftOut: { path: root.prefix + inner, reason, detail } };
}

function hasIn(entries: readonly Dirent[]): FolderScope['has'] {
  let names: ReadonlySet<string> | undefined;
  return (name) => (names ??= new Set(entries.map((entry) => entry.name))).has(name);
}
