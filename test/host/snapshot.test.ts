import assert from 'node:assert/strict';
import type { EngineStatus } from '../../src/protocol/engineApi.ts';
import { NO_FILTER, type EmptyState, type SearchView, type SimilarView } from '../../src/protocol/viewApi.ts';
import { buildSnapshot } from '../../src/host/snapshot.ts';
import { statusBarView } from '../../src/host/statusBarView.ts';
import { mendedNotice } from '../../src/host/notices.ts';
import { ViewModel } from '../../src/host/viewModel.ts';
import { blockedBy, emptyResult, requireFolder, type World } from '../../src/host/world.ts';
import { hit } from './support/hits.ts';
import { plainL10n } from './support/plainL10n.ts';
import { until } from './support/until.ts';

const good: World = {
  hasFolder: true,
  virtual: false,
  trusted: true,
  optedIn: true,
  hasSnippets: false,
  engineState: 'running',
};
const status: EngineStatus = {
  revision: 1,
  phase: 'idle',
  modelSetting: 'auto',
  documents: 12,
  chunks: 30,
  bytes: 1,
  coverage: { indexed: 12, excluded: 0, skipped: 0, failed: 0 },
  languages: {},
};
const progress = {
  documentsDone: 3,
  documentsTotal: 10,
  bytesDone: 42,
  bytesTotal: 100,
  embedded: 1,
  reused: 0,
  tokens: 1,
  secondsElapsed: 1,
};
const similar: SimilarView = {
  mode: 'similar',
  pinned: false,
  canGoBack: false,
  busy: true,
  filter: NO_FILTER,
  hits: [],
};
const search: SearchView = { query: '', filter: NO_FILTER, mode: 'hybrid', busy: false, hits: [] };

const BLOCKED: readonly (readonly [Partial<World>, EmptyState | undefined])[] = [
  [{}, undefined],
  [{ hasFolder: false }, 'no-folder'],
  [{ hasFolder: false, hasSnippets: true }, undefined],
  [{ trusted: false }, 'untrusted'],
  [{ optedIn: false }, 'not-indexed'],
  [{ optedIn: false, hasSnippets: true }, undefined],
  [{ engineState: 'down' }, 'engine-down'],
  [{ engineState: 'restarting' }, undefined],
];

describe('what stands in the way of an answer', () => {
  for (const [change, reason] of BLOCKED) {
    it(`is ${reason ?? 'nothing'} for ${JSON.stringify(change)}`, () => {
      assert.equal(blockedBy({ ...good, ...change }), reason);
    });
  }

  it('tells an empty index from one that is being made and from one without a match', () => {
    assert.equal(emptyResult({ ...good, status }), 'no-hits');
    assert.equal(emptyResult({ ...good, status }, true), 'not-indexed', 'the status is of the index before');
    assert.equal(emptyResult({ ...good, status: { ...status, phase: 'embedding' } }), 'indexing');
    assert.equal(emptyResult({ ...good, status: { ...status, documents: 0 } }), 'not-indexed');
    assert.equal(emptyResult({ ...good, optedIn: false, hasSnippets: true, status }), 'not-indexed');
    assert.equal(emptyResult({ ...good, hasFolder: false, optedIn: false, hasSnippets: true, status }), 'no-folder');
  });

  it('is said before files of the workspace are read', () => {
    assert.throws(() => requireFolder({ ...good, hasFolder: false }), { code: 'no-folder' });
    assert.throws(() => requireFolder({ ...good, hasFolder: false, virtual: true }), { code: 'virtual-folder' });
    assert.throws(() => requireFolder({ ...good, trusted: false }), { code: 'untrusted' });
    assert.doesNotThrow(() => requireFolder(good));
  });
});

