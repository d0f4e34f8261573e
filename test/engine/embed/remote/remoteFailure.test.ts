import assert from 'node:assert/strict';
import { failureOf, type FailureKind, type Manners } from '../../../../src/engine/embed/remote/remoteFailure.ts';

const native = (code: string, message: string): string => JSON.stringify({ code, message, request_id: 'r' });
const openai = (code: string | null, message: string, type = 'invalid_request_error'): string =>
  JSON.stringify({ error: { message, type, param: null, code } });

/** Status, body, kind, limit; literal messages of the spec's sections 5 and 7. */
const CASES: readonly (readonly [Manners, number, string, FailureKind, number?])[] = [
  ['dashscope', 401, native('InvalidApiKey', 'Invalid API-key provided.'), 'key'],
  ['dashscope', 401, openai('invalid_api_key', 'Incorrect API key provided. '), 'key'],
  [
    'dashscope',
    400,
    native(
      'InvalidParameter',
      '<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents',
    ),
    'rows',
    10,
  ],
  [
    'dashscope',
    400,
    native('InvalidParameter', 'batch size is invalid, it should not be larger than 25.: payload.input.contents'),
    'rows',
    25,
  ],
  [
    'dashscope',
    400,
    native('InvalidParameter', '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 8192]'),
    'length',
  ],
  [
    'dashscope',
    400,
    native('InvalidParameter', 'Value error, dimension for embedding v3 is invalid, its value shold be in [64, 128]'),
    'refused',
  ],
  ['dashscope', 400, native('DataInspectionFailed', 'Input data may contain inappropriate content.'), 'refused'],
  ['dashscope', 400, native('BadRequest.TooLarge', 'Payload Too Large.'), 'size'],
  ['dashscope', 400, native('InvalidParameter', 'Model not exist.'), 'model'],
  ['dashscope', 400, native('Arrearage', 'Access denied, please make sure your account is in good standing.'), 'billing'],
  ['dashscope', 403, native('AccessDenied', 'current user api does not support synchronous calls.'), 'access'],
  ['dashscope', 403, native('AllocationQuota.FreeTierOnly', 'The free tier is used up.'), 'billing'],
  ['dashscope', 404, native('ModelNotFound', 'Model can not be found.'), 'model'],
  ['dashscope', 429, native('Throttling.RateQuota', 'Requests rate limit exceeded, please try again later.'), 'rate'],
  ['dashscope', 429, native('Throttling.AllocationQuota', 'Allocated quota exceeded, please increase.'), 'rate'],
  ['dashscope', 429, openai('insufficient_quota', 'You exceeded your current quota, please check.'), 'rate'],
  ['openai', 429, openai('insufficient_quota', 'You exceeded your current quota, please check.'), 'billing'],
  ['dashscope', 429, native('PrepaidBillOverdue', 'The prepaid bill is overdue.'), 'billing'],
  ['dashscope', 429, native('Throttling', 'Free allocated quota exceeded.'), 'billing'],
  ['dashscope', 500, native('InternalError.Algo', 'An internal error.'), 'server'],
  ['dashscope', 503, '<html><body>Service Unavailable</body></html>', 'server'],
  ['openai', 400, JSON.stringify({ object: 'error', message: 'maximum context length is 512', type: 'x', code: 400 }), 'length'],
  ['openai', 413, JSON.stringify({ error: 'batch size 64 > maximum allowed batch size 32', error_type: 'Validation' }), 'rows', 32],
  ['openai', 422, JSON.stringify({ error: 'inputs must have less than 512 tokens', error_type: 'Validation' }), 'length'],
  ['openai', 500, openai(null, 'input is too large to process. increase the physical batch size', 'server_error'), 'length'],
  ['openai', 400, JSON.stringify({ code: 20042, message: 'input batch size 70 > maximum allowed batch size 64', data: null }), 'rows', 64],
  ['openai', 404, JSON.stringify({ error: 'model "x" not found, try pulling it first' }), 'model'],
  ['openai', 400, JSON.stringify({ detail: 'something else' }), 'refused'],
  ['openai', 402, 'Payment Required', 'billing'],
  ['openai', 502, '', 'server'],
  ['openai', 302, '', 'answer'],
]; // prettier-ignore

describe('an answer that is no success', () => {
  for (const [manners, status, body, kind, limit] of CASES) {
    it(`${status} ${body.replace(/\s+/g, ' ').slice(0, 90)} (${manners}) is ${kind}`, () => {
      const { facts } = failureOf(manners, status, body, undefined);
      assert.deepEqual([facts.kind, facts.limit], [kind, limit]);
      assert.equal(facts.status, status);
    });
  }

  it('keeps neither a key nor a text that the service repeats', () => {
    const said = 'Incorrect API key provided: sk-secret-1234. Input was: my private diary';
    for (const body of [
      openai(null, said),
      native('', said),
      said,
      JSON.stringify({ error: said }),
      `<p>${said}</p>`,
    ]) {
      const failure = failureOf('openai', 400, body, undefined);
      assert.doesNotMatch(`${failure.message} ${JSON.stringify(failure.facts)}`, /secret|diary/);
    }
  });

  it('says how long to wait, when the service does', () => {
    assert.equal(failureOf('openai', 429, '{}', '2').facts.retryAfterMs, 2000);
    const inASecond =
      failureOf('openai', 429, '{}', new Date(Date.now() + 60_000).toUTCString()).facts.retryAfterMs ?? 0;
    assert.ok(inASecond > 50_000 && inASecond <= 60_000);
    for (const nonsense of ['soon', '-1', ''])
      assert.equal(failureOf('openai', 429, '{}', nonsense).facts.retryAfterMs, undefined);
  });

  it('is told at once, whatever page came in place of an answer', () => {
    const pages = ['<'.repeat(2_000_000), JSON.stringify({ message: 'batch size '.repeat(200_000) })];
    const startedMs = performance.now();
    for (const page of pages) failureOf('openai', 400, page, undefined);
    assert.ok(performance.now() - startedMs < 1000);
  });
});
