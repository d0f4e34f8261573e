// What the sessions of a remote configuration share: the spend ledger, the dimensions that services told, the state of the link.
import path from 'node:path';
import type { EngineConfig, RemoteStatus } from '../protocol/engineApi.ts';
import { openDimensionMemory } from './dimensionMemory.ts';
import type { RemoteOptions } from './embed/embedder.ts';
import { SpendLedger } from './embed/spendLedger.ts';
import type { RemoteConfig } from './model.ts';

export interface RemoteContext {
  readonly options: RemoteOptions;
  status(): RemoteStatus;
  /** What is under way ends soon, with `cancelled`. */
  giveUp(): void;
  close(): Promise<void>;
}

/** `changed`: the link or the spending did. */
export async function openRemoteContext(
  config: EngineConfig,
  remote: RemoteConfig,
  changed: () => void,
): Promise<RemoteContext> {
  const ledger = await openLedger(config);
  const dimensions = await openDimensionMemory(config.storageFolder);
  const abort = new AbortController();
  let link: RemoteStatus['link'] = 'ok';
  return {
    options: {
      config: remote,
      network: config.network ?? { strictSsl: true },
      ledger,
      dimensions,
      onLink(now) {
        link = now;
        changed();
      },
      givenUp: abort.signal,
    },
    status: () => ({
      provider: remote.provider,
      origin: originOf(remote.baseUrl),
      link,
      consent: remote.consent,
      spend: ledger.spentHere,
      ...(remote.budget !== undefined && { budget: remote.budget }),
    }),
    giveUp: () => abort.abort(),
    close: () => ledger.flush(),
  };
}

export function openLedger({ spendFolder, storageFolder, workspaceName }: EngineConfig): Promise<SpendLedger> {
  return SpendLedger.open(spendFolder ?? path.join(storageFolder, 'spending'), workspaceName ?? storageFolder);
}

/** As far as it is a URL: opening the session says what is wrong with it. */
function originOf(baseUrl: string): string {
  try {
    return new URL(baseUrl).origin;
  } catch {
    return baseUrl;
  }
}
