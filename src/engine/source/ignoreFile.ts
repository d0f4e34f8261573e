// Stage 1: files of ignore patterns, bound to the folder that they stand in, so that one matcher holds the rules of many folders.
// Invariant: what `line` means in its own folder the bound pattern means in the matcher's. Pure but for reading the file.
import path from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { readIfThere } from './gitRepository.ts';
import { createNameFilter, type NameFilter } from './nameFilter.ts';

/** Git's own default on these systems. */
const ignorecase = process.platform === 'win32' || process.platform === 'darwin';

/** The rules that count in one folder and, until a deeper folder adds its own, below it. */
export interface IgnoreRules {
  readonly matcher: Ignore;
  /** How paths relative to the opened folder become relative to the rules' folder: cut `drop`, then put `prefix` before. */
  readonly drop: string;
  readonly prefix: string;
  /** The last names of the patterns that files can match. */
  readonly lastNames: ReadonlySet<string>;
  /** Whether a pattern can match a file of this name; made of `lastNames` when it is first asked. */
  readonly mayMatch: NameFilter;
  /** How many patterns there are. */
  readonly count: number;
  /** Paths (relative to the rules' folder) that negated patterns name, up to the first wildcard. */
  readonly broughtBack: readonly string[];
}

export const NO_RULES: IgnoreRules = {
  matcher: ignore({ ignorecase }),
  drop: '',
  prefix: '',
  lastNames: new Set(),
  mayMatch: () => false,
  count: 0,
  broughtBack: [],
};

const NOTHING = { isBroughtBack: false };

/** The rules with those of another text, whose patterns mean the folder `names` below the rules' folder. */
export function withRules(rules: IgnoreRules, text: string, names: readonly string[], file: string): IgnoreRules {
  const matcher = ignore({ ignorecase }).add(rules.matcher);
  const broughtBack = [...rules.broughtBack];
  const lastNames = new Set(rules.lastNames);
  let { count } = rules;
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const pattern = bindPattern(line, names);
    if (pattern === undefined) continue;
    count++;
    const lastName = lastNameOf(pattern);
    if (lastName !== undefined) lastNames.add(lastName);
    matcher.add({ pattern, mark: `${file}: ${line}` });
    const base = baseOfNegation(pattern);
    if (base !== undefined) broughtBack.push(base);
  }
  let filter: NameFilter | undefined;
  const mayMatch: NameFilter = (name) => (filter ??= createNameFilter(lastNames, ignorecase))(name);
  return { ...rules, matcher, lastNames, mayMatch, count, broughtBack };
}

/** The rules with those of a folder's ignore file, if it has one. */
export function withIgnoreFile(
  rules: IgnoreRules,
  name: string,
  folder: string,
  names: readonly string[],
): IgnoreRules {
  const text = readIfThere(path.join(folder, name));
  return text === undefined ? rules : withRules(rules, text, names, [...names, name].join('/'));
}

/** A path of the opened folder as the rules know it. */
export function rulesPath(rules: IgnoreRules, inner: string): string {
  return rules.prefix + inner.slice(rules.drop.length);
}

/**
 * What the rules say of a path (a folder's ends in '/'), whose folder they don't ignore: the rule that ignores it as
 * `file: pattern`, or that one brings it back.
 */
export function ruleOn(
  rules: IgnoreRules,
  inner: string,
): { readonly ignoredBy?: string; readonly isBroughtBack: boolean } {
  if (rules.count === 0) return NOTHING;
  if (!inner.endsWith('/') && !rules.mayMatch(inner.slice(inner.lastIndexOf('/') + 1))) return NOTHING;
  const { ignored, unignored, rule } = rules.matcher.test(rulesPath(rules, inner));
  const by = ignored ? (rule?.mark ?? rule?.pattern) : undefined;
  return { isBroughtBack: unignored, ...(by !== undefined && { ignoredBy: by }) };
}

/** The pattern that means in the rules' folder what `line` means in the folder `names` below it. */
function bindPattern(line: string, names: readonly string[]): string | undefined {
  const negation = line.startsWith('!') ? '!' : '';
  const pattern = line.slice(negation.length).replace(/(?<!\\) +$/, '');
  if (names.length === 0 || line.startsWith('#') || pattern === '') return line === '' ? undefined : line;
  const body = pattern.replace(/^\//, '');
  // "/" alone matches nothing in git; bound to a folder it would match the folder.
  if (body === '' || body.startsWith('/')) return undefined;
  const folder = names.map((name) => `/${name.replace(/[\\*?[\]]/g, '\\$&')}`).join('');
  const anywhere = pattern.slice(0, -1).includes('/') ? '' : '**/';
  return `${negation}${folder}/${anywhere}${body}`;
}

/** `reports/2024` of `!/reports/2024/*.md`, all of a pattern without wildcards; undefined for a pattern that names no folder. */
function baseOfNegation(pattern: string): string | undefined {
  if (!pattern.startsWith('!') || !pattern.slice(1, -1).includes('/')) return undefined;
  const names = pattern.slice(1).replace(/^\//, '').split('/');
  const wild = names.findIndex((name) => /(?<!\\)[*?[]/.test(name));
  const base = (wild < 0 ? names : names.slice(0, wild)).join('/').replace(/\/$/, '').replace(/\\(.)/g, '$1');
  return base === '' ? undefined : base;
}

/** What the name of a file must match; undefined for a pattern that only folders match. */
function lastNameOf(pattern: string): string | undefined {
  const body = pattern.replace(/^!/, '').replace(/ +$/, '');
  if (body.endsWith('/')) return undefined;
  return body.endsWith('\\') ? '*' : body.slice(body.lastIndexOf('/') + 1); // an escaped space at the end
}
