import assert from 'node:assert/strict';
import { EngineError } from '../../src/engine/errors.ts';
import type { Hit, SearchFilter } from '../../src/engine/model.ts';
import { SearchController } from '../../src/host/searchController.ts';
import type { Empty } from '../../src/host/similarFollower.ts';
import { NO_FILTER } from '../../src/protocol/viewApi.ts';
import { deferred } from './support/deferred.ts';
import { hit } from './support/hits.ts';

function start(answer: (query: string) => Promise<readonly Hit[] | Empty>) {
  const filters: SearchFilter[] = [];
  const search = new SearchController({
    find: (query, filter) => {
      filters.push(filter);
      return answer(query);
    },
    mode: () => 'hybrid',
    explain: () => 'a sentence',
    changed: () => undefined,
  });
  return { search, filters };
}

describe('the Search tab', () => {
  it('shows the hits of a query, with its path filter', async () => {
    const { search, filters } = start(() => Promise.resolve([hit('a')]));
    await search.search('  bad delivery ', { ...NO_FILTER, paths: './src' });
    assert.equal(search.view().query, 'bad delivery');
    assert.equal(search.view().hits.length, 1);
    assert.deepEqual(filters, [{ paths: ['src', 'src/**'] }]);
  });

  it('shows what words alone have found, and why no more', async () => {
    const search = new SearchController({
      find: () => Promise.resolve({ hits: [hit('a')], problem: 'no network' }),
      mode: () => 'hybrid',
      explain: () => 'a sentence',
      changed: () => undefined,
    });
    await search.search('x', NO_FILTER);
    assert.deepEqual([search.view().hits.length, search.view().problem, search.view().busy], [1, 'no network', false]);
  });

  it('forgets its hits for an empty query, and asks nothing', async () => {
    const { search, filters } = start(() => Promise.resolve([hit('a')]));
    await search.search('x', NO_FILTER);
    await search.search('  ', NO_FILTER);
    assert.deepEqual(search.view(), { query: '', filter: NO_FILTER, mode: 'hybrid', busy: false, hits: [], hidden: 0 });
    assert.equal(filters.length, 1);
  });

  it('never shows the answer to a query that was replaced', async () => {
    const slow = deferred<readonly Hit[]>();
    const { search } = start((query) => (query === 'slow' ? slow.promise : Promise.resolve([hit('fast')])));
    const first = search.search('slow', NO_FILTER);
    await search.search('fast', NO_FILTER);
    slow.resolve([hit('late')]);
    await first;
    assert.deepEqual(
      search.view().hits.map(({ path }) => path),
      ['fast'],
    );
  });

  it('is asked again only after the query under way was answered', async () => {
    const slow = deferred<readonly Hit[]>();
    const { search, filters } = start(() => slow.promise);
    const first = search.search('x', NO_FILTER);
    const again = search.refresh();
    slow.resolve([hit('a')]);
    await first;
    assert.equal(search.view().hits.length, 1, 'the answer that was awaited is there');
    await again;
    assert.equal(filters.length, 2);
  });

  it('says why there is nothing', async () => {
    const { search } = start((query) =>
      query === 'error'
        ? Promise.reject(new Error('x'))
        : Promise.resolve(query === 'none' ? [] : { empty: 'indexing' }),
    );
    await search.search('none', NO_FILTER);
    assert.equal(search.view().empty, 'no-hits');
    await search.search('early', NO_FILTER);
    assert.equal(search.view().empty, 'indexing');
    await search.search('error', NO_FILTER);
    assert.equal(search.view().problem, 'a sentence');
    assert.equal(search.view().empty, undefined);
  });

  it('keeps the hits shown when the budget lets the question not be asked again', async () => {
    let left = 1;
    const { search } = start(() =>
      left-- > 0 ? Promise.resolve([hit('a')]) : Promise.reject(new EngineError('budget-reached', {})),
    );
    await search.search('x', NO_FILTER);
    await search.refresh();
    assert.deepEqual([search.view().hits.length, search.view().problem, search.view().busy], [1, undefined, false]);
    await search.search('y', NO_FILTER);
    assert.deepEqual([search.view().hits.length, search.view().problem], [0, 'a sentence']);
  });

  it('hides hits until another question is asked', async () => {
    const { search } = start(() => Promise.resolve([hit('a'), hit('b')]));
    await search.search('x', NO_FILTER);
    search.hide(hit('a'));
    await search.refresh();
    assert.equal(search.view().hits.length, 1);
    assert.equal(search.view().hidden, 1);
    await search.search('y', NO_FILTER);
    assert.equal(search.view().hits.length, 2);
  });
});
