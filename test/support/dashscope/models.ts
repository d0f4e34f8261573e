// What the emulated service knows of its models: the emulator's own reading of the spec's section 4, on purpose not the
// product's catalogue, so that a test through it compares two readings.

export interface RateLimit {
  readonly requestsPerSecond?: number;
  /** Also checked each second, as a sixtieth. */
  readonly requestsPerMinute?: number;
  /** Also checked each second, as a sixtieth. */
  readonly tokensPerMinute?: number;
}

export interface EmulatedModel {
  readonly name: string;
  readonly kind: 'text' | 'async' | 'multimodal';
  /** The first is the default. */
  readonly dimensions: readonly number[];
  /** v1, v2 and their async twins take the parameter and pay no heed to it. */
  readonly ignoresDimension?: boolean;
  /** Texts, contents or lines of one request. */
  readonly rows: number;
  readonly tokensPerRow: number;
  /** Only multimodal-embedding-v1: all others refuse what is too long. */
  readonly truncates?: boolean;
  readonly hasSparse?: boolean;
  readonly readsInstruct?: boolean;
  readonly media?: { readonly images: number; readonly videos: number; readonly fusion: 'never' | 'asked' | 'always' };
  readonly rate: RateLimit;
  /** Which fields `usage` has. */
  readonly usage?: 'counts' | 'tokens' | 'details';
}

const TEXT_RATE: RateLimit = { requestsPerSecond: 30, tokensPerMinute: 1_200_000 };
const ASYNC_RATE: RateLimit = { requestsPerSecond: 1 };

const v3Dimensions = [1024, 768, 512, 256, 128, 64];
const fixed = { dimensions: [1536], ignoresDimension: true, tokensPerRow: 2048 } as const;

/** Where the spec has no figure, none is checked (the rates of qwen3.7) or the nearest model's is taken (noted). */
export const emulatedModels: readonly EmulatedModel[] = [
  { name: 'text-embedding-v1', kind: 'text', ...fixed, rows: 25, rate: TEXT_RATE },
  { name: 'text-embedding-v2', kind: 'text', ...fixed, rows: 25, rate: TEXT_RATE },
  {
    name: 'text-embedding-v3',
    kind: 'text',
    dimensions: v3Dimensions,
    rows: 10,
    tokensPerRow: 8192,
    hasSparse: true,
    rate: TEXT_RATE,
  },
  {
    name: 'text-embedding-v4',
    kind: 'text',
    dimensions: [1024, 2048, 1536, 768, 512, 256, 128, 64],
    rows: 10,
    tokensPerRow: 8192,
    hasSparse: true,
    readsInstruct: true,
    rate: TEXT_RATE,
  },
  {
    name: 'qwen3.7-text-embedding',
    kind: 'text',
    dimensions: [1024, 2560, 2048, 1536, 768, 512, 256],
    rows: 20,
    tokensPerRow: 128_000,
    readsInstruct: true,
    rate: {},
  },
  {
    name: 'qwen3.7-text-embedding-flash',
    kind: 'text',
    dimensions: [1024, 768, 512, 256],
    rows: 20,
    tokensPerRow: 128_000,
    readsInstruct: true,
    rate: {},
  },
  { name: 'text-embedding-async-v1', kind: 'async', ...fixed, rows: 100_000, rate: ASYNC_RATE },
  { name: 'text-embedding-async-v2', kind: 'async', ...fixed, rows: 100_000, rate: ASYNC_RATE },
  {
    name: 'multimodal-embedding-v1',
    kind: 'multimodal',
    dimensions: [1024],
    rows: 20,
    tokensPerRow: 512,
    truncates: true,
    media: { images: 1, videos: 1, fusion: 'never' },
    rate: { requestsPerMinute: 120 },
    usage: 'counts',
  },
  {
    name: 'tongyi-embedding-vision-plus',
    kind: 'multimodal',
    dimensions: [1152],
    rows: 20, // as the others
    tokensPerRow: 1024,
    media: { images: 8, videos: 1, fusion: 'never' },
    rate: { requestsPerMinute: 600 },
    usage: 'details',
  },
  {
    name: 'tongyi-embedding-vision-flash',
    kind: 'multimodal',
    dimensions: [768],
    rows: 20, // as the others
    tokensPerRow: 1024,
    media: { images: 8, videos: 1, fusion: 'never' },
    rate: { requestsPerMinute: 600 },
    usage: 'details',
  },
  {
    name: 'qwen2.5-vl-embedding',
    kind: 'multimodal',
    dimensions: [1024, 2048, 768, 512],
    rows: 20, // as qwen3-vl
    tokensPerRow: 32_000, // as qwen3-vl
    media: { images: 1, videos: 1, fusion: 'always' },
    rate: { requestsPerMinute: 1200 },
    usage: 'tokens',
  },
  {
    name: 'qwen3-vl-embedding',
    kind: 'multimodal',
    dimensions: [2560, 2048, 1536, 1024, 768, 512, 256],
    rows: 20,
    tokensPerRow: 32_000,
    media: { images: 5, videos: 1, fusion: 'asked' },
    rate: { requestsPerMinute: 1200 },
    usage: 'tokens',
  },
];

/** An image's bytes, of any model. */
export const MAX_IMAGE_BYTES = 3 * 2 ** 20;
