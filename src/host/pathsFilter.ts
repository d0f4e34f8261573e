// What the user types into "files to include" -> globs over index paths, as VS Code's own search reads it: comma separated,
// a bare name means a file or folder of that name anywhere, a leading './' anchors at the root, '!' excludes.

/** At most 50 entries are read. */
export function parsePathsFilter(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '!')
    .slice(0, 50)
    .flatMap((part) => {
      const not = part.startsWith('!') ? '!' : '';
      return globsFor(part.slice(not.length).replaceAll('\\', '/')).map((glob) => not + glob);
    });
}

function globsFor(pattern: string): string[] {
  const anchored = /^\.?\//.test(pattern);
  const bare = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  if (bare === '') return ['**'];
  const from = anchored || bare.startsWith('**/') ? bare : `**/${bare}`;
  return from.endsWith('/**') ? [from] : [from, `${from}/**`];
}
