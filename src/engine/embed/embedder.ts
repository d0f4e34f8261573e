// Stage 3, contract: texts -> unit vectors of one space. Invariant: the same text gives the same bits, whatever was embedded
// before, beside or in which process. Cost: the dominating one of the product (about 75 chunks a second and core for MiniLM).
import type { EngineError } from '../errors.ts';
import type { EmbedInput, EmbeddingSpace, NetworkConfig, RemoteConfig, SparseVector, VectorOutput } from '../model.ts';
import type { Link } from './remote/rowSender.ts';
import type { WireLimits } from './remote/wire.ts';
import type { SpendLedger } from './spendLedger.ts';

/**
 * A slice of the space's vectors that one model makes. Most spaces have one part; the bilingual space has two side by side.
 * `space` is the space that the model spans on its own, so that vectors already stored there are reused.
 */
export interface EmbeddingPart {
  readonly space: EmbeddingSpace;
  readonly offset: number;
}

export interface EmbedProgress {
  /** Texts of this call done so far, and the tokens they took. */
  readonly done: number;
  readonly tokens: number;
}

export interface EmbedderOptions {
  /**
   * Embedded: an id of the catalogue (`auto` is for the caller to resolve), or the absolute path of a folder with an ONNX model.
   * Remote: the service's name.
   */
  readonly model: string;
  /** Undefined: the model's own. */
  readonly dimension?: number;
  readonly modelsFolder: string;
  /** dist/inference.js, with the runtimes in runtime/ beside it. */
  readonly inferenceEntry: string;
  /** Inference children, or requests under way, at most; 0 lets the embedder choose. */
  readonly maxConcurrency: number;
  readonly chunkerVersion: number;
  readonly remote?: RemoteOptions;
  /** Of a model on this computer, beside an editor; undefined: as fast as can be. */
  readonly manners?: Manners;
}

export interface Manners {
  /** Asked again and again: one child is enough now. */
  readonly isGentle: () => boolean;
}

export interface RemoteOptions {
  readonly config: RemoteConfig;
  readonly network: NetworkConfig;
  readonly ledger: SpendLedger;
  /** Dimensions that services told, by endpoint and model, so that a restart asks nothing. */
  readonly dimensions: DimensionMemory;
  readonly onLink: (link: Link) => void;
  /** Fires when another configuration takes the place of this one, or the engine ends: nobody waits for an answer any more. */
  readonly givenUp: AbortSignal;
}

export interface DimensionMemory {
  get(key: string): number | undefined;
  set(key: string, dimension: number): Promise<void>;
}

export interface PartResult {
  /** texts.length x part dimension, each row of unit length. */
  readonly vectors: Float32Array;
  /** Tokens read by the model, after truncation; for a service what it counts. */
  readonly tokens: number;
  /**
   * Texts without a vector, by their place: their rows are zero. `row-refused` is about that text; with any other error the call
   * as a whole failed, and the rows that were answered before are here all the same: they were paid for.
   */
  readonly refused?: ReadonlyMap<number, EngineError>;
  /** By text, in a space of dense and sparse vectors. */
  readonly sparse?: readonly (SparseVector | undefined)[];
}

export interface ServiceFacts {
  readonly limits: WireLimits;
  /** CNY; undefined when no price is known. */
  readonly pricePer1kTokens: number | undefined;
  /** For the tokens of images and videos; undefined: the same. */
  readonly mediaPricePer1kTokens?: number;
}

/** A text as a service answered it. */
export interface TextVector {
  readonly dense?: Float32Array;
  readonly sparse?: SparseVector;
  /** Above 1: the text was too long and was split. */
  readonly parts: number;
}

/**
 * Made by `createEmbedder` in createEmbedder.ts. Services answer bit by bit the same only as far as they do: there the invariant is
 * that no text is sent twice.
 */
export interface Embedder {
  readonly space: EmbeddingSpace;
  readonly parts: readonly EmbeddingPart[];
  /** Texts worth having in flight at once so that no worker idles. */
  readonly preferredInFlight: number;
  /** How the model is run, for the status line: `native` or `wasm` (about 7x slower). Undefined until first use. */
  readonly runtime: 'native' | 'wasm' | undefined;

  /** Images and videos are read too. */
  readonly multimodal: boolean;

  /** Set for a service: its limits and price, for estimates. */
  readonly service?: ServiceFacts;

  /**
   * Embeds texts (a multimodal model: also images) as documents with one part's model. Throws `cancelled`, `not-supported`, `weights-missing`, `weights-corrupt`,
   * `runtime-unavailable`, `bad-vector`; a child that dies is started again and its texts tried once more, then `child-died`.
   * `urgent`: somebody waits for the answer, so it goes before what a run embeds.
   */
  embedPart(part: number, inputs: readonly EmbedInput[], signal?: AbortSignal, urgent?: boolean): Promise<PartResult>;

  /** A text query as a vector whose dot product with a row is the similarity to show. Goes to the front of the queue. */
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;

  /** The sparse vector of a text query, in a space that has them; costs nothing beside {@link embedQuery} of the same text. */
  sparseQuery?(text: string, signal?: AbortSignal): Promise<SparseVector>;

  /**
   * Texts on their own, for a user who wants vectors: also sparse, where the service makes them (`not-supported` elsewhere). A
   * text that is refused has its error in its place. Blank texts are not allowed.
   */
  embedTexts(
    inputs: readonly EmbedInput[],
    output: VectorOutput,
    signal?: AbortSignal,
  ): Promise<{ rows: readonly (TextVector | EngineError)[]; tokens: number }>;

  /** A stored row as a query by example (the space's query rule applied to the example's text). */
  exampleQuery(row: Float32Array, text: string): Float32Array;

  /** Tokens of a text without special tokens, by the first part's tokenizer. */
  countTokens(text: string): number;

  /** Ends the child processes. Pending calls reject with `cancelled`. */
  close(): Promise<void>;
}
