// A host for the page under test: answers `ready`, writes down what the page sends, plays back what a test says.
import type { CoverageQuery } from '../../src/protocol/engineApi.ts';
import type { CoverageRow, CoverageView, ViewSnapshot, ViewStrings } from '../../src/protocol/viewApi.ts';

export interface FakeHostSetup {
  readonly snapshot: ViewSnapshot;
  readonly strings: ViewStrings;
  readonly language: string;
  /** What setState had kept. */
  readonly stored?: unknown;
  /** The ledger's lines, in the host's order. */
  readonly files: readonly CoverageRow[];
  readonly variables: Readonly<Record<string, string>>;
  /** Answers about the whole index, by request.  */
  readonly answers: Readonly<Record<string, unknown>>;
}

export interface SentRequest {
  readonly kind: string;
  readonly id: number;
  readonly name: string;
  readonly params: unknown;
}

export interface FakeHost {
  readonly sent: SentRequest[];
  readonly violations: string[];
  stored: unknown;
  /** Requests of these names are not answered before {@link release}. */
  readonly held: Set<string>;
  release(name: string): void;
  answers: Record<string, unknown>;
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi: unknown;
  }
}

/** Runs in the page before its script. Uses nothing from outside itself, because it travels as text. */
export function installFakeHost(setup: FakeHostSetup): void {
  const place = location.search; // a page shows one host after the other
  const kept = sessionStorage.getItem(place);
  const waiting: SentRequest[] = [];
  const host: FakeHost = {
    sent: [],
    violations: [],
    held: new Set(),
    answers: { ...setup.answers },
    release(name) {
      host.held.delete(name);
      for (const message of waiting.splice(0)) answer(message);
    },
    stored: kept === null ? setup.stored : (JSON.parse(kept) as unknown),
  };
  window.fakeHost = host;
  document.addEventListener('securitypolicyviolation', (event) => {
    host.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  document.addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(setup.variables))
      document.documentElement.style.setProperty(name, value);
  });
  const { snapshot, strings, language } = setup;
  /** As the host and the engine answer together. */
  const coverage = ({ state, reason, text = '', offset, count }: CoverageQuery): CoverageView => {
    const counts = { indexed: 0, excluded: 0, skipped: 0, failed: 0 };
    const reasons: Record<string, { reason: never; state: CoverageRow['state']; label: string; count: number }> = {};
    for (const row of setup.files) {
      counts[row.state]++;
      if (row.reason === undefined) continue;
      const label = row.sentence.replace(/ \(.*/, '');
      (reasons[row.reason] ??= { reason: row.reason as never, state: row.state, label, count: 0 }).count++;
    }
    const matching = setup.files.filter(
      (row) =>
        (state === undefined || row.state === state) &&
        (reason === undefined || row.reason === reason) &&
        row.path.toLowerCase().includes(text.toLowerCase()),
    );
    return {
      counts,
      reasons: Object.values(reasons),
      total: matching.length,
      rows: matching.slice(offset, offset + count),
    };
  };
  /** One page of a cluster's members. */
  const pageOf = (all: unknown, params: { offset: number; count: number }): unknown =>
    (all as unknown[]).slice(params.offset, params.offset + params.count);
  /** Numbers come as text, and leave as the engine sends them. */
  const asMap = (map: Record<string, unknown>): unknown => {
    const columns = Object.entries(map).map(([key, value]) => {
      if (/^(?:x|y|outlierScore)$/.test(key)) return [key, Float32Array.from(value as number[])];
      if (/^(?:pathOf|startLine|endLine|clusterOf)$/.test(key)) return [key, Int32Array.from(value as number[])];
      return [key, value];
    });
    return Object.fromEntries(columns) as unknown;
  };
  const analysis = ({ name, params }: SentRequest): unknown => {
    const known = host.answers[name];
    if (name === 'map' && known) return asMap(known as Record<string, unknown>);
    if (name === 'snippetAt' && known) return { ...(params as object), ...known };
    if (name !== 'clusterMembers') return known;
    return pageOf((known as Record<string, unknown>)[(params as { id?: string }).id ?? ''] ?? [], params as never);
  };
  const answer = (message: SentRequest): void => {
    const result =
      message.name === 'ready'
        ? { snapshot, strings, language }
        : message.name === 'coverage'
          ? coverage(message.params as CoverageQuery)
          : analysis(message);
    const failure = result as { error?: unknown } | undefined;
    if (failure?.error) window.postMessage({ kind: 'error', id: message.id, ...failure.error }, '*');
    else window.postMessage({ kind: 'result', id: message.id, result }, '*');
  };
  window.acquireVsCodeApi = () => ({
    postMessage(message: SentRequest) {
      host.sent.push(message);
      if (message.kind !== 'request') return;
      if (host.held.has(message.name)) waiting.push(message);
      else answer(message);
    },
    getState: () => host.stored,
    setState(state: unknown) {
      host.stored = state;
      sessionStorage.setItem(place, JSON.stringify(state));
      return state;
    },
  });
}
