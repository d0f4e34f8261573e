import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CrashHistory } from '../../src/host/crashHistory.ts';
import { EngineProcess, type EngineState } from '../../src/host/engineProcess.ts';
import type { EngineConfig } from '../../src/protocol/engineApi.ts';
import { until } from './support/until.ts';

/** An engine that answers with what it was asked, and dies, or hangs, or can't be configured, on demand. */
const FAKE_ENGINE = `
  const fs = require('node:fs');
  const dieOnce = process.argv[2];
  let model = '';
  let processes = 0;
  let waiting = [];
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ kind, id, name, params }) => {
    const result = (value) => process.send({ kind: 'result', id, result: value });
    if (kind !== 'request') return;
    if (name === 'configure') {
      for (const id of waiting) process.send({ kind: 'error', id, code: 'cancelled', details: {} });
      waiting = [];
      model = params.model;
      processes = params.maxConcurrency;
      if (model === 'wrong') return process.send({ kind: 'error', id, code: 'unknown-model', details: { model, known: '' } });
      if (model === 'crash') process.exit(7);
      return result({ revision: 1, modelSetting: model });
    }
    if (name === 'shutdown') return result(undefined);
    if (name === 'compare' && params.a === 'loop') {
      if (fs.existsSync(dieOnce) && params.b !== 'always') return result({ similarity: 1 });
      fs.writeFileSync(dieOnce, '');
      process.send({ kind: 'event', name: 'indexed', payload: { paths: ['a'] } });
      for (;;);
    }
    if (name === 'compare' && params.a === 'die') process.kill(process.pid, 'SIGKILL');
    if (name === 'index' && params.failed) return waiting.push(id);
    if (name === 'index') {
      if (!fs.existsSync(dieOnce)) { fs.writeFileSync(dieOnce, ''); process.exit(1); }
      process.send({ kind: 'event', name: 'indexed', payload: { paths: ['a'] } });
    }
    if (name === 'search') return; // never answers
    if (name === 'testConnection' && processes === 1) return waiting.push(id); // until the next configuration
    if (name === 'embed') return result({ vectors: [new Float32Array([0.5, 1])], said: process.env.NODE_OPTIONS ?? 'none' });
    result({ name, params, model });
  });
  console.log('hello');
`;

const config: EngineConfig = {
  roots: [],
  storageFolder: '/nowhere',
  model: 'auto',
  include: [],
  exclude: [],
  maxFileBytes: 1,
  maxConcurrency: 1,
  language: 'en',
};

