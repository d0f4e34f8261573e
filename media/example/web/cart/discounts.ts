import type { Line } from './totals.js';

export interface Voucher {
  readonly code: string;
  readonly percent?: number;
  readonly pence?: number;
  readonly minimumPence: number;
  /** Last day on which it counts, YYYY-MM-DD. */
  readonly validUntil: string;
}

export type Refusal = 'expired' | 'below-minimum';

/** What a voucher takes off a basket, or why it does not count. */
export function voucherDiscount(voucher: Voucher, lines: readonly Line[], today: string): number | Refusal {
  if (today > voucher.validUntil) return 'expired';
  const goods = lines.reduce((sum, line) => sum + line.unitPence * line.quantity, 0);
  if (goods < voucher.minimumPence) return 'below-minimum';
  const off = voucher.pence ?? Math.round((goods * (voucher.percent ?? 0)) / 100);
  return Math.min(off, goods);
}

/** Buy so many of one product, pay for fewer: three for two takes off the price of every third. */
export function bundleDiscount(line: Line, buy: number, pay: number): number {
  const bundles = Math.floor(line.quantity / buy);
  return bundles * (buy - pay) * line.unitPence;
}

/** Of several offers the customer gets the best one; offers do not add up. */
export function bestDiscount(offers: readonly (number | Refusal)[]): number {
  return Math.max(0, ...offers.filter((offer) => typeof offer === 'number'));
}
