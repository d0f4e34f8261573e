// Stage 3, DashScope: the catalogue of its models, the only place where such facts live. Sources: GUIDE is the Bailian
// embedding guide of early 2025, PAGES the newer pages of help.aliyun.com/zh/model-studio (text-embedding-synchronous-api,
// text-embedding-batch-api, multimodal-embedding-api-reference, rate-limit of 2026-02-24), both as collected in
// ../shared/spec/dashscope.md. Where they disagree the smaller limit stands: the client learns the rest from the answers.
import type { VectorOutput } from '../../model.ts';

export interface DashScopeModel {
  readonly id: string;
  readonly input: 'text' | 'batch' | 'multimodal';
  readonly dimensions: readonly number[];
  readonly defaultDimension: number;
  /** False: the model ignores `dimension` without a word, so it must not be sent. */
  readonly takesDimension: boolean;
  readonly rowsPerRequest: number;
  readonly tokensPerRow: number;
  /** Sum over the rows of a request. */
  readonly tokensPerRequest: number;
  readonly imagesPerRequest?: number;
  readonly videosPerRequest?: number;
  readonly tokensPerImage?: number;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond?: number;
  /** CNY. */
  readonly pricePer1kTokens: number;
  readonly imagePricePer1kTokens?: number;
  readonly freeTokens: number;
  readonly languageCount: number;
  readonly languages: readonly string[];
  readonly outputs: readonly VectorOutput[];
  /** Takes `text_type`: documents when indexing, query when searching. */
  readonly textType: boolean;
  readonly instruct: boolean;
  /** MTEB and CMTEB, average and retrieval. */
  readonly scores: Readonly<Record<string, number>>;
  /** Only in PAGES. */
  readonly newer: boolean;
  /** Batch models: the model that makes the same vectors one request at a time, for queries. */
  readonly twin?: string;
  readonly source: string;
}

const DENSE: readonly VectorOutput[] = ['dense'];
const DENSE_AND_SPARSE: readonly VectorOutput[] = ['dense', 'sparse', 'dense+sparse'];
/** GUIDE: the languages that it names for v1 and v2; v3 and later say "over 50", "over 100". */
const V1_LANGUAGES = ['zh', 'en', 'es', 'fr', 'pt', 'id'];
const V2_LANGUAGES = [...V1_LANGUAGES, 'ja', 'ko', 'de', 'ru'];

/** PAGES: 30 requests a second and 1.2 million tokens a minute for an account, the latter also checked by the second. */
const TEXT_PACE = { requestsPerSecond: 30, tokensPerSecond: 20_000 };

const TEXT = {
  input: 'text',
  takesDimension: true,
  ...TEXT_PACE,
  outputs: DENSE_AND_SPARSE,
  textType: true,
  instruct: false,
} as const;

const OLD_TEXT = {
  ...TEXT,
  dimensions: [1536],
  defaultDimension: 1536,
  takesDimension: false,
  rowsPerRequest: 25,
  tokensPerRow: 2048,
  tokensPerRequest: 16_384,
  pricePer1kTokens: 0.0007,
  freeTokens: 500_000,
  outputs: DENSE,
  newer: false,
} as const;

const BATCH = {
  ...OLD_TEXT,
  input: 'batch',
  rowsPerRequest: 100_000,
  tokensPerRequest: Infinity,
  requestsPerSecond: 1,
  freeTokens: 20_000_000,
} as const;

/**
 * No page says how many tokens an image is. Qwen's vision models take one for 28 x 28 or 32 x 32 pixels and shrink what is larger;
 * this is the upper figure assumed for estimates, and for bills until the answers count for themselves.
 */
const TOKENS_PER_IMAGE = 2_000;

const MULTIMODAL = {
  input: 'multimodal',
  videosPerRequest: 1,
  tokensPerImage: TOKENS_PER_IMAGE,
  outputs: DENSE,
  textType: false,
  instruct: false,
  languages: ['zh', 'en'],
  scores: {},
} as const;

