// The package has no types of its own: lists of words by ISO 639-3 code.
declare module 'stopword' {
  export const eng: readonly string[];
  export const zho: readonly string[];
  export const jpn: readonly string[];
  export const fra: readonly string[];
  export const deu: readonly string[];
  export const spa: readonly string[];
}
