import fc from 'fast-check';
import assert from 'node:assert/strict';
import { estimateTokens, halve, splitByEstimate } from '../../../../src/engine/embed/remote/tokenEstimate.ts';
import { countTokens } from '../../../support/countedTokens.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '9', ' ', '\n', '.', '中', '。', 'か', '한', '😀', 'é', '_', '/'),
  maxLength: 400,
});

describe('the estimate of tokens', () => {
  it('is not below what the emulated service counts', () => {
    fc.assert(
      fc.property(text, (t) => estimateTokens(t) >= countTokens(t)),
      { seed: 3, numRuns: 500 },
    );
    for (const each of ['风'.repeat(8000), '😀'.repeat(1000), 'x'.repeat(200_000), 'const a=[1,2,3];'.repeat(50)])
      assert.ok(estimateTokens(each) >= countTokens(each), each.slice(0, 20));
  });

  it('is not far above what the guide’s sentences took', () => {
    // The guide: 33 characters are 26 tokens, four lines of 7 characters are 27.
    const poem = ['风急天高猿啸哀', '渚清沙白鸟飞回', '无边落木萧萧下', '不尽长江滚滚来'];
    const tokens = poem.reduce((sum, line) => sum + estimateTokens(line), 0);
    assert.ok(tokens >= 27 && tokens <= 40, `${tokens}`);
  });
});

describe('a text that is too long', () => {
  it('is split into parts that fit, that are the text together and that cut no letter in two', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 60 }), (t, most) => {
        const parts = splitByEstimate(t, most);
        assert.equal(parts.join(''), t);
        for (const part of parts) {
          assert.ok(estimateTokens(part) <= most, `${estimateTokens(part)} > ${most}`);
          assert.equal(part, part.replace(/\p{Surrogate}/gu, '?'));
        }
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('is cut at the end of a sentence where there is one', () => {
    const parts = splitByEstimate('One thing is that. Another thing is this', 11);
    assert.equal(parts[0], 'One thing is that.');
  });

  it('is halved until it is one character', () => {
    fc.assert(
      fc.property(text, (t) => {
        const halves = halve(t);
        if (!halves) return t.trim().length < 3;
        return halves.join('') === t && halves.every((half) => half !== '' && !/\p{Surrogate}/u.test(half));
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
