// The words of the product as types; see "Words" in CONTRIBUTING. Imports nothing, costs nothing at run time.
// Lines count from 1 and ranges include both ends. Offsets count UTF-16 code units from 0, the end excluded.
// Paths are relative to the workspace, with '/', and identify a document within its index.

// ---- source -------------------------------------------------------------------------------------------------------

export type Encoding = 'utf8' | 'utf8bom' | 'utf16le' | 'utf16be' | 'gb18030' | 'latin1';

/** One text that the user knows by a path: what the source stage hands to the chunk stage. */
export interface SourceDocument {
  readonly path: string;
  /** VS Code's language id, `plaintext` when nothing better is known. */
  readonly languageId: string;
  /** Decoded text without its byte order mark, line ends as in the file. */
  readonly text: string;
  /** SHA-256 in hex of `text`; of an image's bytes. */
  readonly hash: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly encoding: Encoding;
  /** Set when only this many leading bytes were read because the file is larger than the limit. */
  readonly truncatedAtBytes?: number;
  /** Set for an image: what a multimodal model reads instead of `text`, which then holds the words of its path. */
  readonly image?: MediaInput;
}

/** Why a file (or, for whole excluded folders, a folder: path ends in '/') is not indexed. */
export type LeftOutReason =
  // excluded by a rule; `detail` is the rule
  | 'gitignore'
  | 'vectorscopeignore'
  | 'noise'
  | 'security'
  | 'exclude-setting'
  | 'not-included'
  // skipped because of what it holds
  | 'binary'
  // an image that a multimodal model does not take; `detail` is its size or its type
  | 'image-too-large'
  | 'image-type'
  | 'empty'
  | 'generated'
  | 'minified'
  | 'no-text'
  | 'symlink-loop'
  | 'outside-workspace'
  | 'not-a-file'
  | 'same-file'
  // nothing is wrong with it: no run has come to it yet
  | 'not-indexed-yet'
  // failed; `detail` is the errno or error code
  | 'unreadable'
  | 'vanished'
  | 'embedding-failed';

export interface LeftOut {
  readonly path: string;
  readonly reason: LeftOutReason;
  /** The rule, errno or error code behind the reason. */
  readonly detail?: string;
  /** Bytes and time of the file that was judged by its content: while they stay, a scan need not read it again. */
  readonly size?: number;
  readonly mtimeMs?: number;
  /** The waiver under which a run is to read what is not, or no longer, indexed. */
  readonly asked?: Asked;
}

export type CoverageState = 'indexed' | 'excluded' | 'skipped' | 'failed';

/** One line of the coverage ledger. */
export interface CoverageEntry {
  readonly path: string;
  readonly state: CoverageState;
  readonly reason?: LeftOutReason;
  readonly detail?: string;
  /** As in {@link LeftOut}. */
  readonly size?: number;
  readonly mtimeMs?: number;
  readonly asked?: Asked;
  readonly chunks?: number;
  /** Set when the document is indexed only up to this many bytes. */
  readonly truncatedAtBytes?: number;
}

const EXCLUDED: ReadonlySet<LeftOutReason> = new Set([
  'gitignore',
  'vectorscopeignore',
  'noise',
  'security',
  'exclude-setting',
  'not-included',
]);
const FAILED: ReadonlySet<LeftOutReason> = new Set(['unreadable', 'vanished', 'embedding-failed']);

/** Which coverage state a reason belongs to. */
export function coverageStateOf(reason: LeftOutReason): CoverageState {
  return EXCLUDED.has(reason) ? 'excluded' : FAILED.has(reason) ? 'failed' : 'skipped';
}

// ---- chunk --------------------------------------------------------------------------------------------------------

export const CHUNK_KINDS = [
  'function',
  'class',
  'method',
  'code',
  'section',
  'paragraph',
  'row',
  'cell',
  'lines',
  'snippet',
  'image',
] as const;
export type ChunkKind = (typeof CHUNK_KINDS)[number];

