// Answers about a whole index from a terminal, in the shapes of the contract.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, type TestWorkspace } from '../support/workspace.ts';

interface JsonPlace {
  path: string;
  startLine: number;
  endLine: number;
  text: string;
}

const BREAD =
  '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake it in a hot oven.\n';
const SOUPS = ['tomatoes with garlic', 'leeks with potatoes', 'pumpkin with ginger', 'carrots with coriander'];

describe('a whole index from the command line', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  before(() => {
    workspace = createWorkspace({
      'bread.md': BREAD,
      'copy/bread.md': BREAD.replaceAll(' and ', '  and '),
      'tax.md': '# Depreciation\n\nMachines are written off over ten years; the auditor signs the ledger in March.\n',
      'shop/reviews.tsv':
        'id\ttext\n1\tThe delivery was quick and the parcel intact\n2\tArrived two weeks late and badly broken\n3\tThe courier lost the parcel and nobody answered\n4\tThe delivery was quick and the parcel intact\n',
      ...Object.fromEntries(
        SOUPS.map((soup, i) => [
          `soup/${i}.md`,
          `# Soup\n\nCook ${soup} in broth, then blend it and add some cream.\n`,
        ]),
      ),
    });
    assert.equal(vectorscope('index').status, 0);
  });
  after(() => workspace.remove());

  function vectorscope(command: string, ...args: string[]) {
    const cli = path.join(distFolder, 'cli.js');
    const all = [cli, command, workspace.folder, ...args, '--store', workspace.storageFolder];
    return spawnSync(process.execPath, all, { encoding: 'utf8' });
  }
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says what is read
  function json<T>(command: string, ...args: string[]): T {
    const { status, stdout, stderr } = vectorscope(command, ...args, '--json');
    assert.deepEqual([status, stderr], [0, '']);
    return JSON.parse(stdout) as T;
  }

  it('is the same where WebAssembly has no SIMD', function () {
    if (process.arch !== 'x64') this.skip(); // the switch is of this processor's V8
    const store = path.join(workspace.folder, '..', 'plain');
    const plainly = (command: string, ...args: string[]) => {
      const all = [path.join(distFolder, 'cli.js'), command, workspace.folder, ...args, '--store', store, '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-enable-sse4-1', ...all], { encoding: 'utf8' }); // prettier-ignore
      assert.deepEqual([status, stderr], [0, '']);
      return stdout;
    };
    plainly('index');
    for (const [command, ...args] of [['search', 'a soup with cream'], ['clusters'], ['outliers'], ['duplicates'], ['map']] as const) {
      const { status, stdout } = vectorscope(command, ...args, '--json');
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(plainly(command, ...args)), JSON.parse(stdout), command);
    }
  }); // prettier-ignore

  it('tells what stands apart, most unusual first, and why', () => {
    const { outliers } = json<{ outliers: (JsonPlace & { score: number; reason: string })[] }>('outliers', '--top', '3');
    assert.equal(outliers[0]?.path, 'tax.md');
    assert.deepEqual(Object.keys(outliers[0]).sort(), ['endLine', 'path', 'reason', 'score', 'startLine', 'symbol', 'text']);
    assert.match(outliers[0].reason, /^similarity to its nearest neighbours \d\.\d\d, the usual is \d\.\d\d; its nearest relative is \S+:\d+/);
    assert.ok(outliers.every(({ score }, i) => i === 0 || score <= outliers[i - 1]!.score));
    assert.match(vectorscope('outliers', '--documents').stdout, /tax\.md:1-3/);
  }); // prettier-ignore

  it('tells what is there twice', () => {
    const { groups } = json<{ groups: { tier: string; similarity: number; members: JsonPlace[] }[] }>('duplicates');
    const [exact] = groups;
    assert.deepEqual([exact?.tier, exact?.similarity], ['exact', 1]);
    assert.deepEqual(exact?.members.map((member) => member.path), ['bread.md', 'copy/bread.md']); // prettier-ignore
    assert.match(vectorscope('duplicates').stdout, /^the same text, 2 places\n {2}bread\.md:1-3 {2}Sourdough bread\n/);
    assert.match(vectorscope('duplicates').stdout, /compared: \d+ distinct texts; files: \d+ indexed, /);
    assert.equal(vectorscope('duplicates', '--min-similarity', '2').status, 2);
  });

  it('recommends documents for a document, and rows for a row', () => {
    const { query, hits } = json<{ query: string; hits: (JsonPlace & { similarity: number })[] }>('recommend', 'soup/0.md', '--top', '3'); // prettier-ignore
    assert.equal(query, 'soup/0.md');
    assert.ok(hits.every((hit) => hit.path.startsWith('soup/') && hit.path !== 'soup/0.md'));
    const rows = json<{ hits: JsonPlace[] }>('recommend', 'shop/reviews.tsv:2').hits;
    assert.deepEqual(rows.map(({ path: file, startLine }) => `${file}:${startLine}`).sort(), ['shop/reviews.tsv:3', 'shop/reviews.tsv:4']); // prettier-ignore
    assert.match(vectorscope('recommend', 'bread.md').stdout, /^bread\.md\n {2}0\.\d\d {2}soup\//);
  });

  it('says how much of the folder was compared', () => {
    for (const [compared, command, ...args] of [
      ['8 documents', 'recommend', 'bread.md'],
      ['4 rows', 'recommend', 'shop/reviews.tsv:2'],
      ['\\d+ distinct texts', 'map'],
    ] as const) {
      const { stdout } = vectorscope(command, ...args);
      assert.match(stdout, new RegExp(`\ncompared: ${compared}; files: 8 indexed, [^\n]*\n$`));
    }
  });

  it('tells what is in there, and where each snippet lies', () => {
    const { clusters, unclustered } = json<{
      clusters: { id: string; label: string; size: number; members: JsonPlace[] }[];
      unclustered: JsonPlace[];
    }>('clusters', '--granularity', '1');
    assert.ok(clusters.every(({ size, members }) => size === members.length));
    assert.equal(clusters.reduce((sum, { size }) => sum + size, unclustered.length), 11); // prettier-ignore
    const { points } = json<{ points: (JsonPlace & { x: number; y: number; cluster: string | null })[] }>('map');
    assert.ok(
      points.length >= 9 && points.every(({ x, y, text }) => Math.abs(x) <= 1 && Math.abs(y) <= 1 && text !== ''),
    );
    assert.deepEqual(Object.keys(points[0]!).filter((key) => key !== 'symbol').sort(), ['cluster', 'endLine', 'path', 'startLine', 'text', 'x', 'y']); // prettier-ignore
  });

  it('exports all of it', () => {
    const out = path.join(workspace.folder, '..', 'all.json');
    const { files, places } = json<{ files: { path: string }[]; places: number }>(
      'export',
      '--format',
      'json',
      '--out',
      out,
      '--min-similarity',
      '0.5',
    );
    assert.deepEqual([files.map((file) => file.path), places], [[out], 11]);
    const written = JSON.parse(fs.readFileSync(out, 'utf8')) as { places: { path: string; vector: number[] }[]; outliers: { similarity: number; usual: number; nearest?: JsonPlace }[] }; // prettier-ignore
    assert.ok(written.outliers.length > 0 && written.outliers.every(({ similarity, usual, nearest }) => similarity < 1 && usual < 1 && nearest)); // prettier-ignore
    assert.ok(written.places.every(({ vector }) => vector.length === 384));
    assert.match(vectorscope('export', '--format', 'xml', '--out', out).stderr, /--format takes json, csv, tsv, md/);
    assert.equal(vectorscope('export', '--format', 'json').status, 2);
  });

  it('says what it does not understand', () => {
    assert.match(vectorscope('clusters', '--granularity', 'coarse').stderr, /--granularity takes a number from 0 to 1/);
    assert.equal(vectorscope('map', '--top', '3').status, 2);
    assert.match(vectorscope('recommend', 'nonesuch.md').stderr, /There is no file nonesuch\.md/);
  });
});
