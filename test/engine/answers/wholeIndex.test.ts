// Outliers, duplicates and recommendations over texts whose vectors come from their words.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type RunTask, TASKS } from '../../../src/engine/analysis/tasks.ts';
import { clusterMembers, clusters } from '../../../src/engine/answers/clusters.ts';
import { findDuplicates } from '../../../src/engine/answers/duplicates.ts';
import { ignoreDuplicates } from '../../../src/engine/answers/ignoredDuplicates.ts';
import { findOutliers } from '../../../src/engine/answers/outliers.ts';
import { recommend } from '../../../src/engine/answers/recommend.ts';
import { isCancelled } from '../../../src/engine/errors.ts';
import type { DuplicateGroup, Place, StoredChunk } from '../../../src/engine/model.ts';
import type { Source } from '../../../src/engine/source/source.ts';
import type { Example } from '../../../src/protocol/engineApi.ts';
import { analysisSession, type TextAt } from '../../support/analysisSession.ts';
import { seededRandom, shuffled } from '../../support/seededNumbers.ts';

const TOPICS = {
  bread: 'flour water dough yeast oven crust loaf knead sourdough bake rise starter',
  boats: 'sail mast harbour anchor keel rudder wind tide deck crew hull voyage',
  chess: 'pawn bishop knight rook queen castle gambit opening endgame check board mate',
};
const random = seededRandom(11);
const sentence = (topic: keyof typeof TOPICS): string =>
  shuffled(TOPICS[topic].split(' '), random).slice(0, 9).join(' ');
const notes = (topic: keyof typeof TOPICS, count: number): TextAt[] =>
  Array.from({ length: count }, (_, i) => ({ path: `${topic}/${i}.md`, text: sentence(topic) }));
const STRAY = 'quarterly invoice ledger taxation auditor receipts payable depreciation balance statement';
const WORKSPACE: readonly TextAt[] = [...notes('bread', 12), ...notes('boats', 12), ...notes('chess', 12)];
const at = ({ path: file, startLine }: Place): string => `${file}:${startLine}`;
const aborted = AbortSignal.abort();
const noSource = {} as Source;

describe('outliers', () => {
  const find = (texts: readonly TextAt[], top = 5) => findOutliers(analysisSession(texts), { of: 'chunks', top }, undefined); // prettier-ignore

  it('are what has no near neighbours, with what is usual and the nearest relative', async () => {
    const { outliers, cover } = await find([...WORKSPACE, { path: 'tax.md', text: STRAY }]);
    const [first] = outliers;
    assert.equal(first?.path, 'tax.md');
    assert.equal(first.score, 1);
    assert.ok(first.similarity < first.usual - 0.2);
    assert.ok(first.nearest && first.nearest.similarity < first.usual);
    assert.equal(cover.items, 37);
  });

  it('are no fragments, no copies and no kept snippets', async () => {
    const { outliers, leftOut } = await find(
      [
        ...WORKSPACE,
        { path: 'short.md', text: 'xyzzy plugh' },
        { path: 'a.md', text: STRAY },
        { path: 'b.md', text: STRAY },
        { path: 'snippet:a', text: `${STRAY} kept`, kept: true },
      ],
      40,
    );
    const found = outliers.map((outlier) => outlier.path);
    for (const name of ['short.md', 'a.md', 'b.md', 'snippet:a']) assert.ok(!found.includes(name), name);
    assert.equal(leftOut, 1);
    assert.equal(found.length, 36);
  });

  it('are documents too: from their first line to their last', async () => {
    const long = [
      { path: 'tax.md', text: STRAY },
      { path: 'tax.md', text: `${STRAY} again` },
    ];
    const { outliers } = await findOutliers(analysisSession([...WORKSPACE, ...long]), { of: 'documents', top: 1 }, undefined); // prettier-ignore
    assert.deepEqual([outliers[0]?.path, outliers[0]?.startLine, outliers[0]?.endLine], ['tax.md', 1, 2]);
  });

  it('are no documents of the same text', async () => {
    const twins = Array.from({ length: 3 }, (_, i) => ({ path: `twin${i}.md`, text: STRAY }));
    const { outliers } = await findOutliers(analysisSession([...WORKSPACE, ...twins]), { of: 'documents', top: 50 }, undefined); // prettier-ignore
    assert.ok(outliers.length > 0 && outliers.every(({ path: file }) => !file.startsWith('twin')));
  });

  it('are none of one, two or equal texts, and the same each time in whatever order the rows are', async () => {
    const one = { path: 'a.md', text: sentence('bread') };
    for (const texts of [[one], [one, { path: 'b.md', text: STRAY }], Array.from({ length: 9 }, (_, i) => ({ ...one, path: `${i}.md` }))])
      assert.deepEqual((await find(texts)).outliers, []);
    const paths = async (texts: readonly TextAt[]) => (await find(texts, 40)).outliers.map(({ path: file, score }) => [file, score]); // prettier-ignore
    assert.deepEqual(await paths(WORKSPACE), await paths([...WORKSPACE].reverse()));
  }); // prettier-ignore

  it('stop when they are told to', async () => {
    await assert.rejects(findOutliers(analysisSession(WORKSPACE), { of: 'chunks', top: 5 }, aborted), isCancelled);
  });
});

