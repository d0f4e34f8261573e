// What crosses the boundary host <-> engine process. Types only.
import type { ErrorCode, ErrorDetails } from '../engine/errors.ts';
import type { IndexFinding, VerifiedSpace } from '../engine/store/indexFindings.ts';
import type {
  AnalysisStage,
  AnalysisUnit,
  Asked,
  Cluster,
  ClusterMember,
  CoverageEntry,
  CoverageState,
  DuplicateGroup,
  EmbeddingSpace,
  ExportFormat,
  Hit,
  LeftOutReason,
  NetworkConfig,
  Outlier,
  Place,
  Recommendation,
  RemoteConfig,
  SearchFilter,
  SearchMode,
  SparseVector,
  Spend,
  SpendRow,
  VectorOutput,
} from '../engine/model.ts';

/** All that the engine is told about its world. */
export interface EngineConfig {
  /** Undefined: an embedded model. */
  readonly remote?: RemoteConfig;
  readonly network?: NetworkConfig;
  /** Absolute folder of the spend ledger, shared by all workspaces. Undefined: beside the index. */
  readonly spendFolder?: string;
  /** Absolute folder that tells where the indexes of all workspaces lie. Undefined: vectors are taken from no other index. */
  readonly registryFolder?: string;
  /** What the spend ledger calls this workspace. */
  readonly workspaceName?: string;
  /** Absolute folders; a single folder has prefix '', several have `name/` each. */
  readonly roots: readonly { readonly folder: string; readonly prefix: string }[];
  /** Absolute folder that holds one folder per space. */
  readonly storageFolder: string;
  /**
   * Embedded: `auto`, a model id of the catalogue, or the absolute path of a folder with an ONNX model and tokenizer.json.
   * Remote: the service's name of the model; `auto` is the provider's default. `imported`: ready vectors, see `importVectors`.
   */
  readonly model: string;
  /** Undefined: the model's own. */
  readonly dimension?: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  /** Child processes for local inference; 0 lets the engine choose (half the cores, at most 4). */
  readonly maxConcurrency: number;
  /** Memory for exact vectors; a larger index keeps them on disk. Undefined: 256 MB. */
  readonly vectorMemoryBytes?: number;
  /** Set by an editor, which must stay smooth: the model runs at low priority, and as this says on battery. */
  readonly background?: { readonly onBattery: 'full' | 'gentle' | 'pause' };
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
  /** Of those skipped: documents that no run has come to yet. Absent for none. */
  readonly waiting?: number;
  /** Indexed documents by language id. */
  readonly languages: Readonly<Record<string, number>>;
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
  /** Set when the index's folder can't be written to, so that it is only read: `EROFS`, `EACCES`, `EPERM`; `ENOSPC`, `EDQUOT` pass. */
  readonly readOnlyBecauseErrno?: string;
  /** What the last opening mended, to be said once. */
  readonly mended?: { readonly lostDocuments: number; readonly setAside: readonly string[] };
  /** Set with a remote provider. */
  readonly remote?: RemoteStatus;
  /** Set while an answer about the whole index is worked out. `share` is that of the stage, 0...1. */
  readonly analysis?: { readonly stage: AnalysisStage; readonly share: number };
  /** Set while ready vectors are imported: the share of the file that was read, 0...1. */
  readonly importing?: number;
  /** Batch jobs that this process works on. */
  readonly jobs?: { readonly jobs: number; readonly rows: number };
  /** Set while a run takes it easy, or waits, because the computer is on battery. */
  readonly onBattery?: 'gentle' | 'paused';
  /** Why the last run ended early, e.g. weights-missing. */
  readonly problem?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

export interface RemoteStatus {
  readonly provider: RemoteConfig['provider'];
  readonly origin: string;
  /** `limited`: waiting for the rate limit; `offline`: waiting for the network. Both go on by themselves. */
  readonly link: 'ok' | 'limited' | 'offline';
  readonly consent: boolean;
  /** Spent from this workspace so far. `amount` is undefined when no price is known for what was used. */
  readonly spend: Spend;
  readonly budget?: number;
}

/** What an index run would send, before it sends anything. */
export interface SendEstimate {
  readonly origin: string;
  readonly model: string;
  readonly dimension: number;
  readonly documents: number;
  /** Chunks to be sent: those whose vectors are stored already are not. */
  readonly chunks: number;
  readonly reused: number;
  /** Images among the chunks; absent without any. */
  readonly images?: number;
  /** Upper estimate; images count as `tokensPerImage` of the catalogue. */
  readonly tokens: number;
  /** Undefined when no price is known. */
  readonly amount?: number;
  readonly currency: string;
  /** At the rate limits of the catalogue. */
  readonly seconds: number;
  readonly spent: Spend;
  /** Documents that rules keep back, by reason. */
  readonly excluded: Readonly<Partial<Record<LeftOutReason, number>>>;
}

/** Lines of the coverage ledger; all that is given must hold. */
export interface CoverageQuery {
  readonly state?: CoverageState;
  readonly reason?: LeftOutReason;
  /** Part of the path, letter case ignored. */
  readonly text?: string;
  readonly offset: number;
  readonly count: number;
}

/** What is not in order comes first, then by path. */
export interface CoveragePage {
  /** Of the whole ledger, whatever was asked. */
  readonly counts: Readonly<Record<CoverageState, number>>;
  /** The same, by reason; most first. */
  readonly reasons: readonly {
    readonly reason: LeftOutReason;
    readonly state: CoverageState;
    readonly count: number;
  }[];
  /** Lines that match. */
  readonly total: number;
  readonly entries: readonly CoverageEntry[];
}

/** What a run is about. */
export interface RunScope {
  /** Undefined: everything. */
  readonly paths?: readonly string[];
  readonly asked?: Asked;
  /** Just the documents that failed, once more. */
  readonly failed?: true;
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
  /** Money that the run took, in CNY; absent for embedded models and where no price is known. */
  readonly cost?: number;
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

export interface UnsavedText {
  readonly path: string;
  readonly text?: string;
  /** Of an untitled document; that of a file is told by its name. */
  readonly languageId?: string;
  readonly onDisk?: boolean;
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
  /** What was compared. */
  readonly mode: SearchMode;
  /** Why a hybrid search had to do with words alone: its question could not be sent. */
  readonly wordsOnly?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

/** What `verify` found, space by space. */
export interface VerifyResult {
  readonly spaces: readonly VerifiedSpace[];
  /** Whether anything found is damage: leftovers and files set aside are none. */
  readonly damaged: boolean;
}

export interface RepairedSpace {
  /** Name of its folder. */
  readonly folder: string;
  /** Undefined where the manifest does not tell: such a folder can only be pruned. */
  readonly space?: EmbeddingSpace;
  /** Documents that had to be dropped. */
  readonly lost: number;
  /** Absolute paths. */
  readonly setAside: readonly string[];
  /** What was wrong before. */
  readonly findings: readonly IndexFinding[];
  /** Why it could not be repaired. */
  readonly problem?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

export interface RepairResult {
  readonly spaces: readonly RepairedSpace[];
  /** Documents of the current space that are to be embedded again; `asked` as in `index`. */
  readonly lost: readonly { readonly path: string; readonly asked?: Asked }[];
  /** Kept snippets that were lost: how many were restored from their text, how many are gone. */
  readonly snippets: { readonly restored: number; readonly gone: number };
}

/** Something in the storage folder that is of no use any more. */
export interface PruneItem {
  readonly id: string;
  /**
   * `space`: vectors of another model, dimension or chunker version. `retired`: of texts that are in no document any more.
   * `set-aside`: damaged files. `folder`: the index of a folder that the workspace had. `documents`: of a deleted folder. `jobs`:
   * batch jobs that are over.
   */
  readonly kind: 'space' | 'retired' | 'set-aside' | 'folder' | 'documents' | 'jobs';
  /** Documents, vectors, files, documents, documents, jobs. */
  readonly count: number;
  /** About what is freed. */
  readonly bytes: number;
  /** Of a `space` whose manifest can be read. */
  readonly space?: EmbeddingSpace;
  /** The folder that is gone, as paths begin with it; the name of a space's folder. */
  readonly name?: string;
}

export interface SpaceStatus {
  readonly space: EmbeddingSpace;
  readonly active: boolean;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** A row of the catalogue of models. */
export type ModelInfo = LocalModelInfo | RemoteModelInfo;

interface ModelFacts {
  readonly id: string;
  readonly dimensions: readonly number[];
  readonly defaultDimension: number;
  readonly maxTokens: number;
  /** BCP 47 language codes, `code` for source code. */
  readonly languages: readonly string[];
  /** Embedded models: measured on ../shared/data, see README. Remote ones: published. Name of the set -> figure. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface LocalModelInfo extends ModelFacts {
  readonly provider: 'local';
  readonly bytes: number;
  readonly licence: string;
  readonly installed: boolean;
}

export interface RemoteModelInfo extends ModelFacts {
  readonly provider: 'dashscope';
  readonly input: 'text' | 'batch' | 'multimodal';
  /** How many languages the service claims; `languages` names those that are listed one by one. */
  readonly languageCount: number;
  readonly rowsPerRequest: number;
  /** CNY for 1,000 tokens (of text; of an image's tokens). */
  readonly pricePer1kTokens: number;
  readonly imagePricePer1kTokens?: number;
  readonly freeTokens: number;
  readonly outputs: readonly VectorOutput[];
  readonly textType: boolean;
  readonly instruct: boolean;
  /** Not in the guide that this catalogue follows: figures of newer pages. */
  readonly newer: boolean;
}

/** What one text, sent to try a connection, took. */
export interface ConnectionTest {
  readonly origin: string;
  readonly model: string;
  readonly dimension: number;
  readonly latencyMs: number;
}

export interface KeptSnippetInfo {
  /** Path of the snippet's document in the index. */
  readonly path: string;
  readonly place: Place;
}

export interface EmbedResult {
  readonly space: EmbeddingSpace;
  /** Undefined for a refused text, and where only sparse vectors were asked for. */
  readonly vectors: readonly (Float32Array | undefined)[];
  readonly sparse?: readonly (SparseVector | undefined)[];
  readonly tokens: number;
  /** Texts that were split: index -> into how many parts. */
  readonly parts: Readonly<Record<number, number>>;
  /** Texts without a vector: index -> why. */
  readonly refused: Readonly<Record<number, { readonly code: ErrorCode; readonly details: ErrorDetails }>>;
}

export type JobState =
  | 'prepared'
  | 'uploaded'
  | 'submitting'
  | 'submitted'
  | 'running'
  | 'fetched'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** A batch job of DashScope, as it is on disk. */
export interface JobInfo {
  readonly id: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly state: JobState;
  readonly purpose: 'texts' | 'index';
  /** Undefined for a URL of the user's until its result is there. */
  readonly rows?: number;
  /** Upper estimate; 0 for a URL. */
  readonly tokens: number;
  readonly usedTokens?: number;
  readonly taskId?: string;
  readonly createdAtMs: number;
  readonly submittedAtMs?: number;
  /** `still-running`: cancelled in vain, the service goes on with it and it is paid for. */
  readonly reason?: string;
  /** False: going on with it sends its rows. */
  readonly isSent: boolean;
  /** This process works on it, or waits for the process that does. */
  readonly isActive: boolean;
  /** What stopped the work on it in this process. */
  readonly problem?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}

/** Rows for batch jobs: one of `texts`, `file` (one a line) or `url` (a .txt that the service fetches). */
export interface JobTexts {
  readonly texts?: readonly string[];
  /** Text hashes of `texts`, for jobs of an index. */
  readonly hashes?: readonly string[];
  readonly file?: string;
  readonly url?: string;
  /** Undefined: text-embedding-async-v2. */
  readonly model?: string;
}

/** What `submitJob` would send. */
export interface JobEstimate {
  readonly origin: string;
  readonly model: string;
  readonly jobs: number;
  readonly rows: number;
  /** Upper estimate. */
  readonly tokens: number;
  readonly amount?: number;
  /** Jobs of these rows that exist. */
  readonly known: readonly JobInfo[];
}

export type JobRows = readonly {
  readonly index: number;
  /** Unit length. */
  readonly vector?: Float32Array;
  /** The row was too long and was split into so many. */
  readonly parts?: number;
  readonly refused?: { readonly code: ErrorCode; readonly details: ErrorDetails };
}[];

/** How much of the workspace an answer is about. */
export interface AnalysisCover {
  /** Chunks or documents that were compared. */
  readonly items: number;
  /** As in {@link EngineStatus}: what is not `indexed` was not compared. */
  readonly coverage: Readonly<Record<CoverageState, number>>;
  /** Grows when the index changes: an answer of another revision than the newest is of an older index. */
  readonly revision: number;
}

export interface ClusterQuery {
  readonly of: AnalysisUnit;
  /** 0 (few clusters) ... 1 (many). Undefined: what suits the data. */
  readonly granularity?: number;
}

export interface ClusterResult {
  readonly cover: AnalysisCover;
  /** That of the answer. */
  readonly granularity: number;
  /** How many clusters there are at granularities 0, 1/n, ... 1. */
  readonly counts: readonly number[];
  /** Largest first. */
  readonly clusters: readonly Cluster[];
  /** Items that belong to none. */
  readonly unclustered: number;
}

export interface OutlierResult {
  readonly cover: AnalysisCover;
  /** Most unusual first. */
  readonly outliers: readonly Outlier[];
  /** Too short, or boilerplate, to be called unusual. */
  readonly leftOut: number;
}

export interface DuplicateQuery {
  /** Least cosine of the `meaning` tier. Undefined: what is far above chance in this index. */
  readonly minSimilarity?: number;
  /** Only groups with a member in this document. */
  readonly path?: string;
  /** With the ignored groups. */
  readonly ignored?: true;
}

export interface DuplicateResult {
  readonly cover: AnalysisCover;
  readonly minSimilarity: number;
  /** Exact ones first, then near ones, then those of one meaning; in a tier by how much text is repeated. */
  readonly groups: readonly DuplicateGroup[];
  /** Groups that are ignored, whether or not they are among `groups`. */
  readonly ignored: number;
}

export interface RecommendResult {
  readonly cover: AnalysisCover;
  /** What was compared: for a row of a table, rows. */
  readonly of: 'documents' | 'rows';
  readonly example: Place;
  readonly hits: readonly Recommendation[];
}

/** A 2-D layout: item i is the chunk (or document) at `paths[pathOf[i]]`, lines `startLine[i]` to `endLine[i]`. */
export interface MapResult {
  readonly cover: AnalysisCover;
  readonly of: AnalysisUnit;
  /** Both in -1...1. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly paths: readonly string[];
  /** Language id of each path. */
  readonly languageIds: readonly string[];
  readonly pathOf: Int32Array;
  readonly startLine: Int32Array;
  readonly endLine: Int32Array;
  /** Index in `clusters`, or -1. */
  readonly clusterOf: Int32Array;
  /** As in {@link Outlier}. */
  readonly outlierScore: Float32Array;
  /** Those of the automatic granularity, with their places on the map. */
  readonly clusters: readonly { readonly id: string; readonly label: string; readonly size: number }[];
  /** What to write where: level 0 is for the whole map, 1 and 2 for nearer looks. Larger areas come first in a level. */
  readonly labels: readonly {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly level: 0 | 1 | 2;
    readonly size: number;
  }[];
}

/** What was written. */
export interface ExportResult {
  /** Absolute. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly places: number;
  readonly clusters: number;
  readonly duplicateGroups: number;
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
  index: { params: RunScope; result: IndexSummary };
  pause: { params: undefined; result: undefined };
  resume: { params: undefined; result: undefined };
  /** Resolves when the run has ended; what was finished stays. */
  stop: { params: undefined; result: undefined };
  clear: { params: undefined; result: undefined };
  /** Reads all that is stored and says what is wrong. Changes nothing; another process may write meanwhile. */
  verify: { params: undefined; result: VerifyResult };
  /** Ends a run and mends every space. What was lost is embedded again by the next run. Throws `index-locked`. */
  repair: { params: undefined; result: RepairResult };
  /** What `prune` can remove. */
  prunable: { params: undefined; result: readonly PruneItem[] };
  prune: { params: { readonly ids: readonly string[] }; result: { readonly freed: number } };
  /**
   * Ready vectors of a CSV, TSV or JSON Lines file into an index of their own, without any embedding. `configure` comes first with the
   * model `imported` and a storage folder for this file alone. Columns are found by name unless they are given.
   */
  importVectors: {
    params: { readonly file: string; readonly textColumn?: string; readonly vectorColumn?: string };
    result: IndexSummary;
  };
  search: {
    /** `mode`: hybrid by default. `keyword` sends nothing anywhere. */
    params: {
      readonly query: string;
      readonly top: number;
      readonly filter?: SearchFilter;
      readonly mode?: SearchMode;
    };
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
  /**
   * Vectors of texts in the current space, text by text. Embedded models truncate long texts; for remote ones a text that is
   * too long is split, its vector is the mean of its parts', and `parts` says how many. A text that can't be embedded is in
   * `refused`.
   */
  embed: {
    params: { readonly texts: readonly string[]; readonly output?: VectorOutput };
    result: EmbedResult;
  };
  /** Keeps a selection as a snippet in the index. */
  keepSnippet: { params: { readonly example: Example & { readonly text: string } }; result: KeptSnippetInfo };
  keptSnippets: { params: undefined; result: readonly KeptSnippetInfo[] };
  removeSnippet: { params: { readonly path: string }; result: undefined };
  coverage: { params: undefined; result: readonly CoverageEntry[] };
  coveragePage: { params: CoverageQuery; result: CoveragePage };
  /**
   * What an editor holds and its file does not: searches answer from it, in memory alone, in place of what is stored. Without
   * `text` the file counts again. `onDisk`: it was just saved; it counts until the index has the file as it is now. Only for
   * documents that are in the index, untitled ones (`untitled:...`), and embedded models; says whether searches answer from it.
   */
  unsaved: { params: UnsavedText; result: boolean };
  /** Why this path is not indexed, or that it is. */
  whyNot: { params: { readonly path: string }; result: CoverageEntry };
  spaces: { params: undefined; result: readonly SpaceStatus[] };
  models: { params: undefined; result: readonly ModelInfo[] };
  /** What `index` with these params would send. Sends nothing. */
  estimate: { params: RunScope; result: SendEstimate };
  /** Sends one short text of ours to the configured endpoint, whatever was agreed to. */
  testConnection: { params: undefined; result: ConnectionTest };
  jobs: { params: undefined; result: readonly JobInfo[] };
  estimateJob: { params: JobTexts; result: JobEstimate };
  /** Makes jobs, or goes on with those of the same rows; resolves when they are on disk. */
  submitJob: { params: JobTexts; result: readonly JobInfo[] };
  /** Goes on with a job; one that ended without a result begins again. */
  resumeJob: { params: { readonly id: string }; result: JobInfo };
  /** Resolves when the jobs are done. */
  waitForJobs: { params: { readonly ids: readonly string[] }; result: readonly JobInfo[] };
  cancelJob: { params: { readonly id: string }; result: JobInfo };
  /** Rows of a job that is done. */
  jobRows: { params: { readonly id: string; readonly start: number; readonly count: number }; result: JobRows };
  /** Rows of jobs that are done as JSON lines `{index, embedding}` or `{index, error}`, counted through all jobs. */
  writeJobRows: { params: { readonly ids: readonly string[]; readonly file: string }; result: undefined };
  clusters: { params: ClusterQuery; result: ClusterResult };
  /** Members of a cluster of the answer to the same query; without `id` those that belong to none, most unusual first. */
  clusterMembers: {
    params: ClusterQuery & { readonly id?: string; readonly offset: number; readonly count: number };
    result: readonly ClusterMember[];
  };
  outliers: { params: { readonly of: AnalysisUnit; readonly top: number }; result: OutlierResult };
  duplicates: { params: DuplicateQuery; result: DuplicateResult };
  /** Hides groups of duplicates wherever these texts are, or shows them again. */
  ignoreDuplicates: { params: { readonly ids: readonly string[]; readonly ignored: boolean }; result: undefined };
  /** What to read next: related documents, or rows for a row of a table; diverse. */
  recommend: { params: { readonly example: Example; readonly top: number }; result: RecommendResult };
  /** `granularity`: of the clusters that its points are told to be of; its labels are of three looks, whatever it says. */
  map: { params: ClusterQuery; result: MapResult };
  /** The indexed text of a place; undefined when it is in the index no more. */
  snippetAt: { params: Pick<Place, 'path' | 'startLine' | 'endLine'>; result: Place | undefined };
  /** The same for many places, in their order. */
  placesAt: {
    params: { readonly places: readonly Pick<Place, 'path' | 'startLine' | 'endLine'>[] };
    result: readonly (Place | undefined)[];
  };
  /**
   * Everything that is known of every place: text, vector, cluster, outlier score, place on the map, duplicates. `out`: absolute path of
   * the file; for `tsv`, of a folder or of what both names begin with. `granularity`: of the clusters; `minSimilarity`: of the duplicates.
   * A report is in the language of the configuration. Begins again where the index changed meanwhile. Throws where a part can't be made,
   * and `index-changing`: nothing is written by halves.
   */
  exportAnalysis: {
    params: { readonly format: ExportFormat; readonly out: string } & Pick<ClusterQuery, 'granularity'> &
      Pick<DuplicateQuery, 'minSimilarity'>;
    result: ExportResult;
  };
  /** The spend ledger, newest day first. */
  spending: { params: undefined; result: readonly SpendRow[] };
  /** Does nothing: the answer tells that there is one. */
  ping: { params: undefined; result: undefined };
  /** Flushes and ends the child processes; the process may be ended afterwards. */
  shutdown: { params: undefined; result: undefined };
};

export type EngineEvents = {
  status: EngineStatus;
  /** Documents whose chunks changed, so that a view of their neighbours asks again. */
  indexed: { readonly paths: readonly string[] };
};
