// Stage 2, the grain of chunking: a document as a row of atoms, each a line or, where a line is too long, a piece of one.
// Invariant: every non-blank character is in exactly one atom; an atom fits a chunk; tokens add up over atoms. Cost: one pass,
// each line counted once.
import type { TokenCounter } from './chunker.ts';
import { findDataRuns } from './dataRuns.ts';
import { findLineStarts } from './lineStarts.ts';
import { splitLine } from './splitLine.ts';

/** Lines longer than this are cut before they are counted. */
const MAX_COUNTED_LINE = 2000;

export interface Atoms {
  readonly text: string;
  readonly count: number;
  /** Atom i is `text.slice(starts[i], ends[i])`, without white space at its end; a blank one is empty. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Line (from 1) of each atom. */
  readonly lines: Uint32Array;
  /** Tokens of all atoms before i; count + 1 entries. */
  readonly tokensBefore: Uint32Array;
  /** Atoms that go into no chunk, with the rule that says so. */
  readonly dropped: ReadonlyMap<number, string>;
}

/** Reads a text as atoms of at most `maxTokens` tokens. */
export function readAtoms(text: string, maxTokens: number, count: TokenCounter): Atoms {
  const lineStarts = findLineStarts(text);
  const runs = findDataRuns(text);
  const starts: number[] = [];
  const ends: number[] = [];
  const lines: number[] = [];
  const tokensBefore = [0];
  const dropped = new Map<number, string>();
  let total = 0;
  let nextRun = 0;

  function push(start: number, end: number, line: number, tokens: number): void {
    starts.push(start);
    ends.push(start + text.slice(start, end).trimEnd().length);
    lines.push(line);
    tokensBefore.push((total += tokens));
  }

  function pushText(start: number, end: number, line: number): void {
    const tokens = end - start > MAX_COUNTED_LINE ? Infinity : count(text.slice(start, end));
    if (tokens <= maxTokens) {
      push(start, end, line, tokens);
      return;
    }
    let at = start;
    for (const piece of splitLine(text, start, end, maxTokens, count)) {
      push(at, piece.end, line, piece.tokens);
      at = piece.end;
    }
  }

  for (let i = 0; i < lineStarts.length; i++) {
    let at = lineStarts[i] ?? 0;
    const end = lineStarts[i + 1] ?? text.length;
    for (let run = runs[nextRun]; run !== undefined && run.start < end; run = runs[nextRun]) {
      if (run.start > at) pushText(at, run.start, i + 1);
      at = Math.max(at, run.start);
      const runEnd = Math.min(run.end, end);
      dropped.set(starts.length, run.rule);
      push(at, runEnd, i + 1, 0);
      at = runEnd;
      if (run.end > end) break;
      nextRun++;
    }
    if (at < end || starts.length === 0) pushText(at, end, i + 1);
  }
  return {
    text,
    count: starts.length,
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    lines: Uint32Array.from(lines),
    tokensBefore: Uint32Array.from(tokensBefore),
    dropped,
  };
}

/** Tokens of atoms [from, to). */
export function tokensOf(atoms: Atoms, from: number, to: number): number {
  return (atoms.tokensBefore[to] ?? 0) - (atoms.tokensBefore[from] ?? 0);
}

export function isBlank(atoms: Atoms, atom: number): boolean {
  return atoms.starts[atom] === atoms.ends[atom];
}

/** The text of atoms [from, to), blank lines at its ends included. */
export function textOf(atoms: Atoms, from: number, to: number): string {
  return from < to ? atoms.text.slice(atoms.starts[from], atoms.ends[to - 1]) : '';
}

/** True when the atom is the first of its line. */
export function startsLine(atoms: Atoms, atom: number): boolean {
  return atom === 0 || atoms.lines[atom] !== atoms.lines[atom - 1];
}
