// A host for the page under test: answers `ready`, writes down what the page sends, plays back what a test says.
import type { ViewSnapshot, ViewStrings } from '../../src/protocol/viewApi.ts';

export interface FakeHostSetup {
  readonly snapshot: ViewSnapshot;
  readonly strings: ViewStrings;
  readonly language: string;
  /** What setState had kept. */
  readonly stored?: unknown;
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
  window.acquireVsCodeApi = () => ({
    postMessage(message: SentRequest) {
      host.sent.push(message);
      if (message.kind !== 'request') return;
      const result = message.name === 'ready' ? { snapshot, strings, language } : undefined;
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
