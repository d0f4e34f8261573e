/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument -- answers are looked into freely */
import assert from 'node:assert/strict';
import { MULTIMODAL_PATH, cosine, multimodal, post, TestClock } from './emulatorCalls.ts';
import { makeBmp, makeJpegHead, makePng } from './images.ts';
import { startDashScope, type DashScopeEmulator } from './startDashScope.ts';

const V1 = 'multimodal-embedding-v1';
const dataUrl = (bytes: Buffer, type = 'png'): string => `data:image/${type};base64,${bytes.toString('base64')}`;
const png = dataUrl(makePng());

describe('The DashScope emulator, multimodal', () => {
  let emulator: DashScopeEmulator;
  before(async () => {
    emulator = await startDashScope({ rateLimits: false });
  });
  after(() => emulator.close());

  interface Row {
    readonly index: number;
    readonly embedding: number[];
    readonly type: string;
  }
  const rowsOf = async (model: string, contents: unknown, parameters?: object): Promise<Row[]> => {
    const { status, text, json } = await multimodal(emulator, model, contents, parameters);
    assert.equal(status, 200, text);
    return json.output.embeddings as Row[];
  };

  it('answers texts, an image and a video of one request with index, type and usage', async () => {
    const contents = [{ text: 'a cat' }, { image: png }, { video: 'https://example.com/cat.mp4' }];
    const { json } = await multimodal(emulator, V1, contents);
    const rows = json.output.embeddings as Row[];
    assert.deepEqual(rows.map(({ index, type, embedding }) => [index, type, embedding.length]), [[0, 'text', 1024], [1, 'image', 1024], [2, 'video', 1024]]); // prettier-ignore
    assert.deepEqual(json.usage, { input_tokens: 2, image_count: 1, duration: 0 });
  });

  const dimensions: [model: string, usual: number, other: number | undefined][] = [
    [V1, 1024, undefined],
    ['tongyi-embedding-vision-plus', 1152, undefined],
    ['tongyi-embedding-vision-flash', 768, undefined],
    ['qwen2.5-vl-embedding', 1024, 512],
    ['qwen3-vl-embedding', 2560, 256],
  ];
  for (const [model, usual, other] of dimensions) {
    it(`gives ${model} ${usual} dimensions`, async () => {
      assert.equal((await rowsOf(model, [{ text: 'a' }]))[0]!.embedding.length, usual);
      const dimension = other ?? 64;
      const { status, json } = await multimodal(emulator, model, [{ text: 'a' }], { dimension });
      assert.equal(other === undefined ? status : json.output.embeddings[0].embedding.length, other ?? 400);
    });
  }

  it('finds an image by the words that it holds, in any of the three formats', async () => {
    const images = [
      dataUrl(makePng({ words: 'red bicycle in the rain' })),
      dataUrl(makeBmp({ words: 'a bowl of noodles 一碗面条' }), 'bmp'),
      dataUrl(makeJpegHead('mountain lake at dawn'), 'jpeg'),
    ];
    const vectors = await Promise.all(images.map(async (image) => (await rowsOf(V1, [{ image }]))[0]!.embedding));
    for (const [i, query] of ['bicycle', '面条', 'a lake in the mountains'].entries()) {
      const asked = (await rowsOf(V1, [{ text: query }]))[0]!.embedding;
      const near = vectors.map((vector) => cosine(asked, vector));
      assert.equal(near.indexOf(Math.max(...near)), i, `${query}: ${near.join()}`);
    }
  });

  it('puts an image nearest to itself and near to the one of the same words', async () => {
    const of = async (words: string, red: number): Promise<number[]> =>
      (await rowsOf(V1, [{ image: dataUrl(makePng({ words, rgb: [red, 0, 0] })) }]))[0]!.embedding;
    const [one, same, like, other] = [await of('red bicycle', 1), await of('red bicycle', 1), await of('red bicycle', 2), await of('noodles', 1)]; // prettier-ignore
    assert.ok(cosine(one, same) > 0.999);
    assert.ok(cosine(one, like) > cosine(one, other) + 0.3);
  });

  const large = Buffer.concat([makePng(), Buffer.alloc(3 * 2 ** 20)]);
  const refused: [what: string, model: string, contents: unknown, code: string, message: RegExp][] = [
    ['no contents', V1, undefined, 'BadRequest.EmptyInput', /missing/],
    ['contents that are no list', V1, 'a', 'InvalidParameter', /contents is not a list/],
    ['a content of two kinds', V1, [{ text: 'a', image: png }], 'InvalidParameter', /one of text, image/],
    ['21 contents', V1, Array.from({ length: 21 }, () => ({ text: 'a' })), 'InvalidParameter', /larger than 20/],
    ['a second image', V1, [{ image: png }, { image: png }], 'InvalidParameter', /larger than 1/],
    ['six images of qwen3-vl', 'qwen3-vl-embedding', Array.from({ length: 6 }, () => ({ image: png })), 'InvalidParameter', /larger than 5/], // prettier-ignore
    ['an empty text', V1, [{ text: '' }], 'InvalidParameter', /Range of input length should be \[1, 512\]/],
    ['an image over 3 MB', V1, [{ image: dataUrl(large) }], 'InvalidFile.Size', /3MB/],
    ['a GIF that says PNG', V1, [{ image: dataUrl(Buffer.from('GIF89a')) }], 'InvalidFile.Format', /JPG, PNG, BMP/],
    ['broken base64', V1, [{ image: `${png}!` }], 'InvalidFile.Content', /base64/],
    ['an image by a path', V1, [{ image: 'cat.png' }], 'InvalidURL', /URL/],
    ['an image of another machine', V1, [{ image: 'http://192.0.2.1/a.png' }], 'BadRequest.InputDownloadFailed', /./],
    ['a video as base64', V1, [{ video: 'data:video/mp4;base64,AAAA' }], 'InvalidURL', /URL/],
    ['a long text of vision-plus', 'tongyi-embedding-vision-plus', [{ text: '字'.repeat(1025) }], 'InvalidParameter', /\[1, 1024\]/], // prettier-ignore
  ];
  for (const [what, model, contents, code, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { status, json } = await multimodal(emulator, model, contents);
      assert.deepEqual([status, json.code], [400, code]);
      assert.match(json.message, message);
    });
  }

  it('refuses text models, fusion where there is none, and a wrong fps', async () => {
    assert.equal((await multimodal(emulator, 'text-embedding-v4', [{ text: 'a' }])).status, 400);
    assert.equal((await multimodal(emulator, V1, [{ text: 'a' }], { enable_fusion: true })).status, 400);
    assert.equal((await multimodal(emulator, V1, [{ text: 'a' }], { fps: 2 })).status, 400);
    const asyncHeader = { 'X-DashScope-Async': 'enable' };
    const body = { model: V1, input: { contents: [{ text: 'a' }] } };
    assert.equal((await post(`${emulator.url}${MULTIMODAL_PATH}`, emulator.key, body, asyncHeader)).status, 403);
  });

  it('cuts a text of multimodal-embedding-v1 at 512 tokens and tells nobody', async () => {
    const [whole, cut] = await rowsOf(V1, [{ text: `${'字'.repeat(512)}后` }, { text: '字'.repeat(512) }]);
    assert.deepEqual(whole!.embedding, cut!.embedding);
  });

  it('fuses all contents into one vector where asked, and always for qwen2.5-vl', async () => {
    const contents = [{ text: 'a cat' }, { image: png }];
    assert.deepEqual((await rowsOf('qwen3-vl-embedding', contents, { enable_fusion: true })).map(({ type }) => type), ['fusion']); // prettier-ignore
    assert.deepEqual(
      (await rowsOf('qwen2.5-vl-embedding', contents)).map(({ type }) => type),
      ['fused'],
    );
    assert.equal((await rowsOf('qwen3-vl-embedding', contents)).length, 2);
  });

  it('takes 120 requests a minute, two of them in a second', async () => {
    const clock = new TestClock();
    const limited = await startDashScope({ clock });
    const statuses: number[] = [];
    for (let i = 0; i < 121; i++) {
      statuses.push((await multimodal(limited, V1, [{ text: 'a' }])).status);
      if (i % 2 === 1) clock.pass(i === 119 ? 0 : 1000);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 120 }, () => 200), 429]);
    await limited.close();
  });
});
