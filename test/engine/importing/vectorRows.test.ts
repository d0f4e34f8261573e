import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isCancelled, isEngineError } from '../../../src/engine/errors.ts';
import { readVectors } from '../../../src/engine/importing/importVectors.ts';
import { vectorRowsOf, type Columns, type VectorRow } from '../../../src/engine/importing/vectorRows.ts';

describe('ready vectors of a file', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-import-'))));
  after(() => fs.rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): string => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const rowsOf = async (name: string, text: string, columns: Columns = {}): Promise<VectorRow[]> => {
    const rows: VectorRow[] = [];
    for await (const row of vectorRowsOf(write(name, text), columns)) rows.push(row);
    return rows;
  };
  const shown = (rows: readonly VectorRow[]) =>
    rows.map(({ text, startLine, endLine, vector, problem }) => [
      text,
      startLine,
      endLine,
      vector ? [...vector] : problem,
    ]);

  it('are read as the guide’s table has them: quoted, over several lines, what was embedded in `combined`', async () => {
    const csv =
      '\uFEFF,ProductId,Summary,Text,combined,n_tokens,embedding\r\n' +
      '0,B0,Good,"Tasty, he said ""yum""","Title: Good;\nContent: Tasty",52,"[3.0, 4.0]"\r\n' +
      '1,B1,Bad,Stale,Title: Bad; Content: Stale,35,"[0.0, -2e-3]"\r\n';
    const rows = await rowsOf('reviews.csv', csv);
    assert.deepEqual(shown(rows), [
      ['Title: Good;\nContent: Tasty', 2, 3, [Math.fround(0.6), Math.fround(0.8)]],
      ['Title: Bad; Content: Stale', 4, 4, [0, -1]],
    ]);
    assert.deepEqual(rows.map(({ symbol }) => symbol), ['Good', 'Bad']); // prettier-ignore
    assert.deepEqual((await rowsOf('reviews.csv', csv, { textColumn: 'Text' }))[0]?.text, 'Tasty, he said "yum"');
  });

  const forms: readonly (readonly [name: string, text: string])[] = [
    ['a.tsv', 'text\tembedding\nsay "hi\t[3,4]\n'],
    ['b.csv', 'text,vector\n"say ""hi",3 4\n'],
    ['c.csv', 'embedding;text\n[ 3.   4. ];"say ""hi"'],
    ['d.jsonl', '{"text": "say \\"hi", "embedding": [3, 4]}\n'],
    ['e.jsonl', '\n{"id": 1, "content": "say \\"hi", "ada_embedding": "[3, 4]"}'],
  ];
  for (const [name, text] of forms) {
    it(`are read from ${JSON.stringify(text)}`, async () => {
      const [row, ...others] = await rowsOf(name, text);
      assert.deepEqual([row?.text, [...(row?.vector ?? [])].map((x) => x.toFixed(3)), others], ['say "hi', ['0.600', '0.800'], []]); // prettier-ignore
    });
  }

  it('tell each row without a usable one', async () => {
    const csv =
      'text,embedding\none,"[1, 2]"\ntwo,\nthree,"[0, 0]"\nfour,"[1, x]"\n,"[1, 2]"\nfive,"[1, 2, 3]"\nsix,"[2, 1]"\n';
    const { chunks, failed, dimension, vectors } = await readVectors(write('odd.csv', csv), {});
    assert.deepEqual(chunks.map(({ text, startLine }) => [text, startLine]), [['one', 2], ['six', 8]]); // prettier-ignore
    assert.deepEqual([dimension, vectors.length], [2, 4]);
    assert.deepEqual(failed, [
      { path: 'odd.csv:3', error: 'no vector' },
      { path: 'odd.csv:4', error: 'no numbers, or all of them zero' },
      { path: 'odd.csv:5', error: 'no numbers, or all of them zero' },
      { path: 'odd.csv:6', error: 'no text' },
      { path: 'odd.csv:7', error: '3 numbers, not 2' },
    ]);
  });

  it('are refused where a column is missing, the file is, or nothing is in it', async () => {
    const code = (wanted: Parameters<typeof isEngineError>[1]) => (error: unknown) => isEngineError(error, wanted);
    await assert.rejects(rowsOf('x.csv', 'text,score\na,1\n'), code('bad-setting'));
    await assert.rejects(rowsOf('x.csv', 'text,embedding\na,"[1]"\n', { textColumn: 'body' }), code('bad-setting'));
    await assert.rejects(readVectors(path.join(folder, 'nonesuch.csv'), {}), code('file-not-found'));
    for (const text of ['', 'text,embedding\n', '\n\n'])
      await assert.rejects(readVectors(write('x.csv', text), {}), code('no-text'));
    await assert.rejects(readVectors(write('y.jsonl', 'no json\n[1]\n'), {}), code('no-text'));
    await assert.rejects(
      readVectors(write('z.csv', 'text,embedding\na,"[1]"\n'), {}, { signal: AbortSignal.abort() }),
      isCancelled,
    );
  });

  it('come through blocks of the file whole', async () => {
    const count = 3_000;
    const numbers = Array.from({ length: 64 }, (_, i) => (i + 0.123456789).toString()).join(', ');
    const csv = `text,embedding\n${Array.from({ length: count }, (_, i) => `"row ${i}\nsecond ""line"", 字",  "[${numbers}]"\n`).join('').replaceAll('  "', '"')}`; // prettier-ignore
    assert.ok(csv.length > 2 << 20);
    const shares: number[] = [];
    const onShare = (share: number): void => void shares.push(share);
    const { chunks, failed } = await readVectors(write('long.csv', csv), {}, { onShare });
    assert.ok(shares.length > 2 && shares.every((share, i) => share > (shares[i - 1] ?? 0)), 'each block is told');
    assert.equal(shares.at(-1), 1);
    assert.deepEqual([chunks.length, failed.length, chunks.at(-1)?.startLine], [count, 0, 2 * count]);
    assert.ok(chunks.every(({ text }, i) => text === `row ${i}\nsecond "line", 字`));
  });
});