describe('the engine process', () => {
  let folder = '';
  let engine: EngineProcess;
  let states: EngineState[];
  let lines: string[];
  let now: EngineConfig;

  function start(crashes = new CrashHistory(), silenceMs = 30_000): void {
    states = [];
    lines = [];
    now = config;
    const note = (line: string): number => lines.push(line);
    engine = new EngineProcess({
      entry: path.join(folder, 'engine.js'),
      args: [path.join(folder, 'died')],
      config: () => now,
      log: { debug: note, info: note, warn: note, error: note },
      crashes,
      silenceMs,
    });
    engine.on('state', (state) => states.push(state));
  }

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-host-'));
    fs.writeFileSync(path.join(folder, 'engine.js'), FAKE_ENGINE);
    start();
  });

  afterEach(async () => {
    await engine.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('is not started before it is needed', () => {
    assert.equal(engine.pid, undefined);
    assert.equal(engine.state, 'idle');
  });

  it('is configured first, and answers', async () => {
    const answer: unknown = await engine.request('status', undefined);
    assert.deepEqual(answer, { name: 'status', params: undefined, model: 'auto' });
    assert.deepEqual(states, ['starting', 'running']);
    await until(() => lines.includes('engine: hello'));
  });

  it('sends vectors as typed arrays, and does not inherit the options of a debugger', async () => {
    process.env['NODE_OPTIONS'] = '--no-warnings';
    const answer = await engine.request('embed', { texts: ['x'] }).finally(() => delete process.env['NODE_OPTIONS']);
    assert.ok(answer.vectors[0] instanceof Float32Array);
    assert.equal((answer as unknown as { said: string }).said, 'none');
  });

  it('is told new settings, and passes on that they are wrong until they are right again', async () => {
    await engine.request('status', undefined);
    now = { ...config, model: 'wrong' };
    await assert.rejects(engine.configure(), { code: 'unknown-model' });
    await assert.rejects(engine.request('status', undefined), { code: 'unknown-model' });
    now = { ...config, model: 'minilm' };
    await engine.configure();
    const answer = (await engine.request('status', undefined)) as unknown as { model: string };
    assert.equal(answer.model, 'minilm');
  });

  it('asks again what other settings ended, where the same is sent to the same service', async () => {
    await engine.request('status', undefined);
    const asked = engine.request('testConnection', undefined);
    await engine.request('status', undefined);
    now = { ...config, maxConcurrency: 2 };
    let times = 0;
    engine.on('reconfigured', () => times++);
    await engine.configure();
    await engine.configure(); // of the same
    assert.equal(times, 1);
    assert.deepEqual(await asked, { name: 'testConnection', params: undefined, model: 'auto' });
    assert.ok(lines.includes('engine: other settings: maxConcurrency'));
  });

  for (const name of ['testConnection', 'index'] as const) {
    it(`does not ask ${name} again where it would be sent elsewhere, or is a run`, async () => {
      await engine.request('status', undefined);
      const asked = name === 'index' ? engine.request(name, { failed: true }) : engine.request(name, undefined);
      const ended = assert.rejects(asked, { code: 'cancelled' });
      await engine.request('status', undefined);
      now = { ...config, ...(name === 'index' ? { exclude: ['*.md'] } : { model: 'minilm' }) };
      await engine.configure();
      await ended;
    });
  }

  it('does not ask again after a crash what would be sent elsewhere meanwhile', async () => {
    await engine.request('status', undefined);
    const asked = engine.request('testConnection', undefined);
    const ended = assert.rejects(asked, { code: 'cancelled' });
    await engine.request('status', undefined);
    now = { ...config, model: 'minilm', maxConcurrency: 2 };
    process.kill(engine.pid ?? assert.fail(), 'SIGKILL');
    await ended;
  });

  it('comes back after kill -9, ten times, and the question under way is asked again', async () => {
    for (let i = 0; i < 10; i++) {
      await engine.request('models', undefined);
      const { pid } = engine;
      assert.ok(pid);
      process.kill(pid, 'SIGKILL');
      const answer: unknown = await engine.request('keptSnippets', undefined);
      assert.ok(answer);
      await until(() => engine.pid !== pid && engine.state === 'running');
    }
    assert.ok(states.includes('restarting'));
    assert.ok(!states.includes('down'));
  });

  it('goes on with a run that it died of once', async () => {
    const crashed: boolean[] = [];
    engine.on('crashed', ({ returns }) => crashed.push(returns));
    const indexed: (readonly string[])[] = [];
    engine.on('indexed', (paths) => indexed.push(paths));
    await engine.request('index', {});
    assert.deepEqual(crashed, [true]);
    assert.deepEqual(indexed, [['a']]);
  });

  it('that answers nothing any more is ended and comes back; what was asked is asked again', async () => {
    await engine.dispose();
    start(new CrashHistory(), 2_000);
    await engine.request('models', undefined);
    const { pid } = engine;
    const answer: unknown = await engine.request('compare', { a: 'loop', b: '' });
    assert.deepEqual(answer, { similarity: 1 });
    assert.notEqual(engine.pid, pid);
    assert.ok(lines.includes('engine: it answers nothing any more'), lines.join('\n'));
  });

  it('that falls silent again and again over the same is given up', async () => {
    await engine.dispose();
    start(new CrashHistory(), 2_000);
    await assert.rejects(engine.request('compare', { a: 'loop', b: 'always' }), { code: 'engine-down' });
    assert.equal(engine.state, 'down');
  });

  it('does not ask for ever what it dies of', async () => {
    await assert.rejects(engine.request('compare', { a: 'die', b: '' }), { code: 'engine-down' });
    assert.equal(engine.state, 'down');
  });

  it('is given up when it never gets anywhere, until the user restarts it', async () => {
    now = { ...config, model: 'crash' };
    await assert.rejects(engine.request('models', undefined), { code: 'engine-down' });
    await assert.rejects(engine.request('models', undefined), { code: 'engine-down' });
    now = config;
    await engine.restart();
    assert.equal(engine.state, 'running');
  });

  it('stops waiting when the caller cancels, also between two lives', async () => {
    const controller = new AbortController();
    const search = engine.request('search', { query: 'x', top: 1 }, controller.signal);
    await until(() => engine.state === 'running');
    controller.abort();
    await assert.rejects(search, { code: 'cancelled' });
    const between = new AbortController();
    engine.once('crashed', () => between.abort());
    process.kill(engine.pid ?? 0, 'SIGKILL');
    await assert.rejects(engine.request('search', { query: 'x', top: 1 }, between.signal), { code: 'cancelled' });
  });

  it('ends with the host, and what was under way is cancelled', async () => {
    const search = engine.request('search', { query: 'x', top: 1 });
    await until(() => engine.state === 'running');
    const { pid = 0 } = engine;
    const rejected = assert.rejects(search, { code: 'cancelled' });
    await engine.dispose();
    await rejected;
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(engine.request('models', undefined), { code: 'cancelled' });
  });

  it('that is not there is told as down', async () => {
    fs.rmSync(path.join(folder, 'engine.js'));
    await assert.rejects(engine.request('models', undefined), { code: 'engine-down' });
  });
});
