// Stage 1: where git keeps what it ignores, besides the .gitignore files: the repository a folder lies in, its info/exclude, and
// the user's own excludes file. Reads a handful of small files once a walk; runs no git, which may be absent or a stub.
// Synchronous, as the walk is (walk.ts says why).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface GitRepository {
  /** Its work tree. */
  readonly folder: string;
  /** The git folder that its worktrees share: `.git` of the main one. */
  readonly gitFolder: string;
}

/** A text file that may be absent or unreadable, which git takes for empty. A pipe of that name is never opened: it would block. */
export function readIfThere(file: string): string | undefined {
  try {
    return fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The repository whose work tree starts at this very folder. */
export function repositoryAt(folder: string): GitRepository | undefined {
  const dotGit = path.join(folder, '.git');
  // A worktree or submodule has a file that names its git folder; a worktree's git folder names the shared one.
  const pointer = /^gitdir: (.+)/.exec(readIfThere(dotGit) ?? '')?.[1];
  const own = pointer === undefined ? dotGit : path.resolve(folder, pointer.trimEnd());
  if (readIfThere(path.join(own, 'HEAD')) === undefined) return undefined;
  const shared = readIfThere(path.join(own, 'commondir'));
  return { folder, gitFolder: shared === undefined ? own : path.resolve(own, shared.trimEnd()) };
}

/** The repository that a folder lies in: its own, or the nearest above. */
export function repositoryAround(folder: string): GitRepository | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const repository = repositoryAt(at);
    if (repository !== undefined || at === path.dirname(at)) return repository;
  }
}

/** The rules of the user's own excludes file: `core.excludesFile`, or git's default place for it. */
export function globalExcludes(repository: GitRepository | undefined): string | undefined {
  const home = os.homedir();
  const configFolder = path.join(process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'), 'git');
  const ofUser = process.env['GIT_CONFIG_GLOBAL'];
  const configs = ofUser === undefined ? [path.join(configFolder, 'config'), path.join(home, '.gitconfig')] : [ofUser];
  if (repository !== undefined) configs.push(path.join(repository.gitFolder, 'config'));
  let file = path.join(configFolder, 'ignore');
  for (const config of configs) file = excludesFileIn(readIfThere(config) ?? '') ?? file;
  return readIfThere(file.replace(/^~(?=\/)/, () => home));
}

/** `core.excludesFile` of one git config file; includes are not followed. */
function excludesFileIn(config: string): string | undefined {
  let section = '';
  let file: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1]?.toLowerCase() ?? section;
    const value = section === 'core' ? /^[^#;]*?\bexcludesfile\s*=\s*("[^"]*"|[^#;]*)/i.exec(line)?.[1] : undefined;
    if (value !== undefined)
      file = value
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('\\\\', '\\');
  }
  return file;
}
