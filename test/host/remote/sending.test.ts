import assert from 'node:assert/strict';
import type { EngineRequests, JobEstimate, JobInfo, SendEstimate } from '../../../src/protocol/engineApi.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import { Keys } from '../../../src/host/remote/keys.ts';
import { SendConsent } from '../../../src/host/remote/sendConsent.ts';
import { Sending, type SendDialogs } from '../../../src/host/remote/sending.ts';
import type { SheetFacts } from '../../../src/host/remote/sendSheet.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/host/settings.ts';

const ORIGIN = 'https://dashscope.aliyuncs.com';
const spend = { requests: 0, tokens: 0, images: 0, currency: 'CNY' };
const estimate: SendEstimate = {
  origin: ORIGIN,
  model: 'text-embedding-v4',
  dimension: 1024,
  documents: 3,
  chunks: 9,
  reused: 0,
  tokens: 900,
  amount: 0.00045,
  currency: 'CNY',
  seconds: 1,
  spent: spend,
  excluded: {},
};

const job: JobEstimate = {
  origin: ORIGIN,
  model: 'text-embedding-async-v2',
  jobs: 1,
  rows: 300,
  tokens: 3000,
  amount: 0.0021,
  known: [],
};

/** A memento, or a secret storage, that is a map. */
function memory() {
  const values = new Map<string, unknown>();
  return {
    values,
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  };
}

function start(changes: Partial<Settings> = {}, scope?: EngineRequests['estimate']['params'], key?: string) {
  const log: string[] = [];
  const sheets: SheetFacts[] = [];
  let settings: Settings = { ...DEFAULT_SETTINGS, provider: 'dashscope', ...changes };
  const secrets = new Map<string, string>(key === undefined ? [] : [[`vectorscope.key ${ORIGIN}`, key]]);
  const answers: ('send' | 'budget' | undefined)[] = [];
  const state = { typedKey: 'sk-good' as string | undefined, refuses: false, estimate, job };
  const dialogs: SendDialogs = {
    askKey: () => {
      log.push('key');
      return Promise.resolve(state.typedKey);
    },
    showSheet: (facts) => {
      log.push('sheet');
      sheets.push(facts);
      return Promise.resolve(answers.shift());
    },
    askBudget: () => Promise.resolve(2.5),
    waiting: (_what, _host, work) => work(new AbortController().signal),
  };
  const store = memory();
  const consent = new SendConsent(store);
  const sending = new Sending({
    engine: {
      request: (name: string) => {
        log.push(name);
        if (name === 'testConnection' && state.refuses) {
          return Promise.reject(new EngineError('key-refused', { origin: ORIGIN, reason: '401' }));
        }
        const answers: Record<string, unknown> = { estimate: state.estimate, estimateJob: state.job };
        return Promise.resolve((answers[name] ?? { remote: { spend } }) as never);
      },
      configure: () => Promise.resolve(void log.push('configure')),
    },
    keys: new Keys({
      get: (name) => Promise.resolve(secrets.get(name)),
      store: (name, value) => Promise.resolve(void secrets.set(name, value)),
      delete: (name) => Promise.resolve(void secrets.delete(name)),
    }),
    consent,
    dialogs,
    settings: () => settings,
    scope: () => scope,
    catchUp: () => log.push('catchUp'),
  });
  const change = (more: Partial<Settings>): void => {
    settings = { ...settings, ...more };
  };
  return { sending, consent, log, sheets, answers, secrets, state, change, store };
}

