// The command line as types. What a command accepts is one table; anything else is wrong use (exit code 2).
import { parseArgs } from 'node:util';
import {
  CHUNK_KINDS,
  EXPORT_FORMATS,
  type ExportFormat,
  type AnalysisUnit,
  type SearchFilter,
  type SearchMode,
  type VectorOutput,
} from '../engine/model.ts';

/** Wrong use of the command line: the message is the sentence for stderr, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FILTERS = ['path', 'language', 'kind', 'modified-since'] as const;

export const COMMANDS = {
  index: { positionals: ['FOLDER'], options: [] },
  embed: { positionals: ['[FILE]'], options: ['format', 'job'] },
  search: { positionals: ['FOLDER', '[QUERY]'], options: ['queries', 'top', 'mode', ...FILTERS] },
  similar: { positionals: ['FOLDER', 'PATH[:A[-B]]'], options: ['top', ...FILTERS] },
  status: { positionals: ['FOLDER'], options: [] },
  verify: { positionals: ['FOLDER'], options: [] },
  repair: { positionals: ['FOLDER'], options: [] },
  prune: { positionals: ['FOLDER'], options: ['dry-run', 'current'] },
  clusters: { positionals: ['FOLDER'], options: ['granularity', 'documents'] },
  outliers: { positionals: ['FOLDER'], options: ['top', 'documents'] },
  duplicates: { positionals: ['FOLDER'], options: ['min-similarity'] },
  recommend: { positionals: ['FOLDER', 'PATH[:LINE]'], options: ['top'] },
  map: { positionals: ['FOLDER'], options: ['documents'] },
  export: { positionals: ['FOLDER'], options: ['granularity', 'min-similarity', 'format', 'out'] },
  import: { positionals: ['FILE'], options: ['text', 'vector'] },
  models: { positionals: [], options: [] },
  jobs: { positionals: ['[resume|cancel]', '[ID]'], options: [] },
} as const satisfies Record<string, { positionals: readonly string[]; options: readonly string[] }>;

export type CommandName = keyof typeof COMMANDS;

export interface Arguments {
  readonly command: CommandName;
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly store: string | undefined;
  readonly model: string;
  readonly dimension: number | undefined;
  readonly queries: string | undefined;
  readonly top: number;
  /** Of `search`. */
  readonly mode: SearchMode;
  readonly filter: SearchFilter;
  readonly provider: 'local' | 'dashscope' | 'openai';
  readonly baseUrl: string | undefined;
  readonly api: 'native' | 'compatible';
  readonly output: VectorOutput;
  readonly yes: boolean;
  /** Of `embed`. */
  readonly format: 'jsonl' | 'csv' | undefined;
  /** Of `export`. */
  readonly exportFormat: ExportFormat;
  readonly out: string;
  /** Of `import`: columns. */
  readonly textColumn: string | undefined;
  readonly vectorColumn: string | undefined;
  /** Of `embed`: by a batch job. */
  readonly job: boolean;
  /** Of `prune`: only show what it would free. */
  readonly dryRun: boolean;
  /** Of `prune`: the index in use too. */
  readonly current: boolean;
  /** Of `clusters` and `export`: 0 ... 1. */
  readonly granularity: number | undefined;
  /** Of `duplicates` and `export`: 0 ... 1. */
  readonly minSimilarity: number | undefined;
  /** Of `clusters`, `outliers` and `map`: documents as wholes instead of snippets. */
  readonly unit: AnalysisUnit;
}

const COMMON = ['json', 'store', 'model', 'dimension', 'provider', 'base-url', 'api', 'output', 'yes'];
const OUTPUTS = ['dense', 'sparse', 'dense+sparse'] as const;