describe('clusters', () => {
  it('are the subjects, each with a representative of its own, and count every place', async () => {
    const { clusters: found, unclustered } = await clusters(analysisSession(WORKSPACE), { of: 'chunks' }, undefined);
    assert.deepEqual(found.map(({ size }) => size), [12, 12, 12]); // prettier-ignore
    assert.deepEqual(found.map(({ representative }) => representative.path.split('/')[0]).sort(), ['boats', 'bread', 'chess']); // prettier-ignore
    assert.equal(unclustered, 0);
  });

  it('of one text in many places are one, of one place none', async () => {
    const copies = Array.from({ length: 12 }, (_, i) => ({ path: `${i}.md`, text: STRAY }));
    const answer = async (texts: readonly TextAt[]) => {
      const { clusters: found, unclustered } = await clusters(analysisSession(texts), { of: 'chunks' }, undefined);
      return [found.map(({ size }) => size), unclustered];
    };
    assert.deepEqual(await answer(copies), [[12], 0]);
    assert.deepEqual(await answer(copies.slice(0, 1)), [[], 1]);
    assert.deepEqual(await answer([]), [[], 0]);
  });

  for (const gone of ['the representative of', 'any member of'])
    it(`stay when ${gone} one is deleted while they are labelled, and do not list it`, async () => {
      const query = { of: 'chunks' } as const;
      const [before] = (await clusters(analysisSession(WORKSPACE), query, undefined)).clusters;
      assert.ok(before);
      const subject = before.representative.path.split('/')[0];
      const isGone = (file: string): boolean =>
        gone.startsWith('the') ? file === before.representative.path : file !== before.representative.path && file.startsWith(`${subject}/1`); // prettier-ignore
      const session = analysisSession(WORKSPACE);
      const { analyst, store } = session;
      const run = analyst.run.bind(analyst);
      analyst.run = (name, ...rest) => {
        const table = store.table as { revision: number } & typeof store.table;
        const rows = table.chunks as StoredChunk[];
        if (name === 'labels') {
          rows.splice(0, rows.length, ...rows.filter((chunk) => !isGone(chunk.path)));
          table.revision++;
        }
        return run(name, ...rest);
      };
      const { clusters: found } = await clusters(session, query, undefined);
      assert.equal(found.length, 3);
      assert.ok(found.every(({ representative }) => !isGone(representative.path)));
      const again = (await clusters(session, query, undefined)).clusters;
      const own = again.find(({ representative }) => representative.path.startsWith(`${subject}/`));
      const members = await clusterMembers(session, { ...query, id: own?.id ?? '', offset: 0, count: 40 }, undefined);
      assert.ok(members.length > 0 && members.every(({ path: file }) => !isGone(file)));
    });

  it('of an older answer have the members that are there now: without what was deleted, none where all of it was', async () => {
    const query = { of: 'chunks' } as const;
    const before = (await clusters(analysisSession(WORKSPACE), query, undefined)).clusters;
    for (const { id, size, representative } of before) {
      const subject = representative.path.split('/')[0];
      const membersAfter = async (isGone: (file: string) => boolean) => {
        const session = analysisSession(WORKSPACE);
        await clusters(session, query, undefined);
        const { store } = analysisSession(WORKSPACE.filter(({ path: file }) => !isGone(file)));
        Object.assign(session.store, store, { table: Object.assign(store.table, { revision: 2 }) });
        const members = await clusterMembers(session, { ...query, id, offset: 0, count: 40 }, undefined);
        const ids = (await clusters(session, query, undefined)).clusters.map((cluster) => cluster.id);
        assert.equal(ids.includes(id), members.length > 0);
        return members.map(({ path: file }) => file);
      };
      const left = await membersAfter((file) => file === representative.path);
      assert.equal(left.length, size - 1);
      assert.ok(left.every((file) => file.startsWith(`${subject}/`) && file !== representative.path));
      assert.deepEqual(await membersAfter((file) => file.startsWith(`${subject}/`)), []);
    }
  });

  it('have their members page by page, which are put in order once', async () => {
    const session = analysisSession(WORKSPACE);
    const [first] = (await clusters(session, { of: 'chunks' }, undefined)).clusters;
    const page = (offset: number, count: number) =>
      clusterMembers(session, { of: 'chunks', id: first?.id ?? '', offset, count }, undefined);
    const all = await page(0, 100);
    assert.ok(all.length > 4 && all.every(({ centrality }, i) => i === 0 || centrality <= all[i - 1]!.centrality));
    const { table } = session.store;
    const rough = table.roughRow.bind(table);
    let read = 0;
    Object.assign(table, { roughRow: (row: number) => (read++, rough(row)) });
    assert.deepEqual([...(await page(0, 3)), ...(await page(3, 100))], all);
    assert.equal(read, 0);
  });

  it('and their members stop when they are told to', async () => {
    const session = analysisSession(WORKSPACE);
    await assert.rejects(clusters(session, { of: 'chunks' }, aborted), isCancelled);
    await assert.rejects(clusterMembers(session, { of: 'documents', offset: 0, count: 5 }, aborted), isCancelled);
  });
});