describe('before something is sent', () => {
  it('nothing is asked for a model of this computer', async () => {
    const { sending, log } = start({ provider: 'local' });
    await sending.permit({ run: {} });
    assert.deepEqual(log, []);
    assert.equal(await sending.remote(), undefined);
  });

  it('the key is asked for and tried, then the sheet is shown, once', async () => {
    const { sending, log, answers } = start();
    answers.push('send');
    assert.equal((await sending.remote())?.consent, false);
    await sending.permit({ run: {} });
    assert.deepEqual(log, ['key', 'configure', 'testConnection', 'estimate', 'sheet', 'configure']);
    const remote = await sending.remote();
    assert.deepEqual([remote?.consent, remote?.key], [true, 'sk-good']);
    await sending.permit({ run: {} });
    await sending.permit({ texts: ['a question'] });
    assert.equal(log.filter((entry) => entry === 'sheet').length, 1);
  });

  it('backing out, of the key or of the sheet, sends nothing and agrees to nothing', async () => {
    const { sending, state, log } = start();
    state.typedKey = undefined;
    await assert.rejects(sending.permit({ run: {} }), { code: 'cancelled' });
    assert.deepEqual(log, ['key']);
    state.typedKey = 'sk-good';
    await assert.rejects(sending.permit({ run: {} }), { code: 'cancelled' });
    assert.equal((await sending.remote())?.consent, false);
  });

  it('a key that is refused is not kept, and the one before comes back', async () => {
    const { sending, state, secrets } = start();
    state.refuses = true;
    await assert.rejects(sending.permit({ run: {} }), { code: 'key-refused' });
    assert.deepEqual([...secrets], []);
    const other = start({}, undefined, 'sk-old');
    other.state.refuses = true;
    const { endpoint } = other.sending;
    assert.ok(endpoint);
    await assert.rejects(other.sending.tryKey(endpoint, 'sk-new'), { code: 'key-refused' });
    assert.deepEqual([...other.secrets.values()], ['sk-old']);
  });

  it('a budget can be set in the sheet, which is shown again with it', async () => {
    const { sending, answers, sheets, consent } = start({}, undefined, 'sk-k');
    answers.push('budget', 'send');
    await sending.permit({ run: {} });
    assert.deepEqual(
      sheets.map(({ budget }) => budget),
      [undefined, 2.5],
    );
    assert.equal(consent.budget, 2.5);
    assert.equal((await sending.remote())?.budget, 2.5);
  });

  it('a question that was agreed to is no agreement to send files', async () => {
    const { sending, answers, sheets } = start({}, undefined, 'sk-k');
    answers.push('send', 'send', 'send');
    await sending.permit({ texts: ['a question'] });
    assert.equal(sheets[0]?.estimate, undefined);
    await sending.permit({ texts: ['another'] });
    assert.equal(sheets.length, 1);
    await sending.permit({ run: { paths: ['a.md'] } });
    await sending.permit({ run: {} });
    assert.equal(sheets.length, 3);
  });

  it('agreement to files and folders holds for them and what is in them, and for no others', async () => {
    const { sending, answers, sheets, consent } = start({}, undefined, 'sk-k');
    const embed = (...paths: string[]) => sending.permit({ run: { paths, asked: 'named' } });
    answers.push('send', 'send');
    await embed('docs');
    await embed('docs/a.md', 'docs');
    assert.equal(sheets.length, 1);
    await embed('docs', 'src');
    assert.equal(sheets.length, 2);
    await embed('docs/b.md', 'src/deep/c.ts');
    assert.equal(sheets.length, 2);
    await assert.rejects(embed('docs-old'), { code: 'cancelled' });
    assert.equal(sheets.length, 3);
    assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', ['docs', 'src']), true);
    assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', ['docs-old']), false);
    assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', 'workspace'), false);
  });

  it('files that the rules kept back from the workspace are asked about when they are named', async () => {
    const { sending, answers, sheets, state, consent } = start({}, undefined, 'sk-k');
    answers.push('send', 'send');
    await sending.permit({ run: {} });
    state.estimate = { ...estimate, chunks: 0 };
    await sending.permit({ run: { paths: ['a.md'], asked: 'named' } });
    assert.equal(sheets.length, 1, 'nothing of it is sent');
    state.estimate = estimate;
    await sending.permit({ run: { paths: ['node_modules'], asked: 'named' } });
    assert.equal(sheets.length, 2);
    assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', 'workspace'), true);
  });

  it('what may hold secrets is asked about each time', async () => {
    const { sending, answers, sheets } = start({}, undefined, 'sk-k');
    answers.push('send', 'send');
    await sending.permit({ run: { paths: ['a'], asked: 'named' } });
    await sending.permit({ run: { paths: ['a/.env'], asked: 'insisted' } });
    assert.equal(sheets.length, 2);
  });

  it('a file of lines is asked about each time, but for a handful', async () => {
    const { sending, answers, sheets, log } = start({}, {}, 'sk-k');
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);
    answers.push('send', 'send', 'send', 'send');
    await sending.permit({ lines: lines(3) });
    await sending.permit({ lines: lines(10) });
    assert.equal(sheets.length, 1, 'the first is asked about, as a question is');
    await sending.permit({ lines: lines(11) });
    await sending.permit({ lines: lines(11) });
    await sending.permit({ lines: ['word '.repeat(2_000)] });
    assert.deepEqual(
      sheets.map(({ texts, isFile, estimate: files }) => [texts.length, isFile, files]),
      [3, 11, 11, 1].map((count) => [count, true, undefined]),
    );
    assert.ok(!log.includes('catchUp'), 'it is no agreement to send files');
  });

  it('a batch job is asked about each time, unless all of it is at the service already', async () => {
    const { sending, answers, sheets, state, log } = start({}, {});
    answers.push('send', 'send');
    await sending.permit({ job: { file: '/a.txt' } });
    assert.deepEqual(log, ['key', 'configure', 'testConnection', 'estimateJob', 'status', 'sheet', 'configure']);
    assert.deepEqual(sheets[0]?.job, { model: job.model, jobs: 1, rows: 300, tokens: 3000, known: 0 });
    assert.deepEqual([sheets[0].model, sheets[0].dimension], ['text-embedding-async-v2', 1536]);
    assert.equal((await sending.remote())?.consent, true);
    await sending.permit({ job: { file: '/b.txt' } });
    assert.equal(sheets.length, 2);
    await assert.rejects(sending.permit({ job: { file: '/c.txt' } }), { code: 'cancelled' });
    state.job = { ...job, jobs: 0, rows: 0, tokens: 0 };
    await sending.permit({ job: { file: '/a.txt' } });
    assert.equal(sheets.length, 3);
    assert.equal(sending.mayCatchUp(), false);
  });

  it('a batch job that ended without a result is asked about before its rows are sent again', async () => {
    const { sending, answers, sheets } = start({}, undefined, 'sk-k');
    answers.push('send');
    const again: JobInfo = {
      id: 'a',
      model: job.model,
      baseUrl: ORIGIN,
      state: 'expired',
      purpose: 'texts',
      rows: 7,
      tokens: 70,
      createdAtMs: 0,
      isSent: false,
      isActive: false,
    };
    await sending.permit({ again });
    assert.deepEqual(sheets[0]?.job, { model: job.model, jobs: 1, rows: 7, tokens: 70, known: 0 });
  });

  it('a question in a workspace that is embedded shows what is then sent by itself, and begins it', async () => {
    const { sending, answers, sheets, log } = start({}, {}, 'sk-k');
    answers.push('send');
    assert.equal(sending.mayCatchUp(), false);
    await sending.permit({ texts: ['a question'] });
    assert.equal(sheets[0]?.estimate?.chunks, 9);
    assert.equal(log.at(-1), 'catchUp');
    assert.equal(sending.mayCatchUp(), true);
  });

  it('another model or dimension is another question; going back is none', async () => {
    const { sending, answers, sheets, change } = start({}, {}, 'sk-k');
    answers.push('send', 'send');
    await sending.permit({ run: {} });
    change({ dimension: 512 });
    assert.equal(sending.mayCatchUp(), false);
    await sending.permit({ run: {} });
    change({ dimension: null });
    assert.equal(sending.mayCatchUp(), true);
    await sending.permit({ run: {} });
    assert.equal(sheets.length, 2);
  });

  it('a model of unknown dimension is tried first', async () => {
    const { sending, answers, log } = start({
      provider: 'openai',
      model: 'bge-m3',
      openaiBaseUrl: 'http://localhost/v1',
    });
    answers.push('send');
    await sending.permit({ run: {} });
    assert.deepEqual(log, ['testConnection', 'estimate', 'sheet', 'configure'], 'without a key: servers may need none');
  });

  it('what was remembered and can’t be read is no agreement', () => {
    const { consent, store } = start();
    for (const value of [true, 'yes', [ORIGIN], { [ORIGIN]: true }, { [ORIGIN]: null }, { [ORIGIN]: 1 }]) {
      store.values.set('vectorscope.sending', value);
      assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', ['a.md']), false, JSON.stringify(value));
      assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', 'texts'), false, JSON.stringify(value));
    }
  });
});
