// Stage 4, what Verify finds. Types and one judgement; costs nothing.
import type { EmbeddingSpace } from '../model.ts';

export type FindingKind =
  | 'manifest-missing'
  | 'manifest-damaged'
  /** Written by a newer version: nothing else can be said. */
  | 'manifest-too-new'
  /** The folder's name is another space's. */
  | 'foreign-manifest'
  | 'shard-missing'
  | 'shard-damaged'
  | 'retired-missing'
  | 'retired-damaged'
  | 'journal-damaged'
  /** The manifest names documents that no shard holds as it says. */
  | 'chunks-missing'
  /** Not of unit length, or no numbers. */
  | 'bad-vectors'
  | 'unreadable'
  /** No damage: what a killed process left, which the next one that writes removes. */
  | 'leftover'
  /** No damage any more: files that an earlier repair set aside. */
  | 'set-aside';

export interface IndexFinding {
  readonly kind: FindingKind;
  /** Relative to the space's folder. */
  readonly file?: string;
  /** What it concerns, where that is known. */
  readonly documents: readonly string[];
  readonly bytes?: number;
}

export interface VerifiedSpace {
  /** Its folder, relative to the workspace's storage folder. */
  readonly folder: string;
  /** Undefined where the manifest does not tell. */
  readonly space?: EmbeddingSpace;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly findings: readonly IndexFinding[];
}

const HARMLESS: ReadonlySet<FindingKind> = new Set(['leftover', 'set-aside']);

export function isDamage({ kind }: Pick<IndexFinding, 'kind'>): boolean {
  return !HARMLESS.has(kind);
}
