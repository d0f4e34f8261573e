// Stage 3, remote: the embedder of a service's space. Invariant: nothing is sent without consent, beyond the budget, or twice
// (queries are remembered for a while). Cost: requests.
import { EngineError } from '../../errors.ts';
import type { EmbedInput, EmbeddingSpace, SparseVector, VectorOutput } from '../../model.ts';
import type { Embedder, EmbedderOptions, PartResult, RemoteOptions, ServiceFacts, TextVector } from '../embedder.ts';
import { openChunkMeter } from '../local/localEmbedder.ts';
import type { TextTokenizer } from '../local/tokenizer.ts';
import { connect, type Connection } from './connect.ts';
import { RowBatcher } from './rowBatcher.ts';
import { RowSender, type Taken } from './rowSender.ts';
import { pacerFor } from './pacer.ts';
import type { WireLimits } from './wire.ts';

/** Requests under way: enough for 30 a second at half a second each. */
const CONCURRENCY = 16;
const REMEMBERED_QUERIES = 200;
/** Sent to learn a dimension or to try a connection: ours, nothing of the workspace. */
const PROBE_TEXT = 'vectorscope';

/** Throws `unknown-model`, `dimension-not-allowed`, `bad-endpoint`; without a known dimension what a request throws. */
export async function createRemoteEmbedder(options: EmbedderOptions, remote: RemoteOptions): Promise<Embedder> {
  const connection = connect(options, remote);
  const memory = memoryKey(connection, options);
  const known = connection.dimension ?? remote.dimensions.get(memory);
  const sender = senderFor(connection, options, remote, known);
  try {
    const dimension = known ?? (await learnDimension(sender, remote.givenUp));
    if (options.dimension !== undefined && options.dimension !== dimension) {
      const { model } = connection;
      throw new EngineError('dimension-not-allowed', {
        model,
        dimension: options.dimension,
        allowed: String(dimension),
      });
    }
    if (known === undefined) await remote.dimensions.set(memory, dimension);
    return new RemoteEmbedder(options, connection, sender, dimension);
  } catch (error) {
    await connection.http.close();
    throw error;
  }
}

/** The prompt tells servers apart that share a host. */
function memoryKey({ wire, model, prompt }: Connection, { dimension }: EmbedderOptions): string {
  return JSON.stringify([wire.origin, model, prompt, dimension ?? null]);
}

/** One short text of ours to the endpoint, whether or not sending was agreed to. */
export async function testConnection(
  options: EmbedderOptions,
  remote: RemoteOptions,
): Promise<{ origin: string; model: string; dimension: number; latencyMs: number }> {
  const agreed = { ...remote, config: { ...remote.config, consent: true } };
  const connection = connect(options, agreed);
  try {
    const sender = senderFor(connection, options, agreed, undefined);
    const startedMs = performance.now();
    const dimension = await learnDimension(sender, remote.givenUp);
    const { wire, model } = connection;
    await remote.dimensions.set(memoryKey(connection, options), dimension);
    return { origin: wire.origin, model, dimension, latencyMs: performance.now() - startedMs };
  } finally {
    await connection.http.close();
  }
}

function senderFor(
  { wire, limits, model, account, pricePer1kTokens, mediaPricePer1kTokens, lacksKey }: Connection,
  { maxConcurrency }: EmbedderOptions,
  { config, ledger, onLink }: RemoteOptions,
  dimension: number | undefined,
): RowSender {
  const { origin } = wire;
  const priceOf = ({ tokens, mediaTokens }: Taken): number | undefined =>
    pricePer1kTokens === undefined
      ? undefined
      : (tokens * pricePer1kTokens + mediaTokens * (mediaPricePer1kTokens ?? pricePer1kTokens)) / 1000;
  /** Price of the requests that are not answered yet: they count, or many at once would pass the budget together. */
  let underWay = 0;
  return new RowSender({
    wire,
    model,
    limits,
    pacer: pacerFor(account, limits),
    ...(dimension !== undefined && { dimension }),
    concurrency: concurrencyFor(limits, maxConcurrency),
    permit: (reckoned) => {
      if (!config.consent) throw new EngineError('consent-needed', { origin });
      if (lacksKey) throw new EngineError('key-missing', { origin });
      const { amount = 0, currency } = ledger.spentHere;
      const more = priceOf(reckoned) ?? 0;
      if (config.budget !== undefined && amount + underWay + more > config.budget) {
        throw new EngineError('budget-reached', { spent: amount.toFixed(4), budget: config.budget, currency });
      }
      underWay += more;
    },
    onAnswer: (reckoned, taken) => {
      underWay -= priceOf(reckoned) ?? 0;
      if (!taken) return;
      const { tokens, mediaTokens, images } = taken;
      ledger.add({ origin, model, tokens: tokens + mediaTokens, images, amount: priceOf(taken) });
    },
    onLink,
  });
}

