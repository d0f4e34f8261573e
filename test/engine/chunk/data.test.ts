// Tables, JSON lines, notebooks and data that is dropped.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readRows } from '../../../src/engine/chunk/data/delimitedRows.ts';
import { findWordlessColumns } from '../../../src/engine/chunk/data/wordlessColumns.ts';
import { findNameColumn } from '../../../src/engine/chunk/data/rowName.ts';
import { checkContract, documentOf, fixture, sharedChunker } from './chunkSupport.ts';

async function chunk(text: string, languageId: string, name?: string) {
  const document = documentOf(text, languageId, name);
  const chunked = await (await sharedChunker()).chunk(document);
  checkContract(document, chunked);
  return chunked;
}

describe('a table', () => {
  it('reads well-formed CSV as csv-parse does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '中'), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, lineEnd) => {
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + lineEnd)
          .join('');
        const found = readRows(text, ',', '"');
        assert.deepEqual(
          found.map(({ cells }) => cells),
          parse(text, { relax_column_count: true, record_delimiter: [lineEnd] }),
        );
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('puts the header into the context of every row, with the row named by its title', async () => {
    const { chunks, dropped } = await chunk('id,title,text\n1,First,"a, b"\n2,Second,"c\nd"\n', 'csv');
    assert.deepEqual(
      chunks.map(({ text, context, symbol, startLine, endLine }) => [text, context, symbol, startLine, endLine]),
      [
        ['1,First,"a, b"', 'id | title | text', 'First', 2, 2],
        ['2,Second,"c\nd"', 'id | title | text', 'Second', 3, 4],
      ],
    );
    assert.deepEqual(dropped, [{ start: 0, end: 13, rule: 'table-header' }]);
  });

  it('lets the model read no ids and numbers, and keeps them in the row', async () => {
    const table = 'sku,stars,"said on",text\nB003XPF9BO,5,2026-01-02,"good, hot"\nA3R7JR3FME,1,2026-01-03,cold tea\n';
    const { chunks } = await chunk(table, 'csv');
    assert.deepEqual(
      chunks.map(({ text, reads }) => [text, reads]),
      [
        ['B003XPF9BO,5,2026-01-02,"good, hot"', '"good, hot"'],
        ['A3R7JR3FME,1,2026-01-03,cold tea', 'cold tea'],
      ],
    );
    const numbers = await chunk('x,y\n1,2\n3,4\n', 'csv');
    assert.deepEqual(
      numbers.chunks.map(({ text, reads }) => [text, reads]),
      [
        ['1,2', undefined],
        ['3,4', undefined],
      ],
    );
  });

  it('knows ids, codes, numbers and dates from words', () => {
    const column = (...cells: string[]): number[] => findWordlessColumns(cells.map((cell) => [cell, 'words']));
    for (const cells of [
      ['1', '2.5', ''],
      ['2026-11-27', '1999-01-01'],
      ['3f2a-77c1', 'e000-12ab'],
      ['B003XPF9BO', 'A3R7JR3FMEBXQB'],
    ])
      assert.deepEqual(column(...cells), [0], cells.join());
    for (const cells of [
      ['lamp', 'cup'],
      ['parse2json3', 'utf16toUtf8'],
      ['苹果', '梨'],
      ['5 stars', '1 star'],
      ['a1', 'b2c'],
    ])
      assert.deepEqual(column(...cells), [], cells.join());
  });

  it('takes a quote in TSV as a character', async () => {
    const { chunks } = await chunk('name\ttext\nlamp\t5" wide\ncup\t"as is\nbowl\tround\n', 'tsv');
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['lamp\t5" wide', 'cup\t"as is', 'bowl\tround'],
    );
  });

  it('keeps the rows after a quote that is never closed', async () => {
    const { chunks } = await chunk('a,b\n1,"open\n2,x\n3,y\n', 'csv');
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['1,"open', '2,x', '3,y'],
    );
  });

  it('knows rows without a header', async () => {
    const { chunks, dropped } = await chunk('1,2.5\n2,3.5\n', 'csv');
    assert.deepEqual([chunks.length, dropped.length, chunks[0]?.context], [2, 0, undefined]);
  });

  it('keeps a header that no row follows', async () => {
    const { chunks } = await chunk('id,title\n', 'csv');
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['id,title'],
    );
  });

  it('keeps a header that is too long for a context', async () => {
    const columns = Array.from({ length: 60 }, (_, i) => `column_${i}`);
    const { chunks } = await chunk(`${columns.join(',')}\n${columns.map(() => 'x').join(',')}\n`, 'csv');
    assert.ok(chunks[0]?.text.startsWith('column_0,'));
    assert.ok(chunks.at(-1)?.context?.startsWith('column_0 | column_1'));
  });

  it('drops rows without a value by rule', async () => {
    const { chunks, dropped } = await chunk('id,title\n1,a\n,,\n2,b\n', 'csv');
    assert.deepEqual([chunks.length, dropped.map(({ rule }) => rule)], [2, ['table-header', 'blank-row']]);
  });

  it('splits a row that is longer than a chunk and loses none of it', async () => {
    const long = 'word '.repeat(2000).trim();
    const { chunks } = await chunk(`id,text\n7,${long}\n`, 'csv');
    assert.ok(chunks.length > 8 && chunks.every(({ kind, startLine }) => kind === 'row' && startLine === 2));
    assert.equal(chunks.map(({ text }) => text).join(' '), `7,${long}`);
  });

  it('is recognised by its extension when the editor knows no such language', async () => {
    const { chunks } = await chunk('name\ttext\nlamp\tnew\n', 'plaintext', 'data/lamps.tsv');
    assert.equal(chunks[0]?.kind, 'row');
  });

  it('finds semicolons', async () => {
    const { chunks } = await chunk('name;price\nlamp;3,50\n', 'csv');
    assert.equal(chunks[0]?.context, 'name | price');
  });

  const columns: readonly (readonly [
    what: string,
    header: string[] | undefined,
    rows: string[][],
    index: number | undefined,
  ])[] = [
    ['its title before its id', ['id', 'Title'], [['7', 'Seven']], 1],
    ['its id', ['n', 'id'], [['8', '7']], 1],
    ['a heading in some language', ['page', 'en_heading'], [['a.md', 'A']], 1],
    [
      'short words that differ',
      ['split', 'text'],
      [
        ['train', 'go home'],
        ['train', 'stay'],
        ['train', 'sing'],
      ],
      1,
    ],
    [
      'the same without a header',
      undefined,
      [
        ['1', 'lamp'],
        ['2', 'cup'],
      ],
      1,
    ],
    ['nothing when it is one text', ['text'], [['a sentence']], undefined],
    [
      'nothing when all is numbers',
      undefined,
      [
        ['1', '2'],
        ['3', '4'],
      ],
      undefined,
    ],
  ];
  for (const [what, header, rows, index] of columns) {
    it(`names a row by ${what}`, () => assert.equal(findNameColumn(header, rows), index));
  }
});

