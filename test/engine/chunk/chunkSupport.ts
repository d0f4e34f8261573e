// What the chunker's suites share: a counter that needs no model, documents made of text, and the contract as assertions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { MAX_CHUNK_TOKENS, type ChunkedDocument, type Chunker } from '../../../src/engine/chunk/chunker.ts';
import { createChunker } from '../../../src/engine/chunk/createChunker.ts';
import { embeddedText, type SourceDocument } from '../../../src/engine/model.ts';
import { fixturesFolder, repoFolder } from '../../support/paths.ts';

export const grammarsFolder = path.join(repoFolder, 'node_modules', '@vscode', 'tree-sitter-wasm', 'wasm');

/** About WordPiece: Han characters and punctuation are tokens, other words one for each four letters begun. */
const WORDS = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+|\S/gu;

export function countTokens(text: string): number {
  let tokens = 0;
  for (const word of text.match(WORDS) ?? []) tokens += Math.ceil(word.length / 4);
  return tokens;
}

export const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.tsx': 'typescriptreact',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascriptreact',
  '.py': 'python',
  '.go': 'go',
  '.rs': 'rust',
  '.java': 'java',
  '.c': 'c',
  '.h': 'c',
  '.cpp': 'cpp',
  '.cs': 'csharp',
  '.rb': 'ruby',
  '.php': 'php',
  '.sh': 'shellscript',
  '.ps1': 'powershell',
  '.css': 'css',
  '.md': 'markdown',
  '.mdx': 'mdx',
  '.html': 'html',
  '.vue': 'vue',
  '.svelte': 'svelte',
  '.tex': 'latex',
  '.rst': 'restructuredtext',
  '.adoc': 'asciidoc',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ipynb': 'jupyter',
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
};

export const languageOf = (file: string): string => LANGUAGES[path.extname(file)] ?? 'plaintext';

let shared: Promise<Chunker> | undefined;

export function sharedChunker(): Promise<Chunker> {
  shared ??= createChunker({ grammarsFolder, countTokens });
  return shared;
}

export function documentOf(text: string, languageId: string, name = 'file.txt'): SourceDocument {
  return { path: name, languageId, text, hash: '', size: text.length, mtimeMs: 0, encoding: 'utf8' };
}

export function fixture(name: string): SourceDocument {
  return documentOf(fs.readFileSync(path.join(fixturesFolder, 'chunk', name), 'utf8'), languageOf(name), name);
}

/** Asserts all that the contract promises of a chunked document. */
export function checkContract(document: SourceDocument, chunked: ChunkedDocument, maxTokens = MAX_CHUNK_TOKENS): void {
  const { text, path: name } = document;
  const isNotebook = document.languageId === 'jupyter';
  const lineStarts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
  const lineOf = (offset: number) => {
    let [low, high] = [0, lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  let lastStart = -1;
  for (const chunk of chunked.chunks) {
    const place = `${name}:${chunk.startLine}`;
    assert.ok(chunk.start > lastStart && chunk.start < chunk.end && chunk.end <= text.length, `order at ${place}`);
    lastStart = chunk.start;
    if (!isNotebook) assert.equal(chunk.text, text.slice(chunk.start, chunk.end), `text at ${place}`);
    assert.notEqual(chunk.text.trim(), '', `blank at ${place}`);
    assert.equal(chunk.startLine, lineOf(chunk.start), `first line at ${place}`);
    assert.equal(chunk.endLine, lineOf(chunk.end - 1), `last line at ${place}`);
    assert.equal(chunk.hash, createHash('sha256').update(embeddedText(chunk)).digest('hex'));
    const tokens = countTokens(embeddedText(chunk));
    assert.ok(tokens <= maxTokens, `${tokens} tokens at ${place}`);
    assert.ok(!isSplitPair(text, chunk.start) && !isSplitPair(text, chunk.end), `surrogate pair cut at ${place}`);
  }
  const ranges = [...chunked.chunks, ...chunked.dropped].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of ranges) {
    assert.ok(start >= at, `${name}: ranges overlap at ${start}`);
    assert.equal(text.slice(at, start).trim(), '', `${name}: text in no chunk at ${at}`);
    at = end;
  }
  assert.equal(text.slice(at).trim(), '', `${name}: text in no chunk at ${at}`);
  for (const { rule } of chunked.dropped) assert.match(rule, /^[a-z0-9-]+$/);
}

function isSplitPair(text: string, offset: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(offset - 1)) && /[\udc00-\udfff]/.test(text.charAt(offset));
}