/** A range of a document with its own text. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly startLine: number;
  readonly endLine: number;
  /**
   * Exactly `document.text.slice(start, end)`; only in a notebook (language `jupyter`) the cell's source decoded from JSON, with
   * offsets and lines of the JSON that it came from.
   */
  readonly text: string;
  readonly kind: ChunkKind;
  /** `Class.method`, a heading path `Guide > Install`, a column key ...: what a reader would call this place. */
  readonly symbol?: string;
  /** What the model reads in place of `text`, where that differs: a row without its ids and numbers. */
  readonly reads?: string;
  /** Words put before `text` when it is embedded (enclosing class, heading path, header of a table). */
  readonly context?: string;
  /** SHA-256 (hex) of {@link embeddedText}, of an image's bytes: equal hash, equal vector. */
  readonly hash: string;
  /** What the model reads in place of the text, for `image`. */
  readonly image?: MediaInput;
}

/** What the model reads of a chunk of text. */
export function embeddedText({ text, reads = text, context }: Pick<Chunk, 'text' | 'reads' | 'context'>): string {
  return context === undefined ? reads : `${context}\n${reads}`;
}

/** What the model reads of a chunk. */
export function embedInputOf(chunk: Pick<Chunk, 'text' | 'reads' | 'context' | 'image'>): EmbedInput {
  return chunk.image ?? embeddedText(chunk);
}

// ---- embed --------------------------------------------------------------------------------------------------------

/** What a model turns into a vector. Only multimodal ones read more than text. */
export type EmbedInput = string | MediaInput;

/** An image or a video. */
export interface MediaInput {
  readonly media: 'image' | 'video';
  /** What travels with the request; 0 for a web address. */
  readonly bytes: number;
  /** The web address, or the bytes as they are now as a `data:` URL. Throws `row-refused` when the file is another one now. */
  url(): Promise<string>;
}

export type VectorOutput = 'dense' | 'sparse' | 'dense+sparse';

/** Weights of words, by the service's own word ids, ascending. `tokens[i]` is the word, where the service tells it. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
  readonly tokens?: readonly string[];
}

/**
 * An embedding service. `key` is a secret: it is in no log, no error and no file. Its fields change how vectors are made only
 * through `model`, `dimension`, `instruct` and the prefixes, which are part of the space.
 */
export interface RemoteConfig {
  readonly provider: 'dashscope' | 'openai';
  /** dashscope: scheme and host; openai: what ends in `/v1`, without the slash. */
  readonly baseUrl: string;
  readonly key?: string;
  /** dashscope: the native API has sparse vectors and `text_type`. */
  readonly api: 'native' | 'compatible';
  /** dashscope: `X-DashScope-WorkSpace`. */
  readonly workspaceId?: string;
  /** dashscope, models that make them through the native API: an index keeps sparse vectors too. */
  readonly sparse?: boolean;
  /** dashscope, models that take it: the task in a sentence, for queries. */
  readonly instruct?: string;
  /** openai: whether `dimensions` is sent. Servers of models with one dimension refuse it. */
  readonly sendDimension: boolean;
  /** openai: most rows a request; the client learns a lower limit from the server's error. */
  readonly rowsPerRequest: number;
  /** openai: most tokens a row; longer ones are split. */
  readonly tokensPerRow: number;
  /** openai */
  readonly encodingFormat: 'float' | 'base64';
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  /** The user agreed that texts of this workspace go to this endpoint. Without it nothing is sent. */
  readonly consent: boolean;
  /** Most money to spend from this workspace, in the currency of the catalogue (CNY); a run stops there. */
  readonly budget?: number;
}

/** How the network is reached; as VS Code's `http.*` settings. The environment's proxies are read by the engine. */
export interface NetworkConfig {
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  /** False: certificates are not checked. */
  readonly strictSsl: boolean;
}

