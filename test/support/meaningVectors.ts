// Vectors in which related texts are near, without a model: the words of a text (identifiers cut at their humps), the trigrams of
// those words and the bigrams of CJK runs, each thrown onto a few places of the vector by a seeded hash. Texts that share no
// word are almost at right angles. Not of unit length, since the spec says not to count on it. Cost: some 0.1 ms a short text.
import { hashText, mixBits } from './seededNumbers.ts';

/** What a text is about: a feature and its weight. */
export type Features = ReadonlyMap<string, number>;

const CJK_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const CJK_LETTER = new RegExp(CJK_RUN.source, 'u');
const WORD = /[\p{L}\p{N}]+/gu;
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const STOP_WORDS = new Set(
  'a an and are as at be by const do for from function how i if import in is it let new not of on or return that the this to was what where with'.split(
    ' ',
  ),
);
const STOP_LETTERS = new Set('的 了 是 在 和 有 就 不 也 都 而 及 与 着 或 一 个'.split(' '));

/** Places of the vector that one feature touches: few, so that long texts stay cheap. */
const SPREAD = 12;
/** How far a query stands from the same text as a document, and what makes no two texts equal, as shares of the length. */
const TYPE_SHARE = 0.15;
const NOISE_SHARE = 0.05;

/** The words of a text, lower case; a CJK run counts as its letters' bigrams. For sparse vectors too. */
export function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  const add = (word: string): void => void words.set(word, (words.get(word) ?? 0) + 1);
  for (const [run] of text.matchAll(CJK_RUN)) {
    const letters = Array.from(run);
    if (letters.length === 1) add(run);
    for (let i = 1; i < letters.length; i++) add(`${letters[i - 1]!}${letters[i]!}`);
  }
  for (const [run] of text.replace(CJK_RUN, ' ').matchAll(WORD)) {
    for (const word of run.split(HUMP)) add(word.toLowerCase());
  }
  return words;
}

export function textFeatures(text: string): Map<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number): void =>
    void features.set(feature, (features.get(feature) ?? 0) + weight);
  for (const [word, times] of wordsOf(text)) {
    const much = 1 + Math.log(times);
    if (!CJK_LETTER.test(word)) {
      const weight = (STOP_WORDS.has(word) ? 0.1 : 1) * much;
      add(`w:${word}`, weight);
      const edged = `#${word}#`;
      for (let i = 0; i + 3 <= edged.length; i++) add(`t:${edged.slice(i, i + 3)}`, 0.3 * weight);
      continue;
    }
    const letters = Array.from(word);
    if (letters.length > 1) add(`w:${word}`, letters.some((letter) => STOP_LETTERS.has(letter)) ? 0.1 : 1);
    for (const letter of letters) add(`c:${letter}`, STOP_LETTERS.has(letter) ? 0.05 : 0.3);
  }
  return features;
}

export interface VectorRules {
  /** Vectors of one space are comparable; those of two are unrelated. The model's name. */
  readonly space: string;
  readonly dimension: number;
  /** Moves all vectors of a type a little to one side: `query`, and the instruction where there is one. */
  readonly type?: string;
  /** As Ollama and OpenAI answer. */
  readonly unitLength?: boolean;
}

/** The vector of what is in `features`; `identity` tells apart what has the same features. */
export function meaningVector(features: Features, identity: string, rules: VectorRules): number[] {
  const vector = new Float64Array(rules.dimension);
  for (const [feature, weight] of features) throwOn(vector, `${rules.space}\0${feature}`, weight);
  const length = lengthOf(vector);
  if (length > 0) scale(vector, 1 / length);
  if (rules.type !== undefined) addNoise(vector, `${rules.space}\0type\0${rules.type}`, TYPE_SHARE);
  addNoise(vector, `${rules.space}\0${identity}`, NOISE_SHARE);
  const wanted = rules.unitLength ? 1 : 0.5 + (2 * hashText(identity)) / 2 ** 32;
  scale(vector, wanted / lengthOf(vector));
  return Array.from(vector, (component) => Math.round(component * 1e7) / 1e7);
}

/** Adds `weight` to some places with signs, all by the hash of the feature. */
function throwOn(vector: Float64Array, feature: string, weight: number): void {
  let bits = hashText(feature);
  for (let i = 0; i < SPREAD; i++) {
    bits = mixBits(bits + i + 1);
    const place = (bits >>> 1) % vector.length;
    vector[place] = vector[place]! + (bits & 1 ? weight : -weight);
  }
}

/** Adds a vector of about the length `share` that depends on `name` alone. */
function addNoise(vector: Float64Array, name: string, share: number): void {
  const seed = hashText(name);
  const each = share * Math.sqrt(3 / vector.length); // uniform in +-each has the variance each^2 / 3
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! + each * (mixBits(seed + i) / 2 ** 31 - 1);
}

/** `Math.hypot` is some ten times slower, for an exactness that nobody needs here. */
function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (const component of vector) sum += component * component;
  return Math.sqrt(sum);
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! * factor;
}
