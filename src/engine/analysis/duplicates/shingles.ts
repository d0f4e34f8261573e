// Stage 6, how much of two texts is the same, word by word in order: the Dice coefficient of their runs of three words (shingles, Broder
// 1997). Invariant: symmetric; 1 for texts that differ in white space and punctuation only. Cost: a hash a word, a merge a pair.

const WORD = /[\p{L}\p{N}_]+/gu;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const RUN = 3;

/** Ascending hashes of the runs, each as often as it is there. */
export function shinglesOf(text: string): Uint32Array {
  const words = text.replace(CJK, ' $& ').match(WORD) ?? [];
  const hashes = words.map(hashOf);
  const length = Math.max(1, hashes.length - RUN + 1);
  const shingles = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    let hash = 0;
    for (const word of hashes.slice(i, i + RUN)) hash = Math.imul(hash ^ word, 0x85ebca6b) ^ (hash >>> 13);
    shingles[i] = hash;
  }
  return shingles.sort();
}

/** 0...1 */
export function sharedShare(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0];
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return (2 * shared) / (a.length + b.length);
}

/** FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}
