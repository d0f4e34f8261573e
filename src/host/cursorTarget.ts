// What the cursor is on: selection -> innermost function or class -> file. Cost: one document symbol request for each
// version of a document.
import * as vscode from 'vscode';
import type { DocumentPaths } from './documentPaths.ts';
import { hasMeaning } from './meaning.ts';
import type { Empty, FollowTarget } from './similarFollower.ts';
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
const IGNORED_SCHEMES: ReadonlySet<string> = new Set(['output', 'vscode-scm', 'comment', 'debug', 'search-editor']);

/** Looks at the active editor for the Similar tab. */
export class CursorTarget {
  private symbolsOf: { readonly key: string; readonly symbols: readonly vscode.DocumentSymbol[] } | undefined;

  constructor(private readonly paths: () => DocumentPaths) {}

  async look(signal?: AbortSignal): Promise<FollowTarget | Empty> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || IGNORED_SCHEMES.has(editor.document.uri.scheme)) return { empty: 'nothing-selected' };
    const { document } = editor;
    const selected = selectedPiece(editor, this.paths());
    if (selected && hasMeaning(selected.text)) return targetOf(selected, 'selection');
    const position = editor.selection.active;
    for (const symbol of around(await this.symbols(document), position, HEADED.has(document.languageId))) {
      if (signal?.aborted) break;
      const piece = pieceOf(document, symbol.range, this.paths());
      if (hasMeaning(piece.text)) return targetOf(piece, 'symbol', symbol.name);
    }
    const whole = pieceOf(document, undefined, this.paths());
    return hasMeaning(whole.text) ? targetOf(whole, 'file') : { empty: 'too-short' };
  }

  private async symbols(document: vscode.TextDocument): Promise<readonly vscode.DocumentSymbol[]> {
    const key = `${document.version} ${document.uri.toString()}`;
    if (this.symbolsOf?.key === key) return this.symbolsOf.symbols;
    const found = await vscode.commands.executeCommand<
      readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
    >('vscode.executeDocumentSymbolProvider', document.uri);
    const symbols = (found ?? []).filter((symbol) => 'children' in symbol);
    // A language server that still starts answers with nothing: that answer is not kept.
    if (symbols.length > 0) this.symbolsOf = { key, symbols };
    return symbols;
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
