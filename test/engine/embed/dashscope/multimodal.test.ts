// A workspace of texts and images in one space, through the strict emulator.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isEngineError } from '../../../../src/engine/errors.ts';
import type { RemoteConfig } from '../../../../src/engine/model.ts';
import type { EngineConfig } from '../../../../src/protocol/engineApi.ts';
import { makeBmp, makeJpegHead, makePng } from '../../../support/dashscope/images.ts';
import { startDashScope, type DashScopeEmulator } from '../../../support/dashscope/startDashScope.ts';
import { createWorkspace, startEngine, type TestEngine, type TestWorkspace } from '../../../support/workspace.ts';

const V1 = 'multimodal-embedding-v1';
const GIF = Buffer.concat([Buffer.from('GIF89a'), Buffer.of(1, 0, 1, 0, 0, 0, 0, 59)]);
const IMAGES: Readonly<Record<string, Buffer>> = {
  'photos/a1.png': makePng({ words: 'a red bicycle leaning on a wall', rgb: [200, 0, 0] }),
  'photos/b2.jpg': makeJpegHead('a bowl of noodles with beef'),
  'photos/c3.bmp': makeBmp({ words: 'a lake between mountains at dawn', rgb: [0, 0, 200] }),
  'photos/d4.png': makePng({ words: 'a red bicycle in the rain', rgb: [120, 0, 0] }),
};
const OTHERS: Readonly<Record<string, string | Buffer>> = {
  'notes/cycling.md': '# Bicycle repair\n\nHow to mend the chain of a bicycle and pump its tyres.\n',
  'notes/soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil, then add cream.\n',
  'photos/large.png': Buffer.concat([makePng(), Buffer.alloc(3 * 2 ** 20)]),
  'photos/moving.gif': GIF,
  'photos/lies.png': GIF,
  'photos/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>',
  'photos/ignored.png': makePng({ words: 'a red bicycle' }),
  '.gitignore': 'ignored.png\n',
  'data.bin': Buffer.from([0, 1, 2, 3, 0, 0]),
};

