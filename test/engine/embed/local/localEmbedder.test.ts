import assert from 'node:assert/strict';
import { childrenFor } from '../../../../src/engine/embed/local/localEmbedder.ts';
import type { Embedder } from '../../../../src/engine/embed/embedder.ts';
import { bits, dot, embedRows, sampleTexts, testEmbedder } from '../../../support/testEmbedder.ts';

describe('an embedder', function () {
  this.timeout(60_000);
  const open = new Map<string, Embedder>();
  /** One embedder a model for the whole suite: starting children takes longer than most tests. */
  async function embedderOf(model: string): Promise<Embedder> {
    const embedder = open.get(model) ?? (await testEmbedder({ model }));
    open.set(model, embedder);
    return embedder;
  }
  after(() => Promise.all([...open.values()].map((embedder) => embedder.close())));

  it('gives a text the same bits alone, beside others, in another order and in another process', async () => {
    const texts = sampleTexts(24);
    const embedder = await embedderOf('bilingual');
    const together = (await embedRows(embedder, texts)).map(bits);
    const backwards = (await embedRows(embedder, texts.toReversed())).map(bits).toReversed();
    assert.deepEqual(backwards, together);

    const elsewhere = await testEmbedder({ model: 'bilingual', maxConcurrency: 1 }); // its own child process
    const alone: string[] = [];
    for (const text of texts) alone.push(...(await embedRows(elsewhere, [text])).map(bits));
    await elsewhere.close();
    assert.deepEqual(alone, together);
  });

  it('returns unit rows in the order of the texts, and the tokens that were read', async () => {
    const embedder = await embedderOf('minilm');
    const texts = sampleTexts(40);
    const { vectors, tokens } = await embedder.embedPart(0, texts);
    const rows = texts.map((_, i) => vectors.subarray(i * 384, (i + 1) * 384));
    for (const row of rows) assert.ok(Math.abs(dot(row, row) - 1) < 1e-5);
    for (const i of [0, 17, 39]) {
      assert.equal(bits(rows[i]!), bits((await embedder.embedPart(0, [texts[i]!])).vectors));
    }
    const counted = texts.map((text) => Math.min(256, embedder.countTokens(text) + 2));
    assert.equal(tokens, counted.reduce((sum, count) => sum + count)); // prettier-ignore
  });

  it('answers an empty list and embeds an empty text', async () => {
    const embedder = await embedderOf('minilm');
    assert.deepEqual(await embedder.embedPart(0, []), { vectors: new Float32Array(0), tokens: 0 });
    assert.equal((await embedder.embedPart(0, [''])).tokens, 2);
  });

  it('reads 256 tokens of a text and nothing after them', async () => {
    const embedder = await embedderOf('minilm');
    const start = 'token '.repeat(254);
    const [bare, more, different] = await embedRows(embedder, [start, `${start}and this is cut`, `other ${start}`]);
    assert.equal(bits(more!), bits(bare!));
    assert.notEqual(bits(different!), bits(bare!));
    assert.equal((await embedder.embedPart(0, [`${start} more`])).tokens, 256);
  });

  it('stands a text of many megabytes and one without spaces', async () => {
    const embedder = await embedderOf('minilm');
    const [long, word] = await embedRows(embedder, ['many words '.repeat(1_000_000), 'x'.repeat(5_000_000)]);
    assert.ok(dot(long!, long!) > 0.99 && dot(word!, word!) > 0.99);
  });

  it('gives a bilingual row the halves that the two models make on their own', async () => {
    const text = 'sort an array 数组排序';
    const rows = await Promise.all(
      ['minilm', 'bge-small-zh', 'bilingual'].map(
        async (model) => (await embedRows(await embedderOf(model), [text]))[0]!,
      ),
    );
    assert.equal(bits(rows[2]!), bits(Float32Array.from([...rows[0]!, ...rows[1]!])));
    const bilingual = await embedderOf('bilingual');
    assert.deepEqual(bilingual.parts.map(({ space, offset }) => [space.model, offset]), [['minilm', 0], ['bge-small-zh', 384]]); // prettier-ignore
    assert.deepEqual(bilingual.parts[0]!.space, (await embedderOf('minilm')).space);
  });

  it('asks the Chinese half alone for a query with CJK letters, both halves otherwise', async () => {
    const embedder = await embedderOf('bilingual');
    const length = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));
    const chinese = await embedder.embedQuery('数组 sort');
    assert.equal(length(chinese.subarray(0, 384)), 0);
    assert.ok(Math.abs(length(chinese.subarray(384)) - 1) < 1e-6);
    const english = await embedder.embedQuery('sort an array');
    assert.ok(Math.abs(length(english.subarray(0, 384)) - 2 / 3) < 1e-6);
    assert.ok(Math.abs(length(english.subarray(384)) - 1 / 3) < 1e-6);
  });

  it('gives 1 for a stored row as its own example, in either language', async () => {
    const embedder = await embedderOf('bilingual');
    const texts = ['sort an array', '数组排序'];
    const rows = await embedRows(embedder, texts);
    for (const [i, row] of rows.entries()) {
      assert.ok(Math.abs(dot(embedder.exampleQuery(row, texts[i]!), row) - 1) < 1e-5);
    }
  });

  const documents = [
    'function quickSort(items) { /* orders a list by comparing with a pivot */ }',
    'The parcel came two weeks late and the box was torn.',
    'This coffee tastes bitter and stale.',
    '快递晚到了两个星期，包装也破了。',
    '这杯咖啡又苦又不新鲜。',
    '对数组按升序排列的方法',
  ];
  const rankings: readonly [string, string, number][] = [
    ['minilm', 'sort a list', 0],
    ['minilm', 'bad delivery', 1],
    ['minilm', 'unpleasant flavour', 2],
    ['bge-small-zh', '物流太慢', 3],
    ['bge-small-zh', '咖啡味道不好', 4],
    ['bge-small-zh', '怎样给列表排序', 5],
    ['bilingual', 'bad delivery', 1],
    ['bilingual', 'sorting algorithm in code', 0],
    ['bilingual', '物流太慢', 3],
    ['bilingual', '咖啡味道不好', 4],
  ];
  for (const [model, query, best] of rankings) {
    it(`finds by meaning: ${model}, '${query}' -> '${documents[best]!}'`, async () => {
      const embedder = await embedderOf(model);
      const asked = await embedder.embedQuery(query);
      const similarities = (await embedRows(embedder, documents)).map((row) => dot(asked, row));
      assert.equal(
        similarities.indexOf(Math.max(...similarities)),
        best,
        similarities.map((s) => s.toFixed(2)).join(' '),
      );
    });
  }

  it('refuses an unknown model and a dimension that the model does not have', async () => {
    await assert.rejects(testEmbedder({ model: 'auto' }), { code: 'unknown-model' });
    await assert.rejects(testEmbedder({ model: 'word2vec' }), { code: 'unknown-model' });
    await assert.rejects(testEmbedder({ model: 'minilm', dimension: 1536 }), {
      code: 'dimension-not-allowed',
      details: { model: 'minilm', dimension: 1536, allowed: '384' },
    });
    await (await testEmbedder({ model: 'bilingual', dimension: 896 })).close();
  });

  it('takes all cores of a small machine, half of a larger one, at most 4, and what the setting says', () => {
    const cores = [1, 2, 3, 4, 8, 64];
    assert.deepEqual(cores.map((count) => childrenFor(0, count)), [1, 2, 2, 2, 4, 4]); // prettier-ignore
    assert.equal(childrenFor(6, 2), 6);
  });

  it('says how the model is run once it ran', async () => {
    const embedder = await testEmbedder();
    assert.equal(embedder.runtime, undefined);
    await embedder.embedQuery('text');
    assert.equal(embedder.runtime, 'native');
    await embedder.close();
  });
});
