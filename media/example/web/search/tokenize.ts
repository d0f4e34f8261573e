const stopWords = new Set('a an and are for from in is it of on or the this to with'.split(' '));

/**
 * Words of a text for the product search: lower case, without accents and without words that every text holds. Chinese is
 * cut into words by the browser.
 */
export function tokenize(text: string, locale = 'en'): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  return [...segmenter.segment(plain)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => stem(segment))
    .filter((word) => !stopWords.has(word));
}

/** Enough for a shop: "biscuits" finds "biscuit", "berries" finds "berry". */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  return word;
}

/** A name as part of an address: "Lapsang Souchong (250 g)" becomes "lapsang-souchong-250-g". */
export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}