describe('multimodal-embedding-v1 over a workspace', function () {
  this.timeout(60_000);
  let emulator: DashScopeEmulator;
  let workspace: TestWorkspace;
  let running: TestEngine;

  before(async () => {
    emulator = await startDashScope();
    workspace = createWorkspace();
    for (const [name, content] of Object.entries({ ...IMAGES, ...OTHERS })) workspace.write(name, content);
    running = await startEngine(workspace, settings());
    await running.engine.index({});
  });
  after(async () => {
    await running.engine.close();
    await emulator.close();
    workspace.remove();
  });

  function settings(model = V1, remote: Partial<RemoteConfig> = {}): Partial<EngineConfig> {
    return { model, remote: { ...remoteTo(emulator), ...remote } };
  }

  async function paths(query: string, filter = {}): Promise<string[]> {
    return (await running.engine.search({ query, top: 5, filter })).hits.map((hit) => hit.path);
  }

  it('puts texts and images into one index', async () => {
    const entries = await running.engine.coverage();
    const indexed = entries.filter(({ state }) => state === 'indexed').map((entry) => entry.path);
    assert.deepEqual(indexed, ['.gitignore', 'notes/cycling.md', 'notes/soup.md', ...Object.keys(IMAGES)]);
  });

  it('lists what is too large or of another type with its reason, whatever its name says', async () => {
    const entries = new Map((await running.engine.coverage()).map((entry) => [entry.path, entry]));
    const reasonOf = (name: string) => [entries.get(name)?.reason, entries.get(name)?.detail];
    assert.deepEqual(reasonOf('photos/large.png'), ['image-too-large', '3.0 MB']);
    assert.deepEqual(reasonOf('photos/moving.gif'), ['image-type', 'GIF']);
    assert.deepEqual(reasonOf('photos/lies.png'), ['image-type', 'GIF']);
    assert.equal(entries.get('photos/ignored.png')?.reason, 'gitignore');
    assert.equal(entries.get('photos/icon.svg')?.reason, 'noise');
    assert.equal(entries.get('data.bin')?.reason, 'binary');
  });

  it('sends at most one image and 20 contents a request, two requests a second', () => {
    const contents = emulator.requests.map(({ body }) => (body as Body).input.contents);
    assert.ok(
      contents.every((each) => each.length <= 20 && each.filter(({ image }) => image !== undefined).length <= 1),
    );
    assert.equal(contents.flat().filter(({ image }) => image !== undefined).length, 4);
    assert.ok(contents.length >= 4);
    assert.ok(emulator.requests.every(({ status }) => status === 200));
    const times = emulator.requests.map(({ atMs }) => atMs).sort((a, b) => a - b);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    assert.ok((times.length - 1) / seconds <= 2.05, `${times.length} requests in ${seconds} s`);
  });

  it('finds images by words, in their own kind where asked', async () => {
    assert.deepEqual((await paths('red bicycle', { kinds: ['image'] })).slice(0, 2).sort(), [
      'photos/a1.png',
      'photos/d4.png',
    ]);
    assert.equal((await paths('noodles', { kinds: ['image'] }))[0], 'photos/b2.jpg');
    assert.equal((await paths('a lake in the mountains'))[0], 'photos/c3.bmp');
    const { hits } = await running.engine.search({ query: 'beef noodles', top: 1 });
    const [hit] = hits;
    assert.deepEqual([hit?.kind, hit?.languageId, hit?.startLine, hit?.endLine], ['image', 'image', 1, 1]);
    assert.equal(hit?.text, 'photos b2');
  });

  it('finds what resembles an image: from its stored vector without a request', async () => {
    const before = emulator.requests.length;
    const { from, hits } = await running.engine.similar({ example: { path: 'photos/a1.png' }, top: 3 });
    assert.deepEqual([from, hits[0]?.path], ['stored', 'photos/d4.png']);
    assert.ok(hits.every((hit) => hit.path !== 'photos/a1.png'));
    assert.equal(emulator.requests.length, before);
  });

  it('embeds an image that is not indexed for the call', async () => {
    const { from, hits } = await running.engine.similar({ example: { path: 'photos/ignored.png' }, top: 1 });
    assert.equal(from, 'embedded');
    assert.match(hits[0]?.path ?? '', /photos\/[ad]\d\.png/);
  });

  it('says why an image can not be an example', async () => {
    await assert.rejects(
      running.engine.similar({ example: { path: 'photos/moving.gif' }, top: 1 }),
      (error) => isEngineError(error, 'not-supported') && error.details['feature'] === 'GIF',
    );
  });

  it('counts images in the spending, at their own price', async () => {
    const [row] = await running.engine.spending();
    assert.ok((row?.images ?? 0) >= 4);
    assert.ok((row?.amount ?? 0) > 4 * 2 * 0.0009 * 0.99);
  });

  it('sends nothing when nothing has changed, also after a restart', async () => {
    const before = emulator.requests.length;
    await running.engine.close();
    running = await startEngine(workspace, settings());
    const { embedded } = await running.engine.index({});
    assert.equal(embedded, 0);
    fs.utimesSync(path.join(workspace.folder, 'photos/a1.png'), new Date(), new Date());
    assert.equal((await running.engine.index({})).embedded, 0);
    assert.equal(emulator.requests.length, before);
  });

  it('reckons images before anything is sent', async () => {
    const other = await startEngine(createWorkspaceBeside(workspace), settings(V1, { consent: false }));
    const before = emulator.requests.length;
    const estimate = await other.engine.estimate({});
    assert.equal(estimate.images, 4);
    assert.ok(estimate.tokens > 8_000 && (estimate.amount ?? 0) > 8 * 0.0009);
    assert.ok(estimate.seconds >= 2);
    assert.equal(emulator.requests.length, before);
    await assert.rejects(other.engine.index({}), (error) => isEngineError(error, 'consent-needed'));
    assert.equal(emulator.requests.length, before);
    await other.engine.close();
  });

  it('embeds web addresses of images and videos, and other lines as text', async () => {
    const before = emulator.requests.length;
    const { vectors, refused } = await running.engine.embed({ texts: ['https://example.com/film.mp4', 'a bicycle'] });
    assert.equal(vectors[1]?.length, 1024, JSON.stringify(refused));
    const sent = emulator.requests.slice(before).flatMap(({ body }) => (body as Body).input.contents);
    assert.deepEqual(sent, [{ video: 'https://example.com/film.mp4' }, { text: 'a bicycle' }]);
  });
});

