// What the cursor is on: selection -> row of a table, innermost function or class -> file. Cost: one document symbol request for each
// version of a document.
import * as vscode from 'vscode';
import { COMPARE_SCHEME } from './comparison.ts';
import type { DocumentPaths } from './documentPaths.ts';
import { hasMeaning } from './meaning.ts';
import type { Empty, FollowTarget } from './similarFollower.ts';
import { readNextTarget, rowTarget } from './readNext.ts';
import { pieceOf, selectedPiece, targetOf } from './textPieces.ts';

const KINDS: ReadonlySet<vscode.SymbolKind> = new Set([
  vscode.SymbolKind.Class,
  vscode.SymbolKind.Constructor,
  vscode.SymbolKind.Enum,
  vscode.SymbolKind.Function,
  vscode.SymbolKind.Interface,
  vscode.SymbolKind.Method,
  vscode.SymbolKind.Struct,
]);
/** Languages whose symbols are headings. */
const HEADED: ReadonlySet<string> = new Set(['markdown', 'restructuredtext', 'asciidoc', 'latex']);
/** Documents that are no text of the user's: following the output panel helps nobody. */
const IGNORED_SCHEMES: ReadonlySet<string> = new Set([
  'output',
  'vscode-scm',
  'comment',
  'debug',
  'search-editor',
  COMPARE_SCHEME,
]);

/** A language server that starts may take many seconds: the file is shown meanwhile. */
const PATIENCE_MS = 400;
/** An extension that is not active yet has no symbols: a document without any is asked about again after these times. */
const ASK_AGAIN_MS = [1_000, 2_000, 4_000, 8_000];

interface Symbols {
  readonly key: string;
  readonly found: Promise<readonly vscode.DocumentSymbol[]>;
}

/** Identifies a line of a document. */
export function lineKey({ uri }: vscode.TextDocument, { line }: vscode.Position): string {
  return `${uri.toString()}#${line}`;
}

/** Looks at the active editor for the Similar tab. */
export class CursorTarget {
  private latest: Symbols | undefined;
  /** The document that has had no symbols so far, how often it was asked about again, and whether it will be. */
  private bare: { readonly document: vscode.TextDocument; asked: number; waits: boolean } | undefined;

  constructor(
    private readonly paths: () => DocumentPaths,
    /** The symbols came after all: look again. */
    private readonly lookAgain: () => void,
  ) {}

  /** Where the cursor stands, '' for nowhere. */
  where(): string {
    const editor = vscode.window.activeTextEditor;
    return editor ? lineKey(editor.document, editor.selection.active) : '';
  }

  async look(): Promise<FollowTarget | Empty> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || IGNORED_SCHEMES.has(editor.document.uri.scheme)) return { empty: 'nothing-selected' };
    const { document } = editor;
    const selected = selectedPiece(editor, this.paths());
    if (selected && hasMeaning(selected.text)) return targetOf(selected, 'selection');
    const position = editor.selection.active;
    const row = rowTarget(document, position.line, this.paths());
    if (row && hasMeaning(row.excerpt)) return row;
    for (const symbol of around(await this.symbols(document), position, HEADED.has(document.languageId))) {
      const piece = pieceOf(document, symbol.range, this.paths());
      // Markdown's symbols are called `## Heading`.
      if (hasMeaning(piece.text)) return targetOf(piece, 'symbol', symbol.name.replace(/^#+\s+/, ''));
    }
    const whole = pieceOf(document, undefined, this.paths());
    return hasMeaning(whole.text) ? targetOf(whole, 'file') : { empty: 'too-short' };
  }

  /** The document, for what to read next; in a table the row. */
  lookAtDocument(): Promise<FollowTarget | Empty> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || IGNORED_SCHEMES.has(editor.document.uri.scheme))
      return Promise.resolve({ empty: 'nothing-selected' });
    const target = readNextTarget(editor.document, editor.selection.active.line, this.paths());
    return Promise.resolve(hasMeaning(target.excerpt) ? target : { empty: 'too-short' });
  }

  /** The document's symbols, none when they take too long. */
  private async symbols(document: vscode.TextDocument): Promise<readonly vscode.DocumentSymbol[]> {
    const key = `${document.version} ${document.uri.toString()}`;
    const { found } = this.latest?.key === key ? this.latest : (this.latest = { key, found: askSymbols(document) });
    const late = Symbol('late');
    const answer = await Promise.race([
      found,
      new Promise<typeof late>((resolve) => setTimeout(resolve, PATIENCE_MS, late)),
    ]);
    if (answer !== late) {
      // A language server that still starts answers with nothing.
      if (answer.length === 0) this.forget(document);
      return answer;
    }
    void found.then((symbols) => {
      if (this.latest?.key !== key) return;
      if (symbols.length > 0) this.lookAgain();
      else this.forget(document);
    });
    return [];
  }

  /** No symbols yet: that answer is not kept. */
  private forget(document: vscode.TextDocument): void {
    this.latest = undefined;
    this.askAgain(document);
  }

  /** Looks again in a while, a few times, as long as the document is the active one. */
  private askAgain(document: vscode.TextDocument): void {
    if (this.bare?.document !== document) this.bare = { document, asked: 0, waits: false };
    const { bare } = this;
    const delayMs = ASK_AGAIN_MS[bare.asked];
    if (bare.waits || delayMs === undefined || document.languageId === 'plaintext') return;
    bare.asked++;
    bare.waits = true;
    setTimeout(() => {
      bare.waits = false;
      if (vscode.window.activeTextEditor?.document === document) this.lookAgain();
    }, delayMs);
  }
}

/** Never rejects: a provider that fails has no symbols. */
async function askSymbols(document: vscode.TextDocument): Promise<readonly vscode.DocumentSymbol[]> {
  try {
    const found = await vscode.commands.executeCommand<
      readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
    >('vscode.executeDocumentSymbolProvider', document.uri);
    return (found ?? []).filter((symbol) => 'children' in symbol);
  } catch {
    return [];
  }
}

/** Symbols around a position, innermost first. */
function around(
  symbols: readonly vscode.DocumentSymbol[],
  position: vscode.Position,
  headed: boolean,
): vscode.DocumentSymbol[] {
  const symbol = symbols.find(({ range }) => range.contains(position));
  if (!symbol) return [];
  const inner = around(symbol.children, position, headed);
  return headed || KINDS.has(symbol.kind) ? [...inner, symbol] : inner;
}
