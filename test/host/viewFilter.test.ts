import assert from 'node:assert/strict';
import { toSearchFilter } from '../../src/host/viewFilter.ts';
import { WorkspaceSearchMode } from '../../src/host/searchMode.ts';
import { KIND_GROUPS, NO_FILTER, type ViewFilter } from '../../src/protocol/viewApi.ts';
import { CHUNK_KINDS, type SearchMode } from '../../src/engine/model.ts';

const NOW = new Date(2026, 2, 3, 14, 30);

describe('the filter of a tab', () => {
  const since = (value: ViewFilter['since']): Date =>
    new Date(toSearchFilter({ ...NO_FILTER, since: value }, NOW).modifiedSinceMs!);

  it('asks for nothing that was not chosen', () => {
    assert.deepEqual(toSearchFilter(NO_FILTER, NOW), { paths: [] });
  });

  it('is paths, a language and kinds', () => {
    assert.deepEqual(toSearchFilter({ ...NO_FILTER, paths: './src', languageId: 'go', kind: 'functions' }, NOW), {
      paths: ['src', 'src/**'],
      languageIds: ['go'],
      kinds: ['function', 'method'],
    });
  });

  it('begins today at midnight here, and else days ago at this hour', () => {
    assert.deepEqual(since('today'), new Date(2026, 2, 3));
    assert.deepEqual(since('week'), new Date(2026, 1, 24, 14, 30));
    assert.deepEqual(since('month'), new Date(2026, 1, 1, 14, 30));
    assert.deepEqual(since('year'), new Date(2025, 2, 3, 14, 30));
  });

  it('has every kind of chunk in one group', () => {
    const kinds = KIND_GROUPS.flatMap((kind) => toSearchFilter({ ...NO_FILTER, kind }, NOW).kinds ?? []);
    assert.deepEqual([...kinds].sort(), [...CHUNK_KINDS].sort());
  });
});

describe('what a search compares', () => {
  it('is the setting until the tab chooses, and again when it chooses what the setting says', async () => {
    const kept = new Map<string, unknown>();
    const memento = {
      get: (key: string): unknown => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    let setting: SearchMode = 'hybrid';
    let hasModel = true;
    const mode = new WorkspaceSearchMode(
      memento as ConstructorParameters<typeof WorkspaceSearchMode>[0],
      () => setting,
      () => hasModel,
    );
    assert.equal(mode.current, 'hybrid');
    await mode.choose('keyword');
    setting = 'semantic';
    assert.equal(mode.current, 'keyword');
    await mode.choose('semantic');
    setting = 'hybrid';
    assert.equal(mode.current, 'hybrid');
    kept.set('searchMode', 'magic');
    assert.equal(mode.current, 'hybrid');
    hasModel = false; // vectors of a table
    assert.equal(mode.current, 'keyword');
  });
});
