// A similarity as text. Invariant: a figure that rounds to nothing has no sign.

/** Two decimals, with a point in every language. */
export function similarityText(similarity: number): string {
  const text = similarity.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}
