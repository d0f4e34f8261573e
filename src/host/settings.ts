// The settings as one immutable snapshot. No `vscode` here: the caller passes what VS Code answers for a key, which is
// whatever the user typed. Invariant: a snapshot always holds usable values; what was wrong is told beside it.
import type { SearchMode } from '../engine/model.ts';
import { checkModel } from './remote/checkModel.ts';

export type Region = 'beijing' | 'singapore' | 'virginia' | 'finance' | 'hongkong' | 'custom';

export interface Settings {
  readonly provider: 'local' | 'dashscope' | 'openai';
  /** `auto`, a model id of the catalogue, the absolute path of a folder with an ONNX model, or the service's own name. */
  readonly model: string;
  /** Null: the model's own. */
  readonly dimension: number | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileSizeKb: number;
  /** Child processes for local inference; 0 lets the engine choose. */
  readonly maxConcurrency: number;
  /** Memory for exact vectors, in MiB. */
  readonly vectorMemoryMb: number;
  /** On battery: as always, with one child process, or not at all. */
  readonly onBattery: 'full' | 'gentle' | 'pause';
  /** Hits a view asks for. */
  readonly resultCount: number;
  readonly searchMode: SearchMode;
  /** The Similar tab follows the cursor. */
  readonly followCursor: boolean;
  readonly region: Region;
  /** For the region `custom`. */
  readonly dashscopeBaseUrl: string;
  readonly api: 'native' | 'compatible';
  /** '' for the account's default. */
  readonly workspaceId: string;
  /** An index keeps sparse vectors too, where the model makes them. */
  readonly sparse: boolean;
  /** '' for none. */
  readonly instruct: string;
  readonly openaiBaseUrl: string;
  readonly sendDimension: boolean;
  readonly rowsPerRequest: number;
  readonly tokensPerRow: number;
  readonly encodingFormat: 'float' | 'base64';
  readonly queryPrefix: string;
  readonly documentPrefix: string;
}

/** Names below `vectorscope.` in package.json. */
export const SETTING_KEYS = {
  provider: 'provider',
  model: 'model',
  dimension: 'dimension',
  include: 'include',
  exclude: 'exclude',
  maxFileSizeKb: 'maxFileSizeKb',
  maxConcurrency: 'maxConcurrency',
  vectorMemoryMb: 'vectorMemoryMb',
  onBattery: 'onBattery',
  resultCount: 'resultCount',
  searchMode: 'search.mode',
  followCursor: 'similar.follow',
  region: 'dashscope.region',
  dashscopeBaseUrl: 'dashscope.baseUrl',
  api: 'dashscope.api',
  workspaceId: 'dashscope.workspaceId',
  sparse: 'dashscope.sparse',
  instruct: 'dashscope.instruct',
  openaiBaseUrl: 'openai.baseUrl',
  sendDimension: 'openai.sendDimension',
  rowsPerRequest: 'openai.rowsPerRequest',
  tokensPerRow: 'openai.tokensPerRow',
  encodingFormat: 'openai.encodingFormat',
  queryPrefix: 'openai.queryPrefix',
  documentPrefix: 'openai.documentPrefix',
} as const satisfies Record<keyof Settings, string>;

export const DEFAULT_SETTINGS: Settings = {
  provider: 'local',
  model: 'auto',
  dimension: null,
  include: [],
  exclude: [],
  maxFileSizeKb: 1024,
  maxConcurrency: 0,
  vectorMemoryMb: 256,
  onBattery: 'gentle',
  resultCount: 20,
  searchMode: 'hybrid',
  followCursor: true,
  region: 'beijing',
  dashscopeBaseUrl: '',
  api: 'native',
  workspaceId: '',
  sparse: false,
  instruct: '',
  openaiBaseUrl: '',
  sendDimension: false,
  rowsPerRequest: 64,
  tokensPerRow: 8192,
  encodingFormat: 'float',
  queryPrefix: '',
  documentPrefix: '',
};

export interface SettingProblem {
  /** Full key, e.g. `vectorscope.resultCount`. */
  readonly setting: string;
  /** What the user wrote, shortened. */
  readonly value: string;
  /** What may be written, e.g. `1…200`. */
  readonly allowed: string;
}

interface Rule<T> {
  readonly allowed: string;
  accepts(value: unknown): value is T;
}

const FLAG: Rule<boolean> = { allowed: 'true, false', accepts: (value) => typeof value === 'boolean' };
const TEXT: Rule<string> = { allowed: '"…"', accepts: (value) => typeof value === 'string' };
const URL_OR_NOTHING: Rule<string> = {
  allowed: '"https://…"',
  accepts: (value): value is string => typeof value === 'string' && (value.trim() === '' || isWebAddress(value)),
};

