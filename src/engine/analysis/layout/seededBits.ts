// Stage 6, layout: numbers that look random and are the same on each run and each machine. Cost: some integer operations each.

/** 53 bits that tell an item from all others, from its key (two FNV-1a hashes of it): a collision costs one wrong starting place. */
export function itemId(key: string): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < key.length; i++) {
    const letter = key.charCodeAt(i);
    high = Math.imul(high ^ letter, 0x01000193);
    low = Math.imul(low ^ letter, 0x85ebca6b);
  }
  return mixBits(high) * 2 ** 21 + (mixBits(low) >>> 11);
}

/** A 32-bit number from another one (the finaliser of murmur3). */
export function mixBits(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** -0.5...0.5, of a number. */
export function jitterOf(value: number): number {
  return mixBits(value + 0x9e3779b9) / 2 ** 32 - 0.5;
}
