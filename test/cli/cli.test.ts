import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { distFolder } from '../support/paths.ts';
import { createWorkspace, until, type TestWorkspace } from '../support/workspace.ts';

const cli = path.join(distFolder, 'cli.js');

interface JsonHit {
  path: string;
  startLine: number;
  endLine: number;
  text: string;
  similarity: number;
}

describe('command line', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;

  before(() => {
    workspace = createWorkspace({
      'notes/bread.md': '# Sourdough bread\n\nMix flour, water and salt. Let the dough rest overnight and bake it.\n',
      'notes/soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil, then blend and add cream.\n',
      'shop/reviews.tsv':
        'id\tscore\ttext\n1\t5\tThe delivery was quick and the parcel intact\n2\t1\tArrived two weeks late and broken\n',
    });
    assert.equal(vectorscope('index', workspace.folder).status, 0);
  });
  after(() => workspace.remove());

  function vectorscope(...args: string[]) {
    const store = args[0] === 'models' || args[0] === 'embed' ? [] : ['--store', workspace.storageFolder];
    return spawnSync(process.execPath, [cli, ...args, ...store], {
      encoding: 'utf8',
      input: 'first line\n\nthird line\n',
    });
  }

  /** The one JSON object, or all of them, that a command prints. */
  function json<T>(...args: string[]): T[] {
    const { status, stdout, stderr } = vectorscope(...args, '--json');
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    return stdout.trim().split('\n').map((line) => JSON.parse(line) as T); // prettier-ignore
  }

  it('fails when its output can’t be written', function () {
    if (!fs.existsSync('/dev/full')) this.skip();
    const full = fs.openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [cli, 'models'], { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] }); // prettier-ignore
    fs.closeSync(full);
    assert.deepEqual([status, stderr], [1, "vectorscope: The output can't be written (ENOSPC).\n"]);
  });

  it('indexes and says what it did', () => {
    const [summary] = json<Record<string, unknown>>('index', workspace.folder);
    assert.deepEqual(Object.keys(summary ?? {}).sort(), [
      'chunks',
      'documents',
      'embedded',
      'failed',
      'reused',
      'seconds',
      'skipped',
      'tokens',
    ]);
    assert.deepEqual([summary?.['documents'], summary?.['embedded']], [3, 0]);
  });

  it('searches by meaning, one object per query', () => {
    const [answer] = json<{ query: string; hits: JsonHit[] }>(
      'search',
      workspace.folder,
      'baking a loaf',
      '--top',
      '1',
    );
    assert.equal(answer?.query, 'baking a loaf');
    assert.equal(answer.hits.length, 1);
    assert.equal(answer.hits[0]?.path, 'notes/bread.md');
    const file = workspace.write('../queries.txt', 'baking\nsoup\n');
    const answers = json<{ query: string; hits: JsonHit[] }>('search', workspace.folder, '--queries', file);
    assert.deepEqual(answers.map(({ query }) => query), ['baking', 'soup']); // prettier-ignore
  });

  it('searches by words, by meaning, or by both', () => {
    type Found = JsonHit & { score: number; why: { similarity?: number; words: string[] } };
    const search = (query: string, ...more: string[]) =>
      json<{ hits: Found[] }>('search', workspace.folder, query, ...more)[0]?.hits ?? [];
    const [byWords, ...others] = search('garlic basil', '--mode', 'keyword');
    assert.deepEqual([byWords?.path, byWords?.score, byWords?.why, others], ['notes/soup.md', 1, { words: ['garlic', 'basil'] }, []]); // prettier-ignore
    const [byMeaning] = search('a warm evening meal', '--mode', 'semantic', '--path', 'notes/**');
    assert.equal(byMeaning?.path, 'notes/soup.md');
    assert.equal(byMeaning.score, byMeaning.similarity);
    const [byBoth] = search('garlic');
    assert.deepEqual([byBoth?.path, byBoth?.why.words], ['notes/soup.md', ['garlic']]);
    assert.equal(byBoth?.why.similarity, byBoth?.similarity);
    assert.equal(vectorscope('search', workspace.folder, 'x', '--mode', 'magic').status, 2);
  });

  it('keeps to the paths that were asked for', () => {
    const [answer] = json<{ hits: JsonHit[] }>('search', workspace.folder, 'baking', '--path', 'shop/**');
    assert.ok(answer && answer.hits.length > 0 && answer.hits.every((hit) => hit.path === 'shop/reviews.tsv'));
  });

  it('keeps to a language, a kind and a time', () => {
    const found = (...filter: string[]): string[] =>
      json<{ hits: JsonHit[] }>('search', workspace.folder, 'soup', ...filter)[0]?.hits.map((hit) => hit.path) ?? [];
    assert.deepEqual(new Set(found('--kind', 'row')), new Set(['shop/reviews.tsv']));
    assert.deepEqual(new Set(found('--language', 'markdown')), new Set(['notes/bread.md', 'notes/soup.md']));
    fs.utimesSync(path.join(workspace.folder, 'notes/soup.md'), new Date(), new Date(2001, 1, 1));
    vectorscope('index', workspace.folder);
    assert.deepEqual(found('--modified-since', '2d', '--language', 'markdown'), ['notes/bread.md']);
  });

  it('finds what resembles a line of a table, whose rows name their line', () => {
    const [answer] = json<{ hits: JsonHit[] }>('similar', workspace.folder, 'shop/reviews.tsv:3');
    const row = answer?.hits.find((hit) => hit.path === 'shop/reviews.tsv');
    assert.equal(row?.startLine, 2);
    assert.ok(answer?.hits.every((hit) => hit.path !== 'shop/reviews.tsv' || hit.startLine !== 3));
  });

  it('embeds lines of standard input, and says which it could not', () => {
    const answers = json<{ index: number; embedding?: number[]; error?: string }>('embed', '--model', 'minilm');
    assert.deepEqual(answers.map(({ index, embedding, error }) => [index, embedding?.length, error]), [[0, 384, undefined], [1, undefined, 'The line is empty.'], [2, 384, undefined]]); // prettier-ignore
  });

  it('shows status and models', () => {
    const [status] = json<{ spaces: { model: string; documents: number }[]; coverage: { indexed: number } }>(
      'status',
      workspace.folder,
    );
    assert.deepEqual(
      [status?.spaces[0]?.model, status?.spaces[0]?.documents, status?.coverage.indexed],
      ['minilm', 3, 3],
    );
    const [models] = json<{ models: { model: string; default: number; provider: string }[] }>('models');
    assert.deepEqual(models?.models.find(({ model }) => model === 'bilingual')?.default, 896);
  });

  const wrong: [string, string[], RegExp][] = [
    ['no command', [], /Name a command/],
    ['a command that is not there', ['dance'], /no command "dance"/],
    ['a folder that is not there', ['index', '/nonesuch'], /no folder/],
    ['an option that the command lacks', ['index', '.', '--top', '3'], /takes no --top/],
    ['an unknown option', ['index', '.', '--frobnicate'], /frobnicate/],
    ['a number that is none', ['search', '.', 'x', '--top', 'many'], /whole number/],
    [
      'a provider that there is not',
      ['index', '.', '--provider', 'carrier-pigeon'],
      /--provider takes local, dashscope, openai/,
    ],
    ['a model that is not there', ['index', '.', '--model', 'nonesuch'], /no model "nonesuch"/],
    ['a dimension that the model lacks', ['index', '.', '--model', 'minilm', '--dimension', '7'], /no dimension 7/],
  ];
  for (const [name, args, sentence] of wrong) {
    it(`answers ${name} with one sentence and exit code 2`, () => {
      const { status, stdout, stderr } = vectorscope(...args.map((arg) => (arg === '.' ? workspace.folder : arg)));
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
      assert.equal(stderr.trim().split('\n').length, 1);
    });
  }

  it('fails with exit code 1 where nothing is indexed', () => {
    const empty = createWorkspace();
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, 'search', empty.folder, 'x', '--store', empty.storageFolder],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stderr, /Nothing is indexed yet/);
    empty.remove();
  });

  it('killed with -9 while indexing ten times, opens every time and loses no finished document', async function () {
    this.timeout(300_000);
    const victim = createWorkspace();
    for (let i = 0; i < 300; i++) {
      victim.write(
        `notes/${i}.md`,
        `# Note ${i}\n\n${`The ${i}th note speaks of topic ${i % 17} and of ${i * 31}. `.repeat(12)}\n`,
      );
    }
    const documentsNow = (): number => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [cli, 'status', victim.folder, '--store', victim.storageFolder, '--json'],
        { encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
      return (JSON.parse(stdout) as { spaces: { documents: number }[] }).spaces[0]?.documents ?? 0;
    };
    const journalBytes = (): number =>
      fs.existsSync(victim.storageFolder)
        ? fs.readdirSync(victim.storageFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /journal/.test(name)).reduce((sum, name) => sum + (fs.statSync(path.join(victim.storageFolder, name), { throwIfNoEntry: false })?.size ?? 0), 0)
        : 0; // prettier-ignore
    let before = 0;
    for (let round = 0; round < 10; round++) {
      const child = spawn(process.execPath, [cli, 'index', victim.folder, '--store', victim.storageFolder, '--json'], {
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const started = journalBytes();
      await until(() => journalBytes() > started + 20_000 * ((round % 3) + 1) || child.exitCode !== null, 60_000);
      child.kill('SIGKILL');
      await ended;
      const now = documentsNow();
      assert.ok(now >= before, `round ${round}: ${now} documents after ${before}`);
      before = now;
    }
    const { status, stdout } = spawnSync(
      process.execPath,
      [cli, 'index', victim.folder, '--store', victim.storageFolder, '--json'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0);
    const summary = JSON.parse(stdout) as { documents: number; embedded: number };
    assert.equal(summary.documents, 300);
    assert.ok(summary.embedded <= 300 - before + 1, `${summary.embedded} embedded again with ${before} documents kept`);
    victim.remove();
  });
});