/** What a number of requests took. */
export interface Spend {
  readonly requests: number;
  readonly tokens: number;
  readonly images: number;
  readonly amount?: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** One line of the spend ledger. */
export interface SpendRow extends Spend {
  /** `2026-11-27`, the day in the user's time zone. */
  readonly day: string;
  readonly origin: string;
  readonly model: string;
  readonly workspace: string;
}

/** Vectors are comparable only inside one space. Each space has its own folder in the store. */
export interface EmbeddingSpace {
  /** `imported`: ready vectors of a file, of whatever model. */
  readonly provider: 'local' | 'dashscope' | 'openai' | 'imported';
  readonly model: string;
  readonly dimension: number;
  /** What the index keeps of a chunk. */
  readonly output: Exclude<VectorOutput, 'sparse'>;
  /** Name and version of the prompt convention (prefixes, lower-casing, pooling) that shaped the vectors. */
  readonly prompt: string;
  readonly chunkerVersion: number;
}

// ---- store and search -----------------------------------------------------------------------------------------------

/** What the index knows of a document. */
export interface DocumentRecord {
  readonly path: string;
  readonly languageId: string;
  /** {@link SourceDocument.hash} of the indexed text. */
  readonly hash: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly truncatedAtBytes?: number;
  /** Han, kana and hangul letters in the text: decides whether `auto` takes the bilingual space. */
  readonly cjkLetters: number;
  /** The user named this file (and insisted, for one that may hold secrets): a scan keeps it although a rule excludes it. */
  readonly asked?: Asked;
  /** A snippet that the user keeps: not a file of the workspace, never removed by a scan. */
  readonly kept?: KeptSnippet;
}

/** Which rules the user waived for a file: all but the security list, or that too. */
export type Asked = 'named' | 'insisted';

/** Where a kept snippet came from. */
export interface KeptSnippet {
  readonly sourcePath: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A chunk as it is kept: offsets are not needed after chunking. */
export interface StoredChunk {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly kind: ChunkKind;
  readonly symbol?: string;
  readonly context?: string;
  readonly hash: string;
  /** Its sparse vector, in a space that has them; see search/sparse/sparseText.ts. */
  readonly sparse?: string;
}

/** The chunks of a space by row. Rows move when documents are replaced: hold no row number across an await. */
export interface ChunkRows {
  readonly count: number;
  readonly chunks: readonly StoredChunk[];
  /** Grows with every change. */
  readonly revision: number;
}

/**
 * All vectors of a space; row i belongs to `chunks[i]`. Every part of a row has unit length (see EmbeddingPart), so a dot product
 * is a cosine.
 */
export interface VectorTable extends ChunkRows {
  readonly dimension: number;
  rowsOf(path: string): readonly number[];
  /** Dot products of a query with all rows, or with the listed ones. Throws `internal` for a query of another length. */
  scan(query: Float32Array, rows?: Uint32Array): Scores;
  /** A copy of a row's vector; when the disk no longer gives it, the rough one. */
  row(row: number): Float32Array;
  /** A row's vector as its 8-bit codes tell it: about a hundredth of its length off. Never reads the disk. */
  roughRow(row: number): Float32Array;
}

/** Dot products of a query, row by row (or by listed row), each with a bound on its error. */
export interface Scores {
  /** Approximate. */
  readonly scores: Float32Array;
  /** The exact dot product (of float32 rows, summed in float64) of a table's row is within this of its score. */
  readonly marginOf: (row: number) => number;
  /** The largest margin of any row. */
  readonly maxMargin: number;
}

/** A place in the workspace. */
export interface Place {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly symbol?: string;
  readonly text: string;
}

/** A chunk found by a query, best first. */
export interface Hit extends Place {
  readonly kind: ChunkKind;
  readonly languageId: string;
  /** Cosine, higher is nearer; for the bilingual space the weighted mean of its halves' cosines. 0 where only words were compared. */
  readonly similarity: number;
  /** Share (0...100) of random pairs of chunks of this workspace that are less similar than this hit. 0 where only words were compared. */
  readonly percentile: number;
  /** What a search ordered its hits by: in `semantic` the similarity, in `keyword` and `hybrid` at most 1. */
  readonly score?: number;
  /** What led to this hit; of searches. */
  readonly why?: Reasons;
  /** Set for a kept snippet: where it came from. */
  readonly kept?: KeptSnippet;
}

export interface Reasons {
  /** Both undefined where only words were compared. */
  readonly similarity?: number;
  readonly percentile?: number;
  /** Words of the query that the chunk holds, those that tell most first; plural and verb endings may be gone. */
  readonly words: readonly string[];
}

/** By meaning, by words, or by both. */
export type SearchMode = 'hybrid' | 'semantic' | 'keyword';

export interface SearchFilter {
  /** Glob over paths; several are alternatives. A leading '!' excludes, and exclusion wins. */
  readonly paths?: readonly string[];
  readonly languageIds?: readonly string[];
  readonly kinds?: readonly ChunkKind[];
  /** Only documents whose file changed then or later (milliseconds since 1970). */
  readonly modifiedSinceMs?: number;
}

// ---- analysis -------------------------------------------------------------------------------------------------------

/** What is put in relation: chunks, or whole documents (each the mean of its chunks). */
export type AnalysisUnit = 'chunks' | 'documents';

/** What works on an answer now: `vectors` are gathered, `graph` is the k-nearest-neighbour graph that all answers share. */
export type AnalysisStage = 'vectors' | 'graph' | 'labels' | 'layout' | 'outliers' | 'duplicates';

/** A group of chunks or documents that lie together. */
export interface Cluster {
  /** Stable: the same data gives the same id, and a cluster that changed a little keeps it. */
  readonly id: string;
  /** Unique in its answer: the words that set it apart, in the form that they mostly have, most telling first, with ` · ` between. */
  readonly label: string;
  /** The same words one by one. */
  readonly words: readonly string[];
  readonly size: number;
  /** Mean cosine of a member to the cluster's mean direction. */
  readonly cohesion: number;
  /** A typical member: of the most central ones of its parts, the one nearest to the whole. */
  readonly representative: Place;
}

/** A member of a cluster, most central first. */
export interface ClusterMember extends Place {
  /** Cosine to the cluster's mean direction. */
  readonly centrality: number;
}

export interface Outlier extends Place {
  /** 0...1, the share of all that is less unusual. */
  readonly score: number;
  /** Mean cosine to its nearest neighbours. */
  readonly similarity: number;
  /** The same for the median of all. */
  readonly usual: number;
  /** Its nearest relative, and how near that is. */
  readonly nearest?: Place & { readonly similarity: number };
}

/** `tsv`: the pair of files that the Embedding Projector loads. */
export const EXPORT_FORMATS = ['json', 'csv', 'tsv', 'md'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `exact`: the same text but for white space; `near`: most of it the same; `meaning`: other words for the same. */
export const DUPLICATE_TIERS = ['exact', 'near', 'meaning'] as const;
export type DuplicateTier = (typeof DUPLICATE_TIERS)[number];

export interface DuplicateGroup {
  /** Made of the members' texts: the same texts, wherever they are, have the same id. */
  readonly id: string;
  readonly tier: DuplicateTier;
  /** Lowest cosine of a member to the group's most central one. */
  readonly similarity: number;
  /** At least two; by path and line. */
  readonly members: readonly Place[];
  /** The user does not want to see it. */
  readonly ignored?: true;
}

/** A document (or row of a table) to read next. */
export interface Recommendation extends Hit {
  /** What of the example it is nearest to. */
  readonly near: Pick<Place, 'startLine' | 'endLine' | 'symbol'>;
}
