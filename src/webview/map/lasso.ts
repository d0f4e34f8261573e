// Whether a place is inside of a closed line. Cost: linear in the corners of the line.

export type Outline = readonly (readonly [number, number])[];

/** By the even-odd rule. */
export function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  let [lastX, lastY] = outline.at(-1) ?? [0, 0];
  for (const [cornerX, cornerY] of outline) {
    if (cornerY > y !== lastY > y && x < ((lastX - cornerX) * (y - cornerY)) / (lastY - cornerY) + cornerX) {
      inside = !inside;
    }
    [lastX, lastY] = [cornerX, cornerY];
  }
  return inside;
}
