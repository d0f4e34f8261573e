// One small rpc, used at both boundaries: host <-> engine over a child process's channel and webview <-> host over
// postMessage. Invariant: every request settles with a result, an error of a code, or `cancelled`. Cost: one message each way.
import { EngineError, toEngineError, type ErrorCode, type ErrorDetails } from '../engine/errors.ts';

/** `name -> { params; result }`. */
export type RequestMap = Record<string, { params: unknown; result: unknown }>;
/** `name -> payload`; an event carries a whole snapshot, never a difference. */
export type EventMap = Record<string, unknown>;

export type Handlers<R extends RequestMap> = {
  readonly [K in keyof R]: (params: R[K]['params'], signal: AbortSignal) => Answer<R[K]['result']>;
};

/** A request without a result may be answered by a function that returns nothing. */
type Answer<T> = [T] extends [undefined] ? unknown : T | Promise<T>;

/** Where messages come and go: structured-clone semantics, in order. */
export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

type Message =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };

/** Checks the params of a request from an untrusted side; returns why they are wrong, or undefined. */
export type ParamsCheck = (name: string, params: unknown) => string | undefined;

export interface RpcOptions<Serve extends RequestMap> {
  readonly channel: Channel;
  readonly handlers: Handlers<Serve>;
  readonly check?: ParamsCheck;
}

/**
 * One end of a connection. `Serve`: requests answered here; `Call`: requests answered there; `Emit`: events sent from
 * here; `Hear`: events that arrive.
 */
export class Rpc<Serve extends RequestMap, Call extends RequestMap, Emit extends EventMap, Hear extends EventMap> {
  private nextId = 1;
  private readonly calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly serving = new Map<number, AbortController>();
  private readonly listeners = new Map<keyof Hear, Set<(payload: never) => void>>();
  private closedBy: EngineError | undefined;

  constructor(private readonly options: RpcOptions<Serve>) {
    options.channel.onMessage((message) => {
      this.receive(message);
    });
  }

  /** The other side was asked something that it has not answered. */
  get isWaiting(): boolean {
    return this.calls.size > 0;
  }

  /** Calls the other side. Rejects with the other side's EngineError, `cancelled`, or the error given to `close`. */
  request<K extends keyof Call & string>(
    name: K,
    params: Call[K]['params'],
    signal?: AbortSignal,
  ): Promise<Call[K]['result']> {
    if (this.closedBy) return Promise.reject(this.closedBy);
    if (signal?.aborted) return Promise.reject(new EngineError('cancelled'));
    const id = this.nextId++;
    return new Promise<Call[K]['result']>((resolve, reject) => {
      const cancel = (): void => {
        this.calls.delete(id);
        this.post({ kind: 'cancel', id });
        reject(new EngineError('cancelled'));
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const done = (): void => signal?.removeEventListener('abort', cancel);
      this.calls.set(id, {
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.post({ kind: 'request', id, name, params });
    });
  }

  emit<K extends keyof Emit & string>(name: K, payload: Emit[K]): void {
    if (!this.closedBy) this.post({ kind: 'event', name, payload });
  }

  on<K extends keyof Hear>(name: K, listener: (payload: Hear[K]) => void): { dispose(): void } {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener);
    return { dispose: () => set.delete(listener) };
  }

  /** Settles all calls under way with `reason` and cancels what is served for the other side. */
  close(reason: EngineError): void {
    this.closedBy ??= reason;
    for (const call of this.calls.values()) call.reject(reason);
    this.calls.clear();
    for (const controller of this.serving.values()) controller.abort();
    this.serving.clear();
  }

  private post(message: Message): void {
    this.options.channel.post(message);
  }

  private receive(raw: unknown): void {
    if (!isMessage(raw) || this.closedBy) return;
    switch (raw.kind) {
      case 'request':
        void this.serve(raw.id, raw.name, raw.params);
        return;
      case 'cancel':
        this.serving.get(raw.id)?.abort();
        return;
      case 'event':
        for (const listener of this.listeners.get(raw.name) ?? []) listener(raw.payload as never);
        return;
      case 'result':
        this.calls.get(raw.id)?.resolve(raw.result);
        this.calls.delete(raw.id);
        return;
      case 'error':
        this.calls.get(raw.id)?.reject(new EngineError(raw.code, raw.details));
        this.calls.delete(raw.id);
    }
  }

  private async serve(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.serving.set(id, controller);
    try {
      const handler = Object.hasOwn(this.options.handlers, name) ? this.options.handlers[name] : undefined;
      if (!handler) throw new EngineError('bad-request', { request: name, reason: 'unknown request' });
      const wrong = this.options.check?.(name, params);
      if (wrong !== undefined) throw new EngineError('bad-request', { request: name, reason: wrong });
      const result: unknown = await Promise.resolve(handler(params, controller.signal));
      this.answer({ kind: 'result', id, result });
    } catch (error) {
      const { code, details } = toEngineError(error);
      this.answer({ kind: 'error', id, code, details });
    } finally {
      this.serving.delete(id);
    }
  }

  private answer(message: Message): void {
    if (!this.closedBy) this.post(message);
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'event') return 'name' in value && typeof value.name === 'string';
  if (!('id' in value) || typeof value.id !== 'number') return false;
  if (value.kind === 'request') return 'name' in value && typeof value.name === 'string';
  return value.kind === 'result' || value.kind === 'error' || value.kind === 'cancel';
}
