import assert from 'node:assert/strict';
import { NO_FILTER, type SimilarTarget } from '../../src/protocol/viewApi.ts';
import { dedented } from '../../src/webview/dedent.ts';
import { hitKeys } from '../../src/webview/hitKeys.ts';
import { fromStored, toStored } from '../../src/webview/persisted.ts';
import { initialState, reduce, type ViewState } from '../../src/webview/state.ts';
import { createWords } from '../../src/webview/words.ts';
import { HITS, snapshotOf, TARGET } from './samples.ts';
import { STRINGS } from './viewStrings.ts';

const KEYS = hitKeys(HITS);
const fresh = (stored?: unknown): ViewState => initialState(snapshotOf(), fromStored(stored));
const selected = (key: string | undefined): ViewState =>
  reduce(fresh(), { type: 'select', tab: 'similar', key: key ?? '' });

describe('the state of the page', () => {
  it('keeps the selected row by its place when the results change', () => {
    const hits = [...HITS].reverse();
    const after = reduce(selected(KEYS[1]), {
      type: 'snapshot',
      snapshot: snapshotOf({ revision: 2, similar: { hits } }),
    });
    assert.equal(after.selected.similar, KEYS[1]);
  });

  it('selects the row that took the place of one that is gone, or the last one', () => {
    const without = (i: number) => ({ revision: 2, similar: { hits: HITS.filter((_, j) => j !== i) } });
    const middle = reduce(selected(KEYS[1]), { type: 'snapshot', snapshot: snapshotOf(without(1)) });
    assert.equal(middle.selected.similar, KEYS[2]);
    const last = reduce(selected(KEYS.at(-1)), { type: 'snapshot', snapshot: snapshotOf(without(KEYS.length - 1)) });
    assert.equal(last.selected.similar, KEYS.at(-2));
  });

  it('starts at the top for another target', () => {
    const target: SimilarTarget = { ...TARGET, startLine: 90 };
    const before = reduce(selected(KEYS[1]), { type: 'scroll', tab: 'similar', top: 120 });
    const after = reduce(before, { type: 'snapshot', snapshot: snapshotOf({ revision: 2, similar: { target } }) });
    assert.equal(after.selected.similar, undefined);
    assert.equal(after.scrollTop.similar, 0);
  });

  it('ignores a snapshot that is older than the one shown', () => {
    const newer = reduce(fresh(), { type: 'snapshot', snapshot: snapshotOf({ revision: 7, modelLabel: 'new' }) });
    assert.equal(reduce(newer, { type: 'snapshot', snapshot: snapshotOf({ revision: 6 }) }), newer);
  });

  it('takes a query that began in the host into the box', () => {
    const filter = { ...NO_FILTER, paths: 'data/**' };
    const search = { query: 'bad delivery', filter };
    const after = reduce(fresh(), { type: 'snapshot', snapshot: snapshotOf({ revision: 2, search }) });
    assert.deepEqual([after.query, after.filters.search], ['bad delivery', filter]);
  });

  it('does not take newer letters away when the host repeats what was typed before', () => {
    const typed = reduce(fresh(), { type: 'type', query: 'bad deliv' });
    const after = reduce(typed, { type: 'snapshot', snapshot: snapshotOf({ revision: 2, search: { query: 'bad' } }) });
    assert.equal(after.query, 'bad deliv');
  });

  it('remembers ten queries, newest first, without prefixes of the newest and without doubles', () => {
    let state = fresh();
    for (const query of ['a1', 'bad', 'bad delivery', 'a1', ...Array.from({ length: 9 }, (_, i) => `q${i}`), ' ']) {
      state = reduce(reduce(state, { type: 'type', query }), { type: 'remember' });
    }
    assert.deepEqual(state.recent, ['q8', 'q7', 'q6', 'q5', 'q4', 'q3', 'q2', 'q1', 'q0', 'a1']);
    const two = fresh({ recent: ['bad'], query: 'bad delivery' });
    assert.deepEqual(reduce(two, { type: 'remember' }).recent, ['bad delivery']);
  });

  it('shows a problem again only when it is another one', () => {
    const broken = initialState(snapshotOf({ problem: 'full disk' }), fromStored(undefined));
    const dismissed = reduce(broken, { type: 'dismissProblem' });
    const same = reduce(dismissed, { type: 'snapshot', snapshot: snapshotOf({ revision: 2, problem: 'full disk' }) });
    assert.equal(same.dismissedProblem, 'full disk');
    const other = reduce(same, { type: 'snapshot', snapshot: snapshotOf({ revision: 3, problem: 'no model' }) });
    assert.equal(other.dismissedProblem, undefined);
  });

  it('expands and collapses rows and remembers the newest two hundred', () => {
    const keys = Array.from({ length: 250 }, (_, i) => `k${i}`);
    const expanded = reduce(fresh(), { type: 'expand', keys, expanded: true });
    assert.equal(expanded.expanded.size, 200);
    assert(expanded.expanded.has('k249') && !expanded.expanded.has('k0'));
    assert.equal(reduce(expanded, { type: 'expand', keys, expanded: false }).expanded.size, 0);
  });
});

