/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are looked into freely */
import assert from 'node:assert/strict';
import {
  COMPATIBLE_PATH,
  MULTIMODAL_PATH,
  NATIVE_PATH,
  call,
  compatible,
  cosine,
  get,
  native,
  numbered,
  post,
  type Answered,
} from './emulatorCalls.ts';
import { startDashScope, type DashScopeEmulator } from './startDashScope.ts';
import { FORBIDDEN_TEXT } from './textRequests.ts';

const ALGO = '<400> InternalError.Algo.InvalidParameter: ';

describe('The DashScope emulator, text', () => {
  let emulator: DashScopeEmulator;
  before(async () => {
    emulator = await startDashScope({ rateLimits: false });
  });
  after(() => emulator.close());

  const vectorOf = ({ json }: Answered, i = 0): number[] => json.output.embeddings[i].embedding as number[];

  const defaults: [model: string, dimension: number, rows: number][] = [
    ['text-embedding-v1', 1536, 25],
    ['text-embedding-v2', 1536, 25],
    ['text-embedding-v3', 1024, 10],
    ['text-embedding-v4', 1024, 10],
    ['qwen3.7-text-embedding', 1024, 20],
    ['qwen3.7-text-embedding-flash', 1024, 20],
  ];
  for (const [model, dimension, rows] of defaults) {
    it(`answers ${rows} rows of ${model} in ${dimension} dimensions on both paths, and refuses one row more`, async () => {
      const one = await native(emulator, model, numbered(rows));
      assert.equal(one.status, 200);
      assert.deepEqual(Object.keys(one.json), ['output', 'usage', 'request_id']);
      assert.deepEqual(
        one.json.output.embeddings.map((row: { text_index: number; embedding: number[] }) => [
          row.text_index,
          row.embedding.length,
        ]),
        numbered(rows).map((_, i) => [i, dimension]),
      );
      const other = await compatible(emulator, { model, input: numbered(rows) });
      assert.equal(other.json.data[0].embedding.length, dimension);
      assert.equal(other.json.model, model);
      assert.equal(other.json.usage.prompt_tokens, one.json.usage.total_tokens);

      const message = `${ALGO}Value error, batch size is invalid, it should not be larger than ${rows}.: input.contents`;
      const much = await native(emulator, model, numbered(rows + 1));
      assert.deepEqual([much.status, much.json.code, much.json.message], [400, 'InvalidParameter', message]);
      const also = await compatible(emulator, { model, input: numbered(rows + 1) });
      assert.equal(also.json.error.message, message);
    });
  }

  const dimensions: [model: string, fits: number[], refused: number][] = [
    ['text-embedding-v3', [1024, 768, 512, 256, 128, 64], 2048],
    ['text-embedding-v4', [2048, 1536, 1024, 768, 512, 256, 128, 64], 3072],
    ['qwen3.7-text-embedding', [2560, 2048, 1536, 1024, 768, 512, 256], 128],
    ['qwen3.7-text-embedding-flash', [1024, 768, 512, 256], 2048],
  ];
  for (const [model, fits, refused] of dimensions) {
    it(`gives ${model} each dimension of its own and no other`, async () => {
      for (const dimension of fits) {
        assert.equal(vectorOf(await native(emulator, model, ['a'], { dimension })).length, dimension);
      }
      const answer = await native(emulator, model, ['a'], { dimension: refused });
      assert.equal(answer.status, 400);
      assert.match(answer.json.message, /dimension for .* is invalid, its value shold be in \[/);
    });
  }

  it('ignores the dimension of v1 and v2, and the misspelt one of the compatible path', async () => {
    assert.equal(vectorOf(await native(emulator, 'text-embedding-v2', ['a'], { dimension: 64 })).length, 1536);
    const misspelt = await compatible(emulator, { model: 'text-embedding-v3', input: 'a', dimension: '64' });
    assert.equal(misspelt.json.data[0].embedding.length, 1024);
    const right = await compatible(emulator, { model: 'text-embedding-v3', input: 'a', dimensions: 64 });
    assert.equal(right.json.data[0].embedding.length, 64);
  });

  const v4 = 'text-embedding-v4';
  const text = (texts: unknown, parameters?: object): unknown => ({ model: v4, input: { texts }, parameters });
  const refusedNatively: [what: string, body: unknown, status: number, code: string, message: RegExp][] = [
    ['a body that is no JSON', '{"model":', 400, 'BadRequest.IllegalInput', /requires json format/],
    ['no model', { input: { texts: ['a'] } }, 400, 'BadRequest.EmptyModel', /Required parameter "model" missing/],
    ['an unknown model', { model: 'nope', input: {} }, 404, 'ModelNotFound', /^Model can not be found\.$/],
    ['no input', { model: v4 }, 400, 'BadRequest.EmptyInput', /^Required input parameter missing from request\.$/],
    ['a bare string', text('a'), 400, 'InvalidParameter', /contents is neither str nor list of str/],
    ['an empty text', text(['a', '']), 400, 'InvalidParameter', /Range of input length should be \[1, 8192\]$/],
    ['a text of 8,193 Han letters', text(['汉'.repeat(8193)]), 400, 'InvalidParameter', /\[1, 8192\]$/],
    ['rows before length', text(['', ...numbered(10)]), 400, 'InvalidParameter', /larger than 10/],
    ['length before parameters', text([''], { dimension: 1 }), 400, 'InvalidParameter', /Range of input length/],
    ['a dimension that is a string', text(['a'], { dimension: '1024' }), 400, 'InvalidParameter', /dimension for/],
    ['an unknown text type', text(['a'], { text_type: 'passage' }), 400, 'InvalidParameter', /text_type/],
    ['an unknown output', text(['a'], { output_type: 'both' }), 400, 'InvalidParameter', /output_type/],
    ['a forbidden text', text(['a', `so ${FORBIDDEN_TEXT}`]), 400, 'DataInspectionFailed', /inappropriate/],
    ['an async model without its header', { model: 'text-embedding-async-v2', input: {} }, 403, 'AccessDenied', /^current user api does not support synchronous calls\.$/], // prettier-ignore
    ['a multimodal model', { model: 'multimodal-embedding-v1', input: {} }, 400, 'InvalidParameter', /url error/],
  ];
  for (const [what, body, status, code, message] of refusedNatively) {
    it(`refuses ${what} natively`, async () => {
      const { json, status: got } = await post(`${emulator.url}${NATIVE_PATH}`, emulator.key, body);
      assert.deepEqual([got, json.code], [status, code]);
      assert.match(json.message, message);
      assert.deepEqual(Object.keys(json), ['code', 'message', 'request_id']);
    });
  }

  const refusedCompatibly: [what: string, body: unknown, status: number, code: string, message: RegExp][] = [
    ['no model', { input: 'a' }, 400, 'invalid_request_error', /^you must provide a model parameter\.$/],
    ['an unknown model', { model: 'nope', input: 'a' }, 404, 'model_not_found', /^The model nope does not exist/],
    [
      'a multimodal model',
      { model: 'qwen3-vl-embedding', input: 'a' },
      404,
      'model_not_supported',
      /Unsupported model/,
    ],
    ['token ids', { model: v4, input: [1, 2, 3] }, 400, 'InvalidParameter', /contents is neither str nor list of str/],
    ['lists of token ids', { model: v4, input: [[1], [2]] }, 400, 'InvalidParameter', /neither str nor list/],
    ['an empty text', { model: v4, input: '' }, 400, 'InvalidParameter', /Range of input length should be \[1, 8192\]/],
    [
      'a long text of v2',
      { model: 'text-embedding-v2', input: '字'.repeat(2049) },
      400,
      'InvalidParameter',
      /\[1, 2048\]/,
    ],
    [
      'an unknown encoding',
      { model: v4, input: 'a', encoding_format: 'int8' },
      400,
      'InvalidParameter',
      /encoding_format/,
    ],
    ['a forbidden text', { model: v4, input: FORBIDDEN_TEXT }, 400, 'data_inspection_failed', /inappropriate/],
  ];
  for (const [what, body, status, code, message] of refusedCompatibly) {
    it(`refuses ${what} in OpenAI's shape`, async () => {
      const { json, status: got } = await compatible(emulator, body);
      assert.deepEqual([got, json.error.code], [status, code]);
      assert.match(json.error.message, message);
      assert.deepEqual(Object.keys(json), ['error', 'id', 'request_id']);
      assert.deepEqual(Object.keys(json.error), ['message', 'type', 'param', 'code']);
    });
  }

  it('asks for the key first, in the words of each path', async () => {
    const keys: [path: string, key: string | undefined, code: string, message: string][] = [
      [NATIVE_PATH, undefined, 'InvalidApiKey', 'No API-key provided.'],
      [NATIVE_PATH, 'sk-wrong', 'InvalidApiKey', 'Invalid API-key provided.'],
      [MULTIMODAL_PATH, 'sk-wrong', 'InvalidApiKey', 'Invalid API-key provided.'],
      [COMPATIBLE_PATH, 'sk-wrong', 'invalid_api_key', 'Incorrect API key provided. '],
    ];
    for (const [path, key, code, message] of keys) {
      const { status, json } = await post(`${emulator.url}${path}`, key, 'no json');
      const error = path === COMPATIBLE_PATH ? json.error : json;
      assert.deepEqual([status, error.code, error.message], [401, code, message]);
    }
  });

  it('knows no other path and takes JSON only as JSON', async () => {
    assert.equal((await get(emulator, NATIVE_PATH)).status, 404);
    assert.equal((await post(`${emulator.url}/api/v1/other`, emulator.key, {})).status, 404);
    const plain = { authorization: `Bearer ${emulator.key}`, 'content-type': 'text/plain' };
    const { json } = await call(`${emulator.url}${NATIVE_PATH}`, { method: 'POST', headers: plain, body: '{}' });
    assert.equal(json.code, 'BadRequest.IllegalInput');
  });

  it('gives sparse vectors to who asks and has them', async () => {
    const both = await native(emulator, v4, ['风 and wind'], { output_type: 'dense&sparse' });
    const [row] = both.json.output.embeddings;
    assert.equal(row.embedding.length, 1024);
    assert.deepEqual(Object.keys(row.sparse_embedding[0]), ['index', 'value', 'token']);
    const sparse = await native(emulator, 'text-embedding-v3', ['wind'], { output_type: 'sparse' });
    assert.equal(sparse.json.output.embeddings[0].embedding, undefined);
    for (const model of ['text-embedding-v1', 'qwen3.7-text-embedding']) {
      assert.equal((await native(emulator, model, ['wind'], { output_type: 'sparse' })).status, 400);
    }
  });

  it('gives the same text the same vector, of no unit length, and another one to a query and by an instruction', async () => {
    const document = vectorOf(await native(emulator, v4, ['parse a date']));
    assert.deepEqual(vectorOf(await native(emulator, v4, ['parse a date'], { text_type: 'document' })), document);
    const query = vectorOf(await native(emulator, v4, ['parse a date'], { text_type: 'query' }));
    const told = vectorOf(await native(emulator, v4, ['parse a date'], { text_type: 'query', instruct: 'find code' }));
    assert.ok(cosine(document, query) > 0.9 && cosine(document, query) < 0.999);
    assert.notDeepEqual(told, query);
    assert.ok(Math.abs(Math.hypot(...document) - 1) > 0.01);
  });

  it('puts related texts near, in English, Chinese and code', async () => {
    const groups: [query: string, near: string, far: string][] = [
      [
        'how do I parse a date from a string?',
        'export function parseDate(text: string): Date {',
        'the sidebar is painted in blue',
      ],
      ['退款流程', '订单取消以后，退款流程如下', '安装编辑器的步骤'],
      ['users who cannot log in', 'The user failed to log in three times', 'Matrix products are summed by rows'],
    ];
    for (const [query, near, far] of groups) {
      for (const dimension of [64, 1024]) {
        const documents = await native(emulator, v4, [near, far], { dimension });
        const asked = vectorOf(await native(emulator, v4, [query], { dimension, text_type: 'query' }));
        const [hit, miss] = [cosine(asked, vectorOf(documents, 0)), cosine(asked, vectorOf(documents, 1))];
        assert.ok(hit > miss + 0.15, `${query}: ${hit} against ${miss}`);
      }
    }
  });

  it('encodes base64 as 32-bit floats, or pays no heed to it', async () => {
    const asked = { model: v4, input: 'a', encoding_format: 'base64', dimensions: 64 };
    const floats = (await compatible(emulator, { ...asked, encoding_format: 'float' })).json.data[0]
      .embedding as number[];
    const bytes = Buffer.from((await compatible(emulator, asked)).json.data[0].embedding, 'base64');
    assert.deepEqual(
      floats.map((_, i) => bytes.readFloatLE(i * 4)),
      floats.map(Math.fround),
    );
    const heedless = await startDashScope({ base64: 'always-float' });
    assert.deepEqual((await compatible(heedless, asked)).json.data[0].embedding, floats);
    await heedless.close();
  });

  it('answers rows in a seeded other order, each with its index', async () => {
    const inOrder = await native(emulator, v4, numbered(10));
    const orders: unknown[] = [];
    for (const seed of [1, 1, 2]) {
      const other = await startDashScope({ shuffle: seed });
      const { json } = await native(other, v4, numbered(10));
      orders.push(json.output.embeddings.map((row: { text_index: number }) => row.text_index));
      for (const row of json.output.embeddings) assert.deepEqual(row.embedding, vectorOf(inOrder, row.text_index));
      await other.close();
    }
    assert.deepEqual(orders[0], orders[1]);
    assert.notDeepEqual(orders[0], orders[2]);
  });

  it('keeps a log of what it was asked', async () => {
    const one = await startDashScope({ key: 'sk-mine' });
    await post(`${one.url}${NATIVE_PATH}`, 'sk-mine', text(['a', 'b']), { 'X-DashScope-WorkSpace': 'llm-1' });
    await post(`${one.url}${NATIVE_PATH}`, 'sk-mine', text(numbered(11)));
    assert.deepEqual(
      one.requests.map(({ method, path, status, rows }) => [method, path, status, rows]),
      [
        ['POST', NATIVE_PATH, 200, 2],
        ['POST', NATIVE_PATH, 400, 11],
      ],
    );
    const [first] = one.requests;
    assert.equal(first!.headers['authorization'], 'Bearer sk-mine');
    assert.equal(first!.headers['x-dashscope-workspace'], 'llm-1');
    assert.deepEqual(first!.body, { model: v4, input: { texts: ['a', 'b'] } });
    await one.close();
  });
});
