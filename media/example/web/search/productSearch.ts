import { LruCache } from '../cache/lruCache.js';
import { jitteredLifetime, shareInFlight } from '../cache/shareInFlight.js';
import { tokenize } from './tokenize.js';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
}

export type FetchMatches = (words: readonly string[]) => Promise<Product[]>;

const FIVE_MINUTES = 5 * 60_000;
const TEN_SECONDS = 10_000;

/** Searches the index through a cache. Empty answers are forgotten soon: the index may just be being rebuilt. */
export function createProductSearch(fetchMatches: FetchMatches): (query: string) => Promise<Product[]> {
  const cache = new LruCache<string, Product[]>(5000, FIVE_MINUTES);
  const fetchOnce = shareInFlight(fetchMatches, (words) => words.join(' '));
  return async (query) => {
    const words = tokenize(query);
    const key = words.join(' ');
    const cached = cache.get(key);
    if (cached) return cached;
    const products = await fetchOnce(words);
    cache.set(key, products, products.length === 0 ? TEN_SECONDS : jitteredLifetime(FIVE_MINUTES));
    return products;
  };
}

/** Marks where the words of the query stand in a text, for bold print. */
export function highlightRanges(text: string, words: readonly string[]): [start: number, end: number][] {
  const lower = text.toLowerCase();
  const ranges: [number, number][] = [];
  for (const word of words) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
      ranges.push([at, at + word.length]);
    }
  }
  return ranges.sort(([a], [b]) => a - b);
}
