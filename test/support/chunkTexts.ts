// Real text in the sizes that the chunker makes, for benchmarks: whole lines of installed packages' files.
import fs from 'node:fs';
import path from 'node:path';
import { MAX_CHUNK_TOKENS, type TokenCounter } from '../../src/engine/chunk/chunker.ts';
import { repoFolder } from './paths.ts';

const SOURCES = [
  'undici/lib',
  'undici/docs',
  'typescript/lib',
  'mocha/lib',
  'vectra/src',
  'fast-check/lib',
  'yargs/build',
];
const TEXT = /\.(ts|js|mjs|cjs|md)$/;

/** `count` texts of at most 250 tokens, spread evenly over the packages' files; the same on each run. */
export function chunkTexts(count: number, countTokens: TokenCounter): string[] {
  return spread(count, (text) => windows(text, countTokens));
}

/** `count` texts of so many lines, as tools without a token limit cut: most are longer than 256 tokens. */
export function fixedLineTexts(count: number, lines: number): string[] {
  return spread(count, (text) => {
    const all = text.split(/\r?\n/);
    return Array.from({ length: Math.floor(all.length / lines) }, (_, i) =>
      all.slice(i * lines, (i + 1) * lines).join('\n'),
    );
  });
}

/** Every n-th text of every n-th file, so that each source is there in its share. */
function spread(count: number, cut: (text: string) => string[]): string[] {
  const files = SOURCES.flatMap(textFiles);
  const some = files.filter((_, i) => i % Math.max(1, Math.floor(files.length / 200)) === 0);
  const all = some.flatMap((file) => cut(fs.readFileSync(file, 'utf8'))).filter((text) => text.trim() !== '');
  if (all.length < count) throw new Error(`Only ${all.length} texts: run npm ci`);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function textFiles(source: string): string[] {
  const folder = path.join(repoFolder, 'node_modules', source);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => TEXT.test(file));
  return files
    .sort()
    .map((file) => path.join(folder, file))
    .filter((file) => fs.statSync(file).size < 200_000); // leaves out bundles such as typescript.js
}

/** Runs of whole lines, each as long as a chunk may be. */
function windows(text: string, countTokens: TokenCounter): string[] {
  const found: string[] = [];
  let lines: string[] = [];
  let tokens = 0;
  const flush = (): void => {
    found.push(lines.join('\n'));
    lines = [];
    tokens = 0;
  };
  for (const line of text.split(/\r?\n/)) {
    const length = countTokens(line);
    if (tokens + length > MAX_CHUNK_TOKENS) flush();
    lines.push(line);
    tokens += length;
  }
  flush();
  return found;
}
