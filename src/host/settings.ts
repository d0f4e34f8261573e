// The settings as one immutable snapshot. No `vscode` here: the caller passes what VS Code answers for a key, which is
// whatever the user typed. Invariant: a snapshot always holds usable values; what was wrong is told beside it.

export interface Settings {
  /** `auto`, a model id of the catalogue, or the absolute path of a folder with an ONNX model. */
  readonly model: string;
  /** Null: the model's own. */
  readonly dimension: number | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileSizeKb: number;
  /** Child processes for local inference; 0 lets the engine choose. */
  readonly maxConcurrency: number;
  /** Hits a view asks for. */
  readonly resultCount: number;
  /** The Similar tab follows the cursor. */
  readonly followCursor: boolean;
}

/** Names below `vectorscope.` in package.json. */
export const SETTING_KEYS = {
  model: 'model',
  dimension: 'dimension',
  include: 'include',
  exclude: 'exclude',
  maxFileSizeKb: 'maxFileSizeKb',
  maxConcurrency: 'maxConcurrency',
  resultCount: 'resultCount',
  followCursor: 'similar.follow',
} as const satisfies Record<keyof Settings, string>;

export const DEFAULT_SETTINGS: Settings = {
  model: 'auto',
  dimension: null,
  include: [],
  exclude: [],
  maxFileSizeKb: 1024,
  maxConcurrency: 0,
  resultCount: 20,
  followCursor: true,
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

const RULES: { readonly [K in keyof Settings]: Rule<Settings[K]> } = {
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
  resultCount: integer(1, 200),
  followCursor: { allowed: 'true, false', accepts: (value) => typeof value === 'boolean' },
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
    model: read('model').trim(),
    dimension: read('dimension'),
    include: read('include'),
    exclude: read('exclude'),
    maxFileSizeKb: read('maxFileSizeKb'),
    maxConcurrency: read('maxConcurrency'),
    resultCount: read('resultCount'),
    followCursor: read('followCursor'),
  };
  return { settings, problems };
}

/** Whether the engine must hear of a change (the rest concerns the host alone). */
export function engineSettingsDiffer(a: Settings, b: Settings): boolean {
  const part = ({ model, dimension, include, exclude, maxFileSizeKb, maxConcurrency }: Settings): string =>
    JSON.stringify([model, dimension, include, exclude, maxFileSizeKb, maxConcurrency]);
  return part(a) !== part(b);
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
