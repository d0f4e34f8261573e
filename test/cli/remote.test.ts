// The command line with a service, against the emulator.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';

const cli = path.join(distFolder, 'cli.js');

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line with a service', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let emulator: DashScopeEmulator;

  before(async () => {
    emulator = await startDashScope({ rateLimits: false });
    workspace = createWorkspace({
      'bread.md': '# Sourdough bread\n\nMix flour, water and salt and bake bread.\n',
      'soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil.\n',
    });
  });
  after(async () => {
    await emulator.close();
    workspace.remove();
  });

  function vectorscope(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const remote = args.includes('--provider') || args[0] === 'models' ? [] : ['--provider', 'dashscope'];
    const store = args[0] === 'models' || args[0] === 'embed' ? [] : ['--store', workspace.storageFolder];
    const host = args[0] === 'models' || args.includes('--base-url') ? [] : ['--base-url', emulator.url];
    const home = path.join(workspace.storageFolder, 'home');
    const child = spawn(process.execPath, [cli, ...args, ...remote, ...host, ...store], {
      env: { PATH: process.env['PATH'], XDG_DATA_HOME: home, DASHSCOPE_API_KEY: emulator.key, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
    child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
    child.stdin.end(input);
    return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
  }

  const lines = (text: string): Record<string, unknown>[] =>
    text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

  it('tells what would be sent, and sends nothing without a word', async () => {
    const { status, stdout, stderr } = await vectorscope(['index', workspace.folder, '--json']);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`To ${emulator.url}, model text-embedding-v4 \\(1024\\)`));
    assert.match(stderr, /2 documents, 2 chunks \(0 need not be sent\), at most \d+ tokens/);
    assert.match(stderr, /at most 0\.0000 CNY|at most 0\.000\d CNY/);
    assert.match(stderr, /add --yes/);
    assert.equal(emulator.requests.length, 0);
  });

  it('indexes and searches with --yes, and counts the cost', async () => {
    const indexed = await vectorscope(['index', workspace.folder, '--json', '--yes']);
    assert.equal(indexed.status, 0, indexed.stderr);
    const [summary] = lines(indexed.stdout);
    assert.ok(Number(summary?.['cost']) > 0);
    const found = await vectorscope(['search', workspace.folder, 'tomato soup', '--json', '--yes', '--top', '1']);
    const hits = lines(found.stdout)[0]?.['hits'] as { path: string }[];
    assert.equal(hits[0]?.path, 'soup.md');
    const status = lines((await vectorscope(['status', workspace.folder, '--json'])).stdout)[0];
    assert.ok(Number(status?.['spend']) >= Number(summary?.['cost']));
    const again = lines((await vectorscope(['index', workspace.folder, '--json', '--yes'])).stdout)[0];
    assert.deepEqual([again?.['embedded'], again?.['cost']], [0, 0]);
  });

  it('embeds lines: dense, sparse and both; odd ones are listed; long ones are split and said so', async () => {
    const input = `风急天高猿啸哀\n\n${'long words '.repeat(4000)}\nlast`;
    const dense = await vectorscope(['embed', '--json', '--yes', '--dimension', '64'], input);
    assert.equal(dense.status, 0, dense.stderr);
    const rows = lines(dense.stdout);
    assert.deepEqual(rows.map(({ index }) => index), [0, 1, 2, 3]); // prettier-ignore
    assert.equal((rows[0]?.['embedding'] as number[]).length, 64);
    assert.equal(rows[1]?.['error'], 'The line is empty.');
    assert.equal(typeof rows[2]?.['parts'], 'number');
    assert.match(dense.stderr, /line 3 is too long for the model: it was split into \d parts/);
    const both = lines(
      (await vectorscope(['embed', '--json', '--yes', '--output', 'dense+sparse'], 'one line')).stdout,
    );
    assert.deepEqual(Object.keys(both[0] ?? {}), ['index', 'embedding', 'sparse']);
    const sparse = lines((await vectorscope(['embed', '--json', '--yes', '--output', 'sparse'], 'one line')).stdout);
    assert.deepEqual(Object.keys(sparse[0] ?? {}), ['index', 'sparse']);
    const csv = (await vectorscope(['embed', '--format', 'csv', '--yes', '--dimension', '64'], 'one\n\n')).stdout;
    assert.match(csv, /^index,embedding,error\n0,"\[[-\d.,e]+\]",\n1,,The line is empty\.\n$/);
  });

  it('takes the texts of the guide by ten', async () => {
    const before = emulator.requests.length;
    await vectorscope(['embed', '--json', '--yes'], Array.from({ length: 25 }, (_, i) => `text ${i}`).join('\n'));
    assert.deepEqual(emulator.requests.slice(before).map(({ rows }) => rows), [10, 10, 5]); // prettier-ignore
  });

  it('lists the catalogue as JSON', async () => {
    const { stdout } = await vectorscope(['models', '--json']);
    const [{ models } = { models: [] }] = lines(stdout) as unknown as { models: Record<string, unknown>[] }[];
    const v4 = models.find(({ model }) => model === 'text-embedding-v4');
    assert.deepEqual(
      [v4?.['provider'], v4?.['default'], v4?.['rows'], v4?.['tokens'], v4?.['price']],
      ['dashscope', 1024, 10, 8192, 0.0005],
    );
    assert.ok(models.some(({ provider }) => provider === 'local'));
  });

  const wrong: readonly (readonly [string, readonly string[], NodeJS.ProcessEnv, number, RegExp])[] = [
    ['a wrong key', ['embed', '--yes'], { DASHSCOPE_API_KEY: 'sk-no' }, 1, /refused the key \(InvalidApiKey\)/],
    ['no key', ['embed', '--yes'], { DASHSCOPE_API_KEY: '' }, 1, /There is no key for http/],
    ['a dimension that the model lacks', ['embed', '--yes', '--dimension', '3'], {}, 2, /has no dimension 3; it has: 2048/],
    ['an API that there is not', ['embed', '--api', 'soap'], {}, 2, /--api takes native, compatible/],
    ['sparse over the compatible API', ['embed', '--yes', '--api', 'compatible', '--output', 'sparse'], {}, 2, /does not support sparse/],
    ['an openai server without a model', ['embed', '--provider', 'openai', '--base-url', 'http://127.0.0.1:1/v1'], {}, 2, /takes --model NAME/],
    ['a host for an embedded model', ['embed', '--provider', 'local', '--base-url', 'http://127.0.0.1:1'], {}, 2, /go with --provider/],
  ]; // prettier-ignore
  for (const [name, args, env, code, sentence] of wrong) {
    it(`says in a sentence: ${name}`, async () => {
      const { status, stderr } = await vectorscope(args, 'a text', env);
      assert.equal(status, code, stderr);
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /sk-no|at \w+ \(/);
    });
  }

  it('leaves no key on disk', () => {
    for (const name of fs.readdirSync(workspace.storageFolder, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(workspace.storageFolder, name);
      if (fs.statSync(file).isFile()) assert.ok(!fs.readFileSync(file).includes(emulator.key), name);
    }
  });
});
