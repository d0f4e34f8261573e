import assert from 'node:assert/strict';
import { EngineError } from '../../src/engine/errors.ts';
import { problemMessage } from '../../src/host/errorMessages.ts';
import { HostError, problemOf, type ProblemCode } from '../../src/host/problems.ts';
import { coverageSentence } from '../../src/host/reasonMessages.ts';
import { plainL10n } from './support/plainL10n.ts';

/** The details that each code promises (src/engine/errors.ts, src/host/problems.ts). */
const DETAILS: Readonly<Record<ProblemCode, readonly string[]>> = {
  cancelled: [],
  'no-model': [],
  'vectors-imported': ['path'],
  'no-vectors': ['path'],
  'file-not-found': ['path'],
  'file-unreadable': ['path', 'reason'],
  'no-text': ['path'],
  'security-file': ['path', 'rule'],
  'unknown-model': ['model', 'known'],
  'dimension-not-allowed': ['model', 'dimension', 'allowed'],
  'weights-missing': ['model', 'file'],
  'weights-corrupt': ['model', 'file', 'expected', 'actual'],
  'runtime-unavailable': ['model', 'reason'],
  'bad-vector': ['model', 'reason'],
  'child-died': ['code', 'signal'],
  'index-empty': [],
  'index-changing': [],
  'index-too-new': ['version'],
  'index-locked': ['pid'],
  'index-read-only': ['path', 'reason'],
  'storage-failed': ['path', 'reason'],
  'bad-request': ['request', 'reason'],
  'bad-setting': ['setting', 'value', 'allowed'],
  'key-missing': ['origin'],
  'key-refused': ['origin', 'reason'],
  'access-denied': ['origin', 'model', 'reason'],
  'billing-stopped': ['origin', 'reason'],
  'rate-limited': ['origin'],
  'network-failed': ['origin', 'reason'],
  'server-failed': ['origin', 'status', 'reason'],
  'bad-answer': ['origin', 'reason'],
  'request-refused': ['origin', 'status', 'reason'],
  'row-refused': ['reason'],
  'bad-endpoint': ['url', 'reason'],
  'consent-needed': ['origin'],
  'budget-reached': ['spent', 'budget', 'currency'],
  'not-supported': ['model', 'feature'],
  'job-failed': ['job', 'reason'],
  'job-expired': ['job'],
  'job-unknown': ['job'],
  internal: ['reason'],
  'no-folder': [],
  'virtual-folder': [],
  untrusted: [],
  'not-indexed': [],
  'no-editor': [],
  'no-selection': [],
  'too-short': [],
  'outside-workspace': ['path'],
  'not-saved': ['path'],
  'not-text': ['path'],
  'no-image': [],
  'image-left-out': ['path', 'reason'],
  'text-model': ['model'],
  'engine-down': [],
  'nothing-failed': [],
  'no-rule': ['path'],
  'nothing-running': [],
  'not-paused': [],
  'already-paused': [],
  'no-hits': [],
  'nothing-sent': [],
  'server-key-refused': ['origin', 'reason'],
  'no-batch-jobs': [],
  'one-dimension': ['model', 'dimension'],
};

describe('messages about problems', () => {
  for (const [code, names] of Object.entries(DETAILS) as [ProblemCode, readonly string[]][]) {
    it(`say '${code}' in a sentence whose values are all filled in`, () => {
      const details = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const { text } = problemMessage(plainL10n, { code, details });
      assert.doesNotMatch(text, /\{\w+\}/);
      assert.ok(text.length > 8);
    });
  }

  it('offer a button for everything that the user can cure', () => {
    const none = (Object.keys(DETAILS) as ProblemCode[]).filter(
      (code) => problemMessage(plainL10n, { code, details: {} }).cures.length === 0,
    );
    assert.deepEqual(none, ['cancelled', 'not-text']);
  });

  it('know where an error came from', () => {
    assert.equal(problemOf(new HostError('no-editor')).code, 'no-editor');
    assert.equal(problemOf(new EngineError('index-empty')).code, 'index-empty');
    assert.equal(problemOf(new DOMException('x', 'AbortError')).code, 'cancelled');
    assert.deepEqual(problemOf(new TypeError('oops')), { code: 'internal', details: { reason: 'oops' } });
  });
});

describe('the sentence about a file', () => {
  it('says why it is left out, with the rule', () => {
    const entry = { path: '.env', state: 'excluded', reason: 'security', detail: '.env*' } as const;
    assert.equal(coverageSentence(plainL10n, entry), 'may hold secrets (.env*)');
  });

  it('says how far it is indexed', () => {
    assert.equal(coverageSentence(plainL10n, { path: 'a', state: 'indexed', chunks: 3 }), '3 chunks');
    assert.equal(coverageSentence(plainL10n, { path: 'a', state: 'indexed', chunks: 1 }), '1 chunk');
    const cut = { path: 'a', state: 'indexed', chunks: 3, truncatedAtBytes: 2048 } as const;
    assert.equal(coverageSentence(plainL10n, cut), '3 chunks, only the first 2 KB');
  });
});
