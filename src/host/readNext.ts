// What to read next is asked about: a document, or in a table the row that the cursor is in.
import type * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';
import { excerptOf } from './meaning.ts';
import type { FollowTarget } from './similarFollower.ts';
import { pieceOf, targetOf } from './textPieces.ts';

/** A row a line; the first line names the columns, but in JSON Lines. */
const TABLE = /\.(?:csv|tsv|tab|(jsonl|ndjson))$/i;

/** `line`: the cursor's; undefined for the document as a whole, whatever it is. */
export function readNextTarget(
  document: vscode.TextDocument,
  line: number | undefined,
  paths: DocumentPaths,
): FollowTarget {
  const row = line === undefined ? undefined : rowTarget(document, line, paths);
  return { ...(row ?? targetOf(pieceOf(document, undefined, paths), 'file')), next: true };
}

/** Undefined where the line is no row of a table. */
export function rowTarget(document: vscode.TextDocument, line: number, paths: DocumentPaths): FollowTarget | undefined {
  const table = TABLE.exec(document.uri.path);
  if (!table || (line === 0 && table[1] === undefined)) return undefined;
  const { range, text } = document.lineAt(line);
  return { ...targetOf(pieceOf(document, range, paths), 'row'), excerpt: excerptOf(text) };
}
