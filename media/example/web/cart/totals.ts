/** Money is in pence throughout: floating point has no place at a till. */
export interface Line {
  readonly sku: string;
  readonly unitPence: number;
  readonly quantity: number;
  /** Tea and coffee are taxed at nought percent, chocolate biscuits are not. */
  readonly zeroRated: boolean;
}

export interface Totals {
  readonly goodsPence: number;
  readonly discountPence: number;
  readonly deliveryPence: number;
  /** Contained in the total, not added to it. */
  readonly vatPence: number;
  readonly totalPence: number;
}

export interface Tariff {
  readonly freeDeliveryFromPence: number;
  readonly deliveryPence: number;
  readonly vatPercent: number;
}

/** What a basket costs, with the discount spread over its lines so that the tax is right for each. */
export function basketTotals(lines: readonly Line[], discountPence: number, tariff: Tariff): Totals {
  const goodsPence = lines.reduce((sum, line) => sum + line.unitPence * line.quantity, 0);
  const discount = Math.min(discountPence, goodsPence);
  const paid = goodsPence - discount;
  const deliveryPence = paid >= tariff.freeDeliveryFromPence || lines.length === 0 ? 0 : tariff.deliveryPence;
  const taxedGoods = lines
    .filter((line) => !line.zeroRated)
    .reduce((sum, line) => sum + line.unitPence * line.quantity, 0);
  const taxed = goodsPence === 0 ? 0 : (taxedGoods * paid) / goodsPence + deliveryPence;
  return {
    goodsPence,
    discountPence: discount,
    deliveryPence,
    vatPence: Math.round((taxed * tariff.vatPercent) / (100 + tariff.vatPercent)),
    totalPence: paid + deliveryPence,
  };
}

export function formatPence(pence: number, locale = 'en-GB'): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'GBP' }).format(pence / 100);
}
