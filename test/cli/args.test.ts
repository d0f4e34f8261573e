import assert from 'node:assert/strict';
import { parseCommandLine, UsageError, type Arguments } from '../../src/cli/args.ts';

const NOW = new Date(2026, 10, 27, 12, 0);
const filterOf = (...more: string[]): Arguments['filter'] =>
  (parseCommandLine(['search', 'folder', 'query', ...more], NOW) as Arguments).filter;

describe('filters on the command line', () => {
  it('are paths, languages, kinds and a time, each as often as wanted', () => {
    assert.deepEqual(filterOf(), { paths: [], languageIds: [], kinds: [] });
    assert.deepEqual(
      filterOf('--path', 'src', '--path', '!test', '--language', 'go', '--language', 'c', '--kind', 'row', '--kind', 'class'), // prettier-ignore
      { paths: ['src', '!test'], languageIds: ['go', 'c'], kinds: ['row', 'class'] },
    );
  });

  const hours = (count: number): number => NOW.getTime() - count * 3_600_000;
  const TIMES: readonly (readonly [text: string, ms: number])[] = [
    ['12h', hours(12)],
    ['7d', hours(7 * 24)],
    ['2w', hours(14 * 24)],
    ['2026-11-01', new Date(2026, 10, 1).getTime()],
    ['2024-02-29', new Date(2024, 1, 29).getTime()],
  ];
  for (const [text, ms] of TIMES) {
    it(`read --modified-since ${text}`, () => assert.equal(filterOf('--modified-since', text).modifiedSinceMs, ms));
  }

  for (const text of ['', '7', '7y', 'yesterday', '2026-02-30', '2026-13-01', '2026-11-1', '-7d']) {
    it(`refuse --modified-since=${text}`, () => assert.throws(() => filterOf(`--modified-since=${text}`), UsageError));
  }

  it('refuse a kind that is none, and go with search and similar alone', () => {
    assert.throws(() => filterOf('--kind', 'poem'), UsageError);
    assert.throws(() => parseCommandLine(['index', 'folder', '--kind', 'row']), UsageError);
    assert.notEqual(parseCommandLine(['similar', 'folder', 'a.ts', '--kind', 'row']), 'help');
  });
});