/** Throws {@link UsageError}; `'help'` and `'version'` when asked for. */
export function parseCommandLine(argv: readonly string[], now: Date = new Date()): Arguments | 'help' | 'version' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [command, ...rest] = positionals;
  if (command === undefined) throw new UsageError(`Name a command: ${Object.keys(COMMANDS).join(', ')}.`);
  if (!isCommand(command))
    throw new UsageError(`There is no command "${command}". There are: ${Object.keys(COMMANDS).join(', ')}.`);
  const { positionals: expected, options } = COMMANDS[command];
  const allowed = new Set<string>([...COMMON, ...options]);
  for (const name of Object.keys(values)) {
    if (!allowed.has(name)) throw new UsageError(`"${command}" takes no --${name}.`);
  }
  const least = expected.filter((name) => !name.startsWith('[')).length;
  if (rest.length < least || rest.length > expected.length) {
    throw new UsageError(`Use: vectorscope ${command} ${expected.join(' ')}`.trimEnd());
  }
  if (command === 'search' && (values.queries === undefined) === (rest[1] === undefined)) {
    throw new UsageError('"search" takes either a QUERY or --queries FILE.');
  }
  const job = values.job ?? false;
  if (job && rest[0] === undefined) throw new UsageError('"embed --job" takes a FILE, or the URL of a .txt file.');
  if (command === 'jobs' && rest.length > 0 && !(/^(resume|cancel)$/.test(rest[0] ?? '') && rest.length === 2)) {
    throw new UsageError('Use: vectorscope jobs, vectorscope jobs resume ID, or vectorscope jobs cancel ID');
  }
  if (command === 'export' && (values.format === undefined || values.out === undefined))
    throw new UsageError(`"export" takes --format ${EXPORT_FORMATS.join('|')} and --out PATH.`);
  return {
    command,
    positionals: rest,
    json: values.json ?? false,
    store: values.store,
    model: values.model ?? 'auto',
    dimension: wholeNumber('dimension', values.dimension),
    queries: values.queries,
    top: wholeNumber('top', values.top) ?? 10,
    mode: oneOf('mode', values.mode, ['semantic', 'keyword', 'hybrid']) ?? 'hybrid',
    filter: {
      paths: values.path ?? [],
      languageIds: values.language ?? [],
      kinds: (values.kind ?? []).flatMap((kind) => oneOf('kind', kind, CHUNK_KINDS) ?? []),
      ...moment('modified-since', values['modified-since'], now),
    },
    ...remoteOptions(command, values),
    format: command === 'export' ? undefined : oneOf('format', values.format, ['jsonl', 'csv']),
    exportFormat: (command === 'export' ? oneOf('format', values.format, EXPORT_FORMATS) : undefined) ?? 'json',
    out: values.out ?? '',
    textColumn: values.text,
    vectorColumn: values.vector,
    job,
    dryRun: values['dry-run'] ?? false,
    current: values.current ?? false,
    granularity: share('granularity', values.granularity),
    minSimilarity: share('min-similarity', values['min-similarity']),
    unit: (values.documents ?? false) ? 'documents' : 'chunks',
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        json: { type: 'boolean' },
        store: { type: 'string' },
        model: { type: 'string' },
        dimension: { type: 'string' },
        provider: { type: 'string' },
        'base-url': { type: 'string' },
        api: { type: 'string' },
        output: { type: 'string' },
        format: { type: 'string' },
        job: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        current: { type: 'boolean' },
        granularity: { type: 'string' },
        'min-similarity': { type: 'string' },
        documents: { type: 'boolean' },
        out: { type: 'string' },
        text: { type: 'string' },
        vector: { type: 'string' },
        yes: { type: 'boolean' },
        queries: { type: 'string' },
        top: { type: 'string' },
        mode: { type: 'string' },
        path: { type: 'string', multiple: true },
        language: { type: 'string', multiple: true },
        kind: { type: 'string', multiple: true },
        'modified-since': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.replace(/\. .*/s, '.') : String(error));
  }
}

function remoteOptions(command: CommandName, values: ReturnType<typeof parse>['values']) {
  const provider = oneOf('provider', values.provider, ['local', 'dashscope', 'openai']) ?? providerOf(command, values);
  const output = oneOf('output', values.output, OUTPUTS) ?? 'dense';
  const baseUrl = values['base-url'];
  if (provider === 'local' && (baseUrl !== undefined || values.api !== undefined))
    throw new UsageError('--base-url and --api go with --provider dashscope or openai.');
  if (provider === 'openai' && command !== 'models') {
    if (baseUrl === undefined) throw new UsageError('--provider openai takes --base-url URL, what ends in /v1.');
    if (values.model === undefined) throw new UsageError('--provider openai takes --model NAME.');
  }
  if (output === 'sparse' && command !== 'embed')
    throw new UsageError('An index holds dense vectors, or dense+sparse: --output sparse goes with "embed".');
  if (output !== 'dense' && command !== 'embed' && (provider !== 'dashscope' || values.api === 'compatible'))
    throw new UsageError(`--output ${output} goes with --provider dashscope and its native API.`);
  if (command === 'embed' && values.job === true && (provider !== 'dashscope' || output !== 'dense'))
    throw new UsageError('--job goes with --provider dashscope and dense vectors.');
  const api = oneOf('api', values.api, ['native', 'compatible']) ?? 'native';
  return { provider, baseUrl, api, output, yes: values.yes ?? false };
}

/** Only DashScope has batch jobs. */
function providerOf(command: CommandName, { job }: ReturnType<typeof parse>['values']): 'local' | 'dashscope' {
  return command === 'jobs' || job === true ? 'dashscope' : 'local';
}

function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${option} takes ${allowed.join(', ')}, not "${value}".`);
  return found;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function wholeNumber(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1)
    throw new UsageError(`--${option} takes a whole number above 0, not "${value}".`);
  return number;
}

function share(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new UsageError(`--${option} takes a number from 0 to 1, not "${value}".`);
  return number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AGES: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS };

/** `12h`, `7d`, `2w` before now, or the beginning of a day here. */
function moment(option: string, value: string | undefined, now: Date): Pick<SearchFilter, 'modifiedSinceMs'> {
  if (value === undefined) return {};
  const [, count, unit] = /^(\d+)([hdw])$/.exec(value) ?? [];
  if (count !== undefined && unit !== undefined) {
    return { modifiedSinceMs: now.getTime() - Number(count) * (AGES[unit] ?? 0) };
  }
  const [year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []).slice(1).map(Number);
  const date = new Date(year ?? NaN, (month ?? NaN) - 1, day);
  if (date.getMonth() + 1 !== month || date.getDate() !== day) {
    throw new UsageError(`--${option} takes an age like 12h, 7d or 2w, or a day like 2026-11-01, not "${value}".`);
  }
  return { modifiedSinceMs: date.getTime() };
}
