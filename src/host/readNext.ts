// What to read next is asked about: a document, or in a table the row that the cursor is in.
import type * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';
import { excerptOf } from './meaning.ts';
import type { FollowTarget } from './similarFollower.ts';
import { pieceOf, targetOf } from './textPieces.ts';

/** A row a line. */
const TABLE = /\.(?:csv|tsv|jsonl|ndjson)$/i;

export function readNextTarget(
  document: vscode.TextDocument,
  line: number | undefined,
  paths: DocumentPaths,
): FollowTarget {
  const whole = pieceOf(document, undefined, paths);
  if (line === undefined || !TABLE.test(whole.path)) return { ...targetOf(whole, 'file'), next: true };
  const { range, text } = document.lineAt(line);
  return { ...targetOf(pieceOf(document, range, paths), 'row'), excerpt: excerptOf(text), next: true };
}
