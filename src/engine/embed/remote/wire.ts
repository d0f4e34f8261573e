// Stage 3, remote, contract: one request to an embedding service. Invariant: an answer holds one vector a row, in the order
// of the rows, checked. Cost: a round trip.
import type { EmbedInput, SparseVector, VectorOutput } from '../../model.ts';

export interface WireRequest {
  /** Texts, neither empty nor blank; for a multimodal service also images and videos. */
  readonly rows: readonly EmbedInput[];
  /** Services that embed asymmetrically are told which. */
  readonly purpose: 'document' | 'query';
  readonly output: VectorOutput;
}

export interface WireVector {
  /** As the service sent it: not of unit length. Absent where only sparse vectors were asked for. */
  readonly dense?: Float32Array;
  readonly sparse?: SparseVector;
}

export interface WireAnswer {
  readonly vectors: readonly WireVector[];
  /** What the service counts, without `mediaTokens`; undefined when it does not say. */
  readonly tokens: number | undefined;
  /** Tokens of the images and videos, where the service counts them. */
  readonly mediaTokens?: number;
}

/** A service's protocol, made by `dashscope/` and `openai/`. */
export interface Wire {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Throws {@link RemoteFailure}. */
  embed(request: WireRequest, signal: AbortSignal): Promise<WireAnswer>;
}

/** What a request may hold and how fast requests may follow. */
export interface WireLimits {
  readonly rowsPerRequest: number;
  readonly tokensPerRow: number;
  readonly tokensPerRequest: number;
  /** Undefined: texts only. */
  readonly imagesPerRequest?: number;
  readonly videosPerRequest?: number;
  /** What an image is reckoned to take until the service says. */
  readonly tokensPerImage?: number;
  /** Undefined: as fast as the answers come. */
  readonly requestsPerSecond?: number;
  readonly tokensPerSecond?: number;
}
