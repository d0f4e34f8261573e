// Stage 1: a quick "no glob can match this name", asked before the exact question. Invariant: it may say yes in vain, never no. Cost: a
// lookup for the whole name and one for each dot in it, and one regular expression for what is neither a name nor `*.ending`.

export type NameFilter = (name: string) => boolean;

/** Globs with `*`, `?`, `[a-z]`, `{a,b}` and `\` speak of one name, without '/' but at the end. */
export function createNameFilter(globs: Iterable<string>, ignoreCase: boolean): NameFilter {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const names = new Set<string>();
  const endings = new Set<string>();
  const others = new Set<string>();
  for (const glob of globs) {
    if (!/[*?[\]{}\\]/.test(glob)) names.add(fold(glob));
    else if (/^\*\.[^*?[\]{}\\]+$/.test(glob)) endings.add(fold(glob.slice(1)));
    else others.add(anchored(looseRegex(glob)));
  }
  const regex = others.size > 0 ? new RegExp([...others].join('|'), ignoreCase ? 'is' : 's') : undefined;
  return (name) => {
    const folded = fold(name);
    if (names.has(folded)) return true;
    for (let dot = folded.indexOf('.'); dot >= 0; dot = folded.indexOf('.', dot + 1)) {
      if (endings.has(folded.slice(dot))) return true;
    }
    return regex?.test(name) ?? false;
  };
}

/** For the whole name. What begins or ends with anything is looked for inside it, which goes through it once. */
function anchored(regex: string): string {
  return `^${regex}$`.replace(/^\^(?:\.\*)+/, '').replace(/(?<!\\)(?:\.\*)+\$$/, '');
}

/** Matches at least what the glob does: a class or a list of alternatives is anything. */
function looseRegex(glob: string): string {
  return glob.replace(/\\(.)|\[[^\]]*\]|\{[^}]*\}|[*]+|[\\^$.|?+()[\]{}]/gs, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/[\\^$.|?*+()[\]{}]/, '\\$&');
    return part === '?' ? '.' : /^[*[{]/.test(part) ? '.*' : `\\${part}`;
  });
}
