import assert from 'node:assert/strict';
import { EngineError, isEngineError } from '../../src/engine/errors.ts';
import { Rpc, type Channel } from '../../src/protocol/rpc.ts';

type Api = {
  add: { params: { a: number; b: number }; result: number };
  fail: { params: { code: 'storage-failed' | 'bug' }; result: never };
  hang: { params: undefined; result: undefined };
};
type News = { news: { text: string } };
type None = Record<string, never>;

/** Two ends of a wire that copies messages as structured clone does. */
function wire(): { left: Channel; right: Channel } {
  const ends = [new Set<(m: unknown) => void>(), new Set<(m: unknown) => void>()] as const;
  const end = (mine: Set<(m: unknown) => void>, theirs: Set<(m: unknown) => void>): Channel => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => theirs.forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => void mine.add(listener),
  });
  return { left: end(ends[0], ends[1]), right: end(ends[1], ends[0]) };
}

function connect(check?: (name: string, params: unknown) => string | undefined) {
  const { left, right } = wire();
  const seen: { signal?: AbortSignal } = {};
  const server = new Rpc<Api, None, News, None>({
    channel: left,
    ...(check && { check }),
    handlers: {
      add: ({ a, b }) => a + b,
      fail: ({ code }) => {
        if (code === 'bug') throw new TypeError('oops');
        throw new EngineError(code, { path: 'x' });
      },
      hang: (_, signal) => {
        seen.signal = signal;
        return new Promise<undefined>(() => undefined);
      },
    },
  });
  const client = new Rpc<None, Api, None, News>({ channel: right, handlers: {} });
  return { server, client, seen, toServer: right };
}

describe('rpc', () => {
  it('answers a request with its result', async () => {
    assert.equal(await connect().client.request('add', { a: 1, b: 2 }), 3);
  });

  it('carries a coded error with its details, and any other error as internal', async () => {
    const { client } = connect();
    await assert.rejects(
      client.request('fail', { code: 'storage-failed' }),
      (e) => isEngineError(e, 'storage-failed') && e.details['path'] === 'x',
    );
    await assert.rejects(client.request('fail', { code: 'bug' }), (e) => isEngineError(e, 'internal'));
  });

  it('rejects with cancelled and aborts the handler on the other side', async () => {
    const { client, seen } = connect();
    const controller = new AbortController();
    const call = client.request('hang', undefined, controller.signal);
    await client.request('add', { a: 0, b: 0 });
    controller.abort();
    await assert.rejects(call, (e) => isEngineError(e, 'cancelled'));
    await client.request('add', { a: 0, b: 0 });
    assert.equal(seen.signal?.aborted, true);
  });

  it('does not send a request whose signal has fired already', async () => {
    const { client, seen } = connect();
    await assert.rejects(client.request('hang', undefined, AbortSignal.abort()), (e) => isEngineError(e, 'cancelled'));
    assert.equal(seen.signal, undefined);
  });

  it('settles what is under way when it is closed, and refuses what comes later', async () => {
    const { client } = connect();
    const call = client.request('hang', undefined);
    client.close(new EngineError('child-died', { code: 1, signal: '' }));
    await assert.rejects(call, (e) => isEngineError(e, 'child-died'));
    await assert.rejects(client.request('add', { a: 1, b: 1 }), (e) => isEngineError(e, 'child-died'));
  });

  it('refuses params that the check finds wrong, and names that no handler has', async () => {
    const { client } = connect((name, params) =>
      name === 'add' && typeof (params as { a: unknown }).a !== 'number' ? 'a is no number' : undefined,
    );
    await assert.rejects(client.request('add', { a: 'x' as unknown as number, b: 1 }), (e) =>
      isEngineError(e, 'bad-request'),
    );
    await assert.rejects(client.request('toString' as 'hang', undefined), (e) => isEngineError(e, 'bad-request'));
  });

  it('ignores messages of another shape', async () => {
    const { client, toServer } = connect();
    for (const odd of [
      null,
      1,
      'x',
      [],
      {},
      { kind: 'request' },
      { kind: 'request', id: 'a' },
      { kind: 'event' },
      { kind: 'result', id: 99 },
    ]) {
      toServer.post(odd);
    }
    assert.equal(await client.request('add', { a: 2, b: 2 }), 4);
  });

  it('delivers events to those who listen, until they stop', async () => {
    const { server, client } = connect();
    const heard: string[] = [];
    const listening = client.on('news', ({ text }) => heard.push(text));
    server.emit('news', { text: 'one' });
    await client.request('add', { a: 0, b: 0 });
    listening.dispose();
    server.emit('news', { text: 'two' });
    await client.request('add', { a: 0, b: 0 });
    assert.deepEqual(heard, ['one']);
  });
});