describe('duplicates', () => {
  let storage: string;
  beforeEach(() => (storage = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-ignored-'))));
  afterEach(() => fs.rmSync(storage, { recursive: true }));
  const find = (texts: readonly TextAt[], query = {}) => findDuplicates(analysisSession(texts), storage, query, undefined); // prettier-ignore
  const WORDS =
    'const total rows reduce sum row price quantity discount customer invoice country currency rate fee net gross';
  const FUNCTION = `function total(rows) {\n  ${WORDS.split(' ').join(';\n  ')};\n}`;
  const code = (file: string, text: string, more: Partial<TextAt> = {}): TextAt => ({
    path: file,
    text,
    kind: 'function',
    ...more,
  });
  const shown = (groups: readonly DuplicateGroup[]) => groups.map(({ tier, members }) => [tier, ...members.map(at)]);

  it('are exact but for white space, near, or of one meaning; each tier in groups', async () => {
    const { groups } = await find(
      [
        ...WORKSPACE,
        code('a.ts', FUNCTION),
        code('b.ts', FUNCTION.replaceAll('\n  ', '\n\t')),
        code('c.ts', FUNCTION.replace('discount', 'rebate')),
        code('d.ts', shuffled(FUNCTION.split(/\s+/), seededRandom(3)).join(' ')),
      ],
      { minSimilarity: 0.9 },
    );
    const own = groups.filter(({ members }) => members[0]?.path === 'a.ts');
    assert.deepEqual(shown(own), [
      ['exact', 'a.ts:1', 'b.ts:1'],
      ['near', 'a.ts:1', 'b.ts:1', 'c.ts:1'],
      ['meaning', 'a.ts:1', 'b.ts:1', 'c.ts:1', 'd.ts:1'],
    ]);
    const [exact, near, meaning] = own;
    assert.equal(exact?.similarity, 1);
    assert.ok(near!.similarity < 1 && near!.similarity > 0.8);
    assert.ok(meaning!.similarity >= 0.9);
  });

  it('of one meaning are far nearer than random pairs are, and at least .9', async () => {
    assert.ok((await find(WORKSPACE)).minSimilarity > 0.9);
    const strangers = 'abcdefghijkl'.split('').map((letter) => ({ path: letter, text: `${letter.repeat(5)} ${letter.repeat(7)} ${letter.repeat(9)}` })); // prettier-ignore
    assert.equal((await find(strangers)).minSimilarity, 0.9);
  });

  it('larger than k are one group, whatever else tells the copies apart', async () => {
    const copies = Array.from({ length: 40 }, (_, i) => code(`${i}.ts`, FUNCTION, { context: `class C${i}` }));
    const variants = Array.from({ length: 40 }, (_, i) => code(`v${i}.ts`, `${FUNCTION}\n// ${i % 2}`, { context: `class V${i}` })); // prettier-ignore
    const { groups } = await find([...WORKSPACE, ...copies, ...variants]);
    assert.deepEqual(
      groups.map(({ tier, members }) => [tier, members.length]),
      [['exact', 40], ['exact', 20], ['exact', 20], ['near', 80]], // prettier-ignore
    );
  });

  it('are no licences, imports, few words, kept snippets or overlapping chunks', async () => {
    const licence =
      '// Copyright (c) 2024 The Authors. All rights reserved.\n// Licensed under the Apache License, Version 2.0';
    const imports =
      "import fs from 'node:fs';\nimport path from 'node:path';\nimport { a, b, c, d, e } from './letters.ts';";
    const { groups } = await find([
      ...WORKSPACE,
      ...['a.ts', 'b.ts'].flatMap((file) => [code(file, licence), code(file, imports), code(file, 'return value')]),
      code('c.ts', FUNCTION, { startLine: 1 }),
      code('c.ts', `${FUNCTION}\n\n`, { startLine: 3 }),
      { path: 'snippet:c', text: FUNCTION, kept: true },
    ]);
    assert.deepEqual(shown(groups), []);
  });

  it('of one file are told where they repeat', async () => {
    const { groups } = await find([...WORKSPACE, code('a.ts', FUNCTION), code('a.ts', `${FUNCTION} `)]);
    assert.deepEqual(shown(groups), [['exact', 'a.ts:1', `a.ts:${FUNCTION.split('\n').length + 1}`]]);
  });

  it('are scoped to a document, and stay ignored wherever their texts lie, also after a restart', async () => {
    const texts = [...WORKSPACE, code('a.ts', FUNCTION), code('b.ts', FUNCTION)];
    assert.equal((await find(texts, { path: 'b.ts' })).groups.length, 1);
    assert.equal((await find(texts, { path: 'bread/0.md' })).groups.length, 0);
    const id = (await find(texts)).groups[0]!.id;
    await ignoreDuplicates(storage, [id], true);
    const moved = [...WORKSPACE, code('x/a.ts', FUNCTION), code('y/b.ts', FUNCTION.replaceAll('\n', '\r\n'))];
    const answer = await find(moved);
    assert.deepEqual([answer.groups, answer.ignored], [[], 1]);
    const all = await find(moved, { ignored: true });
    assert.deepEqual([all.groups[0]?.id, all.groups[0]?.ignored], [id, true]);
    await ignoreDuplicates(storage, [id], false);
    assert.equal((await find(moved)).groups.length, 1);
  });

  it('are sought once, whatever file is open and whatever is ignored, until the index changes', async () => {
    let runs = 0;
    const counted: RunTask = (name, input, _signal, progress) => {
      if (name === 'duplicates') runs++;
      return Promise.resolve(TASKS[name](input, progress));
    };
    const session = analysisSession([...WORKSPACE, code('a.ts', FUNCTION), code('b.ts', FUNCTION)], new Map(), counted);
    const groups = async (query = {}) => (await findDuplicates(session, storage, query, undefined)).groups;
    const [all, ofFile, ofAnother] = await Promise.all([groups(), groups({ path: 'a.ts' }), groups({ path: '0.md' })]);
    assert.deepEqual([ofFile, ofAnother], [all, []]);
    await ignoreDuplicates(storage, [all[0]!.id], true);
    assert.deepEqual(await groups(), []);
    assert.equal(runs, 1);
    await groups({ minSimilarity: 0.95 });
    assert.equal(runs, 2);
    Object.assign(session.store.table, { revision: session.store.table.revision + 1 });
    await groups();
    assert.equal(runs, 3);
  });

  it('take a damaged list of ignored ones for none, and mend it', async () => {
    for (const damaged of ['{"ids": [', '[]', '{"ids": "all"}', 'null']) {
      fs.writeFileSync(path.join(storage, 'ignored-duplicates.json'), damaged);
      assert.equal(
        (await find([...WORKSPACE, code('a.ts', FUNCTION), code('b.ts', FUNCTION)])).groups.length,
        1,
        damaged,
      );
    }
    await ignoreDuplicates(storage, ['x'], true);
    assert.deepEqual(
      (JSON.parse(fs.readFileSync(path.join(storage, 'ignored-duplicates.json'), 'utf8')) as { ids: string[] }).ids,
      ['x'],
    );
  });

  it('are found among 30 % copies, the same each time, and in equal texts alone', async () => {
    const copies = WORKSPACE.slice(0, 15).map((text, i) => ({ ...text, path: `copy/${i}.md` }));
    const groupsOf = async (texts: readonly TextAt[]) => (await find(texts)).groups;
    const groups = await groupsOf([...WORKSPACE, ...copies]);
    assert.equal(groups.filter(({ tier }) => tier === 'exact').length, 15);
    assert.deepEqual(groups, await groupsOf([...WORKSPACE, ...copies].reverse()));
    const same = await groupsOf(copies.map((text) => ({ ...text, text: STRAY })));
    assert.deepEqual(same.map(({ tier, members }) => [tier, members.length]), [['exact', 15]]); // prettier-ignore
    assert.deepEqual(await groupsOf(WORKSPACE.slice(0, 1)), []);
  });

  it('are as near as they were when one of the texts is gone before its vector is read', async () => {
    const changed = FUNCTION.replace('discount', 'rebate');
    const session = analysisSession([...WORKSPACE, code('a.ts', FUNCTION), code('b.ts', changed)]);
    const { table } = session.store;
    await session.analyst.graph('chunks');
    const near = async () => (await findDuplicates(session, storage, { minSimilarity: 0.97 }, undefined)).groups.find(({ tier }) => tier === 'near'); // prettier-ignore
    const rowsOf = session.analyst.rowsOf.bind(session.analyst);
    const change = (): void => {
      const chunks = table.chunks as unknown as StoredChunk[];
      chunks[chunks.length - 1] = { ...chunks.at(-1)!, text: 'saved anew', hash: 'saved anew' };
      Object.assign(table, { revision: table.revision + 1 });
    };
    const changing = (...args: Parameters<typeof rowsOf>) => (change(), rowsOf(...args));
    Object.assign(session.analyst, { rowsOf: changing });
    const found = await near();
    Object.assign(session.analyst, { rowsOf });
    assert.deepEqual(found && shown([found]), [['near', 'a.ts:1', 'b.ts:1']]);
    assert.ok(found!.similarity > 0.8);
    assert.equal(await near(), undefined);
  });

  it('leave out a document that was deleted while they were sought, and stop when told to', async () => {
    const session = analysisSession([...WORKSPACE, code('a.ts', FUNCTION), code('b.ts', FUNCTION)]);
    await session.analyst.graph('chunks');
    const chunks = session.store.table.chunks as unknown as { path: string; hash: string }[];
    chunks[chunks.length - 1] = chunks[0]!; // another row lies there now
    assert.deepEqual((await findDuplicates(session, storage, {}, undefined)).groups, []);
    await assert.rejects(findDuplicates(session, storage, {}, aborted), isCancelled);
  });
});

describe('recommendations', () => {
  const recommended = async (texts: readonly TextAt[], example: { path: string; startLine?: number; endLine?: number }, top = 5) =>
    (await recommend(analysisSession(texts), noSource, { example, top }, undefined)).hits; // prettier-ignore

  it('are documents on the same subject, each once, with why', async () => {
    const more = notes('bread', 12).map((note, i) => ({ ...note, path: `bread/${i}.md` })); // two chunks a document
    const hits = await recommended([...WORKSPACE, ...more], { path: 'bread/0.md' });
    assert.equal(hits.length, 5);
    assert.ok(hits.every(({ path: file }) => file.startsWith('bread/') && file !== 'bread/0.md'));
    assert.equal(new Set(hits.map(({ path: file }) => file)).size, 5);
    for (const { why, near } of hits) {
      assert.ok(why && why.words.length > 0);
      assert.ok(near.startLine >= 1 && near.endLine <= 2);
    }
  });

  it('are neither copies of the example nor ten copies of one document', async () => {
    const copies = Array.from({ length: 10 }, (_, i) => ({ path: `copies/${i}.md`, text: WORKSPACE[1]!.text }));
    const own = { path: 'own.md', text: WORKSPACE[0]!.text };
    const hits = await recommended([...WORKSPACE, ...copies, own], { path: 'bread/0.md' }, 8);
    assert.ok(hits.every(({ path: file }) => file !== 'own.md'));
    assert.ok(hits.filter(({ text }) => text === WORKSPACE[1]!.text).length <= 1);
    assert.equal(hits.length, 8);
  });

  it('of a row are rows, never the row itself or a copy of it', async () => {
    const rows = notes('boats', 10).map(({ text }, i): TextAt => ({ path: 'table.tsv', text: `${i}\t${text}`, kind: 'row', startLine: i + 2 })); // prettier-ignore
    const copy: TextAt = { ...rows[0]!, startLine: 40 };
    const hits = await recommended([...WORKSPACE, ...rows, copy], { path: 'table.tsv', startLine: 2, endLine: 2 });
    assert.equal(hits.length, 5);
    assert.ok(hits.every(({ kind, startLine }) => kind === 'row' && startLine !== 2 && startLine !== 40));
  });

  it('say how many documents or rows were compared, no kept snippet among them', async () => {
    const rows = notes('boats', 10).map(({ text }, i): TextAt => ({ path: 'table.tsv', text: `${i}\t${text}`, kind: 'row', startLine: i + 2 })); // prettier-ignore
    const session = analysisSession([...WORKSPACE, ...rows, { path: 'snippet:a', text: STRAY, kept: true }]);
    const compared = async (example: Example) => {
      const { of, cover } = await recommend(session, noSource, { example, top: 5 }, undefined);
      assert.deepEqual([cover.coverage.indexed, cover.revision], [38, 1]);
      return [cover.items, of];
    };
    assert.deepEqual(await compared({ path: 'bread/0.md' }), [37, 'documents']);
    assert.deepEqual(await compared({ path: 'table.tsv', startLine: 2, endLine: 2 }), [10, 'rows']);
  });

  it('are none where there is nothing else', async () => {
    assert.deepEqual(await recommended(WORKSPACE.slice(0, 1), { path: 'bread/0.md' }), []);
  });
});
