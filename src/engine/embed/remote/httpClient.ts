// Stage 3, remote: JSON over HTTPS by undici, through the editor's or the environment's proxy, with the system's certificates.
// Invariant: redirects are not followed (a key goes to the host that it was given for), answers are bounded, and an error
// names no header; what goes to this machine goes through no proxy. Cost: one dispatcher with keep-alive connections.
import { Readable } from 'node:stream';
import tls from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { EngineError, errnoOf } from '../../errors.ts';
import { RemoteFailure } from './remoteFailure.ts';

export interface HttpOptions {
  /** Overrides the environment's. */
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  readonly strictSsl: boolean;
  /** A request that takes longer counts as failed. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly retryAfter: string | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A list of buffers is sent one by one, with the length that the headers say. */
  readonly body?: string | Buffer | Iterable<Buffer>;
  /** Overrides the client's. */
  readonly timeoutMs?: number;
}

/** DashScope's own time-out is 300 s; embedding requests that take over a minute are lost. */
const TIMEOUT_MS = 60_000;
/** 10 rows of 2,560 numbers as text are half a megabyte; a job's result of 100,000 rows is larger. */
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;

export class HttpClient {
  private readonly direct: Dispatcher;
  private readonly proxied: Dispatcher;
  private readonly timeoutMs: number;

  /** Throws `bad-setting` for a proxy that is no address. */
  constructor(options: HttpOptions) {
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const connect = { rejectUnauthorized: options.strictSsl, ca: certificates(), timeout: 15_000 };
    const pool = { connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 };
    this.direct = new Agent(pool);
    this.proxied = proxiedBy(options, pool) ?? this.direct;
  }

  /** Any status is an answer. Throws {@link RemoteFailure} (`network`, `server` for a time-out), `cancelled`. */
  async send(
    { method, url, headers = {}, body, timeoutMs = this.timeoutMs }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    try {
      const answer = await request(url, {
        method,
        headers: { ...COMMON_HEADERS, ...headers },
        ...(body !== undefined && { body: streamed(body) }),
        dispatcher: this.dispatcherFor(url),
        signal: either,
      });
      const retryAfter = answer.headers['retry-after'];
      return {
        status: answer.statusCode,
        body: unzipped(await readBounded(answer.body), answer.headers['content-encoding']),
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      };
    } catch (error) {
      if (signal.aborted) throw new EngineError('cancelled');
      if (error instanceof RemoteFailure) throw error;
      if (timeout.aborted) throw new RemoteFailure({ kind: 'server', status: 0, reason: 'timeout' }, { cause: error });
      throw new RemoteFailure({ kind: 'network', status: 0, reason: networkReason(error) }, { cause: error });
    }
  }

  /**
   * GET of what is too large for memory: `consume` reads the body of an answer of status 200. Time is limited by silence, not as
   * a whole. Throws {@link RemoteFailure}, `cancelled`, and what `consume` throws.
   */
  async download<T>(
    url: string,
    consume: (body: AsyncIterable<Buffer>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | { readonly status: number }> {
    try {
      const answer = await request(url, {
        headers: COMMON_HEADERS,
        headersTimeout: this.timeoutMs,
        bodyTimeout: this.timeoutMs,
        dispatcher: this.dispatcherFor(url),
        signal,
      });
      if (answer.statusCode !== 200) {
        answer.body.destroy();
        return { status: answer.statusCode };
      }
      return await consume(answer.body);
    } catch (error) {
      if (signal.aborted) throw new EngineError('cancelled');
      if (error instanceof RemoteFailure || error instanceof EngineError) throw error;
      throw new RemoteFailure({ kind: 'network', status: 0, reason: networkReason(error) }, { cause: error });
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.direct.destroy(), ...(this.proxied === this.direct ? [] : [this.proxied.destroy()])]);
  }

  private dispatcherFor(url: string): Dispatcher {
    return isThisMachine(new URL(url).hostname) ? this.direct : this.proxied;
  }
}

function streamed(body: string | Buffer | Iterable<Buffer>): string | Buffer | Readable {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : Readable.from(body);
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new RemoteFailure({ kind: 'answer', status: 200, reason: 'the answer is too long' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Nothing is asked for compressed; what is all the same (a proxy's doing) is understood. */
const COMMON_HEADERS = { 'user-agent': 'vectorscope', 'accept-encoding': 'identity' };

function unzipped(body: Buffer, encoding: string | string[] | undefined): Buffer {
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_ANSWER_BYTES });
  } catch {
    return body; // says gzip and is none
  }
}

/** Undefined where no proxy is set, neither in the options nor in the environment. */
function proxiedBy({ proxy, noProxy }: HttpOptions, pool: Agent.Options): Dispatcher | undefined {
  const variable = (name: string): string | undefined => process.env[name] || process.env[name.toUpperCase()];
  const httpProxy = proxy ?? variable('http_proxy');
  const httpsProxy = proxy ?? variable('https_proxy') ?? httpProxy;
  if (httpsProxy === undefined) return undefined;
  const tlsOptions = pool.connect as object;
  try {
    return new EnvHttpProxyAgent({
      ...pool,
      requestTls: tlsOptions,
      proxyTls: tlsOptions,
      httpProxy: httpProxy === undefined ? '' : withScheme(httpProxy),
      httpsProxy: withScheme(httpsProxy),
      ...(noProxy && noProxy.length > 0 && { noProxy: noProxy.join(',') }),
    });
  } catch {
    // Neither the address nor the error is told: both may hold a password.
    throw new EngineError('bad-setting', { setting: 'http.proxy', value: 'no address', allowed: 'http://host:port' });
  }
}

/** As curl reads `host:port`. */
function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Its servers can't be reached through a proxy elsewhere, and what goes to them must not leave. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.[\d.]+$/.test(host);
}

/** Node's own certificates and, where this Node can read them (22.15), the system's: company proxies sign with theirs. */
function certificates(): string[] {
  const system = 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  return [...tls.rootCertificates, ...system];
}

/** The errno, also of the first of several addresses tried; never the message, which may hold the proxy's password. */
function networkReason(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = errnoOf(cause) ?? (cause instanceof AggregateError ? errnoOf(cause.errors[0]) : undefined);
    if (code !== undefined) return code;
  }
  return 'no connection';
}
