// The view's end of the rpc: VS Code's postMessage there, window messages back. Invariant: no message of the wrong shape
// gets past here.
import { Rpc } from '../protocol/rpc.ts';
import type { HostEvents, ViewEvents, ViewRequests, ViewSnapshot } from '../protocol/viewApi.ts';
import { VIEW_TABS } from './persisted.ts';

/** What VS Code gives a webview, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): unknown;
}

/** The view answers no requests. */
type NoRequests = Record<string, never>;

export type HostConnection = Rpc<NoRequests, ViewRequests, ViewEvents, HostEvents>;

export function connectHost(api: Pick<VsCodeApi, 'postMessage'>): HostConnection {
  return new Rpc<NoRequests, ViewRequests, ViewEvents, HostEvents>({
    channel: {
      post: (message) => {
        api.postMessage(message);
      },
      onMessage: (listener) => {
        window.addEventListener('message', (event) => {
          listener(event.data);
        });
      },
    },
    handlers: {},
  });
}

/** Whether a value can be shown as a snapshot: the parts that the page reaches into are there. */
export function isSnapshot(value: unknown): value is ViewSnapshot {
  return (
    isRecord(value) &&
    typeof value['revision'] === 'number' &&
    typeof value['modelLabel'] === 'string' &&
    Array.isArray(value['snippets']) &&
    isResultView(value['similar']) &&
    isResultView(value['search']) &&
    typeof value['search']['query'] === 'string'
  );
}

export function isReveal(value: unknown): value is HostEvents['reveal'] {
  if (!isRecord(value) || (value['files'] !== undefined && typeof value['files'] !== 'string')) return false;
  return VIEW_TABS.some((tab) => tab === value['tab']);
}

export function isStep(value: unknown): value is HostEvents['step'] {
  return isRecord(value) && (value['by'] === 1 || value['by'] === -1);
}

function isResultView(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && Array.isArray(value['hits']) && value['hits'].every(isHit);
}

function isHit(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    typeof value['text'] === 'string' &&
    typeof value['startLine'] === 'number' &&
    typeof value['endLine'] === 'number' &&
    typeof value['similarity'] === 'number' &&
    typeof value['percentile'] === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