describe('what outlives the page', () => {
  it('comes back as it was kept', () => {
    const stored = {
      tab: 'search',
      query: '线程池',
      filters: {
        similar: { ...NO_FILTER, kind: 'rows' },
        search: { paths: 'src/**', languageId: 'go', kind: '', since: 'week' },
      },
      filtersOpen: { similar: true, search: false },
      recent: ['缓存'],
      expanded: ['a.ts:1-2'],
      scrollTop: { similar: 3, search: 40 },
      files: { text: '.log', state: 'excluded', reason: 'gitignore' },
      analysis: {
        clusters: { of: 'documents', granularity: 0.5 },
        outliers: 'documents',
        duplicates: { tier: 'near', minSimilarity: 0.9, thisFile: true, ignored: true },
      },
      map: { of: 'documents', colour: 'folder', camera: { x: 0.25, y: -0.5, zoom: 7 } },
    };
    assert.deepEqual(toStored(fromStored(stored)), stored);
  });

  const wrong: readonly unknown[] = [undefined, null, 'x', 7, [], { tab: 'poem', query: 3, filters: { search: { kind: 'poem', since: 1, paths: [] } }, filtersOpen: { search: 'yes' }, recent: 'a', expanded: [1], scrollTop: { search: -1, similar: '9' }, files: { text: 1, state: 'lost' }, analysis: { clusters: { granularity: 3 }, outliers: 'all', duplicates: 1 }, map: { of: 7, colour: 'red', camera: { x: 0, y: 'up', zoom: 1 } } }]; // prettier-ignore
  for (const value of wrong) {
    it(`takes its defaults for ${JSON.stringify(value)}`, () => {
      assert.deepEqual(toStored(fromStored(value)), {
        tab: 'similar',
        query: '',
        filters: { similar: NO_FILTER, search: NO_FILTER },
        filtersOpen: { similar: false, search: false },
        recent: [],
        expanded: [],
        scrollTop: { similar: 0, search: 0 },
        files: { text: '' },
        analysis: { clusters: { of: 'chunks' }, outliers: 'chunks', duplicates: { thisFile: false, ignored: false } },
        map: { of: 'chunks', colour: 'cluster', camera: { x: 0, y: 0, zoom: 1 } },
      });
    });
  }
});

describe('keys of rows', () => {
  it('tell apart hits at one place', () => {
    const hit = { path: 'a.csv', startLine: 1, endLine: 1, text: '' };
    assert.deepEqual(hitKeys([hit, hit, { ...hit, endLine: 2 }]), ['a.csv:1-1', 'a.csv:1-1#1', 'a.csv:1-2']);
  });
});

describe('words', () => {
  const words = createWords(STRINGS.en, 'en');
  it('formats numbers and time', () => {
    assert.equal(words.similarity(0.8), '0.80');
    assert.deepEqual(
      [-0.004, -0, -0.006].map((value) => words.similarity(value)),
      ['0.00', '0.00', '-0.01'],
    );
    assert.deepEqual(
      [99.97, 100, 99.1, 0].map((value) => words.percentile(value)),
      ['99.9%', '99.9%', '99.1%', '0%'],
    );
    assert.equal(words.percent(100), '100%');
    assert.equal(words.results(1), '1 result');
    assert.equal(words.results(1204), '1,204 results');
    const times: readonly (readonly [number, string])[] = [[0, '5 s left'], [61, '65 s left'], [91, '2 min left'], [187, '4 min left'], [5400, '1.5 h left']]; // prettier-ignore
    for (const [seconds, text] of times) assert.equal(words.timeLeft(seconds), text);
  });
  it('fills in every value once, also when a value looks like a placeholder', () => {
    assert.equal(words.t('progress.embedding', '{1}', '$&'), 'Embedding {1} / $& documents');
  });
  it('gets along with a language that is no BCP 47 tag', () => {
    assert.equal(createWords(STRINGS.en, 'qps_ploc!').count(3), '3');
  });
});

describe('the indentation of a preview', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['is taken away where all lines share it', '    a\n      b\n\n    c', 'a\n  b\n\nc'],
    [
      'of a node that starts behind it is found by its closing bracket',
      'get() {\n    return 1;\n  }',
      'get() {\n  return 1;\n}',
    ],
    ['stays where nothing tells how far it was', 'def f():\n    return 1', 'def f():\n    return 1'],
    ['counts tabs too', '\tif a {\n\t\tb\n\t}', 'if a {\n\tb\n}'],
    ['goes together with blank lines around the text', '\n  \r\n  a\r\n  b\n\n', 'a\nb'],
    ['of nothing is nothing', '  \n ', ''],
  ];
  for (const [name, text, wanted] of table) it(name, () => assert.equal(dedented(text), wanted));
});
