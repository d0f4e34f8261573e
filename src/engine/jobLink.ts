// Batch jobs and the configured service: permission, key, spending. Invariant: rows leave only with consent, within the budget,
// and to the endpoint that the job was made for. Cost: one HTTP client.
import { createHash } from 'node:crypto';
import { findDashScopeModel } from './embed/dashscope/catalogue.ts';
import type { JobClock } from './embed/dashscope/jobs/jobClock.ts';
import type { JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import { slotsFor } from './embed/dashscope/jobs/jobSlots.ts';
import type { JobWork } from './embed/dashscope/jobs/runJob.ts';
import { TaskApi } from './embed/dashscope/jobs/taskApi.ts';
import { checkEndpoint } from './embed/remote/connect.ts';
import { HttpClient } from './embed/remote/httpClient.ts';
import { EngineError } from './errors.ts';
import type { RemoteContext } from './remoteContext.ts';

export class JobLink {
  readonly baseUrl: string;
  private readonly http: HttpClient;

  /** Throws `bad-endpoint`. */
  constructor(private readonly remote: RemoteContext) {
    this.baseUrl = checkEndpoint(remote.options.config.baseUrl);
    this.http = new HttpClient(remote.options.network);
  }

  /** Throws `consent-needed`, `key-missing`, `budget-reached`. `pendingTokens`: of jobs that are not in the ledger yet. */
  permit(record: JobRecord, pendingTokens: number): void {
    const { config, ledger } = this.remote.options;
    if (!config.consent) throw new EngineError('consent-needed', { origin: this.origin });
    this.requireKey();
    if (config.budget === undefined) return;
    const price = priceOf(record.model);
    const { amount = 0, currency } = ledger.spentHere;
    // A job is one purchase: unlike a request it is reckoned before it is made.
    const reserved = amount + (pendingTokens / 1000) * price;
    if (reserved + (record.tokens / 1000) * price > config.budget) {
      throw new EngineError('budget-reached', { spent: reserved.toFixed(4), budget: config.budget, currency });
    }
  }

  requireKey(): void {
    if ((this.remote.options.config.key ?? '') === '') throw new EngineError('key-missing', { origin: this.origin });
  }

  /** A key goes to no other host than it was given for. Throws `bad-endpoint`. */
  requireOrigin({ baseUrl }: JobRecord): void {
    if (baseUrl !== this.baseUrl)
      throw new EngineError('bad-endpoint', { url: this.baseUrl, reason: `this job belongs to ${baseUrl}` });
  }

  /** Without asking anybody. */
  mayWorkOn({ baseUrl }: JobRecord): boolean {
    const { consent, key = '' } = this.remote.options.config;
    return consent && key !== '' && baseUrl === this.baseUrl;
  }

  work(
    record: JobRecord,
    clock: JobClock,
    pendingTokens: () => number,
    knownTasks: () => Promise<ReadonlySet<string>>,
  ): JobWork {
    const { config, ledger, onLink } = this.remote.options;
    const { key = '', workspaceId } = config;
    const model = findDashScopeModel(record.model);
    if (!model) throw new EngineError('unknown-model', { model: record.model, known: '' });
    return {
      api: new TaskApi({
        http: this.http,
        baseUrl: this.baseUrl,
        key,
        ...(workspaceId !== undefined && { workspaceId }),
      }),
      clock,
      slots: slotsFor(
        createHash('sha256')
          .update(JSON.stringify([this.origin, key]))
          .digest('hex'),
      ),
      dimension: model.defaultDimension,
      permit: (job) => this.permit(job, pendingTokens()),
      spend: async (tokens) => {
        const amount = (tokens / 1000) * model.pricePer1kTokens;
        ledger.add({ origin: this.origin, model: model.id, tokens, images: 0, amount });
        await ledger.flush();
      },
      knownTasks,
      onLink,
    };
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  private get origin(): string {
    return new URL(this.baseUrl).origin;
  }
}

function priceOf(model: string): number {
  return findDashScopeModel(model)?.pricePer1kTokens ?? 0;
}
