// Stage 5, words: typed arrays that grow. Cost: a copy each time the length has grown by half.

type Growable = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The array itself, or a longer copy with at least so many elements. */
export function grown<T extends Growable>(array: T, length: number): T {
  if (length <= array.length) return array;
  const Type = array.constructor as new (elements: number) => T;
  const copy = new Type(Math.max(length, Math.ceil(array.length * 1.5)));
  copy.set(array);
  return copy;
}
