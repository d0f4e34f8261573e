import assert from 'node:assert/strict';
import type { EngineRequests, SendEstimate } from '../../../src/protocol/engineApi.ts';
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
  const state = { typedKey: 'sk-good' as string | undefined, refuses: false };
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
        return Promise.resolve((name === 'estimate' ? estimate : { remote: { spend } }) as never);
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
    for (const value of [true, 'yes', [ORIGIN], { [ORIGIN]: true }, { [ORIGIN]: null }]) {
      store.values.set('vectorscope.sending', value);
      assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', 'paths'), false, JSON.stringify(value));
      assert.equal(consent.allows(ORIGIN, 'text-embedding-v4', 'texts'), false, JSON.stringify(value));
    }
  });
});
