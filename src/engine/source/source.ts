// Stage 1, contract: which text of a workspace is worth reading, and that text decoded. Invariant: every file met is either
// yielded as readable or left out with a reason. Cost: one stat a file for a walk, one read a file for its text.
import type { LeftOut, SourceDocument } from '../model.ts';

export interface SourceOptions {
  /** Globs relative to the workspace; empty means everything. */
  readonly include: readonly string[];
  /** Globs relative to the workspace, on top of the built-in lists. */
  readonly exclude: readonly string[];
  /** Larger files are read up to here, cut at a line end where there is one. */
  readonly maxFileBytes: number;
  /** A multimodal model reads images too: JPG, PNG and BMP are documents, other images are left out with their own reasons. */
  readonly images?: boolean;
  /** dist/stat.js: long walks get a thread that looks at files. */
  readonly statEntry?: string;
}

/** A folder of the workspace. With several folders, `prefix` is `name/` and starts every path of it; else it is ''. */
export interface WorkspaceRoot {
  readonly folder: string;
  readonly prefix: string;
}

/** A file that the rules let through; whether it holds text is known only once it is read. */
export interface WalkedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export type Walked = { readonly file: WalkedFile } | { readonly leftOut: LeftOut };
export type ReadResult = { readonly document: SourceDocument } | { readonly leftOut: LeftOut };

/** How a file is read that no walk has judged. Content is judged in any case: binary (or an image), empty, generated, minified. */
export interface ReadOptions {
  /** The rules are known or do not matter (the user named this file), except the security list. */
  readonly ruled?: boolean;
  /** Neither do the security list and the look for private keys: the user wants it nevertheless. */
  readonly insist?: boolean;
}

/** Reads one workspace. Made by `createSource` in workspaceSource.ts. */
export interface Source {
  /**
   * All files in path order, in groups, excluded folders as one entry each. A symbolic link is always left out: what it leads to inside the
   * workspace is met under its own path (`same-file`). Throws `cancelled`; `file-not-found` or `file-unreadable` when an opened
   * folder can't be listed at all.
   */
  walk(signal?: AbortSignal): AsyncIterable<readonly Walked[]>;
  /** Reads any path under a root; a link is followed inside the workspace. Never throws for a bad file. */
  read(path: string, options?: ReadOptions): Promise<ReadResult>;
  /**
   * Makes a document of text that is not (or not yet) on disk: an unsaved editor, standard input. Its `mtimeMs` is 0. Asks no
   * rule; `ruleFor` tells whether the path is on the security list.
   */
  fromText(path: string, text: string, languageId?: string): ReadResult;
  /** The rule that leaves this path out, or undefined; the file itself is not read. A security rule goes before all others. */
  ruleFor(path: string): Promise<LeftOut | undefined>;
}
