/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are looked into freely */
import assert from 'node:assert/strict';
import { numbered, post, type Answered } from '../dashscope/emulatorCalls.ts';
import { mannersOf, openAiLikeKinds, type OpenAiLikeKind } from './manners.ts';
import { startOpenAiLike, type OpenAiLike, type OpenAiLikeOptions } from './startOpenAiLike.ts';

async function using(
  kind: OpenAiLikeKind,
  work: (server: OpenAiLike) => Promise<void>,
  options: OpenAiLikeOptions = {},
): Promise<void> {
  const server = await startOpenAiLike(kind, options);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const embed = (server: OpenAiLike, input: unknown, more: object = {}): Promise<Answered> =>
  post(`${server.url}/embeddings`, server.key, { model: server.model, input, ...more });

describe('The servers in the manner of others', () => {
  for (const kind of openAiLikeKinds) {
    it(`${kind} answers floats with indexes and keeps a log`, () =>
      using(kind, async (server) => {
        const { status, json } = await embed(server, ['a', 'b']);
        assert.equal(status, 200);
        assert.deepEqual(json.data.map((row: { index: number; embedding: number[] }) => [row.index, row.embedding.length]), [[0, server.dimension], [1, server.dimension]]); // prettier-ignore
        assert.deepEqual(server.requests.map(({ path, rows, status: sent }) => [path, rows, sent]), [['/v1/embeddings', 2, 200]]); // prettier-ignore
      }));

    it(`${kind} ${mannersOf[kind].needsKey ? 'asks for a key' : 'asks for a key only where it was given one'}`, () =>
      using(kind, async (server) => {
        const without = await post(`${server.url}/embeddings`, undefined, { model: server.model, input: 'a' });
        assert.equal(without.status, mannersOf[kind].needsKey ? 401 : 200);
      }));

    it(`${kind} ${mannersOf[kind].base64 === 'honoured' ? 'encodes base64' : 'answers floats whatever is asked'}`, () =>
      using(kind, async (server) => {
        const [floats, asked] = [await embed(server, 'a'), await embed(server, 'a', { encoding_format: 'base64' })];
        const vector = floats.json.data[0].embedding as number[];
        const { embedding } = asked.json.data[0];
        if (mannersOf[kind].base64 === 'ignored') {
          assert.deepEqual(embedding, vector);
          return;
        }
        const bytes = Buffer.from(embedding, 'base64');
        assert.deepEqual(vector.map((_, i) => bytes.readFloatLE(i * 4)), vector.map(Math.fround)); // prettier-ignore
      }));
  }

  const long = '字'.repeat(600);
  const refused: [kind: OpenAiLikeKind, what: string, input: unknown, more: object, status: number, body: RegExp][] = [
    ['openai', '2,049 rows', numbered(2049), {}, 400, /"error":\{"message":.*maximum of 2048/],
    ['openai', 'an over-long row', '字'.repeat(8193), {}, 400, /maximum context length is 8192 tokens/],
    ['openai', 'more than 300,000 tokens', Array.from({ length: 40 }, () => '字'.repeat(8000)), {}, 400, /max_tokens_per_request/],
    ['openai', 'an empty text', ['a', ''], {}, 400, /invalid_request_error/],
    ['openai', 'a dimension above its own', 'a', { dimensions: 4096 }, 400, /dimensions/],
    ['openai', 'an unknown model', 'a', { model: 'nope' }, 404, /model_not_found/],
    ['ollama', 'an unknown model', 'a', { model: 'nope' }, 404, /model \\"nope\\" not found, try pulling it first/],
    ['lmstudio', 'an unknown model', 'a', { model: 'nope' }, 404, /^\{"error":"/],
    ['vllm', 'an over-long row', long, {}, 400, /^\{"object":"error","message":.*"code":400\}$/],
    ['vllm', 'another dimension', 'a', { dimensions: 64 }, 400, /does not support matryoshka/],
    ['vllm', 'an unknown model', 'a', { model: 'nope' }, 404, /NotFoundError/],
    ['tei', '33 rows', numbered(33), {}, 413, /^\{"error":"batch size 33 > maximum allowed batch size 32","error_type":"Validation"\}$/],
    ['tei', 'an over-long row', long, {}, 413, /must have less than 512 tokens/],
    ['tei', 'token ids', [1, 2], {}, 422, /error_type/],
    ['llamacpp', 'an over-long row', long, {}, 500, /"code":500,"message":"input .*is too large to process/],
    ['siliconflow', '65 rows', numbered(65), {}, 413, /^\{"code":20042,"message":"input batch size 65 > maximum allowed batch size 64","data":null\}$/],
  ]; // prettier-ignore
  for (const [kind, what, input, more, status, body] of refused) {
    it(`${kind} refuses ${what} in its own shape`, () =>
      using(kind, async (server) => {
        const answer = await embed(server, input, more);
        assert.equal(answer.status, status);
        assert.match(answer.text, body);
      }));
  }

  it('Ollama cuts long texts silently, at its own path only until told not to', () =>
    using('ollama', async (server) => {
      const [cut, at] = [await embed(server, '字'.repeat(9000)), await embed(server, '字'.repeat(8192))];
      assert.deepEqual(cut.json.data[0].embedding, at.json.data[0].embedding);
      const own = server.url.replace('/v1', '/api/embed');
      const body = { model: server.model, input: ['a', '字'.repeat(9000)] };
      const { json } = await post(own, undefined, body);
      assert.deepEqual(Object.keys(json), ['model', 'embeddings', 'prompt_eval_count']);
      const strict = await post(own, undefined, { ...body, truncate: false });
      assert.deepEqual([strict.status, typeof strict.json.error], [400, 'string']);
    }));

  it('OpenAI shortens vectors and takes token ids; LM Studio ignores dimensions', async () => {
    await using('openai', async (server) => {
      assert.equal((await embed(server, 'a', { dimensions: 256 })).json.data[0].embedding.length, 256);
      assert.equal((await embed(server, [[1, 2], [3]])).json.data.length, 2);
    });
    await using('lmstudio', async (server) => {
      assert.equal((await embed(server, 'a', { dimensions: 64 })).json.data[0].embedding.length, server.dimension);
    });
  });

  it('takes other limits, another order and faults', () =>
    using(
      'vllm',
      async (server) => {
        assert.equal((await embed(server, 'a', { dimensions: 64 })).status, 502);
        const { json } = await embed(server, numbered(8), { dimensions: 64 });
        assert.equal(json.data[0].embedding.length, 64);
        const indexes = json.data.map((row: { index: number }) => row.index);
        assert.notDeepEqual(indexes, [...indexes].sort());
        assert.equal((await embed(server, numbered(9))).status, 400);
      },
      {
        manners: { rows: 8, dimensions: 'honoured' },
        shuffle: 5,
        fault: (_, count) => (count === 1 ? { status: 502, body: '' } : undefined),
      },
    ));
});
