// Why a file is not in the index, as a sentence. No `vscode` at run time. Complete by type.
import type { CoverageEntry, LeftOutReason } from '../engine/model.ts';
import type { L10n } from './errorMessages.ts';

type Sentence = (l10n: L10n, detail: string) => string;

const SENTENCES: Readonly<Record<LeftOutReason, Sentence>> = {
  gitignore: (l10n, detail) => l10n.t('ignored by Git ({0})', detail),
  vectorscopeignore: (l10n, detail) => l10n.t('ignored by Vectorscope ({0})', detail),
  noise: (l10n, detail) => l10n.t('build output, lock file or the like ({0})', detail),
  security: (l10n, detail) => l10n.t('may hold secrets ({0})', detail),
  'exclude-setting': (l10n, detail) => l10n.t('excluded by the setting vectorscope.exclude ({0})', detail),
  'not-included': (l10n) => l10n.t('not among the setting vectorscope.include'),
  binary: (l10n) => l10n.t('holds binary data'),
  'image-too-large': (l10n, detail) => l10n.t('is an image of {0}; the model takes up to 3 MB', detail),
  'image-type': (l10n, detail) => l10n.t('is a {0} image; the model takes JPG, PNG and BMP', detail),
  empty: (l10n) => l10n.t('is empty'),
  generated: (l10n, detail) => l10n.t('was generated ({0})', detail),
  minified: (l10n) => l10n.t('is minified'),
  'no-text': (l10n) => l10n.t('holds no text'),
  'symlink-loop': (l10n) => l10n.t('is a link that leads back to a folder above it'),
  'outside-workspace': (l10n) => l10n.t('lies outside the workspace'),
  'not-a-file': (l10n) => l10n.t('is not a regular file'),
  'same-file': (l10n, detail) => l10n.t('is a link to {0}, which is read under its own path', detail),
  'not-indexed-yet': (l10n) => l10n.t('not reached yet'),
  unreadable: (l10n, detail) => l10n.t('could not be read ({0})', detail),
  vanished: (l10n) => l10n.t('disappeared while it was read'),
  'embedding-failed': (l10n, detail) => l10n.t('could not be embedded ({0})', detail),
};

const LABELS: Readonly<Record<LeftOutReason, (l10n: L10n) => string>> = {
  gitignore: (l10n) => l10n.t('ignored by Git'),
  vectorscopeignore: (l10n) => l10n.t('ignored by Vectorscope'),
  noise: (l10n) => l10n.t('build output, lock files'),
  security: (l10n) => l10n.t('may hold secrets'),
  'exclude-setting': (l10n) => l10n.t('excluded by setting'),
  'not-included': (l10n) => l10n.t('not included by setting'),
  binary: (l10n) => l10n.t('binary'),
  'image-too-large': (l10n) => l10n.t('image too large'),
  'image-type': (l10n) => l10n.t('image of another type'),
  empty: (l10n) => l10n.t('empty'),
  generated: (l10n) => l10n.t('generated'),
  minified: (l10n) => l10n.t('minified'),
  'no-text': (l10n) => l10n.t('no text'),
  'symlink-loop': (l10n) => l10n.t('link in a loop'),
  'outside-workspace': (l10n) => l10n.t('outside the workspace'),
  'not-a-file': (l10n) => l10n.t('not a regular file'),
  'same-file': (l10n) => l10n.t('link to another file'),
  'not-indexed-yet': (l10n) => l10n.t('not reached yet'),
  unreadable: (l10n) => l10n.t('unreadable'),
  vanished: (l10n) => l10n.t('disappeared'),
  'embedding-failed': (l10n) => l10n.t('embedding failed'),
};

/** A few words for many files: `ignored by Git`. */
export function reasonLabel(l10n: L10n, reason: LeftOutReason): string {
  return LABELS[reason](l10n);
}

/** Why, or how far, a file is in the index: `ignored by Git (dist/)`, `12 chunks`. */
export function coverageSentence(l10n: L10n, entry: CoverageEntry): string {
  if (entry.reason !== undefined) return SENTENCES[entry.reason](l10n, entry.detail ?? entry.reason);
  const chunks = entry.chunks === 1 ? l10n.t('1 chunk') : l10n.t('{0} chunks', entry.chunks ?? 0);
  if (entry.truncatedAtBytes === undefined) return chunks;
  return l10n.t('{0}, only the first {1} KB', chunks, Math.round(entry.truncatedAtBytes / 1024));
}
