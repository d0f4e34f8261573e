// Stage 5, words: an identifier -> what it says. `getHTTPServer`, `get_http_server` and `GetHttpServer` share their words and the
// whole, so that each is found by the others and by plain words. Cost: the length of the name.

/** Longer runs are data (base64, hashes): nobody types them, and each would be a word of its own. */
const LONGEST_WORD = 64;

const PLAIN = /^[a-z0-9]+$/;
/** Before `S` in `getServer`, and before `S` in `HTTPServer`. Digits stay with the letters before them: `utf8`, `sha256`. */
const HUMP = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
const HUMP_OF_ANY_SCRIPT = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const NOT_ASCII = /[^\x00-\x7f]/;

/** Adds the parts in lower case, `ending` applied, and where there are several the whole without underscores. */
export function addIdentifier(name: string, words: string[], ending: (word: string) => string): void {
  if (PLAIN.test(name)) {
    if (name.length <= LONGEST_WORD) words.push(ending(name));
    return;
  }
  const hump = NOT_ASCII.test(name) ? HUMP_OF_ANY_SCRIPT : HUMP;
  let parts = 0;
  let whole = '';
  for (const piece of name.split('_')) {
    if (piece === '') continue;
    for (const part of piece.split(hump)) {
      const word = part.toLowerCase();
      parts++;
      whole += word;
      if (word.length <= LONGEST_WORD) words.push(ending(word));
    }
  }
  if (parts > 1 && whole.length <= LONGEST_WORD) words.push(whole);
}
