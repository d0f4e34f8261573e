// A plain HTTP server on 127.0.0.1 under the emulators: it reads whole requests, keeps a log of them and sends what it is told to,
// broken answers included.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Anything that tells the time in ms: `Date`, or a clock that a test turns. */
export interface Clock {
  now(): number;
}

/** One line of the log. It is there as soon as the request has been read; `status` follows with the answer. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON; fields of a form; otherwise the text. */
  body: unknown;
  /** Undefined while no answer has begun: for ever, where the request was left hanging or its connection was reset. */
  status: number | undefined;
  /** By the emulator's clock. */
  readonly atMs: number;
  /** Texts or contents of an embedding request, once it has been understood. */
  rows: number | undefined;
}

/** A request as a handler sees it. */
export interface Arrival {
  readonly seen: SeenRequest;
  readonly url: URL;
  readonly bytes: Buffer;
  /** True where the body was longer than the server reads; `bytes` is empty then. */
  readonly tooLarge: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Iterable<Buffer>;
}

/** `hang`: no answer until the client gives up; `reset`: the connection is torn down; `cut`: torn down in the middle of the body. */
export type Broken = { readonly broken: 'hang' | 'reset' } | { readonly broken: 'cut'; readonly reply: Reply };

export interface LoopbackOptions {
  readonly clock: Clock;
  /** 0 for a free one. */
  readonly port: number;
  /** Of a body, by the request's path. */
  readonly maxBytes: (path: string) => number;
  readonly latencyMs: number;
  /** The server's own address is known only once it listens. */
  readonly handle: (arrival: Arrival, serverUrl: string) => Promise<Reply | Broken>;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly requests: SeenRequest[];
  close(): Promise<void>;
}

export async function startLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const requests: SeenRequest[] = [];
  const closing = new AbortController();
  let url = '';

  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { bytes, tooLarge } = await readBody(request, options.maxBytes(request.url ?? ''));
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: plainHeaders(request.headers),
      body: parsedBody(bytes),
      status: undefined,
      atMs: options.clock.now(),
      rows: undefined,
    };
    requests.push(seen);
    const reply = await options.handle({ seen, url: new URL(seen.path, url), bytes, tooLarge }, url);
    if (options.latencyMs > 0) await delay(options.latencyMs, undefined, { signal: closing.signal });
    send(seen, reply, response);
  };

  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (closing.signal.aborted || response.destroyed) return;
      // A mistake of the emulator itself: loud, and not to be taken for a fault that a test asked for.
      response.writeHead(599, { 'content-type': 'text/plain' });
      response.end(`The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections(); // also those that hang
      }),
  };
}

function send(seen: SeenRequest, reply: Reply | Broken, response: http.ServerResponse): void {
  if ('broken' in reply && reply.broken !== 'cut') {
    if (reply.broken === 'reset') response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = 'broken' in reply ? reply.reply : reply;
  seen.status = status;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    response.writeHead(status, headers);
    Readable.from(body).pipe(response);
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers, 'content-length': bytes.length });
  if ('broken' in reply) {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.resetAndDestroy());
    return;
  }
  response.end(bytes);
}

async function readBody(
  request: http.IncomingMessage,
  maxBytes: number,
): Promise<{ bytes: Buffer; tooLarge: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
  }
  return length <= maxBytes
    ? { bytes: Buffer.concat(parts), tooLarge: false }
    : { bytes: Buffer.alloc(0), tooLarge: true };
}

function plainHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function parsedBody(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What a JSON body has under a name; undefined where it is no object. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Record<string, unknown>)[name];
}
