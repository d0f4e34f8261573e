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

/** Why, or how far, a file is in the index: `ignored by Git (dist/)`, `12 chunks`. */
export function coverageSentence(l10n: L10n, entry: CoverageEntry): string {
  if (entry.reason !== undefined) return SENTENCES[entry.reason](l10n, entry.detail ?? entry.reason);
  const chunks = entry.chunks === 1 ? l10n.t('1 chunk') : l10n.t('{0} chunks', entry.chunks ?? 0);
  if (entry.truncatedAtBytes === undefined) return chunks;
  return l10n.t('{0}, only the first {1} KB', chunks, Math.round(entry.truncatedAtBytes / 1024));
}
