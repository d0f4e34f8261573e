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
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi: unknown;
  }
}

/** Runs in the page before its script. Uses nothing from outside itself, because it travels as text. */
export function installFakeHost(setup: FakeHostSetup): void {
  const kept = sessionStorage.getItem('stored');
  const host: FakeHost = {
    sent: [],
    violations: [],
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
  window.acquireVsCodeApi = () => ({
    postMessage(message: SentRequest) {
      host.sent.push(message);
      if (message.kind !== 'request') return;
      const result =
        message.name === 'ready'
          ? { snapshot, strings, language }
          : message.name === 'coverage'
            ? coverage(message.params as CoverageQuery)
            : undefined;
      window.postMessage({ kind: 'result', id: message.id, result }, '*');
    },
    getState: () => host.stored,
    setState(state: unknown) {
      host.stored = state;
      sessionStorage.setItem('stored', JSON.stringify(state));
      return state;
    },
  });
}
