import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { catalogueParts } from '../../../../src/engine/embed/local/catalogue.ts';
import { InferencePool, type PoolOptions } from '../../../../src/engine/embed/local/inferencePool.ts';
import { inferenceChildren, isAlive, until } from '../../../support/inferenceChildren.ts';
import { distFolder, modelsFolder } from '../../../support/paths.ts';
import { bits, sampleTexts } from '../../../support/testEmbedder.ts';

const entry = path.join(distFolder, 'inference.js');
const { model } = catalogueParts('minilm', modelsFolder)[0]!;
const ordinary = { urgent: false };

describe('the inference children', function () {
  this.timeout(60_000); // the machine may be busy
  let pool: InferencePool;
  const openPool = (options: Partial<PoolOptions> = {}): InferencePool =>
    (pool = new InferencePool({ entry, maxChildren: 2, idleMs: 60_000, ...options }));
  afterEach(() => pool.close());

  it('lose nothing when one is killed with -9 in the middle, ten times', async function () {
    this.timeout(120_000);
    openPool();
    const calls = Array.from({ length: 12 }, (_, i) => sampleTexts(5 * (i + 1)).slice(-4));
    const expected = await Promise.all(calls.map((texts) => pool.embed(model, texts, ordinary)));
    for (let run = 0; run < 10; run++) {
      let done = 0;
      const results = await Promise.all(
        calls.map(async (texts) => {
          const result = await pool.embed(model, texts, ordinary);
          if (done++ === run) process.kill(inferenceChildren()[run % 2]!, 'SIGKILL');
          return result;
        }),
      );
      assert.deepEqual(results.map(({ vectors }) => bits(vectors)), expected.map(({ vectors }) => bits(vectors))); // prettier-ignore
      assert.deepEqual(results.map(({ tokens }) => tokens), expected.map(({ tokens }) => tokens)); // prettier-ignore
    }
  });

  it('are one while the pool is gentle, and as many as they may when it no longer is', async () => {
    let gentle = true;
    openPool({ isGentle: () => gentle });
    const texts = sampleTexts(40);
    await pool.embed(model, texts, ordinary);
    assert.equal(inferenceChildren().length, 1);
    gentle = false;
    await pool.embed(model, texts, ordinary);
    assert.equal(inferenceChildren().length, 2);
  });

  it('are started again when one is killed while it starts', async () => {
    openPool({ maxChildren: 1 });
    const result = pool.embed(model, ['text'], ordinary);
    await until(() => inferenceChildren().length === 1, 'a child');
    process.kill(inferenceChildren()[0]!, 'SIGKILL');
    assert.equal((await result).vectors.length, 384);
  });

  it('fail a call with child-died when the same texts end two of them', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'vectorscope-'));
    const deadly = path.join(folder, 'inference.js');
    writeFileSync(deadly, "process.on('message', () => process.exit(7));");
    openPool({ entry: deadly });
    const failed = pool.embed(model, ['text'], ordinary);
    await assert.rejects(failed, { code: 'child-died', details: { code: 7, signal: '' } });
    rmSync(folder, { recursive: true });
  });

  it('fail a call when their program is not there', async () => {
    openPool({ entry: path.join(distFolder, 'none.js') });
    await assert.rejects(pool.embed(model, ['text'], ordinary), { code: 'child-died' });
  });

  it('stop within a second and go on with other work', async () => {
    openPool();
    await pool.embed(model, ['warm', 'up'], ordinary);
    const controller = new AbortController();
    const long = 'word '.repeat(254);
    const work = pool.embed(model, Array<string>(500).fill(long), { urgent: false, signal: controller.signal });
    await pool.embed(model, ['the work has begun'], { urgent: true });
    const stopped = performance.now();
    controller.abort();
    await assert.rejects(work, { code: 'cancelled' });
    const other = await pool.embed(model, ['other'], ordinary); // the children are free again, not only the promise
    assert.ok(performance.now() - stopped < 1000, `${performance.now() - stopped} ms`);
    assert.equal(other.vectors.length, 384);
  });

  it('refuse a call whose signal has fired before', async () => {
    openPool();
    await assert.rejects(pool.embed(model, ['text'], { urgent: false, signal: AbortSignal.abort() }), {
      code: 'cancelled',
    });
    assert.deepEqual(inferenceChildren(), [], 'nothing is started for it');
  });

  it('take a query before all that waits', async () => {
    openPool({ maxChildren: 1 });
    let finished = 0;
    const work = Array.from({ length: 12 }, () =>
      pool.embed(model, Array<string>(16).fill('word '.repeat(60)), ordinary).then(() => finished++),
    );
    await work[0];
    await pool.embed(model, ['query'], { urgent: true });
    assert.ok(finished <= 3, `${finished} of 12 calls were done first`);
    await Promise.all(work);
  });

  it('start with the first text, and leave when there is nothing to do', async () => {
    openPool({ idleMs: 50 });
    assert.deepEqual(inferenceChildren(), []);
    await pool.embed(model, ['text'], ordinary);
    const [first] = inferenceChildren();
    assert.ok(first !== undefined);
    await until(() => inferenceChildren().length === 0, 'the idle child leaves');
    assert.equal((await pool.embed(model, ['text'], ordinary)).vectors.length, 384, 'and a new one comes');
  });

  it('are gone after close, which cancels what is under way', async () => {
    openPool();
    const work = pool.embed(model, Array<string>(200).fill('word '.repeat(254)), ordinary);
    await until(() => inferenceChildren().length === 2, 'two children');
    const children = inferenceChildren();
    await Promise.all([assert.rejects(work, { code: 'cancelled' }), pool.close()]);
    assert.deepEqual(children.filter(isAlive), []);
    await assert.rejects(pool.embed(model, ['text'], ordinary), { code: 'cancelled' });
  });

  it('go when the engine is killed with -9, idle or at work', async () => {
    openPool();
    for (const count of [0, 500]) {
      const program = `
        const child = require('node:child_process').fork(${JSON.stringify(entry)}, [], { serialization: 'advanced', execArgv: [] });
        const texts = Array(${count}).fill('word '.repeat(254));
        if (${count} > 0) child.send({ type: 'embed', id: 1, model: ${JSON.stringify(model)}, texts, urgent: false });
        console.log(child.pid);
        setInterval(() => {}, 1000);`;
      const engine = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(engine.stdout, 'data')) as [Buffer];
      const child = Number(line.toString());
      assert.ok(isAlive(child));
      engine.kill('SIGKILL');
      await until(() => !isAlive(child), 'the child of a killed engine goes');
    }
  });
});
