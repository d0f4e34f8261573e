// The sheet before the first send: what goes where, for how much, and what stays here. No `vscode` at run time.
import { estimateTokens } from '../../engine/embed/remote/tokenEstimate.ts';
import { findDashScopeModel } from '../../engine/embed/dashscope/catalogue.ts';
import type { LeftOutReason, Spend } from '../../engine/model.ts';
import type { SendEstimate } from '../../protocol/engineApi.ts';
import type { L10n } from '../errorMessages.ts';
import { regionOf, type Endpoint } from './endpoint.ts';
import { count, money } from './money.ts';
import { regionName } from './regionName.ts';

/** Batch jobs about to be made. */
export interface JobToSend {
  readonly model: string;
  readonly jobs: number;
  /** Undefined for a file that the service fetches. */
  readonly rows?: number;
  readonly tokens: number;
  /** Jobs of the same rows that are at the service already. */
  readonly known: number;
}

export interface SheetFacts {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** Undefined: the service's own. */
  readonly dimension: number | undefined;
  /** What a run over files would send; undefined when none follows. */
  readonly estimate: SendEstimate | undefined;
  readonly job?: JobToSend;
  /** Texts that the user asks about, or lines of a file. */
  readonly texts: readonly string[];
  readonly isFile: boolean;
  readonly spent: Spend;
  readonly budget: number | undefined;
}

export interface Sheet {
  readonly title: string;
  readonly detail: string;
}

export function sendSheet(l10n: L10n, facts: SheetFacts, language: string): Sheet {
  const { endpoint, model, estimate, job, texts, isFile, spent, budget } = facts;
  const number = (value: number): string => count(value, language);
  const price = (amount: number): string => money(amount, spent.currency, language);
  const region = regionOf(endpoint.origin);
  const dimension = estimate?.dimension ?? facts.dimension;
  const known = findDashScopeModel(model);
  const textTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const tokens = (estimate?.tokens ?? 0) + (job?.tokens ?? 0) + textTokens;
  const pricePer1k = endpoint.provider === 'dashscope' ? known?.pricePer1kTokens : undefined;
  // Images have a price of their own, which the estimate knows.
  const amount =
    pricePer1k === undefined
      ? undefined
      : (estimate?.amount ?? 0) + (((job?.tokens ?? 0) + textTokens) / 1000) * pricePer1k;
  const lines = [
    region
      ? l10n.t('Service: {0} (DashScope, {1})', endpoint.host, regionName(l10n, region))
      : l10n.t('Service: {0}', endpoint.host),
    dimension === undefined
      ? l10n.t('Model: {0}', model)
      : l10n.t('Model: {0}, {1} dimensions', model, String(dimension)),
    '',
  ];
  if (estimate) {
    const { documents, chunks, reused } = estimate;
    lines.push(
      l10n.t('Documents: {0}; chunks to send: {1}', number(documents), number(chunks)) +
        (reused > 0 ? l10n.t(' ({0} more are stored already)', number(reused)) : ''),
    );
  }
  if (job) {
    const rows = job.rows === undefined ? '?' : number(job.rows);
    lines.push(l10n.t('Lines to send: {0}, as batch jobs: {1}', rows, number(job.jobs)));
    if (job.known > 0) lines.push(l10n.t('Batch jobs of these lines that are there already: {0}', number(job.known)));
  }
  if (texts.length > 0) {
    const amountOf = number(texts.length);
    lines.push(isFile ? l10n.t('Lines to send: {0}', amountOf) : l10n.t('Texts of your own: {0}', amountOf));
  }
  lines.push(
    amount === undefined
      ? l10n.t('At most {0} tokens; the price is not known here', number(tokens))
      : l10n.t('At most {0} tokens, {1}', number(tokens), price(amount)),
  );
  if (estimate && !known?.twin) lines.push(l10n.t('Time: about {0}', duration(l10n, estimate.seconds)));
  if (job || (estimate && known?.twin))
    lines.push(l10n.t('Time: minutes to hours; the job goes on without this window'));
  const kept = excludedWords(l10n, estimate?.excluded ?? {}, number);
  if (kept.length > 0) lines.push(l10n.t('Kept back by rules: {0}', listOf(kept, language)));
  lines.push('', l10n.t('Spent from this workspace so far: {0}', spendWords(l10n, spent, language)));
  if (pricePer1k !== undefined) {
    lines.push(budget === undefined ? l10n.t('Budget: none') : l10n.t('Budget: {0}', price(budget)));
    const total = (amount ?? 0) + (spent.amount ?? 0);
    if (budget !== undefined && total > budget) {
      lines.push(
        job
          ? l10n.t('This is more than the budget leaves: the job will not begin.')
          : l10n.t('This may reach the budget: the run stops there.'),
      );
    }
  }
  lines.push('', estimate ? l10n.t('After this, changes and questions are sent without asking again.') : l10n.t('After this, questions are sent without asking again; files are not.')); // prettier-ignore
  return {
    title: estimate
      ? l10n.t('Send text of this workspace to {0}?', endpoint.host)
      : job || isFile
        ? l10n.t('Send the lines of this file to {0}?', endpoint.host)
        : l10n.t('Send this text to {0}?', endpoint.host),
    detail: lines.join('\n'),
  };
}

/** `¥0.0123`, or tokens where no price is known. */
export function spendWords(l10n: L10n, spend: Spend, language: string): string {
  return spend.amount === undefined && spend.tokens > 0
    ? l10n.t('{0} tokens', count(spend.tokens, language))
    : money(spend.amount ?? 0, spend.currency, language);
}

function duration(l10n: L10n, seconds: number): string {
  if (seconds < 90) return l10n.t('{0} s', Math.max(1, Math.ceil(seconds)));
  return seconds < 90 * 60 ? l10n.t('{0} min', Math.ceil(seconds / 60)) : l10n.t('{0} h', (seconds / 3600).toFixed(1));
}

function excludedWords(
  l10n: L10n,
  excluded: Readonly<Partial<Record<LeftOutReason, number>>>,
  number: (value: number) => string,
): string[] {
  const words: Readonly<Partial<Record<LeftOutReason, (n: string) => string>>> = {
    security: (n) => l10n.t('{0} that may hold secrets', n),
    gitignore: (n) => l10n.t('{0} ignored by Git', n),
    noise: (n) => l10n.t('{0} build output and the like', n),
    'exclude-setting': (n) => l10n.t('{0} by vectorscope.exclude', n),
    'not-included': (n) => l10n.t('{0} not in vectorscope.include', n),
  };
  return (Object.keys(words) as LeftOutReason[]).flatMap((reason) => {
    const left = excluded[reason];
    const say = words[reason];
    return left === undefined || !say ? [] : [say(number(left))];
  });
}

function listOf(items: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(items);
}
