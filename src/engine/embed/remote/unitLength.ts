// Stage 3, remote: services do not promise vectors of unit length. Cost: one pass.

/** The same direction with length 1; parts of a text that cancel each other out stay zero. */
export function unitLength(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return vector.map((x) => x * scale);
}