const RULES: { readonly [K in keyof Settings]: Rule<Settings[K]> } = {
  provider: oneOf('local', 'dashscope', 'openai'),
  model: {
    allowed: '"auto" …',
    accepts: (value): value is string => typeof value === 'string' && value.trim() !== '',
  },
  dimension: {
    allowed: 'null, 1…8192',
    accepts: (value): value is number | null => value === null || isIntegerIn(value, 1, 8192),
  },
  include: { allowed: '["**/*.md", …]', accepts: isStringArray },
  exclude: { allowed: '["**/*.md", …]', accepts: isStringArray },
  maxFileSizeKb: integer(1, 102_400),
  maxConcurrency: integer(0, 16),
  vectorMemoryMb: integer(0, 16_384),
  onBattery: oneOf('full', 'gentle', 'pause'),
  resultCount: integer(1, 200),
  searchMode: oneOf('hybrid', 'semantic', 'keyword'),
  followCursor: FLAG,
  region: oneOf('beijing', 'singapore', 'virginia', 'finance', 'hongkong', 'custom'),
  dashscopeBaseUrl: URL_OR_NOTHING,
  api: oneOf('native', 'compatible'),
  workspaceId: TEXT,
  sparse: FLAG,
  instruct: TEXT,
  openaiBaseUrl: URL_OR_NOTHING,
  sendDimension: FLAG,
  rowsPerRequest: integer(1, 2048),
  tokensPerRow: integer(16, 131_072),
  encodingFormat: oneOf('float', 'base64'),
  queryPrefix: TEXT,
  documentPrefix: TEXT,
};

/** Reads every setting; a value out of range gives its default and one problem. */
export function readSettings(get: (key: string) => unknown): {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
} {
  const problems: SettingProblem[] = [];
  const read = <K extends keyof Settings>(name: K): Settings[K] => {
    const value = get(SETTING_KEYS[name]);
    const rule: Rule<Settings[K]> = RULES[name];
    if (value === undefined) return DEFAULT_SETTINGS[name];
    if (rule.accepts(value)) return value;
    problems.push({ setting: `vectorscope.${SETTING_KEYS[name]}`, value: shown(value), allowed: rule.allowed });
    return DEFAULT_SETTINGS[name];
  };
  const settings: Settings = {
    provider: read('provider'),
    model: read('model').trim(),
    dimension: read('dimension'),
    include: read('include'),
    exclude: read('exclude'),
    maxFileSizeKb: read('maxFileSizeKb'),
    maxConcurrency: read('maxConcurrency'),
    vectorMemoryMb: read('vectorMemoryMb'),
    onBattery: read('onBattery'),
    resultCount: read('resultCount'),
    searchMode: read('searchMode'),
    followCursor: read('followCursor'),
    region: read('region'),
    dashscopeBaseUrl: read('dashscopeBaseUrl').trim(),
    api: read('api'),
    workspaceId: read('workspaceId').trim(),
    sparse: read('sparse'),
    instruct: read('instruct').trim(),
    openaiBaseUrl: read('openaiBaseUrl').trim(),
    sendDimension: read('sendDimension'),
    rowsPerRequest: read('rowsPerRequest'),
    tokensPerRow: read('tokensPerRow'),
    encodingFormat: read('encodingFormat'),
    queryPrefix: read('queryPrefix'), // its space at the end counts
    documentPrefix: read('documentPrefix'),
  };
  const misfit = checkModel(settings);
  if (!misfit) return { settings, problems };
  const { setting, value, allowed } = misfit;
  problems.push({ setting: `vectorscope.${setting}`, value: shown(value), allowed });
  return { settings: { ...settings, [setting]: DEFAULT_SETTINGS[setting] }, problems };
}

/** What concerns the host alone. */
const HOST_ONLY: ReadonlySet<string> = new Set<keyof Settings>(['resultCount', 'searchMode', 'followCursor']);

/** Whether the engine must hear of a change. */
export function engineSettingsDiffer(a: Settings, b: Settings): boolean {
  const part = (settings: Settings): string =>
    JSON.stringify(settings, (key, value: unknown) => (HOST_ONLY.has(key) ? undefined : value));
  return part(a) !== part(b);
}

function oneOf<T extends string>(...values: readonly T[]): Rule<T> {
  return { allowed: values.join(', '), accepts: (value): value is T => values.some((each) => each === value) };
}

/** The engine says more about what is wrong with an address. */
export function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text.trim()).protocol);
  } catch {
    return false;
  }
}

function integer(low: number, high: number): Rule<number> {
  return {
    allowed: `${low}…${high}`,
    accepts: (value): value is number => isIntegerIn(value, low, high),
  };
}

function isIntegerIn(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
