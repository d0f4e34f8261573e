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

/** Reads one workspace. Made by `createSource` in workspaceSource.ts. */
export interface Source {
  /** All files in path order, excluded folders as one entry each. Throws `cancelled`. */
  walk(signal?: AbortSignal): AsyncIterable<Walked>;
  /** Reads one file that a walk yielded (or any path under a root: the rules are checked unless `ruled` is true). Never throws for a bad file. */
  read(path: string, options?: { readonly ruled?: boolean; readonly insist?: boolean }): Promise<ReadResult>;
  /** Makes a document of text that is not (or not yet) on disk: an unsaved editor, standard input. */
  fromText(path: string, text: string, languageId?: string): ReadResult;
  /** The rule that leaves this path out, or undefined; the file itself is not read. */
  ruleFor(path: string): Promise<LeftOut | undefined>;
}
