// Stage 5, helper: several vectors as one query. Each part of the space keeps unit length, so a dot product stays a cosine.

/** Mean of the rows, each part scaled back to unit length. One row is returned as it is. */
export function meanOfRows(rows: readonly Float32Array[], partDimensions: readonly number[]): Float32Array {
  const [first] = rows;
  if (first === undefined || rows.length === 1) return first ?? new Float32Array(0);
  const mean = new Float32Array(first.length);
  for (const row of rows) addTo(mean, row);
  let offset = 0;
  for (const dimension of partDimensions) {
    const part = mean.subarray(offset, offset + dimension);
    const norm = Math.hypot(...part);
    if (norm > 0) for (let i = 0; i < part.length; i++) part[i] = (part[i] ?? 0) / norm;
    offset += dimension;
  }
  return mean;
}

export function addTo(sum: Float32Array, row: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (row[i] ?? 0);
}
