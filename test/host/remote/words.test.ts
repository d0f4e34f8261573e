import assert from 'node:assert/strict';
import { asCsv, asJsonLines, rowsOf } from '../../../src/host/lineVectors.ts';
import { looksLikeKey } from '../../../src/host/remote/keys.ts';
import { money } from '../../../src/host/remote/money.ts';
import { sendSheet, type SheetFacts } from '../../../src/host/remote/sendSheet.ts';
import { spendingPage } from '../../../src/host/remote/spendingPage.ts';
import { shownProblem } from '../../../src/host/shownProblem.ts';
import { plainL10n } from '../support/plainL10n.ts';

const origin = 'https://dashscope.aliyuncs.com';
const endpoint = { provider: 'dashscope', baseUrl: origin, origin, host: 'dashscope.aliyuncs.com' } as const;
const spent = { requests: 3, tokens: 2000, images: 0, amount: 0.001, currency: 'CNY' };
const facts: SheetFacts = {
  endpoint,
  model: 'text-embedding-v4',
  dimension: undefined,
  texts: [],
  isFile: false,
  spent,
  budget: undefined,
  estimate: {
    origin,
    model: 'text-embedding-v4',
    dimension: 1024,
    documents: 1200,
    chunks: 3400,
    reused: 5,
    tokens: 2_000_000,
    amount: 1,
    currency: 'CNY',
    seconds: 100,
    spent,
    excluded: { security: 2, gitignore: 31 },
  },
};

describe('the sheet before sending', () => {
  it('says what goes where for how much, and what stays here', () => {
    const { title, detail } = sendSheet(plainL10n, facts, 'en');
    assert.match(title, /this workspace to dashscope\.aliyuncs\.com\?/);
    for (const part of [
      'DashScope, China, Beijing',
      'text-embedding-v4, 1024 dimensions',
      'Documents: 1,200; chunks to send: 3,400 (5 more are stored already)',
      'At most 2,000,000 tokens, ¥1.00',
      'about 2 min',
      '2 that may hold secrets',
      '31 ignored by Git',
      'so far: ¥0.001',
      'Budget: none',
    ]) {
      assert.ok(detail.includes(part), `${part} in\n${detail}`);
    }
  });

  it('warns of a budget that may be reached', () => {
    assert.match(sendSheet(plainL10n, { ...facts, budget: 0.5 }, 'en').detail, /may reach the budget/);
    assert.doesNotMatch(sendSheet(plainL10n, { ...facts, budget: 5 }, 'en').detail, /may reach/);
  });

  it('for a question alone speaks of that, and says that no price is known where none is', () => {
    const question = { ...facts, estimate: undefined, texts: ['where is the lamp?'] };
    const sheet = sendSheet(plainL10n, question, 'en');
    assert.match(sheet.title, /this text/);
    assert.match(sheet.detail, /files are not/);
    const server = { ...endpoint, provider: 'openai', origin: 'http://localhost:1', host: 'localhost:1' } as const;
    assert.match(sendSheet(plainL10n, { ...question, endpoint: server }, 'en').detail, /price is not known/);
  });
});

describe('the sheet before lines of a file', () => {
  const bare = { ...facts, estimate: undefined };

  it('counts them, with tokens and price', () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `line ${i} of the file`);
    const { title, detail } = sendSheet(plainL10n, { ...bare, texts: lines, isFile: true }, 'en');
    assert.match(title, /the lines of this file to/);
    assert.match(detail, /Lines to send: 1,200/);
    assert.match(detail, /At most [\d,]+ tokens, ¥0\.00\d+/);
  });

  it('of a batch job counts lines and jobs at the price of its model, and says that it takes long', () => {
    const job = { model: 'text-embedding-async-v2', jobs: 2, rows: 150_000, tokens: 3_000_000, known: 1 };
    const { title, detail } = sendSheet(plainL10n, { ...bare, model: job.model, dimension: 1536, job }, 'en');
    assert.match(title, /the lines of this file to/);
    for (const part of [
      'text-embedding-async-v2, 1536 dimensions',
      'Lines to send: 150,000, as batch jobs: 2',
      'there already: 1',
      'At most 3,000,000 tokens, ¥2.10',
      'minutes to hours',
    ]) {
      assert.ok(detail.includes(part), `${part} in\n${detail}`);
    }
    assert.match(sendSheet(plainL10n, { ...bare, job, budget: 0.1 }, 'en').detail, /the job will not begin/);
  });
});

describe('the page of spending', () => {
  it('is a table of all days, models and workspaces with their sum', () => {
    const row = { ...spent, day: '2026-11-27', origin, model: 'text-embedding-v4', workspace: '/home/a|b' };
    const page = spendingPage(plainL10n, [row, { ...row, model: 'bge-m3', amount: 0.5 }], 'en');
    assert.match(page, /Total: ¥0\.501, 4,000 tokens in 6 requests/);
    const lines = page.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(lines.length, 4);
    assert.equal(new Set(lines.map((line) => line.length)).size, 1, 'columns line up');
    assert.ok(page.includes('a\\|b'));
    assert.match(spendingPage(plainL10n, [], 'en'), /Nothing was spent/);
  });
});

describe('the problem across the page', () => {
  it('is that nothing may be sent yet, before what the last run said', () => {
    const shown = shownProblem(plainL10n, undefined, { endpoint, mayCatchUp: () => false });
    assert.match(shown?.text ?? '', /before you agree/);
    assert.equal(shown?.action?.command, 'reviewSending');
    assert.equal(shownProblem(plainL10n, undefined, { endpoint: undefined, mayCatchUp: () => true }), undefined);
  });
});

describe('sums of money', () => {
  it('keep four digits while they are small', () => {
    assert.deepEqual(
      [0, 0.0123, 0.5, 12.345].map((amount) => money(amount, 'CNY', 'en')),
      ['¥0.00', '¥0.0123', '¥0.50', '¥12.35'],
    );
  });
});

describe('lines with their vectors', () => {
  const rows = [
    { index: 0, text: 'a, "b"', vector: Float32Array.of(0.5, -0.25), parts: 2 },
    { index: 1, text: '', error: 'blank' },
  ];
  it('are JSONL in the shape of the command line, and CSV', () => {
    assert.equal(asJsonLines(rows), '{"index":0,"embedding":[0.5,-0.25],"parts":2}\n{"index":1,"error":"blank"}\n');
    assert.equal(asCsv(rows), 'index,text,embedding,error\r\n0,"a, ""b""","[0.5,-0.25]",\r\n1,,,blank\r\n');
  });
  it('are those of the file, an end of line being none of its own', () => {
    assert.deepEqual(rowsOf('a\r\n\nb\n'), ['a', '', 'b']);
    assert.deepEqual(rowsOf(''), []);
  });
});

describe('a key as it was typed', () => {
  it('has no blanks and no letters that a header can’t hold', () => {
    assert.ok(looksLikeKey(' sk-0123456789 '));
    for (const wrong of ['', 'abc', 'sk-1 sk-2', 'sk-密钥', 'sk-\n1']) assert.ok(!looksLikeKey(wrong), wrong);
  });
});
