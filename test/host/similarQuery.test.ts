import assert from 'node:assert/strict';
import type { EngineProcess } from '../../src/host/engineProcess.ts';
import { findSimilar } from '../../src/host/similarQuery.ts';
import type { World } from '../../src/host/world.ts';
import { hit, target } from './support/hits.ts';
import { plainL10n } from './support/plainL10n.ts';

const WORLD: World = { hasFolder: true, virtual: false, trusted: true, optedIn: true, hasSnippets: false, engineState: 'running' }; // prettier-ignore
const cover = { items: 3, coverage: { indexed: 3, excluded: 0, skipped: 1, failed: 0 }, revision: 7 };

describe('what a target is compared with', () => {
  const find = (next: boolean, hits = [hit('b')]) => {
    const answers: Readonly<Record<string, unknown>> = {
      recommend: { hits, cover, of: 'documents' },
      similar: { hits },
    };
    const engine = { request: (name: string) => Promise.resolve(answers[name]) } as Pick<EngineProcess, 'request'>;
    const asked = { ...target('a'), checkRules: false, ...(next && { next }) };
    return findSimilar({ engine, world: () => WORLD, l10n: plainL10n }, asked, 20, {}, new AbortController().signal);
  };

  it('to read next comes with how much of the workspace that is; what is similar is hits alone', async () => {
    assert.deepEqual(await find(true), { hits: [hit('b')], cover });
    assert.deepEqual(await find(false), [hit('b')]);
  });

  it('where nothing is found, is the reason', async () => {
    for (const next of [true, false]) assert.deepEqual(await find(next, []), { empty: 'not-indexed' });
  });
});
