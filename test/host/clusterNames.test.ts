import assert from 'node:assert/strict';
import type { Cluster } from '../../src/engine/model.ts';
import { nameClusters, type NamingPorts } from '../../src/host/clusterNames.ts';

const cluster = (id: string, text = 'a text'): Cluster => ({
  id,
  label: `${id} · words`,
  words: [id, 'words'],
  size: 3,
  cohesion: 0.7,
  representative: { path: `${id}.md`, startLine: 1, endLine: 2, text },
});
const TOKEN = { isCancellationRequested: false } as Parameters<typeof nameClusters>[2];

/** Ports of a user who agrees, or does not, and of a model that answers so. */
function start(answer: string, agrees = true) {
  const sent: string[] = [];
  const asked: number[] = [];
  const ports = {
    choose: (count: number) => {
      asked.push(count);
      const text = (async function* () {
        yield await Promise.resolve(answer.slice(0, 9));
        yield answer.slice(9);
      })();
      return Promise.resolve(agrees ? { sendRequest: () => Promise.resolve({ text }) } : undefined);
    },
    message: (text: string) => {
      sent.push(text);
      return text;
    },
    language: 'zh-cn',
  } as unknown as NamingPorts;
  return { ports, sent, asked };
}

describe('names of clusters', () => {
  it('come from the model’s answer, whatever stands around it', async () => {
    const { ports, sent } = start('Sure!\n```json\n{"1": "Refunds", "2": " Late  delivery "}\n```');
    assert.deepEqual(await nameClusters(ports, [cluster('a'), cluster('b')], TOKEN), {
      a: 'Refunds',
      b: 'Late delivery',
    });
    assert.match(sent[0] ?? '', /"zh-cn"/);
  });

  it('are taken only for what was asked, once each, and short', async () => {
    const { ports } = start(JSON.stringify({ 1: 'Same', 2: 'Same', 3: 7, 4: 'x'.repeat(500), 9: 'Nobody' }));
    const names = await nameClusters(ports, ['a', 'b', 'c', 'd'].map((id) => cluster(id)), TOKEN); // prettier-ignore
    assert.deepEqual([names['a'], names['b'], names['c'], names['d']?.length], ['Same', undefined, undefined, 60]);
    assert.deepEqual(Object.keys(names), ['a', 'd']);
  });

  it('are none when the answer is no JSON, or the user does not agree, and then nothing is sent', async () => {
    assert.deepEqual(await nameClusters(start('I can’t {do} that').ports, [cluster('a')], TOKEN), {});
    const { ports, sent, asked } = start('{"1": "x"}', false);
    assert.deepEqual(await nameClusters(ports, [cluster('a')], TOKEN), {});
    assert.deepEqual([sent, asked], [[], [1]]);
  });

  for (const when of ['chooses', 'waits for the model', 'reads what it says'])
    it(`are none when the user stops while one ${when}`, async () => {
      const token = { isCancellationRequested: false };
      const sent: string[] = [];
      let parts = 0;
      const stop = (at: string): void => void (token.isCancellationRequested ||= at === when);
      const text = (async function* () {
        for (; parts < 5; parts++) {
          if (parts > 0) stop('reads what it says');
          yield await Promise.resolve('{"1": "x"}');
        }
      })();
      const sendRequest = (): Promise<unknown> => {
        stop('waits for the model');
        return token.isCancellationRequested ? Promise.reject(new Error('Canceled')) : Promise.resolve({ text });
      };
      const ports = {
        choose: () => (stop('chooses'), Promise.resolve({ sendRequest })),
        message: (message: string) => (sent.push(message), message),
        language: 'en',
      } as unknown as NamingPorts;
      assert.deepEqual(await nameClusters(ports, [cluster('a')], token as typeof TOKEN), {});
      assert.equal(sent.length, when === 'chooses' ? 0 : 1);
      assert.ok(parts < 2);
    });

  it('are asked for with the beginning of one snippet of the sixty largest', async () => {
    const { ports, sent, asked } = start('{}');
    await nameClusters(ports, Array.from({ length: 200 }, (_, i) => cluster(`c${i}`, `${'y'.repeat(300)}SECRET`)), TOKEN); // prettier-ignore
    assert.deepEqual(asked, [60]);
    assert.doesNotMatch(sent[0] ?? '', /SECRET|c60/);
  });
});
