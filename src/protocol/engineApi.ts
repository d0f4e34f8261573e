// What crosses the boundary host <-> engine process. Types only.
import type { ErrorCode, ErrorDetails } from '../engine/errors.ts';
import type { Asked, CoverageEntry, CoverageState, EmbeddingSpace, Hit, Place, SearchFilter } from '../engine/model.ts';

/** All that the engine is told about its world. */
export interface EngineConfig {
  /** Absolute folders; a single folder has prefix '', several have `name/` each. */
  readonly roots: readonly { readonly folder: string; readonly prefix: string }[];
  /** Absolute folder that holds one folder per space. */
  readonly storageFolder: string;
  /** `auto`, a model id of the catalogue, or the absolute path of a folder with an ONNX model and tokenizer.json. */
  readonly model: string;
  /** Undefined: the model's own. */
  readonly dimension?: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  /** Child processes for local inference; 0 lets the engine choose (half the cores, at most 4). */
  readonly maxConcurrency: number;
  /** BCP 47 tag of the user interface: with Chinese, `auto` takes the bilingual space at once. */
  readonly language: string;
}

/** Where the engine's own files lie: the extension's (or the CLI's) folder that holds dist/ and media/. */
export interface EngineResources {
  readonly distFolder: string;
  readonly modelsFolder: string;
}

export type IndexPhase = 'idle' | 'scanning' | 'embedding' | 'paused' | 'stopping';

/** A whole snapshot of the engine; sent when something changed, at most about ten times a second. */
export interface EngineStatus {
  readonly revision: number;
  readonly phase: IndexPhase;
  /** Undefined until a space was opened. */
  readonly space?: EmbeddingSpace;
  /** What the setting says, e.g. `auto`. */
  readonly modelSetting: string;
  readonly runtime?: 'native' | 'wasm';
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly coverage: Readonly<Record<CoverageState, number>>;
  /**
   * While scanning and embedding. Documents and bytes are those of the run's scope, what was up to date before counts as done.
   * The totals are fixed once the scan is over, so that the share never goes back.
   */
  readonly progress?: {
    readonly documentsDone: number;
    readonly documentsTotal: number;
    readonly bytesDone: number;
    readonly bytesTotal: number;
    readonly embedded: number;
    readonly reused: number;
    readonly tokens: number;
    readonly secondsElapsed: number;
    /** Undefined until it can be estimated. */
    readonly secondsLeft?: number;
    readonly currentPath?: string;
  };
  readonly lastIndex?: IndexSummary;
  /** Set when another window writes this index and this one only reads. */
  readonly readOnlyBecausePid?: number;
  /** Set when the index's folder can't be written to, so that it is only read: `EROFS`, `EACCES` or `EPERM`. */
  readonly readOnlyBecauseErrno?: string;
  /** What the last opening mended, to be said once. */
  readonly mended?: { readonly lostDocuments: number; readonly setAside: readonly string[] };
  /** Why the last run ended early, e.g. weights-missing. */
  readonly problem?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

/** The CLI prints this as `index --json`. */
export interface IndexSummary {
  readonly documents: number;
  readonly chunks: number;
  readonly embedded: number;
  readonly reused: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly failed: readonly { readonly path: string; readonly error: string }[];
  readonly tokens: number;
  readonly seconds: number;
}

/** A place given by the caller: a file's range, or text of its own (unsaved editor, selection). */
export interface Example {
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
  /** Given: this text is embedded and nothing stored is consulted but to leave out the place itself. */
  readonly text?: string;
  readonly languageId?: string;
}

export interface SimilarResult {
  /** What was compared: the given range, or the stored chunks of the whole file. */
  readonly example: Place;
  /** `stored`: vectors from the index; `embedded`: made for this call. */
  readonly from: 'stored' | 'embedded';
  readonly hits: readonly Hit[];
}

export interface SearchResult {
  readonly query: string;
  readonly hits: readonly Hit[];
}

export interface SpaceStatus {
  readonly space: EmbeddingSpace;
  readonly active: boolean;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** A row of the catalogue of models. */
export interface ModelInfo {
  readonly id: string;
  readonly provider: 'local';
  readonly dimensions: readonly number[];
  readonly defaultDimension: number;
  readonly maxTokens: number;
  /** BCP 47 language codes, `code` for source code. */
  readonly languages: readonly string[];
  readonly bytes: number;
  readonly licence: string;
  readonly installed: boolean;
  /** Measured on ../shared/data, see README: name of the set -> figure. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface KeptSnippetInfo {
  /** Path of the snippet's document in the index. */
  readonly path: string;
  readonly place: Place;
}

/** Requests that the engine answers. All may reject with an EngineError. */
export type EngineRequests = {
  /** Must come first; again when settings change (a run under way is stopped). Opens the store lazily. */
  configure: { params: EngineConfig; result: EngineStatus };
  status: { params: undefined; result: EngineStatus };
  /**
   * Brings the index up to date: everything, or only the given files and folders. `asked`: the user named the files among
   * them, so the rules do not apply to them, but for the security list unless `insisted`. Without `asked` (a file was
   * saved) the rules hold. One run at a time: a second call waits for its turn. A path that is gone leaves the index.
   */
  index: { params: { readonly paths?: readonly string[]; readonly asked?: Asked }; result: IndexSummary };
  pause: { params: undefined; result: undefined };
  resume: { params: undefined; result: undefined };
  /** Resolves when the run has ended; what was finished stays. */
  stop: { params: undefined; result: undefined };
  clear: { params: undefined; result: undefined };
  search: {
    params: { readonly query: string; readonly top: number; readonly filter?: SearchFilter };
    result: SearchResult;
  };
  similar: {
    params: { readonly example: Example; readonly top: number; readonly filter?: SearchFilter };
    result: SimilarResult;
  };
  /** Cosine of two texts in the current space. */
  compare: {
    params: { readonly a: string; readonly b: string };
    result: { readonly similarity: number; readonly percentile?: number };
  };
  /** Vectors of texts in the current space, text by text (long texts are truncated by the model). */
  embed: {
    params: { readonly texts: readonly string[] };
    result: { readonly space: EmbeddingSpace; readonly vectors: readonly Float32Array[]; readonly tokens: number };
  };
  /** Keeps a selection as a snippet in the index. */
  keepSnippet: { params: { readonly example: Example & { readonly text: string } }; result: KeptSnippetInfo };
  keptSnippets: { params: undefined; result: readonly KeptSnippetInfo[] };
  removeSnippet: { params: { readonly path: string }; result: undefined };
  coverage: { params: undefined; result: readonly CoverageEntry[] };
  /** Why this path is not indexed, or that it is. */
  whyNot: { params: { readonly path: string }; result: CoverageEntry };
  spaces: { params: undefined; result: readonly SpaceStatus[] };
  models: { params: undefined; result: readonly ModelInfo[] };
  /** Flushes and ends the child processes; the process may be ended afterwards. */
  shutdown: { params: undefined; result: undefined };
};

export type EngineEvents = {
  status: EngineStatus;
  /** Documents whose chunks changed, so that a view of their neighbours asks again. */
  indexed: { readonly paths: readonly string[] };
};
