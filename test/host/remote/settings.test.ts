import assert from 'node:assert/strict';
import { checkModel } from '../../../src/host/remote/checkModel.ts';
import { endpointOf, isDashScopeHost, knowsDimension, remoteConfig } from '../../../src/host/remote/endpoint.ts';
import { DEFAULT_SETTINGS, readSettings, type Settings } from '../../../src/host/settings.ts';

const dashscope: Settings = { ...DEFAULT_SETTINGS, provider: 'dashscope' };

describe('provider, model and dimension', () => {
  it('go together, or the setting that does not fit is told with what would', () => {
    const model = (provider: Settings['provider'], name: string, dimension: number | null = null) =>
      checkModel({ provider, model: name, dimension });
    assert.equal(model('local', 'auto'), undefined);
    assert.equal(model('local', 'C:\\models\\mine'), undefined);
    assert.equal(model('local', 'text-embedding-v4')?.setting, 'model');
    assert.equal(model('dashscope', 'auto'), undefined);
    assert.equal(model('dashscope', 'minilm')?.setting, 'model');
    assert.equal(model('dashscope', 'text-embedding-v9', 77), undefined, 'a newer model');
    assert.equal(model('dashscope', 'text-embedding-v3', 768), undefined);
    assert.match(model('dashscope', 'text-embedding-v3', 1536)?.allowed ?? '', /null, 1024, 768/);
    assert.match(model('dashscope', 'auto', 100)?.allowed ?? '', /text-embedding-v4/);
    assert.equal(model('openai', 'minilm', 5), undefined);
  });

  it('that do not fit fall back to the default', () => {
    const values: Readonly<Record<string, unknown>> = {
      provider: 'dashscope',
      model: 'text-embedding-v2',
      dimension: 64,
    };
    const { settings, problems } = readSettings((key) => values[key]);
    assert.equal(settings.dimension, null);
    assert.equal(settings.model, 'text-embedding-v2');
    assert.deepEqual(
      problems.map(({ setting, value }) => [setting, value]),
      [['vectorscope.dimension', '64']],
    );
  });
});

describe('the endpoint of the settings', () => {
  it('is the region’s host, an address of one’s own, or none', () => {
    assert.equal(endpointOf(DEFAULT_SETTINGS), undefined);
    assert.equal(endpointOf(dashscope)?.origin, 'https://dashscope.aliyuncs.com');
    assert.equal(endpointOf({ ...dashscope, region: 'singapore' })?.host, 'dashscope-intl.aliyuncs.com');
    const custom = endpointOf({ ...dashscope, region: 'custom', dashscopeBaseUrl: 'http://127.0.0.1:9/' });
    assert.equal(custom?.origin, 'http://127.0.0.1:9');
    const server = endpointOf({ ...DEFAULT_SETTINGS, provider: 'openai', openaiBaseUrl: 'http://localhost:11434/v1' });
    assert.deepEqual([server?.origin, server?.baseUrl], ['http://localhost:11434', 'http://localhost:11434/v1']);
    assert.equal(endpointOf({ ...DEFAULT_SETTINGS, provider: 'openai' })?.origin, '');
  });

  it('is offered the environment’s key only where it is Alibaba Cloud’s', () => {
    assert.ok(isDashScopeHost('https://dashscope.aliyuncs.com'));
    assert.ok(isDashScopeHost('https://ws-1.cn-beijing.maas.aliyuncs.com'));
    for (const other of [
      'http://dashscope.aliyuncs.com',
      'https://dashscope.aliyuncs.com.evil.example',
      'https://evil-dashscope.aliyuncs.com',
      'https://api.openai.com',
      'http://127.0.0.1:8000',
    ]) {
      assert.ok(!isDashScopeHost(other), other);
    }
  });

  it('becomes the engine’s configuration, without what is empty', () => {
    const endpoint = endpointOf(dashscope);
    assert.ok(endpoint);
    const plain = remoteConfig(dashscope, endpoint, { key: undefined, consent: false, budget: undefined });
    assert.deepEqual(
      ['key', 'budget', 'workspaceId', 'instruct'].filter((name) => name in plain),
      [],
    );
    const full = remoteConfig({ ...dashscope, workspaceId: 'w' }, endpoint, { key: 'k', consent: true, budget: 2 });
    assert.deepEqual([full.key, full.consent, full.budget, full.workspaceId], ['k', true, 2, 'w']);
  });

  it('tells a dimension before a request only where the catalogue, or the user, does', () => {
    assert.ok(knowsDimension(dashscope));
    assert.ok(!knowsDimension({ ...dashscope, model: 'text-embedding-v9' }));
    assert.ok(knowsDimension({ ...dashscope, model: 'text-embedding-v9', dimension: 64 }));
    assert.ok(!knowsDimension({ ...DEFAULT_SETTINGS, provider: 'openai', model: 'x' }));
  });
});
