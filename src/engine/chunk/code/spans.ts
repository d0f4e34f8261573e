// Stage 2, code: a syntax tree -> the definitions that matter, as ranges of atoms, and how good a cut before each atom is.
// Invariant: sibling spans ascend and do not overlap; a child lies inside its parent. Cost: only nodes too large for a chunk
// are looked into, so about one visit a statement.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { ChunkKind } from '../../model.ts';
import { isBlank, tokensOf } from '../atoms.ts';
import { indexAtOrBelow } from '../lineStarts.ts';
import type { AtomRange, CutStrength, Page } from '../drafts.ts';
import { findDefinition, type FoundDefinition } from './definitions.ts';
import { LEADS, type SyntaxLanguage } from './syntaxLanguages.ts';

/** Deeper code is cut at line ends; keeps the walk off the end of the stack. */
const MAX_DEPTH = 100;
/** Left free by a definition for the closing lines of what surrounds it. */
export const CLOSING_TOKENS = 6;
const MAX_HEADER_LENGTH = 160;

/** A definition's place, its comment included. */
export interface Span extends AtomRange {
  readonly kind: ChunkKind;
  readonly symbol: string | undefined;
  /** Symbol of what it is in. */
  readonly parent: string | undefined;
  /** The line that names it, for the chunks inside. */
  readonly header: string | undefined;
  readonly isMinor: boolean;
  readonly isOpen: boolean;
  /** Filled only when the span is open or too large for a chunk. */
  readonly children: Span[];
}

export interface SpanTree {
  readonly root: Span;
  readonly strengthOf: CutStrength;
}

interface Owner extends Span {
  readonly prefix: string | undefined;
}

/** Reads the tree of the text that begins at `offset` of the page and covers `range`. */
export function readSpans(
  page: Page,
  range: AtomRange,
  rootNode: Node,
  offset: number,
  language: SyntaxLanguage,
): SpanTree {
  const { atoms } = page;
  const roomy = page.maxTokens - page.maxContextTokens - CLOSING_TOKENS;
  const depths = new Map<number, number>();
  const base = {
    kind: 'code',
    symbol: undefined,
    parent: undefined,
    header: undefined,
    isMinor: false,
    isOpen: true,
  } as const;
  const root: Owner = { ...base, ...range, prefix: undefined, children: [] };
  visitChildren(rootNode, root, 0);
  return { root, strengthOf };

  function visitChildren(parent: Node, owner: Owner, depth: number): void {
    let lead: AtomRange | undefined;
    for (const node of parent.namedChildren) {
      if (node === null || node.endIndex <= node.startIndex) continue;
      const own = atomsOf(node);
      if (own === undefined) continue;
      // A comment on the line where something ended belongs to that, not to what follows.
      const startsHere = page.atoms.text.slice(atoms.starts[own.from], node.startIndex + offset).trim() === '';
      if (LEADS.has(node.type)) {
        if (!startsHere) continue;
        const joins = lead !== undefined && own.from <= lead.to;
        if (!joins) noteDepth(own.from, depth);
        lead = { from: joins ? (lead?.from ?? own.from) : own.from, to: own.to };
        continue;
      }
      const from = lead !== undefined && lead.to >= own.from ? lead.from : own.from;
      lead = undefined;
      if (startsHere && from === own.from) noteDepth(from, depth);
      visit(node, { from, to: own.to }, owner, depth);
    }
  }

  function visit(node: Node, place: AtomRange, owner: Owner, depth: number): void {
    const size = tokensOf(atoms, place.from, place.to);
    const isLarge = size > roomy;
    const isMain = size * 2 > tokensOf(atoms, owner.from, owner.to);
    const isOneAtom = place.to - place.from <= 1;
    // Two definitions on one line are one piece of text.
    const isFree = place.from >= (owner.children.at(-1)?.to ?? owner.from);
    const found = isFree ? findDefinition(node, language) : undefined;
    if (found === undefined) {
      if ((isLarge || isMain) && !isOneAtom && depth < MAX_DEPTH) visitChildren(node, owner, depth + 1);
      return;
    }
    const span = spanOf(found, place, owner);
    owner.children.push(span);
    if ((isLarge || found.isOpen) && depth < MAX_DEPTH) visitChildren(found.node, span, depth + 1);
  }

  function spanOf(found: FoundDefinition, place: AtomRange, owner: Owner): Owner {
    const qualify = (name: string | undefined) =>
      owner.prefix === undefined || name === undefined
        ? (name ?? owner.prefix)
        : owner.prefix + language.separator + name;
    const isMember = found.kind === 'function' && (owner.kind === 'class' || (found.name ?? '').includes('::'));
    return {
      ...place,
      kind: isMember ? 'method' : found.kind,
      symbol: qualify(found.name),
      parent: owner.prefix,
      prefix: qualify(found.prefix),
      header: found.name === undefined ? owner.header : headerOf(found.node),
      isMinor: found.isMinor,
      isOpen: found.isOpen,
      children: [],
    };
  }

  /** The text before the body, on one line. */
  function headerOf(node: Node): string {
    const body = node.childForFieldName('body')?.startIndex;
    const start = node.startIndex + offset;
    const text = atoms.text.slice(start, Math.min(start + MAX_HEADER_LENGTH, (body ?? node.endIndex) + offset));
    const signature = body === undefined ? text.replace(/[\r\n][^]*/, '') : text;
    const words = signature
      .replace(/(?:\/\/|\/\*|\s# )[^]*/, '')
      .replace(/^(?:\s*(?:@[\w.]+(?:\([^)]*\))?|#?\[[^\]]*\]))+/, '')
      .replace(/\s+/g, ' ');
    return words.trim().replace(/[\s{:=>(]+$/, '');
  }

  /** The atoms that hold the node, without white space at its end; undefined outside the range. */
  function atomsOf(node: Node): AtomRange | undefined {
    let end = node.endIndex + offset;
    while (end > node.startIndex + offset && /\s/.test(atoms.text.charAt(end - 1))) end--;
    const from = Math.max(range.from, indexAtOrBelow(atoms.starts, node.startIndex + offset));
    const to = Math.min(range.to, indexAtOrBelow(atoms.starts, Math.max(end - 1, 0)) + 1);
    return from < to ? { from, to } : undefined;
  }

  function noteDepth(atom: number, depth: number): void {
    if (depth < (depths.get(atom) ?? Infinity)) depths.set(atom, depth);
  }

  /** Outer statements first, then those after a blank line; lines inside a statement last. */
  function strengthOf(atom: number): number {
    const depth = depths.get(atom);
    if (depth === undefined) return -2 * MAX_DEPTH - 2;
    return -2 * depth + (atom > 0 && isBlank(atoms, atom - 1) ? 1 : 0);
  }
}
