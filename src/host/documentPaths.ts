// File on disk <-> path in the index. One folder: the path is relative to it; several: it starts with the folder's name.
// No `vscode` here. Invariant: fileOf(pathOf(file)) is the same file, and fileOf never leaves the workspace.
import path from 'node:path';

/** A folder of the workspace that lies on this machine's disk. */
export interface Root {
  /** Absolute. */
  readonly folder: string;
  /** '' for a single folder, else `name/`, unique. */
  readonly prefix: string;
}

/** What VS Code tells of a workspace folder. */
export interface FolderLike {
  readonly name: string;
  readonly uri: { readonly scheme: string; readonly fsPath: string };
}

/** The folders on disk with their prefixes; folders of virtual file systems are left out. */
export function rootsOf(folders: readonly FolderLike[]): Root[] {
  const onDisk = folders.filter((folder) => folder.uri.scheme === 'file');
  if (onDisk.length <= 1) return onDisk.map((folder) => ({ folder: folder.uri.fsPath, prefix: '' }));
  const taken = new Set<string>();
  return onDisk.map((folder) => {
    const name = folder.name.replaceAll(/[/\\]/g, '_');
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}~${n}`;
    taken.add(unique);
    return { folder: folder.uri.fsPath, prefix: `${unique}/` };
  });
}

export class DocumentPaths {
  /** Deepest first, so that a folder inside another one wins. */
  private readonly deepestFirst: readonly Root[];

  constructor(
    readonly roots: readonly Root[],
    private readonly ignoreCase = process.platform === 'win32',
  ) {
    this.deepestFirst = [...roots].sort((a, b) => b.folder.length - a.folder.length);
  }

  /** The path in the index of a file or folder on disk ('' or `name/` for a root), undefined when outside the workspace. */
  pathOf(file: string): string | undefined {
    for (const { folder, prefix } of this.deepestFirst) {
      const same = this.ignoreCase ? file.toLowerCase().startsWith(folder.toLowerCase()) : file.startsWith(folder);
      if (!same) continue;
      const rest = file.slice(folder.length);
      if (rest === '' || folder.endsWith(path.sep)) return prefix + toSlashes(rest);
      if (rest.startsWith(path.sep)) return prefix + toSlashes(rest.slice(1));
    }
    return undefined;
  }

  /** The file behind a path of the index; undefined when the path is not one of this workspace. */
  fileOf(documentPath: string): string | undefined {
    const root = this.roots.find(({ prefix }) => documentPath.startsWith(prefix));
    if (!root) return undefined;
    const parts = documentPath.slice(root.prefix.length).split('/');
    if (parts.some((part) => part === '..' || part.includes('\0')) || parts[0] === '') return undefined;
    if (parts.some((part) => path.isAbsolute(part) || (path.sep === '\\' && /[\\:]/.test(part)))) return undefined;
    return path.join(root.folder, ...parts);
  }
}

function toSlashes(file: string): string {
  return path.sep === '/' ? file : file.replaceAll(path.sep, '/');
}