describe('a notebook', () => {
  it('holds the decoded source of each cell, placed in the JSON', async () => {
    const document = fixture('levels.ipynb');
    const { chunks, dropped } = await (await sharedChunker()).chunk(document);
    const cell = chunks[3]!;
    assert.ok(cell.text.startsWith('def read(path):\n    with open(path) as file:'));
    assert.ok(cell.text.endsWith('# 水位'));
    const inFile = document.text.slice(cell.start, cell.end);
    assert.ok(inFile.startsWith('def read(path):\\n",') && inFile.endsWith('# \\u6c34\\u4f4d'));
    assert.equal(cell.context, 'River levels > Cleaning');
    assert.ok(
      dropped.some(
        ({ start, end, rule }) => rule === 'notebook-output' && document.text.slice(start, end).includes('iVBOR'),
      ),
    );
  });

  for (const [what, text] of [
    ['cut short', '{"cells": [{"cell_type": "code", "source": ["a = 1\\n"'],
    ['of another shape', '{"cells": 3}'],
    ['nested too deep', '{"cells":'.repeat(20_000)],
  ] as const) {
    it(`is cut into line windows when it is ${what}`, async () => {
      const { chunks } = await chunk(text, 'jupyter');
      assert.ok(chunks.length > 0 && chunks.every(({ kind }) => kind === 'lines'));
    });
  }

  it('splits a cell that is longer than a chunk', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `value_${i} = compute(${i})\n`);
    const text = JSON.stringify({ cells: [{ cell_type: 'code', source: lines }], metadata: {} }, null, 1);
    const { chunks } = await chunk(text, 'jupyter');
    assert.ok(chunks.length > 5);
    assert.equal(chunks.map((part) => part.text).join('\n'), lines.join('').trim());
  });
});

describe('base64', () => {
  const data = 'iVBORw0KGgoAAAANSUhEUgAA'.repeat(60);
  it('is dropped by rule, and the text around it stays', async () => {
    const { chunks, dropped } = await chunk(
      `const icon = "data:image/png;base64,${data}";\nconst size = 16;\n`,
      'javascript',
    );
    assert.deepEqual(
      dropped.map(({ rule, start, end }) => [rule, end - start]),
      [['base64-data', data.length]],
    );
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['const icon = "data:image/png;base64,', '";\nconst size = 16;'],
    );
  });

  it('is dropped when it is wrapped', async () => {
    const { chunks, dropped } = await chunk(`before\n${data.replace(/.{76}/g, '$&\n')}\nafter\n`, 'plaintext');
    assert.equal(dropped.length, 1);
    assert.deepEqual(
      chunks.map(({ text }) => text),
      ['before', 'after'],
    );
  });

  it('is not what a long word, a hash list or a path looks like', async () => {
    for (const text of ['x'.repeat(3000), 'deadbeef01'.repeat(200), 'some/path/of/words/'.repeat(100)]) {
      assert.deepEqual((await chunk(text, 'plaintext')).dropped, []);
    }
  });
});