/** In the order to show them. */
export const DASHSCOPE_MODELS: readonly DashScopeModel[] = [
  {
    ...TEXT,
    id: 'text-embedding-v4',
    dimensions: [2048, 1536, 1024, 768, 512, 256, 128, 64],
    defaultDimension: 1024,
    rowsPerRequest: 10,
    tokensPerRow: 8192,
    tokensPerRequest: 8192,
    pricePer1kTokens: 0.0005,
    freeTokens: 1_000_000,
    languageCount: 100,
    languages: V2_LANGUAGES,
    instruct: true,
    scores: { 'MTEB@1024': 68.36, 'MTEB@2048': 71.58 },
    newer: true,
    source: 'PAGES (text-embedding-synchronous-api); scores as third parties quote them',
  },
  {
    ...TEXT,
    id: 'text-embedding-v3',
    dimensions: [1024, 768, 512, 256, 128, 64],
    defaultDimension: 1024,
    rowsPerRequest: 10, // GUIDE: 20; older page: 6; PAGES: 10
    tokensPerRow: 8192,
    tokensPerRequest: 8192, // an English page counts the 8,192 by request
    pricePer1kTokens: 0.0005, // GUIDE: 0.0007
    freeTokens: 500_000,
    languageCount: 50,
    languages: V2_LANGUAGES,
    scores: {
      'MTEB@512': 62.11,
      'MTEB retrieval@512': 54.3,
      'CMTEB@512': 66.81,
      'CMTEB retrieval@512': 71.88,
      'MTEB@768': 62.43,
      'MTEB retrieval@768': 54.74,
      'CMTEB@768': 67.9,
      'CMTEB retrieval@768': 72.29,
      'MTEB@1024': 63.39,
      'MTEB retrieval@1024': 55.41,
      'CMTEB@1024': 68.92,
      'CMTEB retrieval@1024': 73.23,
    },
    newer: false,
    source: 'GUIDE; dimensions 256, 128, 64, rows and price: PAGES',
  },
  {
    ...OLD_TEXT,
    id: 'text-embedding-v2',
    languageCount: 10,
    languages: V2_LANGUAGES,
    scores: { MTEB: 60.13, 'MTEB retrieval': 49.49, CMTEB: 62.17, 'CMTEB retrieval': 62.78 },
    source: 'GUIDE',
  },
  {
    ...OLD_TEXT,
    id: 'text-embedding-v1',
    languageCount: 6,
    languages: V1_LANGUAGES,
    scores: { MTEB: 58.3, 'MTEB retrieval': 45.47, CMTEB: 59.84, 'CMTEB retrieval': 56.59 },
    source: 'GUIDE',
  },
  {
    ...TEXT,
    id: 'qwen3.7-text-embedding',
    dimensions: [2560, 2048, 1536, 1024, 768, 512, 256],
    defaultDimension: 1024,
    rowsPerRequest: 20,
    tokensPerRow: 128_000,
    tokensPerRequest: 128_000,
    pricePer1kTokens: 0.0005,
    freeTokens: 1_000_000,
    languageCount: 100,
    languages: V2_LANGUAGES,
    outputs: DENSE,
    scores: {},
    newer: true,
    source: 'PAGES, newest copy only; its pace is taken to be that of v4',
  },
  {
    ...TEXT,
    id: 'qwen3.7-text-embedding-flash',
    dimensions: [1024, 768, 512, 256],
    defaultDimension: 1024,
    rowsPerRequest: 20,
    tokensPerRow: 128_000,
    tokensPerRequest: 4096, // one report of a hidden cap of about 4,500 above which the request hangs
    pricePer1kTokens: 0.000125,
    freeTokens: 1_000_000,
    languageCount: 100,
    languages: V2_LANGUAGES,
    outputs: DENSE,
    scores: {},
    newer: true,
    source: 'PAGES, newest copy only; its pace is taken to be that of v4',
  },
  {
    ...BATCH,
    id: 'text-embedding-async-v2',
    twin: 'text-embedding-v2',
    languageCount: 10,
    languages: V2_LANGUAGES,
    scores: {},
    source: 'GUIDE; rows and size: PAGES (text-embedding-batch-api)',
  },
  {
    ...BATCH,
    id: 'text-embedding-async-v1',
    twin: 'text-embedding-v1',
    languageCount: 6,
    languages: V1_LANGUAGES,
    scores: {},
    source: 'GUIDE; rows and size: PAGES (text-embedding-batch-api)',
  },
  {
    ...MULTIMODAL,
    id: 'multimodal-embedding-v1',
    dimensions: [1024],
    defaultDimension: 1024,
    takesDimension: false,
    rowsPerRequest: 20,
    tokensPerRow: 512, // truncated there, not refused
    tokensPerRequest: 20 * 512,
    imagesPerRequest: 1,
    requestsPerSecond: 2,
    pricePer1kTokens: 0.0007, // GUIDE: free while on trial
    imagePricePer1kTokens: 0.0009,
    freeTokens: 500_000,
    languageCount: 2,
    newer: false,
    source: 'GUIDE; images a request and prices: PAGES',
  },
  {
    ...MULTIMODAL,
    id: 'qwen3-vl-embedding',
    dimensions: [2560, 2048, 1536, 1024, 768, 512, 256],
    defaultDimension: 2560,
    takesDimension: true,
    rowsPerRequest: 20,
    tokensPerRow: 32_000,
    tokensPerRequest: 32_000,
    imagesPerRequest: 5,
    requestsPerSecond: 20,
    pricePer1kTokens: 0.0007,
    imagePricePer1kTokens: 0.0018,
    freeTokens: 1_000_000,
    languageCount: 33,
    newer: true,
    source: 'PAGES',
  },
  {
    ...MULTIMODAL,
    id: 'tongyi-embedding-vision-plus',
    dimensions: [1152],
    defaultDimension: 1152,
    takesDimension: false,
    rowsPerRequest: 8,
    tokensPerRow: 1024,
    tokensPerRequest: 8 * 1024,
    imagesPerRequest: 8,
    requestsPerSecond: 10,
    pricePer1kTokens: 0.0005,
    freeTokens: 1_000_000,
    languageCount: 2,
    newer: true,
    source: 'PAGES',
  },
  {
    ...MULTIMODAL,
    id: 'tongyi-embedding-vision-flash',
    dimensions: [768],
    defaultDimension: 768,
    takesDimension: false,
    rowsPerRequest: 8,
    tokensPerRow: 1024,
    tokensPerRequest: 8 * 1024,
    imagesPerRequest: 8,
    requestsPerSecond: 10,
    pricePer1kTokens: 0.00015,
    freeTokens: 1_000_000,
    languageCount: 2,
    newer: true,
    source: 'PAGES',
  },
];

export const DEFAULT_DASHSCOPE_MODEL = 'text-embedding-v4';

export function findDashScopeModel(id: string): DashScopeModel | undefined {
  return DASHSCOPE_MODELS.find((model) => model.id === id);
}

/** Hosts by region: a key works in its own region only. GUIDE: beijing; PAGES: the others. */
export const DASHSCOPE_REGIONS = {
  beijing: 'https://dashscope.aliyuncs.com',
  singapore: 'https://dashscope-intl.aliyuncs.com',
  virginia: 'https://dashscope-us.aliyuncs.com',
  finance: 'https://dashscope-finance.aliyuncs.com',
  hongkong: 'https://cn-hongkong.dashscope.aliyuncs.com',
} as const;
