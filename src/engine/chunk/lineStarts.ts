// Stage 2, lines of a text as an editor counts them: \n, \r\n and a lone \r end a line. Invariant: offsets ascend and the
// first is 0. Cost: one pass.

/** Offset at which each line starts. */
export function findLineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}

/** Index of the last entry that is not above `value`; `ascending` starts at or below it. */
export function indexAtOrBelow(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
