// Stage 5, words: typed arrays that grow. Cost: a copy each time the length has grown by half, of a long one by an eighth: there
// spare room would cost more than copying it.

type Growable = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

const LONG = 1 << 20;

/** The array itself, or a longer copy with at least so many elements. */
export function grown<T extends Growable>(array: T, length: number): T {
  if (length <= array.length) return array;
  const Type = array.constructor as new (elements: number) => T;
  const factor = array.length < LONG ? 1.5 : 1.125;
  const copy = new Type(Math.max(length, Math.ceil(array.length * factor)));
  copy.set(array);
  return copy;
}
