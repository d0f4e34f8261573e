import assert from 'node:assert/strict';
import { NO_FILTER } from '../../src/protocol/viewApi.ts';
import { checkViewRequest } from '../../src/host/sidebar/checkViewRequest.ts';

const place = { path: 'src/a.ts', startLine: 1, endLine: 9 };
const GOOD: readonly (readonly [string, unknown])[] = [
  ['ready', { tab: 'similar' }],
  ['showTab', { tab: 'search' }],
  ['search', { query: '', filter: NO_FILTER }],
  ['search', { query: 'x', filter: { paths: '*.ts', languageId: 'typescript', kind: 'rows', since: 'week' } }],
  ['setSearchMode', { mode: 'keyword' }],
  ['filterSimilar', { filter: NO_FILTER }],
  ['open', { place, mode: 'side' }],
  ['open', { place: { ...place, text: 'more than is asked for' }, mode: 'preview' }],
  ['compare', { place }],
  ['copyLink', { place }],
  ['moreLikeThis', { place }],
  ['hide', { place }],
  ['unhideAll', undefined],
  ['pin', { pinned: true }],
  ['back', undefined],
  ['showSnippet', { path: 'snippet:a' }],
  ['removeSnippet', { path: 'snippet:a' }],
  ['command', { command: 'embedWorkspace' }],
  ['dismissNotice', undefined],
  ['setSimilarMode', { mode: 'next' }],
  ['compare', { place, other: place, similarity: 1.000001 }],
  ['clusters', { of: 'documents', granularity: 1 }],
  ['clusterMembers', { of: 'chunks', offset: 0, count: 100 }],
  ['duplicates', { path: 'src/a.ts', ignored: true }],
  ['ignoreDuplicates', { ids: ['a'], ignored: false }],
  ['copyLinks', { places: [place, place] }],
  ['map', { of: 'documents' }],
];
const BAD: readonly (readonly [string, unknown])[] = [
  ['copyLinks', { places: [place, { path: '' }] }],
  ['copyLinks', { places: new Array(5_001).fill(place) }],
  ['map', { of: 'words' }],
  ['ready', undefined],
  ['ready', { tab: 'poem' }],
  ['search', { query: 7, filter: NO_FILTER }],
  ['search', { query: 'x' }],
  ['search', { query: 'x', filter: { ...NO_FILTER, kind: 'poem' } }],
  ['search', { query: 'x', filter: { ...NO_FILTER, since: 7 } }],
  ['search', { query: 'x', filter: { ...NO_FILTER, languageId: 'x'.repeat(101) } }],
  ['setSearchMode', { mode: 'magic' }],
  ['filterSimilar', {}],
  ['search', { query: 'x'.repeat(10_001), filter: NO_FILTER }],
  ['search', null],
  ['open', { place, mode: 'delete' }],
  ['open', { place: { ...place, startLine: 'one' }, mode: 'open' }],
  ['open', { place: { ...place, endLine: Number.NaN }, mode: 'open' }],
  ['open', { place: { ...place, startLine: -1 }, mode: 'open' }],
  ['open', { place: { ...place, path: '' }, mode: 'open' }],
  ['open', { mode: 'open' }],
  ['pin', { pinned: 'yes' }],
  ['setSimilarMode', { mode: 'poem' }],
  ['compare', { place, other: { path: 'src/b.ts' } }],
  ['compare', { place, other: place, similarity: 9 }],
  ['clusters', { of: 'poems' }],
  ['clusterMembers', { of: 'chunks', offset: 0, count: 100_000 }],
  ['duplicates', { minSimilarity: 2 }],
  ['ignoreDuplicates', { ids: [7], ignored: true }],
  ['back', { to: 'the start' }],
  ['command', { command: 'workbench.action.quit' }],
  ['command', { command: 'toString' }],
  ['toString', undefined],
  ['__proto__', undefined],
  ['eraseDisk', undefined],
];

describe('requests of the sidebar', () => {
  for (const [name, params] of GOOD) {
    it(`pass when well formed: ${name}`, () => assert.equal(checkViewRequest(name, params), undefined));
  }
  for (const [name, params] of BAD) {
    it(`are refused: ${name} ${(JSON.stringify(params) as string | undefined)?.slice(0, 60) ?? ''}`, () => {
      assert.equal(typeof checkViewRequest(name, params), 'string');
    });
  }
});
