import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exportAnalysis, type ExportAnswers } from '../../../src/engine/answers/export.ts';
import { wholeIndexAnswers } from '../../../src/engine/answers/wholeIndex.ts';
import { isCancelled, isEngineError } from '../../../src/engine/errors.ts';
import { readVectors } from '../../../src/engine/importing/importVectors.ts';
import { EXPORT_FORMATS, type ExportFormat, type Place } from '../../../src/engine/model.ts';
import type { Session } from '../../../src/engine/session.ts';
import type { Source } from '../../../src/engine/source/source.ts';
import type { EngineConfig, MapResult } from '../../../src/protocol/engineApi.ts';
import { analysisSession, DIMENSION, type TextAt } from '../../support/analysisSession.ts';

const TEXTS = [
  { path: 'a b/[one].md', text: 'flour water\tdough "yeast"\noven, crust' },
  { path: 'copy.md', text: 'flour water\tdough "yeast"\noven, crust' },
  { path: 'two.md', text: 'sail mast harbour anchor' },
];

describe('export', () => {
  let folder: string;
  /** What the answers were asked for. */
  const asked: { granularity: (number | undefined)[]; minSimilarity: (number | undefined)[] } = { granularity: [], minSimilarity: [] }; // prettier-ignore
  const noting =
    <T>(answer: T) =>
    ({ granularity }: { granularity?: number }): T => {
      asked.granularity.push(granularity);
      return answer;
    };
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-export-'));
    Object.assign(asked, { granularity: [], minSimilarity: [] });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Two items: the first text is there twice. */
  async function answersOf(session: Session): Promise<ExportAnswers> {
    const { items } = await session.analyst.graph('chunks');
    const cover = { items: 2, coverage: { indexed: 3, excluded: 0, skipped: 0, failed: 0 }, revision: items.revision };
    const first = items.rows.findIndex((rows) => rows.length === 2);
    const of = (one: number, other: number): number[] => (first === 0 ? [one, one, other] : [other, one, one]);
    const place = ({ path: at, text }: { path: string; text: string }): Place => ({ path: at, startLine: 1, endLine: text.split('\n').length, text }); // prettier-ignore
    const map = {
      cover,
      x: Float32Array.from(of(0.5, -0.25)),
      y: Float32Array.from(of(0.25, 1)),
      clusterOf: Int32Array.from(of(0, -1)),
      outlierScore: Float32Array.from(of(0, 1)),
      clusters: [{ id: 'c1', label: 'flour · dough', size: 1 }],
    } as unknown as MapResult;
    const cluster = {
      id: 'c1',
      label: 'flour · dough',
      words: [],
      size: 1,
      cohesion: 1,
      representative: place(TEXTS[0]!),
    };
    return {
      map: noting(map),
      clusters: noting({ cover, granularity: 0.5, counts: [1], clusters: [cluster], unclustered: 1 }),
      clusterMembers: noting([{ ...place(TEXTS[0]!), centrality: 1 }]),
      outliers: () => ({
        cover,
        leftOut: 0,
        outliers: [{ ...place(TEXTS[2]!), score: 1, similarity: 0.1, usual: 0.6, nearest: { ...place(TEXTS[1]!), similarity: 0.2 } }], // prettier-ignore
      }),
      duplicates: ({ minSimilarity = 0.9 }) => {
        asked.minSimilarity.push(minSimilarity);
        return { cover, minSimilarity, ignored: 0, groups: [{ id: 'd1', tier: 'exact', similarity: 1, members: TEXTS.slice(0, 2).map(place) }] }; // prettier-ignore
      },
    };
  }
  async function write(
    format: ExportFormat,
    name: string,
    signal?: AbortSignal,
    { language = 'en', ...more }: { language?: string; granularity?: number; minSimilarity?: number } = {},
  ) {
    const session = analysisSession(TEXTS);
    const config = { roots: [{ folder: path.join(folder, 'workspace'), prefix: '' }], workspaceName: 'w', language } as unknown as EngineConfig; // prettier-ignore
    const out = path.join(folder, name);
    const written = await exportAnalysis(session, await answersOf(session), config, { format, out, ...more }, signal);
    return { written, session, text: written.files.map((file) => fs.readFileSync(file.path, 'utf8')) };
  }

  it('as JSON holds every place with its text, vector, cluster, score, place on the map and duplicates', async () => {
    const { written, text, session } = await write('json', 'new/all.json');
    const { places, clusters, duplicates } = JSON.parse(text[0]!) as { places: Record<string, unknown>[]; clusters: object[]; duplicates: object[] }; // prettier-ignore
    assert.deepEqual([written.places, written.clusters, written.duplicateGroups, clusters.length, duplicates.length], [3, 1, 1, 1, 1]); // prettier-ignore
    assert.equal(written.files[0]?.bytes, Buffer.byteLength(text[0]!));
    const { vector, ...rest } = places[0]!;
    assert.deepEqual(Float32Array.from(vector as number[]), session.store.table.row(0));
    const known = { startLine: 1, cluster: 'c1', label: 'flour · dough', outlierScore: 0, x: 0.5, y: 0.25, duplicates: ['d1'] }; // prettier-ignore
    assert.deepEqual(rest, { path: 'a b/[one].md', endLine: 2, text: TEXTS[0]!.text, ...known });
    assert.deepEqual([places[2]?.['cluster'], places[2]?.['duplicates']], [null, []]);
  });

  it('as JSON says why each outlier is one', async () => {
    const { text } = await write('json', 'all.json');
    const { outliers } = JSON.parse(text[0]!) as { outliers: unknown };
    const nearest = { path: 'copy.md', startLine: 1, endLine: 2, similarity: 0.2 };
    assert.deepEqual(outliers, [{ path: 'two.md', startLine: 1, endLine: 1, score: 1, similarity: 0.1, usual: 0.6, nearest }]); // prettier-ignore
  });

  it('as a table names the tier beside the group of duplicates', async () => {
    const [, metadata = ''] = (await write('tsv', 'pair')).text;
    const [header, ...rows] = metadata.trimEnd().split('\n').map((line) => line.split('\t')); // prettier-ignore
    const [group = -1, tier] = ['duplicates', 'duplicateTiers'].map((name) => header?.indexOf(name));
    assert.equal(tier, group + 1);
    assert.deepEqual(rows.map((row) => row.slice(group, group + 2)), [['d1', 'exact'], ['d1', 'exact'], ['', '']]); // prettier-ignore
    const [csv = ''] = (await write('csv', 'all.csv')).text;
    assert.match(csv, /,duplicates,duplicateTiers,text,[^]*,d1,exact,"flour/);
  });

  it('as CSV is one that import reads, to the last bit', async () => {
    const { written, session } = await write('csv', 'all.csv');
    const { chunks, vectors, failed } = await readVectors(written.files[0]!.path, {});
    assert.deepEqual(chunks.map(({ text }) => text), TEXTS.map(({ text }) => text)); // prettier-ignore
    assert.deepEqual(failed, []);
    assert.ok(
      vectors.every((x, i) => Math.abs(x - session.store.table.row(Math.floor(i / DIMENSION))[i % DIMENSION]!) < 1e-7),
    );
  });

  it('takes away what a killed export left behind, not what another one writes now', async () => {
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of ['vectorscope-export.0123abcd.tmp', 'vectorscope-export.notes.tmp', 'other.0123abcd.tmp']) {
      fs.writeFileSync(path.join(folder, name), '');
      fs.utimesSync(path.join(folder, name), old, old);
    }
    fs.writeFileSync(path.join(folder, 'vectorscope-export.4567cdef.tmp'), '');
    await write('csv', 'all.csv');
    const left = ['all.csv', 'other.0123abcd.tmp', 'vectorscope-export.4567cdef.tmp', 'vectorscope-export.notes.tmp'];
    assert.deepEqual(fs.readdirSync(folder).sort(), left);
  });

  it('as TSV is the pair that the Embedding Projector loads: as many lines, the metadata with one more', async () => {
    const { written, text } = await write('tsv', 'pair.tsv');
    assert.deepEqual(written.files.map((file) => path.basename(file.path)), ['pair.vectors.tsv', 'pair.metadata.tsv']); // prettier-ignore
    const [vectors, metadata] = text.map((each) =>
      each
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    );
    assert.deepEqual([vectors?.length, metadata?.length], [3, 4]);
    assert.ok(vectors?.every((row) => row.length === DIMENSION) && metadata?.every((row) => row.length === metadata[0]?.length)); // prettier-ignore
    assert.equal(metadata?.[1]?.at(-1), 'flour water dough "yeast" oven, crust');
    const inFolder = await write('tsv', '.');
    assert.deepEqual(inFolder.written.files.map((file) => path.basename(file.path)), ['vectorscope-export.vectors.tsv', 'vectorscope-export.metadata.tsv']); // prettier-ignore
  });

  it('as Markdown is a report whose links lead from where it lies', async () => {
    const { text } = await write('md', 'reports/all.md');
    assert.match(
      text[0]!,
      /### flour · dough \(1\)\n\n- \[a b\/\\\[one\\\]\.md:1-2\]\(<\.\.\/workspace\/a%20b\/%5Bone%5D\.md#L1>\)/,
    );
    assert.match(
      text[0]!,
      /## Outliers\n\n- \[two\.md:1-1\].*similarity 0\.10, usual 0\.60, nearest \[copy\.md:1-2\].* \(0\.20\)\./,
    );
    assert.match(text[0]!, /### exact, 2 places/);
  });

  it('as Markdown is in the language of the user', async () => {
    const { text } = await write('md', 'all.md', undefined, { language: 'zh-cn' });
    assert.match(text[0]!, /^# w\n\n共比较 2 段文本；3 个文档已索引。\n\n## 聚类\n\n/);
    assert.match(
      text[0]!,
      /1 段不属于任何聚类。\n\n## 离群项\n\n- \[two\.md:1-1\].*: 相似度 0\.10，通常为 0\.60，最接近 \[copy\.md:1-2\].*（0\.20）。/,
    );
    assert.match(text[0]!, /## 重复项\n\n### 完全相同，2 处（1\.00）/);
    assert.doesNotMatch(text[0]!, /similarity|Clusters|places/);
  });

  it('is of the clusters and duplicates that are asked for', async () => {
    await write('md', 'all.md', undefined, { granularity: 0.25, minSimilarity: 0.8 });
    await write('csv', 'all.csv', undefined, { granularity: 0.25, minSimilarity: 0.8 });
    await write('csv', 'all.csv');
    const clusters = [0.25, 0.25, 0.25, 0.25, undefined];
    assert.deepEqual(asked.granularity, clusters, 'map, clusters and members, the map, and the map again');
    assert.deepEqual(asked.minSimilarity, [0.8, 0.8, 0.9]);
  });

  it('that is stopped or lacks a part writes nothing, and leaves what was there', async () => {
    fs.writeFileSync(path.join(folder, 'all.json'), 'before');
    await assert.rejects(write('json', 'all.json', AbortSignal.abort()), isCancelled);
    const session = analysisSession(TEXTS);
    const answers = { ...(await answersOf(session)), map: () => Promise.reject(new Error('no layout')) };
    await assert.rejects(exportAnalysis(session, answers, {} as EngineConfig, { format: 'json', out: path.join(folder, 'all.json') }), /no layout/); // prettier-ignore
    assert.deepEqual(fs.readdirSync(folder), ['all.json']);
    assert.equal(fs.readFileSync(path.join(folder, 'all.json'), 'utf8'), 'before');
  });
});

describe('export while the index changes', () => {
  const TOPICS = ['flour water dough yeast oven crust loaf', 'sail mast harbour anchor keel rudder wind'];
  const texts = TOPICS.flatMap((words, topic) =>
    Array.from({ length: 12 }, (_, i): TextAt => ({ path: `${topic}/${i}.md`, text: `${words} ${topic}${i}` })),
  );
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-export-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Each time that duplicates are looked for, up to `times` times, a file is saved; also says how often they were. */
  async function write(
    format: ExportFormat,
    times: number,
  ): Promise<{ readonly rounds: number; readonly text: string }> {
    const session = analysisSession(texts);
    let rounds = 0;
    let stage: string | undefined;
    session.analyst.onProgress = (progress) => {
      const before = stage;
      stage = progress?.stage;
      if (stage !== 'duplicates' || before === stage || ++rounds > times) return;
      const saved = analysisSession([...texts, { path: 'saved.md', text: `crust and loaf, saved ${rounds}` }]);
      const { table, documents } = saved.store;
      const findVector = (hash: string): Float32Array | undefined => saved.store.findVector(hash);
      Object.assign(session.store, { table: { ...table, revision: 1 + rounds }, documents, findVector });
    };
    const answers = wholeIndexAnswers({
      open: () => Promise.resolve(session),
      source: () => ({}) as Source,
      config: () => ({ storageFolder: path.join(folder, 'none'), roots: [], language: 'en' }) as unknown as EngineConfig, // prettier-ignore
    });
    const { signal } = new AbortController();
    const { files } = await answers.exportAnalysis({ format, out: path.join(folder, 'all') }, signal);
    return { rounds, text: files.map((file) => fs.readFileSync(file.path, 'utf8')).join('') };
  }

  for (const format of EXPORT_FORMATS) {
    it(`begins again, and is of the newer index: ${format}`, async () => {
      const { rounds, text } = await write(format, 1);
      assert.equal(rounds, 2);
      assert.match(text, format === 'md' ? /25 texts compared/ : /saved 1/);
    });

    it(`gives up when it goes on changing, and leaves nothing behind: ${format}`, async () => {
      await assert.rejects(write(format, Infinity), (error) => isEngineError(error, 'index-changing'));
      assert.deepEqual(fs.readdirSync(folder), []);
    });
  }
});
