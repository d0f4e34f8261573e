// Stage 3, local: what one ONNX model needs to be run. Plain data: it crosses to the inference children with every job.

export interface LocalModel {
  /** Id of the catalogue, or the folder of the user's own model: for messages. */
  readonly id: string;
  /** Absolute paths. */
  readonly modelFile: string;
  readonly tokenizerFile: string;
  readonly tokenizerConfigFile?: string;
  /** Tokens read of a text, special tokens included; what is beyond is cut. */
  readonly maxTokens: number;
  readonly pooling: 'mean' | 'cls';
  /** Lower-case the text before its tokenizer sees it (bge-small-zh: its vocabulary has almost no capitals). */
  readonly lowercase: boolean;
  readonly queryPrefix: string;
  /** `cjk`: only queries with a CJK letter take the prefix, because it is Chinese itself. */
  readonly queryPrefixFor: 'all' | 'cjk';
  readonly documentPrefix: string;
  /** ONNX Runtime's graph optimisation. bge-small-zh is fused already and 15 % slower with `all`. */
  readonly graph: 'all' | 'basic';
}

/** A file that must be there before the model is run; pinned ones must also be exactly these bytes. */
export interface WeightFile {
  readonly file: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** One model of a space with what is known of it. */
export interface ModelPart {
  readonly model: LocalModel;
  readonly files: readonly WeightFile[];
  readonly dimension: number;
  /** Model and prompt names of the space that this model spans on its own. */
  readonly name: string;
  readonly prompt: string;
}
