import assert from 'node:assert/strict';
import type { IndexFinding } from '../../src/engine/store/indexFindings.ts';
import type { EmbeddingSpace } from '../../src/engine/model.ts';
import { pruneLabel, repairedText, verifiedText, sizeText } from '../../src/host/maintenanceText.ts';
import type { RepairedSpace, VerifyResult } from '../../src/protocol/engineApi.ts';
import { plainL10n } from './support/plainL10n.ts';

const finding = (kind: IndexFinding['kind'], ...documents: string[]): IndexFinding => ({ kind, documents });
const verified = (...findings: IndexFinding[]): VerifyResult => ({
  spaces: [{ folder: 'f', documents: 3, chunks: 7, bytes: 2_500_000, findings }],
  damaged: findings.length > 0,
});
const space: EmbeddingSpace = {
  provider: 'local',
  model: 'minilm',
  dimension: 384,
  output: 'dense',
  prompt: 'p',
  chunkerVersion: 1,
};

describe('what Verify, Repair and Prune say', () => {
  it('is short for an index in order, leftovers or not', () => {
    for (const findings of [[], [finding('leftover'), finding('set-aside')]])
      assert.equal(verifiedText(plainL10n, verified(...findings)), 'The index is in order: 3 documents, 7 chunks, 2.5 MB.');
  }); // prettier-ignore

  it('names each kind of damage once, and counts the documents', () => {
    const text = verifiedText(plainL10n, verified(finding('shard-damaged', 'a', 'b'), finding('shard-damaged', 'b', 'c'), finding('journal-damaged')));
    assert.match(text, /damaged: a file of vectors is damaged, the journal is damaged\. Documents concerned: 3/);
  }); // prettier-ignore

  it('tells what was mended, what became of snippets, and what could not be repaired', () => {
    const findings = [finding('shard-damaged', 'a')];
    const spaces: RepairedSpace[] = [
      { folder: 'one', space, lost: 1, setAside: ['x'], findings },
      { folder: 'two', space, lost: 0, setAside: [], findings: [], problem: { code: 'index-locked', details: { pid: 7 } } },
      { folder: 'three', lost: 0, setAside: [], findings: [finding('manifest-damaged')] },
    ]; // prettier-ignore
    const text = repairedText(plainL10n, { spaces, lost: [{ path: 'a' }], snippets: { restored: 2, gone: 1 } });
    assert.match(text, /Damaged files set aside: 1. Documents that are embedded again: 1/);
    assert.match(text, /Kept snippets: 2 restored from their text, 1 lost/);
    assert.match(text, /two: .*process 7/);
    assert.match(text, /three can’t be repaired; Prune removes it/);
    const nothing = repairedText(plainL10n, { spaces: [], lost: [], snippets: { restored: 0, gone: 0 } });
    assert.equal(nothing, 'The index was in order: there was nothing to repair.');
  });

  it('names what can be pruned', () => {
    const item = { id: 'x', count: 2, bytes: 1 };
    assert.equal(pruneLabel(plainL10n, { ...item, kind: 'space', space }).label, 'Index of minilm · 384');
    assert.match(pruneLabel(plainL10n, { ...item, kind: 'documents', name: 'old/' }).label, /old\//);
    for (const kind of ['retired', 'set-aside', 'jobs'] as const)
      assert.match(pruneLabel(plainL10n, { ...item, kind }).detail, /^2 \w+s\b/);
    for (const kind of ['space', 'retired', 'set-aside', 'documents', 'jobs'] as const)
      assert.match(pruneLabel(plainL10n, { ...item, kind, space, name: 'x', count: 1 }).detail, /^1 \w+[^s\W]\b/);
    assert.deepEqual([0, 1, 4_200, 99_999, 100_000, 2_460_000].map(sizeText), ['0 kB', '1 kB', '5 kB', '100 kB', '0.1 MB', '2.5 MB']);
  }); // prettier-ignore
});
