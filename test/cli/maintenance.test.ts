// verify, repair and prune from a terminal.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';

const BREAD = '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake it.\n';
const SOUP = '# Tomato soup\n\nCook tomatoes with garlic and basil, then blend and add cream.\n';

describe('looking after an index from the command line', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = createWorkspace({ 'bread.md': BREAD, 'gone/soup.md': SOUP });
    assert.equal(vectorscope('index').status, 0);
  });
  afterEach(() => workspace.remove());

  function vectorscope(command: string, ...args: string[]) {
    const cli = path.join(distFolder, 'cli.js');
    const all = [cli, command, workspace.folder, '--store', workspace.storageFolder, ...args];
    return spawnSync(process.execPath, all, { encoding: 'utf8' });
  }
  const spaceFolder = (): string => path.join(workspace.storageFolder, fs.readdirSync(workspace.storageFolder)[0]!);
  const damageOne = (): void => {
    const shard = fs.readdirSync(spaceFolder()).find((name) => name.startsWith('shard-'))!;
    fs.appendFileSync(path.join(spaceFolder(), shard), 'x');
  };

  it('verify is 0 for a sound index and 1 for a damaged one, and says what to do', () => {
    const sound = vectorscope('verify');
    assert.deepEqual([sound.status, sound.stderr], [0, '']);
    assert.match(sound.stdout, /^minilm \(384\): fine, 2 documents, 2 chunks, [\d.]+ [kM]B\n$/);
    damageOne();
    const damaged = vectorscope('verify');
    assert.equal(damaged.status, 1);
    assert.match(damaged.stdout, /DAMAGED.*\n {2}shard-.*: a file of vectors is damaged \(1 documents: .*\)\nRun "vectorscope repair FOLDER"/);
    const json = vectorscope('verify', '--json');
    assert.equal(json.status, 1);
    const answer = JSON.parse(json.stdout) as { damaged: boolean; spaces: { findings: { kind: string }[] }[] };
    assert.deepEqual([answer.damaged, answer.spaces[0]?.findings[0]?.kind], [true, 'shard-damaged']);
  }); // prettier-ignore

  it('repair mends, embeds just what was lost, and is 0', () => {
    damageOne();
    const { status, stdout } = vectorscope('repair', '--json');
    assert.equal(status, 0);
    const answer = JSON.parse(stdout) as { lost: object[]; embedded: number; spaces: { setAside: string[] }[] };
    assert.deepEqual([answer.lost.length, answer.embedded, answer.spaces[0]?.setAside.length], [1, 1, 1]);
    assert.equal(vectorscope('verify').status, 0);
    assert.match(vectorscope('repair').stdout, /^minilm \(384\): nothing was damaged\n$/);
    assert.match(vectorscope('index').stdout, /2 chunks: 0 embedded/);
  });

  it('prune shows with --dry-run and removes without, the index in use only with --current', () => {
    damageOne();
    vectorscope('repair');
    fs.rmSync(path.join(workspace.folder, 'gone'), { recursive: true });
    const kinds = (stdout: string): string[] =>
      (JSON.parse(stdout) as { items: { kind: string }[] }).items.map(({ kind }) => kind).sort();
    const dry = vectorscope('prune', '--dry-run', '--json');
    assert.deepEqual(kinds(dry.stdout), ['documents', 'set-aside']);
    assert.match(vectorscope('prune', '--dry-run').stdout, /1 documents? of the deleted folder gone\//);
    assert.deepEqual(kinds(vectorscope('prune', '--dry-run', '--json').stdout), ['documents', 'set-aside']);
    assert.match(vectorscope('prune').stdout, /Freed [\d.]+ [kM]B\.\n$/);
    assert.equal(vectorscope('prune').stdout, 'There is nothing to prune.\n');
    assert.match(vectorscope('status').stdout, /1 documents/);
    assert.equal(vectorscope('prune', '--current').status, 0);
    assert.match(vectorscope('status').stdout, /0 documents/);
  });

  it('has nothing to say of a folder that was never indexed, and makes nothing there', () => {
    fs.rmSync(workspace.storageFolder, { recursive: true });
    assert.match(vectorscope('verify').stdout, /Nothing is indexed yet/);
    assert.match(vectorscope('prune').stdout, /nothing to prune/);
    assert.equal(fs.existsSync(workspace.storageFolder), false);
    assert.equal(vectorscope('verify', '--dry-run').status, 2);
  });
});
