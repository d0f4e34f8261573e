// What Verify, Repair and Prune say. No `vscode` at run time: `l10n` is passed in.
import { isDamage, type FindingKind, type IndexFinding } from '../engine/store/indexFindings.ts';
import type { PruneItem, RepairResult, VerifyResult } from '../protocol/engineApi.ts';
import { problemMessage, type L10n } from './errorMessages.ts';

const FINDINGS: Readonly<Record<FindingKind, (l10n: L10n) => string>> = {
  'manifest-missing': (l10n) => l10n.t('the list of its files is missing'),
  'manifest-damaged': (l10n) => l10n.t('the list of its files is damaged'),
  'manifest-too-new': (l10n) => l10n.t('written by a newer Vectorscope'),
  'foreign-manifest': (l10n) => l10n.t('it belongs to another index'),
  'shard-missing': (l10n) => l10n.t('a file of vectors is missing'),
  'shard-damaged': (l10n) => l10n.t('a file of vectors is damaged'),
  'retired-missing': (l10n) => l10n.t('vectors kept for later are missing'),
  'retired-damaged': (l10n) => l10n.t('vectors kept for later are damaged'),
  'journal-damaged': (l10n) => l10n.t('the journal is damaged'),
  'chunks-missing': (l10n) => l10n.t('chunks of listed documents are missing'),
  'bad-vectors': (l10n) => l10n.t('vectors that are none'),
  unreadable: (l10n) => l10n.t('a file can’t be read'),
  leftover: (l10n) => l10n.t('left over, goes away by itself'),
  'set-aside': (l10n) => l10n.t('set aside by an earlier repair'),
};

/** A line for the log. */
export function findingLine(l10n: L10n, { kind, file, documents }: IndexFinding): string {
  const concerned = documents.length === 0 ? '' : ` (${documents.join(', ')})`;
  return `${file === undefined ? '' : `${file}: `}${FINDINGS[kind](l10n)}${concerned}`;
}

export function verifiedText(l10n: L10n, { spaces }: VerifyResult): string {
  const sum = (of: (space: VerifyResult['spaces'][number]) => number): number => spaces.reduce((n, s) => n + of(s), 0);
  const size = sizeText(sum(({ bytes }) => bytes));
  const damage = spaces.flatMap(({ findings }) => findings.filter(isDamage));
  if (damage.length === 0)
    return l10n.t('The index is in order: {0} documents, {1} chunks, {2}.', sum((s) => s.documents), sum((s) => s.chunks), size); // prettier-ignore
  const kinds = [...new Set(damage.map(({ kind }) => FINDINGS[kind](l10n)))].join(l10n.t(', '));
  const documents = new Set(damage.flatMap((finding) => finding.documents)).size;
  return l10n.t('The index is damaged: {0}. Documents concerned: {1}. Repair keeps what is whole and embeds the rest again.', kinds, documents); // prettier-ignore
}

export function repairedText(l10n: L10n, { spaces, lost, snippets }: RepairResult): string {
  const damage = spaces.flatMap(({ findings }) => findings.filter(isDamage));
  const setAside = spaces.reduce((sum, space) => sum + space.setAside.length, 0);
  const parts = [
    damage.length === 0 && lost.length === 0
      ? l10n.t('The index was in order: there was nothing to repair.')
      : l10n.t('The index was repaired. Damaged files set aside: {0}. Documents that are embedded again: {1}.', setAside, lost.length), // prettier-ignore
  ];
  const { restored, gone } = snippets;
  if (restored + gone > 0) parts.push(l10n.t('Kept snippets: {0} restored from their text, {1} lost.', restored, gone));
  for (const { folder, space, problem } of spaces) {
    if (problem) parts.push(`${folder}: ${problemMessage(l10n, problem).text}`);
    else if (!space) parts.push(l10n.t('{0} can’t be repaired; Prune removes it.', folder));
  }
  return parts.join(' ');
}

/** A row of Prune: what it is, and more about it. */
export function pruneLabel(l10n: L10n, { kind, count, space, name }: PruneItem): { label: string; detail: string } {
  switch (kind) {
    case 'space':
      return space
        ? {
            label: l10n.t('Index of {0} · {1}', space.model, space.dimension),
            detail:
              count === 1
                ? l10n.t('1 document; if you go back to this model, it is embedded again')
                : l10n.t('{0} documents; if you go back to this model, they are embedded again', count),
          }
        : {
            label: l10n.t('An index that can’t be read'),
            detail: name ?? '',
          };
    case 'retired':
      return {
        label: l10n.t('Vectors of texts that are gone'),
        detail:
          count === 1
            ? l10n.t('1 vector, kept for two weeks in case its text comes back')
            : l10n.t('{0} vectors, kept for two weeks in case the texts come back', count),
      };
    case 'set-aside':
      return {
        label: l10n.t('Damaged files that were set aside'),
        detail: count === 1 ? l10n.t('1 file in {0}', name ?? '') : l10n.t('{0} files in {1}', count, name ?? ''),
      };
    case 'folder':
      return {
        label: l10n.t('Index of {0}, a folder that this workspace had', name ?? ''),
        detail: count === 1 ? l10n.t('1 document') : l10n.t('{0} documents', count),
      };
    case 'documents':
      return {
        label: l10n.t('Documents of the deleted folder {0}', name ?? ''),
        detail: count === 1 ? l10n.t('1 document') : l10n.t('{0} documents', count),
      };
    case 'jobs':
      return {
        label: l10n.t('Batch jobs that are over'),
        detail:
          count === 1
            ? l10n.t('1 job whose result was taken, or that has none')
            : l10n.t('{0} jobs whose results were taken, or that have none', count),
      };
  }
}

/** With its unit: what is small is not nothing. */
export function sizeText(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${megabytes(bytes)} MB`;
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
