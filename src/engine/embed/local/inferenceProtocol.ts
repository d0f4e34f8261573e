// Stage 3, local: what the engine and its inference children say to each other over the fork's channel (structured clone).
import type { ErrorCode, ErrorDetails } from '../../errors.ts';
import type { LocalModel } from './localModel.ts';

export type Runtime = 'native' | 'wasm';

export type ToChild =
  | {
      readonly type: 'embed';
      readonly id: number;
      readonly model: LocalModel;
      readonly texts: readonly string[];
      /** Done before all jobs that are not urgent, also before the rest of a job under way. */
      readonly urgent: boolean;
    }
  /** The job's next text is not begun; it is still answered, with `cancelled`. */
  | { readonly type: 'cancel'; readonly id: number };

/** Every job is answered exactly once. */
export type FromChild =
  | {
      readonly type: 'done';
      readonly id: number;
      /** texts x dimension, rows of unit length. */
      readonly vectors: Float32Array;
      readonly tokens: number;
      readonly runtime: Runtime;
    }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly code: ErrorCode; readonly details: ErrorDetails };
