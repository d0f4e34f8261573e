// What the user asked to have embedded in this workspace; remembered with the workspace. No `vscode` here.

export interface IndexScope {
  /** The whole workspace. */
  readonly workspace: boolean;
  /** Single files and folders, when not the whole workspace. */
  readonly paths: readonly string[];
  /** At least one selection was kept. */
  readonly snippets: boolean;
}

export const NO_SCOPE: IndexScope = { workspace: false, paths: [], snippets: false };

/** Where the scope is remembered: `vscode.Memento` fits. */
export interface ScopeStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'vectorscope.scope';

/** The remembered scope; what another version wrote and can't be read counts as none. */
export function readScope(store: ScopeStore): IndexScope {
  const value = store.get(KEY);
  if (typeof value !== 'object' || value === null) return NO_SCOPE;
  const { workspace, paths, snippets } = value as Record<string, unknown>;
  return {
    workspace: workspace === true,
    paths: Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [],
    snippets: snippets === true,
  };
}

export function writeScope(store: ScopeStore, scope: IndexScope): PromiseLike<void> {
  return store.update(KEY, scope);
}

/** Whether files are embedded at all (kept snippets alone don't count). */
export function isOptedIn(scope: IndexScope): boolean {
  return scope.workspace || scope.paths.length > 0;
}

/** Adds paths that the user named. */
export function withPaths(scope: IndexScope, paths: readonly string[]): IndexScope {
  return { ...scope, paths: [...new Set([...scope.paths, ...paths])] };
}

/** Whether a change of this file concerns the index. */
export function isInScope(scope: IndexScope, path: string): boolean {
  return (
    scope.workspace || scope.paths.some((asked) => asked === '' || path === asked || path.startsWith(slashed(asked)))
  );
}

function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
