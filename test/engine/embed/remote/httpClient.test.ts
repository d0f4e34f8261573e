// The way to a service: through a proxy or not, and answers that a proxy touched.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HttpClient, type HttpOptions } from '../../../../src/engine/embed/remote/httpClient.ts';
import { RemoteFailure } from '../../../../src/engine/embed/remote/remoteFailure.ts';
import { isEngineError } from '../../../../src/engine/errors.ts';

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];

describe('the way to a service', () => {
  const closing: (() => unknown)[] = [];
  const saved = new Map(PROXY_VARIABLES.map((name) => [name, process.env[name]]));

  beforeEach(() => {
    for (const name of PROXY_VARIABLES) Reflect.deleteProperty(process.env, name);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  async function listen(server: http.Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** What was asked of a proxy that refuses all. */
  async function proxy(): Promise<{ address: string; asked: string[] }> {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    return { address: await listen(server), asked };
  }

  function client(options: Partial<HttpOptions> = {}): HttpClient {
    const made = new HttpClient({ strictSsl: true, timeoutMs: 5000, ...options });
    closing.push(() => made.close());
    return made;
  }

  const get = (from: HttpClient, url: string) => from.send({ method: 'GET', url }, new AbortController().signal);

  for (const name of ['http_proxy', 'HTTPS_PROXY']) {
    it(`leads past the proxy of ${name} to this machine`, async () => {
      const { address, asked } = await proxy();
      process.env[name] = `http://${address}`;
      const here = await listen(http.createServer((_, response) => response.end('here')));
      assert.equal((await get(client(), `http://${here}/`)).body.toString(), 'here');
      assert.deepEqual(asked, []);
    });
  }

  it('leads through the proxy elsewhere, also where its address has no scheme, and its refusal is no connection', async () => {
    const { address, asked } = await proxy();
    process.env['https_proxy'] = `user:pass@${address}`;
    await assert.rejects(get(client(), 'https://service.invalid/v1'), (error) => {
      assert.ok(error instanceof RemoteFailure && error.facts.kind === 'network');
      assert.doesNotMatch(JSON.stringify(error.facts) + error.message, /pass/);
      return true;
    });
    assert.deepEqual(asked, [`CONNECT service.invalid:443 Basic ${Buffer.from('user:pass').toString('base64')}`]);
    asked.length = 0;
    const { address: other, asked: askedOther } = await proxy();
    await assert.rejects(get(client({ proxy: `http://${other}` }), 'https://service.invalid/v1'));
    assert.deepEqual([asked, askedOther], [[], ['CONNECT service.invalid:443']]);
    await assert.rejects(get(client({ proxy: `http://${other}`, noProxy: ['.invalid'] }), 'https://a.invalid/v1'));
    assert.equal(askedOther.length, 1);
  });

  it('is refused with no word of a proxy that is no address', () => {
    for (const bad of ['http://user:secret@:bad:port', 'ftp://user:secret@proxy']) {
      assert.throws(
        () => client({ proxy: bad }),
        (error) => isEngineError(error, 'bad-setting') && !/secret/.test(`${error.message} ${String(error.cause)}`),
      );
    }
  });

  it('reads an answer that a proxy compressed', async () => {
    const seen: (string | undefined)[] = [];
    const here = await listen(
      http.createServer((request, response) => {
        seen.push(String(request.headers['accept-encoding']));
        response.setHeader('content-encoding', 'gzip');
        response.end(request.url === '/lie' ? 'plain' : gzipSync('zipped'));
      }),
    );
    const made = client();
    assert.equal((await get(made, `http://${here}/`)).body.toString(), 'zipped');
    assert.equal((await get(made, `http://${here}/lie`)).body.toString(), 'plain');
    assert.deepEqual(seen, ['identity', 'identity']);
  });
});