/** With few requests a second, more under way would only be a queue that a question has to wait behind. */
function concurrencyFor({ requestsPerSecond = Infinity }: WireLimits, maxConcurrency: number): number {
  const enough = Math.min(CONCURRENCY, Math.max(2, Math.ceil(requestsPerSecond * 2)));
  return maxConcurrency > 0 ? Math.min(maxConcurrency, enough) : enough;
}

async function learnDimension(sender: RowSender, signal: AbortSignal): Promise<number> {
  const { rows } = await sender.send([PROBE_TEXT], 'query', 'dense', signal);
  const [row] = rows;
  if (row instanceof EngineError) throw row;
  if (!row?.dense) throw new EngineError('internal', { reason: 'a probe without a vector' });
  return row.dense.length;
}

class RemoteEmbedder implements Embedder {
  readonly space: EmbeddingSpace;
  readonly parts: Embedder['parts'];
  readonly runtime = undefined;
  readonly service: ServiceFacts;
  readonly multimodal: boolean;
  private readonly batcher: RowBatcher;
  private readonly queries = new Map<string, TextVector>();
  private meter: TextTokenizer | undefined;

  constructor(
    private readonly options: EmbedderOptions,
    private readonly connection: Connection,
    private readonly sender: RowSender,
    dimension: number,
  ) {
    const { model, prompt, provider, limits, pricePer1kTokens, mediaPricePer1kTokens: mediaPrice } = connection;
    const { indexOutput: output } = connection;
    this.service = { limits, pricePer1kTokens, ...(mediaPrice !== undefined && { mediaPricePer1kTokens: mediaPrice }) };
    this.multimodal = connection.multimodal;
    this.space = { provider, model, dimension, output, prompt, chunkerVersion: options.chunkerVersion };
    this.parts = [{ space: this.space, offset: 0 }];
    this.batcher = new RowBatcher(sender, output);
  }

  get preferredInFlight(): number {
    return this.sender.rows * (concurrencyFor(this.sender.limits, this.options.maxConcurrency) + 2);
  }

  async embedPart(_part: number, texts: readonly EmbedInput[], signal?: AbortSignal): Promise<PartResult> {
    const { dimension } = this.space;
    const vectors = new Float32Array(texts.length * dimension);
    const refused = new Map<number, EngineError>();
    const sparse: (SparseVector | undefined)[] = [];
    let tokens = 0;
    (await this.batcher.embed(texts, signal)).forEach(({ row, tokens: share }, i) => {
      tokens += share;
      if (row instanceof EngineError) refused.set(i, row);
      else if (row.dense) vectors.set(row.dense, i * dimension);
      if (!(row instanceof EngineError)) sparse[i] = row.sparse;
    });
    return {
      vectors,
      tokens,
      ...(refused.size > 0 && { refused }),
      ...(this.space.output === 'dense+sparse' && { sparse }),
    };
  }

  async embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    const { dense } = await this.query(text, signal);
    if (!dense) throw new EngineError('internal', { reason: 'a query without a vector' });
    return dense;
  }

  async sparseQuery(text: string, signal?: AbortSignal): Promise<SparseVector> {
    const { sparse } = await this.query(text, signal);
    return sparse ?? { indices: [], values: [] };
  }

  private async query(text: string, signal: AbortSignal | undefined): Promise<TextVector> {
    const known = this.queries.get(text);
    if (known) return known;
    const [row] = (await this.sender.send([text], 'query', this.space.output, signal)).rows;
    if (row instanceof EngineError) throw row;
    if (!row) throw new EngineError('internal', { reason: 'a query without a vector' });
    const [oldest] = this.queries.keys();
    if (this.queries.size >= REMEMBERED_QUERIES && oldest !== undefined) this.queries.delete(oldest);
    this.queries.set(text, row);
    return row;
  }

  async embedTexts(
    texts: readonly EmbedInput[],
    output: VectorOutput,
    signal?: AbortSignal,
  ): Promise<{ rows: readonly (TextVector | EngineError)[]; tokens: number }> {
    const { model, outputs } = this.connection;
    if (!outputs.includes(output)) throw new EngineError('not-supported', { model, feature: output });
    return this.sender.send(texts, 'document', output, signal);
  }

  exampleQuery(row: Float32Array): Float32Array {
    return row;
  }

  countTokens(text: string): number {
    this.meter ??= openChunkMeter(this.options.modelsFolder);
    return this.meter.count(text);
  }

  async close(): Promise<void> {
    this.sender.close();
    this.batcher.close();
    await this.connection.http.close();
  }
}
