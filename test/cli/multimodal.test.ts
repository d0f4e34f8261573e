import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { makePng } from '../support/dashscope/images.ts';
import { startDashScope, type DashScopeEmulator } from '../support/dashscope/startDashScope.ts';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';

const cli = path.join(distFolder, 'cli.js');

describe('command line with a multimodal model', function () {
  this.timeout(60_000);
  let emulator: DashScopeEmulator;
  let workspace: TestWorkspace;

  before(async () => {
    emulator = await startDashScope();
    workspace = createWorkspace({ 'notes.md': 'Tomato soup with basil.\n' });
    workspace.write('one.png', makePng({ words: 'a red bicycle', rgb: [1, 0, 0] }));
    workspace.write('two.png', makePng({ words: 'a red bicycle in the rain', rgb: [2, 0, 0] }));
    workspace.write('three.png', makePng({ words: 'a bowl of noodles', rgb: [3, 0, 0] }));
    workspace.write('new.gif', Buffer.from('GIF89a\0\0\0;', 'latin1'));
  });
  after(async () => {
    await emulator.close();
    workspace.remove();
  });

  /** The emulator lives in this process: it must go on answering meanwhile. */
  async function vectorscope(args: readonly string[], input = '', yes = true) {
    const remote = ['--provider', 'dashscope', '--model', 'multimodal-embedding-v1', '--base-url', emulator.url];
    const store = args[0] === 'embed' ? [] : ['--store', workspace.storageFolder];
    const child = spawn(process.execPath, [cli, ...args, ...remote, ...store, '--json', ...(yes ? ['--yes'] : [])], {
      env: { ...process.env, DASHSCOPE_API_KEY: emulator.key },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout += String(data)));
    child.stderr.on('data', (data) => (stderr += String(data)));
    child.stdin.end(input);
    const status = await new Promise((resolve) => child.on('close', resolve));
    return { status, stdout, stderr };
  }

  async function pathsOf(...args: string[]): Promise<string[]> {
    const { stdout, stderr } = await vectorscope(args);
    assert.equal(stderr, '');
    return (JSON.parse(stdout) as { hits: { path: string }[] }).hits.map((hit) => hit.path);
  }

  it('says how many images would be sent, and sends none without --yes', async () => {
    const { status, stderr } = await vectorscope(['index', workspace.folder], '', false);
    assert.equal(status, 2);
    assert.match(stderr, /4 documents, 4 chunks, of them 3 images/);
    assert.equal(emulator.requests.length, 0);
  });

  it('indexes images, and finds them by words and by an image', async () => {
    const { stdout, stderr } = await vectorscope(['index', workspace.folder]);
    const summary = JSON.parse(stdout || stderr) as { embedded: number; skipped: object[]; cost: number };
    assert.equal(summary.embedded, 4);
    assert.deepEqual(summary.skipped, [{ path: 'new.gif', reason: 'image-type' }]);
    assert.ok(summary.cost > 0.005);
    assert.equal((await pathsOf('search', workspace.folder, 'noodles'))[0], 'three.png');
    assert.deepEqual((await pathsOf('similar', workspace.folder, 'one.png')).slice(0, 1), ['two.png']);
    const refused = await vectorscope(['similar', workspace.folder, 'new.gif']);
    assert.deepEqual(
      [refused.status, refused.stderr],
      [2, 'vectorscope: multimodal-embedding-v1 does not support GIF.\n'],
    );
  });

  it('embeds lines that are web addresses of videos', async () => {
    const { stdout } = await vectorscope(['embed'], 'https://example.com/cat.mp4\na cat\n');
    const rows = stdout.trim().split('\n').map((line) => JSON.parse(line) as { embedding?: number[] }); // prettier-ignore
    assert.deepEqual(rows.map(({ embedding }) => embedding?.length), [1024, 1024]); // prettier-ignore
    const { input } = emulator.requests.at(-1)?.body as { input: { contents: object[] } };
    assert.deepEqual(input.contents, [{ video: 'https://example.com/cat.mp4' }, { text: 'a cat' }]);
  });
});