describe('images that a service refuses', function () {
  this.timeout(60_000);

  it('are listed, and the others are indexed', async () => {
    const emulator = await startDashScope();
    const workspace = createWorkspace();
    workspace.write('a.png', makePng({ words: 'FORBIDDEN-CONTENT' }));
    workspace.write('b.png', makePng({ words: 'a green tree' }));
    const { engine } = await startEngine(workspace, { model: V1, remote: remoteTo(emulator) });
    const { failed, documents } = await engine.index({});
    assert.deepEqual(failed, [{ path: 'a.png', error: 'row-refused: DataInspectionFailed' }]);
    assert.equal(documents, 1);
    await engine.close();
    await emulator.close();
    workspace.remove();
  });
});

describe('other multimodal models', function () {
  this.timeout(60_000);
  const rows: [model: string, dimension: number | undefined, dimensions: number, images: number][] = [
    ['qwen3-vl-embedding', 512, 512, 5],
    ['tongyi-embedding-vision-plus', undefined, 1152, 8],
    ['tongyi-embedding-vision-flash', undefined, 768, 8],
  ];
  for (const [model, dimension, dimensions, images] of rows) {
    it(`${model} takes ${images} images a request`, async () => {
      const emulator = await startDashScope();
      const workspace = createWorkspace({ 'a.md': 'A bicycle in the rain.\n' });
      const names = ['bicycle', 'tree', 'noodles', 'lake', 'house', 'cat', 'dog', 'ship', 'train'];
      for (const [i, words] of names.entries()) workspace.write(`${i}.png`, makePng({ words, rgb: [i, 0, 0] }));
      const { engine } = await startEngine(workspace, {
        model,
        ...(dimension !== undefined && { dimension }),
        remote: remoteTo(emulator),
      });
      const { documents } = await engine.index({});
      assert.equal(documents, 10);
      const sent = emulator.requests.map(
        ({ body }) => (body as Body).input.contents.filter(({ image }) => image).length,
      );
      assert.ok(Math.max(...sent) <= images && Math.max(...sent) >= images - 1); // the text takes a row
      assert.equal(sent.reduce((sum, count) => sum + count, 0), 9); // prettier-ignore
      const { hits } = await engine.search({ query: 'ship', top: 1 });
      assert.equal(hits[0]?.path, '7.png');
      assert.equal(engine.status().space?.dimension, dimensions);
      await engine.close();
      await emulator.close();
      workspace.remove();
    });
  }
});

interface Body {
  readonly input: { readonly contents: readonly Readonly<Record<'text' | 'image' | 'video', string | undefined>>[] };
}

function remoteTo(emulator: DashScopeEmulator): RemoteConfig {
  return {
    provider: 'dashscope',
    baseUrl: emulator.url,
    key: emulator.key,
    api: 'native',
    sendDimension: true,
    rowsPerRequest: 64,
    tokensPerRow: 8192,
    encodingFormat: 'float',
    queryPrefix: '',
    documentPrefix: '',
    consent: true,
  };
}

/** The same folder with an index of its own. */
function createWorkspaceBeside(workspace: TestWorkspace): TestWorkspace {
  return { ...workspace, storageFolder: `${workspace.storageFolder}-2` };
}
