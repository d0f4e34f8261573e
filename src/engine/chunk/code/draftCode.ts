// Stage 2, code: spans -> drafts. A definition that fits is one chunk; a larger one is cut at its members and statements;
// what lies between (imports, constants, tiny functions) is collected. Invariant: drafts cover the range. Cost: linear.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { ChunkKind } from '../../model.ts';
import { isBlank, tokensOf } from '../atoms.ts';
import { cutRange } from '../cutRange.ts';
import { clipContext, tokensLeft, type AtomRange, type Draft, type Page } from '../drafts.ts';
import { CLOSING_TOKENS, readSpans, type Span, type SpanTree } from './spans.ts';
import type { SyntaxLanguage } from './syntaxLanguages.ts';

/** Functions and classes with fewer lines and tokens are collected. */
const OWN_CHUNK_LINES = 5;
const OWN_CHUNK_TOKENS = 60;
/** Constants, types and fields stand alone only from this size on. */
const MINOR_OWN_CHUNK_TOKENS = 100;
/** Less than this is no chunk of its own when a neighbour has room. */
const TINY_TOKENS = 20;
const MAX_NAMES = 3;

interface Unit extends AtomRange {
  readonly kind: ChunkKind;
  readonly symbol: string | undefined;
  readonly context: string | undefined;
  /** A definition: neighbours may join it, it joins nobody. */
  readonly isOwn: boolean;
}

export function draftCode(
  page: Page,
  range: AtomRange,
  rootNode: Node,
  offset: number,
  language: SyntaxLanguage,
): Draft[] {
  const tree = readSpans(page, range, rootNode, offset, language);
  const units: Unit[] = [];
  emitInside(page, tree, tree.root, undefined, units);
  return joinTiny(page, units).map(({ from, kind, symbol, context }) => ({
    from,
    kind,
    symbol,
    context,
    strengthOf: tree.strengthOf,
  }));
}

function emit(page: Page, tree: SpanTree, span: Span, context: string | undefined, units: Unit[]): void {
  const { from, to, kind, symbol } = span;
  const isOne = tokensOf(page.atoms, from, to) <= tokensLeft(page, context) - CLOSING_TOKENS;
  if (isOne && !span.isOpen) units.push({ from, to, kind, symbol, context, isOwn: true });
  else emitInside(page, tree, span, context, units);
}

/** The children that stand alone, and between them what is collected. */
function emitInside(page: Page, tree: SpanTree, span: Span, context: string | undefined, units: Unit[]): void {
  const inner = innerContext(page, span) ?? context;
  let from = span.from;
  let minor: Span[] = [];
  for (const child of span.children) {
    if (!standsAlone(page, child)) {
      minor.push(child);
      continue;
    }
    collect({ from, to: child.from });
    emit(page, tree, child, inner, units);
    from = child.to;
  }
  collect({ from, to: span.to });

  /** Text between the children that stand alone, cut where it is too long. */
  function collect(range: AtomRange): void {
    if (range.from >= range.to) return;
    const isHead = range.from === span.from;
    const max = tokensLeft(page, inner);
    const parts = cutRange(page.atoms, range, max, tree.strengthOf, isHead ? tokensLeft(page, context) : max);
    let next = 0;
    parts.forEach((part, i) => {
      const isHeadPart = isHead && i === 0;
      const inside: Span[] = [];
      for (let child = minor[next]; child !== undefined && child.from < part.to; child = minor[++next]) {
        inside.push(child);
      }
      units.push({
        ...part,
        ...nameOf(span, inside, isHeadPart),
        context: isHeadPart ? context : inner,
        isOwn: false,
      });
    });
    minor = [];
  }
}

function standsAlone(page: Page, span: Span): boolean {
  const tokens = tokensOf(page.atoms, span.from, span.to);
  if (span.isOpen) return true;
  if (span.isMinor) return tokens >= MINOR_OWN_CHUNK_TOKENS;
  return tokens >= OWN_CHUNK_TOKENS || span.to - span.from >= OWN_CHUNK_LINES;
}

/** `Class > method(a: string)`: where a member or a later part of something belongs. */
function innerContext(page: Page, span: Span): string | undefined {
  if (span.header === undefined) return undefined;
  return clipContext(page, span.parent === undefined ? span.header : `${span.parent} > ${span.header}`);
}

/** Parts of a function bear its name; what is collected from a file or class, the names of what is in it. */
function nameOf(span: Span, inside: readonly Span[], isHead: boolean): Pick<Unit, 'kind' | 'symbol'> {
  const isCallable = span.kind === 'function' || span.kind === 'method';
  const named = inside.filter(({ symbol }) => symbol !== undefined && !/^[{[]/.test(symbol));
  const major = named.filter(({ isMinor }) => !isMinor);
  const shown = major.length > 0 ? major : named;
  if (isCallable || shown.length === 0 || (isHead && span.kind === 'class')) {
    return { kind: span.kind, symbol: span.symbol };
  }
  const names = shown.slice(0, MAX_NAMES).map(({ symbol }) => symbol);
  return {
    kind: shown.every(({ kind }) => kind === shown[0]?.kind) ? (shown[0]?.kind ?? 'code') : 'code',
    symbol: names.join(', ') + (shown.length > MAX_NAMES ? ', …' : ''),
  };
}

/** Gives tiny units to a neighbour: closing lines to the one before, all else to the one after if it can be. */
function joinTiny(page: Page, units: readonly Unit[]): Unit[] {
  const joined: Unit[] = [];
  let pending: Unit | undefined;
  for (const unit of units) {
    let current = unit;
    if (pending !== undefined) {
      if (hasRoom(unit, pending.from, unit.to)) current = { ...unit, from: pending.from };
      else if (!joinLast(pending)) joined.push(pending);
      pending = undefined;
    }
    const isTiny = !unit.isOwn && tokensOf(page.atoms, current.from, current.to) < TINY_TOKENS;
    if (!isTiny) joined.push(current);
    else if (!isClosing(page, unit) || !joinLast(current)) pending = current;
  }
  if (pending !== undefined && !joinLast(pending)) joined.push(pending);
  return joined;

  function hasRoom(unit: Unit, from: number, to: number): boolean {
    return tokensOf(page.atoms, from, to) <= tokensLeft(page, unit.context);
  }

  function joinLast({ to }: Unit): boolean {
    const last = joined.at(-1);
    if (last === undefined || !hasRoom(last, last.from, to)) return false;
    joined[joined.length - 1] = { ...last, to };
    return true;
  }
}

/** Nothing but brackets and the like, or `end`. */
function isClosing(page: Page, { from, to }: AtomRange): boolean {
  const { atoms } = page;
  for (let atom = from; atom < to; atom++) {
    const text = atoms.text.slice(atoms.starts[atom], atoms.ends[atom]);
    if (!isBlank(atoms, atom) && !/^(?:[^\p{L}\p{N}]|end\b|endif\b|fi\b)*$/u.test(text)) return false;
  }
  return true;
}
