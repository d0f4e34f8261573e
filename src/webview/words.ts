// The view's words and numbers in the user's language. The host sends the sentences; the browser formats the numbers.
import type { ViewStringKey, ViewStrings } from '../protocol/viewApi.ts';

export interface Words {
  /** The sentence of a key with its `{0}`, `{1}` ... replaced. */
  t(key: ViewStringKey, ...values: readonly (string | number)[]): string;
  count(value: number): string;
  /** `¥0.0123`: the sums are small. */
  money(value: number, currency: string): string;
  /** Two decimals. */
  similarity(value: number): string;
  /** 0...100 with one decimal, never rounded up to 100. */
  percent(value: number): string;
  /** At most 99.9%: what is above all of a sample is not above all there is. */
  percentile(value: number): string;
  /** `results`: one or many. */
  results(count: number): string;
  /** About how long it still takes. */
  timeLeft(seconds: number): string;
  /** `lines 3–9` or `line 3`; line numbers are not grouped, as in the editor. */
  lines(startLine: number, endLine: number): string;
}

export function createWords(strings: ViewStrings, language: string): Words {
  const locale = supportedLocale(language);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  // `negative`: what rounds to nothing has no sign.
  const twoDecimals = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'negative',
  });
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

  const t: Words['t'] = (key, ...values) =>
    strings[key].replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
  return {
    t,
    count: (value) => whole.format(value),
    money: (value, currency) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: 2,
        maximumFractionDigits: value < 1 ? 4 : 2,
      }).format(value),
    similarity: (value) => twoDecimals.format(value),
    percent: (value) => percents.format(Math.floor(value * 10) / 1000),
    percentile: (value) => percents.format(Math.min(999, Math.floor(value * 10)) / 1000),
    results: (count) => (count === 1 ? t('hits.one') : t('hits.count', whole.format(count))),
    timeLeft(seconds) {
      // Steps of five seconds: a figure that changes with every message is restless and no more exact.
      if (seconds < 90) return t('progress.timeLeft.seconds', whole.format(Math.max(5, Math.ceil(seconds / 5) * 5)));
      if (seconds < 90 * 60) return t('progress.timeLeft.minutes', whole.format(Math.ceil(seconds / 60)));
      return t('progress.timeLeft.hours', oneDecimal.format(seconds / 3600));
    },
    lines: (startLine, endLine) =>
      endLine > startLine ? t('target.lines', startLine, endLine) : t('target.line', startLine),
  };
}

/** VS Code's tag where the browser knows it; its pseudo languages are no BCP 47 tags. */
function supportedLocale(language: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language)[0];
  } catch {
    return undefined;
  }
}
