import assert from 'node:assert/strict';
import { viewStrings } from '../../src/host/sidebar/viewStrings.ts';
import { VIEW_STRING_KEYS } from '../../src/protocol/viewApi.ts';
import { plainL10n } from './support/plainL10n.ts';

describe('the words of the sidebar', () => {
  const strings = viewStrings(plainL10n);

  it('are all there', () => {
    assert.deepEqual(Object.keys(strings).sort(), [...VIEW_STRING_KEYS].sort());
    for (const word of Object.values(strings)) assert.notEqual(word.trim(), '');
  });

  it('keep the placeholders that the page fills in', () => {
    assert.equal(strings['target.lines'], 'lines {0}–{1}');
  });
});
