// Stage 2, notebooks: the JSON of an .ipynb -> its cells with where each character came from. Invariant: positions ascend.
// Cost: one JSON parse.
import { parseTree, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js'; // esbuild can't bundle its UMD entry

export interface NotebookCell {
  /** Decoded source. */
  readonly source: string;
  /** Where in the file each code unit of `source` begins and ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly isMarkdown: boolean;
  readonly languageId: string;
}

export interface NotebookParts {
  readonly cells: readonly NotebookCell[];
  readonly outputs: readonly { readonly start: number; readonly end: number }[];
}

const LANGUAGES: Readonly<Record<string, string>> = { 'c++': 'cpp', 'c#': 'csharp', bash: 'shellscript', R: 'r' };

/** Undefined when the text is no notebook: broken or too deep JSON, or JSON of another shape. */
export function readNotebook(text: string): NotebookParts | undefined {
  const root = parseJson(text);
  const cellNodes = member(root, 'cells')?.children;
  if (cellNodes === undefined) return undefined;
  const metadata = member(root, 'metadata');
  const language =
    stringOf(member(member(metadata, 'language_info'), 'name')) ??
    stringOf(member(member(metadata, 'kernelspec'), 'language')) ??
    'python';
  const languageId = LANGUAGES[language] ?? language.toLowerCase();
  const cells: NotebookCell[] = [];
  const outputs: { start: number; end: number }[] = [];
  for (const cell of cellNodes) {
    const type = stringOf(member(cell, 'cell_type'));
    const own = languageOfCell(cell) ?? (type === 'code' ? languageId : 'plaintext');
    const source = member(cell, 'source') ?? member(cell, 'input'); // `input` in format 3
    const isMarkdown = type === 'markdown' || type === 'heading';
    if (source !== undefined)
      cells.push({ ...decode(text, source), isMarkdown, languageId: isMarkdown ? 'markdown' : own });
    const output = member(cell, 'outputs')?.parent;
    if (output !== undefined) outputs.push({ start: output.offset, end: output.offset + output.length });
  }
  return { cells, outputs };
}

function parseJson(text: string): Node | undefined {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { disallowComments: true });
    return errors.length === 0 ? root : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // nested deeper than the stack
    throw error;
  }
}

/** VS Code notes a cell's own language when it is not the kernel's. */
function languageOfCell(cell: Node): string | undefined {
  return stringOf(member(member(member(cell, 'metadata'), 'vscode'), 'languageId'));
}

function member(node: Node | undefined, key: string): Node | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];
}

function stringOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined;
}

/** A string, or an array of strings to be joined. */
function decode(text: string, source: Node): Pick<NotebookCell, 'source' | 'starts' | 'ends'> {
  const strings = source.type === 'array' ? (source.children ?? []) : [source];
  const starts: number[] = [];
  const ends: number[] = [];
  let decoded = '';
  for (const string of strings) {
    if (string.type !== 'string') continue;
    decoded += stringOf(string) ?? '';
    const last = string.offset + string.length - 1;
    for (let at = string.offset + 1; at < last;) {
      const length = text.charAt(at) !== '\\' ? 1 : text.charAt(at + 1) === 'u' ? 6 : 2;
      starts.push(at);
      ends.push((at += length));
    }
  }
  return { source: decoded, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}
