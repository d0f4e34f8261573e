// Stage 5, a heap that keeps the best of many: its first element is the worst of those kept. Cost: log2 of the heap's size a change.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

type IsWorse<T> = (a: T, b: T) => boolean;

export function pushTo<T>(heap: T[], item: T, isWorse: IsWorse<T>): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isWorse(item, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

export function replaceWorst<T>(heap: T[], item: T, isWorse: IsWorse<T>): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!)) child++;
    if (!isWorse(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
