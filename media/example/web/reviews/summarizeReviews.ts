export interface Review {
  readonly product: string;
  readonly stars: number;
  readonly date: string;
  readonly text: string;
}

export interface Summary {
  readonly product: string;
  readonly count: number;
  readonly average: number;
  /** How many reviews gave one star, two stars and so on. */
  readonly histogram: readonly [number, number, number, number, number];
}

/** One summary for each product, the best liked first. Products with few reviews are pulled towards the middle. */
export function summarizeReviews(reviews: readonly Review[]): Summary[] {
  const byProduct = new Map<string, Review[]>();
  for (const review of reviews) {
    const group = byProduct.get(review.product);
    if (group) group.push(review);
    else byProduct.set(review.product, [review]);
  }
  const overall = mean(reviews.map((review) => review.stars));
  return [...byProduct]
    .map(([product, group]) => summarize(product, group))
    .sort((a, b) => weighted(b, overall) - weighted(a, overall));
}

function summarize(product: string, reviews: readonly Review[]): Summary {
  const histogram: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const { stars } of reviews) histogram[stars - 1]! += 1;
  return { product, count: reviews.length, average: mean(reviews.map(({ stars }) => stars)), histogram };
}

/** As if every product had five more reviews of the overall average. */
function weighted({ count, average }: Summary, overall: number): number {
  return (count * average + 5 * overall) / (count + 5);
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