describe('the snapshot of the sidebar', () => {
  const parts = { world: good, similar, search, snippets: [], modelSetting: 'auto' };

  it('puts what is in the way before everything else, without a spinner', () => {
    const snapshot = buildSnapshot({ ...parts, world: { ...good, optedIn: false } }, 1);
    assert.equal(snapshot.similar.empty, 'not-indexed');
    assert.equal(snapshot.similar.busy, false);
    assert.equal(snapshot.search.empty, 'not-indexed');
  });

  it('keeps hits that are shown when the engine goes down', () => {
    const world: World = { ...good, engineState: 'down' };
    const snapshot = buildSnapshot({ ...parts, world, similar: { ...similar, hits: [hit('a')] } }, 1);
    assert.equal(snapshot.similar.empty, undefined);
  });

  it('names the model, and says when texts leave the machine', () => {
    assert.equal(buildSnapshot(parts, 1).modelLabel, 'auto');
    const space = {
      provider: 'local',
      model: 'minilm',
      dimension: 384,
      output: 'dense',
      prompt: 'p',
      chunkerVersion: 1,
    } as const;
    const local = buildSnapshot({ ...parts, world: { ...good, status: { ...status, space } } }, 1);
    assert.equal(local.modelLabel, 'minilm · 384');
    assert.equal(local.remote, false);
    const remote = buildSnapshot({ ...parts, remoteHost: 'localhost:11434' }, 1);
    assert.deepEqual([remote.remote, remote.remoteHost], [true, 'localhost:11434']);
  });

  it('has a growing revision, and is pushed once for a burst of changes', async () => {
    const model = new ViewModel({
      world: () => good,
      similar: () => similar,
      search: () => search,
      modelSetting: () => 'auto',
      remoteHost: () => undefined,
      problem: () => undefined,
    });
    const revisions: number[] = [];
    model.on('changed', ({ revision, notice }) => {
      assert.equal(notice, 'it happened');
      revisions.push(revision);
    });
    for (let i = 0; i < 10; i++) model.changed();
    model.setNotice('it happened');
    await until(() => revisions.length === 1);
    assert.ok(model.snapshot().revision > (revisions[0] ?? 0));
    model.dispose();
  });
});

describe('the status bar item', () => {
  const CASES: readonly (readonly [string, Partial<World>, boolean, string | undefined, string?])[] = [
    ['is absent before the user asked', { optedIn: false }, false, undefined],
    ['is quiet when all is done', { status }, false, '$(telescope)'],
    [
      'counts failures',
      { status: { ...status, coverage: { ...status.coverage, failed: 2 } } },
      false,
      '$(telescope) 2 failed',
    ],
    ['shows progress', { status: { ...status, phase: 'embedding', progress } }, false, '$(sync~spin) 42 % 3/10'],
    [
      'resumes when paused',
      { status: { ...status, phase: 'paused', progress } },
      false,
      '$(debug-pause) 3/10',
      'vectorscope.resumeIndexing',
    ],
    ['goes on after Stop', { status }, true, '$(circle-slash)', 'vectorscope.resumeIndexing'],
    [
      'restarts the engine when it is down',
      { engineState: 'down' },
      false,
      '$(error) Vectorscope',
      'vectorscope.restartEngine',
    ],
    [
      'leads back from a table',
      { status, imported: { name: 'a.csv', nth: 1 } },
      false,
      '$(table) a.csv',
      'vectorscope.backToWorkspace',
    ],
    ['spins while the engine comes back', { engineState: 'restarting' }, false, '$(sync~spin)'],
    [
      'warns of a run that ended early',
      { status: { ...status, problem: { code: 'weights-missing', details: {} } } },
      false,
      '$(warning)',
    ],
  ];
  for (const [name, change, halted, text, command = 'vectorscope.showIndexStatus'] of CASES) {
    it(name, () => {
      const view = statusBarView(plainL10n, { ...good, ...change }, halted);
      assert.equal(view?.text, text);
      if (view) assert.equal(view.command, command);
    });
  }
});

describe('the notice about a mended index', () => {
  it('is given when something was lost or set aside, and only then', () => {
    assert.equal(mendedNotice(plainL10n, undefined, false), undefined);
    assert.equal(mendedNotice(plainL10n, { lostDocuments: 0, setAside: [] }, false), undefined);
    const both = mendedNotice(plainL10n, { lostDocuments: 3, setAside: ['x'] }, false);
    assert.match(both ?? '', /set aside. Files: 1\. Documents that are embedded again: 3\.$/);
  });

  it('promises nothing in a window that only reads, and counts no files where none were set aside', () => {
    const lost = { lostDocuments: 3, setAside: [] };
    assert.equal(
      mendedNotice(plainL10n, lost, false),
      'A part of the index could not be read. Documents that are embedded again: 3.',
    );
    const reading = mendedNotice(plainL10n, lost, true);
    assert.equal(reading, 'A part of the index can’t be read. Documents that are missing here: 3.');
  });
});
