import assert from 'node:assert/strict';
import { labelClusters } from '../../../../src/engine/analysis/labels/labelClusters.ts';
import { countTerms } from '../../../../src/engine/analysis/labels/termCounts.ts';
import { termsOf } from '../../../../src/engine/analysis/labels/termsOf.ts';

const GROUPS = [
  ['Bake the sourdough bread in a hot oven', 'Knead the dough, then bake the bread', 'Bread needs an oven and dough'],
  [
    'function parseConfig(file) { return readConfigFile(file) }',
    'class ConfigParser { parse() {} }',
    'const config = parser.parse()',
  ],
  ['线程池的缓存配置需要读取文件', '缓存失效时线程池会重新读取', '线程池读取缓存'],
];

function labels(groups: readonly (readonly string[])[]): string[] {
  const texts = groups.flat();
  const groupOf = Int32Array.from(groups.flatMap((group, g) => group.map(() => g)));
  const counts = countTerms({ texts, groupOf, groups: groups.length }, () => undefined);
  const clusterOf = Int32Array.from(groups.keys());
  return labelClusters(counts, clusterOf, groups.length, (cluster) => `cluster ${cluster + 1}`).map(
    ({ label }) => label,
  );
}

describe('labels of clusters', () => {
  it('are the words that set a cluster apart, in both scripts', () => {
    const [bread = '', code = '', chinese = ''] = labels(GROUPS);
    assert.match(bread, /bread/);
    assert.match(bread, /dough|oven|bake/);
    assert.match(code, /config/);
    assert.doesNotMatch(code, /function|return|const|class/);
    assert.match(chinese, /线程池|缓存/);
  });

  it('of a single cluster are its words too', () => {
    assert.match(labels(GROUPS.slice(0, 1))[0] ?? '', /bread/);
  });

  it('are unique and never empty', () => {
    const same = labels([['red apple pie'], ['red apple pie'], ['red apple pie'], ['1 2 3'], ['4 5']]);
    assert.equal(new Set(same).size, same.length);
    assert.ok(same.every((label) => label !== ''));
  });

  it('do not depend on how often one text says a word', () => {
    const [label = ''] = labels([
      ['zebra '.repeat(500), 'river bank water', 'river boat water', 'river water flood'],
      ['city street house', 'city house road'],
    ]);
    assert.match(label, /^(river|water)/);
  });

  it('merge the forms of one word and show the usual one', () => {
    const [label = ''] = labels([
      ['payments are late', 'payments failed', 'a payment'],
      ['trees', 'forest'],
    ]);
    assert.match(label, /^payments/);
    assert.doesNotMatch(label, /payment\b(?!s)/);
  });

  it('have no hashes, numbers, keywords or particles', () => {
    const forms = termsOf('const a1b2c3d4e5 = 0x1f; return 12345; 的 了 是 the and import userName').map(
      ({ form }) => form,
    );
    assert.deepEqual(
      forms,
      ['user', 'name'].filter((word) => forms.includes(word)),
    );
    assert.ok(forms.includes('user'));
  });
});
