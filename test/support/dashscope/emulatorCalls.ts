// Requests to the emulators with plain fetch, for their own tests: the product's client is not what is tested here.
import type { DashScopeEmulator } from './startDashScope.ts';

export const NATIVE_PATH = '/api/v1/services/embeddings/text-embedding/text-embedding';
export const COMPATIBLE_PATH = '/compatible-mode/v1/embeddings';
export const MULTIMODAL_PATH = '/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding';

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** The JSON, untyped on purpose: assertions go anywhere into it. Undefined where the body is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
  readonly headers: Headers;
}

export async function call(url: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, text, json: parse(text), headers: response.headers };
}

/** POSTs JSON with a key and further headers. */
export function post(
  url: string,
  key: string | undefined,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal: AbortSignal | null = null,
): Promise<Answered> {
  const auth = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const all = { 'content-type': 'application/json', ...auth, ...headers };
  return call(url, {
    method: 'POST',
    headers: all,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal,
  });
}

export const native = (
  emulator: DashScopeEmulator,
  model: string,
  texts: unknown,
  parameters?: unknown,
): Promise<Answered> =>
  post(`${emulator.url}${NATIVE_PATH}`, emulator.key, {
    model,
    input: { texts },
    ...(parameters !== undefined && { parameters }),
  });

export const compatible = (emulator: DashScopeEmulator, body: unknown): Promise<Answered> =>
  post(`${emulator.url}${COMPATIBLE_PATH}`, emulator.key, body);

export const multimodal = (
  emulator: DashScopeEmulator,
  model: string,
  contents: unknown,
  parameters: unknown = {},
): Promise<Answered> =>
  post(`${emulator.url}${MULTIMODAL_PATH}`, emulator.key, { model, input: { contents }, parameters });

export const get = (emulator: DashScopeEmulator, path: string): Promise<Answered> =>
  call(`${emulator.url}${path}`, { headers: { authorization: `Bearer ${emulator.key}` } });

export const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `row ${i}`);

export function cosine(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, each, i) => sum + each * b[i]!, 0);
  return product / (Math.hypot(...a) * Math.hypot(...b));
}

/** A clock that a test turns. */
export class TestClock {
  constructor(private ms = Date.UTC(2025, 0, 1, 2)) {}

  now(): number {
    return this.ms;
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
