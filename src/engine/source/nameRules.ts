// Stage 1: matches a path against a list of names (securityRules.ts, noiseRules.ts). Cost: a few lookups and one regular
// expression a path, because a walk asks for each file.
//
// A rule is a name with the glob characters `*`, `?` and `{a,b}`. With a '/' at its end it is a rule for folders, else for files
// (`credentials` is a secret, `credentials/` is source). A '/' inside a rule without glob characters names the parent too. Letter
// case is ignored. A rule speaks of the last name of a path: a walk never goes below a folder that a rule excludes.
import picomatch from 'picomatch';
import { createNameFilter } from './nameFilter.ts';

/** The rule that matches, or undefined. A folder's path ends in '/'. */
export type NameMatcher = (path: string) => string | undefined;

/** Makes a matcher of rules, less the paths that an exception matches. */
export function compileNameRules(rules: readonly string[], exceptions: readonly string[] = []): NameMatcher {
  const ruleOf = compileTable(rules);
  const exceptionOf = compileTable(exceptions);
  return (path) => {
    const rule = ruleOf(path);
    return rule === undefined || exceptionOf(path) !== undefined ? undefined : rule;
  };
}

/** As the matcher, for a path that no walk has led to: its folders are asked too, outermost first. */
export function matchAnywhere(matcher: NameMatcher, path: string): string | undefined {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const rule = matcher(path.slice(0, slash + 1));
    if (rule !== undefined) return rule;
  }
  return path.endsWith('/') ? undefined : matcher(path);
}

function compileTable(rules: readonly string[]): NameMatcher {
  const isGlob = (rule: string) => /[*?{]/.test(rule);
  const names = new Map(rules.filter((rule) => !isGlob(rule)).map((rule) => [rule.toLowerCase(), rule]));
  /** Of rules that name the parent too. */
  const lasts = new Set([...names.keys()].flatMap((rule) => (lastNameStart(rule) > 0 ? [rule.slice(lastNameStart(rule))] : []))); // prettier-ignore
  const globs = rules.filter(isGlob).map((rule) => ({ rule, regex: globRegex(rule) }));
  const mayMatch = createNameFilter(
    globs.map(({ rule }) => rule),
    true,
  );
  return (path) => {
    const start = lastNameStart(path);
    const name = path.slice(start);
    const folded = name.toLowerCase();
    const exact =
      names.get(folded) ??
      (lasts.has(folded) ? names.get(path.slice(lastNameStart(path, start)).toLowerCase()) : undefined);
    return exact ?? (mayMatch(name) ? globs.find(({ regex }) => regex.test(name))?.rule : undefined);
  };
}

function globRegex(rule: string): RegExp {
  return picomatch.makeRe(rule, { dot: true, nocase: true, strictSlashes: true, windows: false });
}

/** Where the last name before `end` begins; a folder's '/' counts to its name. */
function lastNameStart(path: string, end = path.length): number {
  return end < 2 ? 0 : path.lastIndexOf('/', end - 2) + 1;
}
