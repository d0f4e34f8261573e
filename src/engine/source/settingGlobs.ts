// Stage 1: the include and exclude settings. Globs as people write them in VS Code: `**/x`, `{a,b}`, `*.md` in any folder, and a
// folder's name stands for all that it holds. Pure; one regular expression a glob and path.
import picomatch from 'picomatch';

/** What the include and exclude settings say of a path relative to its root; a folder's path has no '/' at its end here. */
export interface SettingGlobs {
  /** The exclude glob that matches, or undefined. */
  excludedBy(path: string): string | undefined;
  /** False when include globs are given and none matches. */
  includes(path: string): boolean;
  /** False when no include glob can match anything below the folder. */
  mayIncludeBelow(folder: string): boolean;
}

interface Glob {
  readonly glob: string;
  /** The folders before the first wildcard. */
  readonly base: string;
  readonly matches: (path: string) => boolean;
}

/** With several roots, globs may also name the root first: `prefix` is `name/`, or '' for a single root. */
export function compileSettingGlobs(
  include: readonly string[],
  exclude: readonly string[],
  prefix: string,
): SettingGlobs {
  const includes = include.flatMap(compileGlob);
  const excludes = exclude.flatMap(compileGlob);
  const named = (path: string) => (prefix === '' ? [path] : [path, prefix + path]);
  return {
    excludedBy: (path) => excludes.find(({ matches }) => named(path).some(matches))?.glob,
    includes: (path) => includes.length === 0 || includes.some(({ matches }) => named(path).some(matches)),
    mayIncludeBelow: (folder) =>
      includes.length === 0 || includes.some(({ base }) => named(folder).some((path) => onOneLine(base, path))),
  };
}

function compileGlob(setting: string): Glob[] {
  const written = process.platform === 'win32' ? setting.trim().replaceAll('\\', '/') : setting.trim();
  const glob = written.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (glob === '') return [];
  // Without a '/' a glob speaks of names in any folder, unless a leading '/' or './' ties it to the root.
  const pattern = glob.includes('/') || glob !== written.replace(/\/+$/, '') ? glob : `**/${glob}`;
  const patterns = pattern.endsWith('**') ? [pattern] : [pattern, `${pattern}/**`];
  const nocase = process.platform === 'win32' || process.platform === 'darwin';
  const matches = picomatch(patterns, { dot: true, nonegate: true, nocase, windows: false });
  return [{ glob: setting, base: picomatch.scan(pattern).base, matches: (path) => matches(path) }];
}

/** Whether one of two folders holds the other. */
export function onOneLine(a: string, b: string): boolean {
  return a === '' || b === '' || a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
