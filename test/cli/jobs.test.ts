import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startDashScope, type DashScopeEmulator, type DashScopeOptions } from '../support/dashscope/startDashScope.ts';
import { distFolder } from '../support/paths.ts';
import { until } from '../support/workspace.ts';

const cli = path.join(distFolder, 'cli.js');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface JobLine {
  id: string;
  taskId: string | null;
  model: string;
  state: string;
  rows: number | null;
  submittedAt: string | null;
}

/** Real processes and real time: a job takes the few seconds between two polls. */
describe('batch jobs on the command line', function () {
  this.timeout(60_000);
  let folder: string;
  let emulator: DashScopeEmulator;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-jobs-'));
  });
  afterEach(async () => {
    await emulator.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const start = async (options: DashScopeOptions): Promise<void> => {
    emulator = await startDashScope(options);
  };

  function vectorscope(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const all = [cli, ...args, '--store', path.join(folder, 'store'), '--json'];
    const child = spawn(process.execPath, all, {
      env: { ...process.env, DASHSCOPE_API_KEY: emulator.key },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
    return { child, ended };
  }

  const embed = (file: string, ...more: string[]) =>
    vectorscope('embed', '--job', file, '--provider', 'dashscope', '--base-url', emulator.url, ...more);

  const jobs = async (...args: string[]): Promise<JobLine[]> => {
    const { status, stdout, stderr } = await vectorscope('jobs', ...args).ended;
    assert.equal(status, 0, stderr);
    return linesOf<JobLine>(stdout);
  };

  const requests = (part: string): number => emulator.requests.filter(({ path: at }) => at.includes(part)).length;

  function rowsFile(count: number): string {
    const file = path.join(folder, 'rows.txt');
    fs.writeFileSync(file, Array.from({ length: count }, (_, i) => `row ${i}\n`).join(''));
    return file;
  }

  it('killed while the job runs, and run again, gives each row once and submits nothing twice', async () => {
    await start({ tasks: { unit: 'ms', pending: 0, running: 4000 }, shuffle: 3 });
    const file = rowsFile(200);
    const first = embed(file, '--yes');
    await until(async () => (await jobs())[0]?.state === 'running', 20_000);
    first.child.kill('SIGKILL');
    assert.deepEqual((await first.ended).stdout, '');
    const [left] = await jobs();
    assert.deepEqual([left?.state, left?.rows, left?.model], ['running', 200, 'text-embedding-async-v2']);
    // Nothing is sent any more, so nothing is asked.
    const again = await embed(file).ended;
    assert.equal(again.status, 0, again.stderr);
    const rows = linesOf<{ index: number; embedding: number[] }>(again.stdout);
    assert.deepEqual(rows.map(({ index }) => index), Array.from({ length: 200 }, (_, i) => i)); // prettier-ignore
    assert.ok(rows.every(({ embedding }) => embedding.length === 1536));
    assert.deepEqual([requests('/text-embedding/text-embedding'), requests('/oss')], [1, 1]);
    assert.equal((await jobs())[0]?.state, 'done');
    const log = again.stdout + again.stderr + JSON.stringify(await jobs());
    assert.ok(!log.includes(emulator.key));
  });

  it('without --yes sends nothing', async () => {
    await start({});
    const { status, stderr } = await embed(rowsFile(3)).ended;
    assert.equal(status, 2);
    assert.match(stderr, /3 texts.*\n.*add --yes/);
    assert.equal(emulator.requests.length, 0);
  });

  it('are listed, cancelled and gone on with by their id alone', async () => {
    await start({ tasks: { unit: 'ms', pending: 600_000, running: 0 } });
    const running = embed(rowsFile(3), '--yes');
    await until(async () => (await jobs())[0]?.state === 'submitted', 20_000);
    running.child.kill('SIGINT');
    assert.equal((await running.ended).status, 1);
    const [job] = await jobs();
    assert.deepEqual(Object.keys(job ?? {}), ['id', 'taskId', 'model', 'state', 'rows', 'submittedAt']);
    const [cancelled] = await jobs('cancel', job?.id ?? '');
    assert.equal(cancelled?.state, 'cancelled');
    assert.equal(requests('/cancel'), 1);
    const unknown = await vectorscope('jobs', 'cancel', 'abcdef').ended;
    assert.deepEqual([unknown.status, /no job abcdef/.test(unknown.stderr)], [1, true]);
  });
});

function linesOf<T>(text: string): T[] {
  return text.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T); // prettier-ignore
}
