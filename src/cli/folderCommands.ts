// Commands on an indexed folder: index, search, similar, status. Each prints JSON of the contract, or lines for a person.
import fs from 'node:fs';
import path from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import type { Hit } from '../engine/model.ts';
import { similarityText } from '../engine/similarityText.ts';
import { UsageError, type Arguments } from './args.ts';
import { agreeToIndex, agreeToSendTexts } from './consent.ts';
import type { ProgressLine } from './progress.ts';
import { sentenceFor } from './sentences.ts';

export interface CommandContext {
  readonly engine: Engine;
  readonly args: Arguments;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  readonly out: (line: string) => void;
  /** A line on stderr. */
  readonly warn: (line: string) => void;
  /** The user agreed to send texts, or a job names its endpoint. */
  readonly reconfigure: (now: { readonly consent?: boolean; readonly baseUrl?: string }) => Promise<void>;
}

export async function indexFolder(context: CommandContext): Promise<void> {
  const { engine, args, signal, progress, out } = context;
  await agreeToIndex(context);
  const summary = await engine.index({}, signal);
  progress.clear();
  if (args.json) {
    out(JSON.stringify(summary));
    return;
  }
  out(
    `${summary.documents} documents, ${summary.chunks} chunks: ${summary.embedded} embedded, ${summary.reused} reused, in ${summary.seconds.toFixed(1)} s${summary.cost === undefined ? '' : `, ${summary.cost.toFixed(4)} CNY`}`,
  );
  if (summary.skipped.length > 0)
    out(`${summary.skipped.length} left out ("status" lists the counts, --json each with its reason)`);
  for (const { path: failed, error } of summary.failed) out(`failed: ${failed} (${error})`);
}

export async function searchFolder(context: CommandContext): Promise<void> {
  const { engine, args, signal, out } = context;
  const queries = args.queries === undefined ? [args.positionals[1] ?? ''] : linesOf(args.queries);
  if (args.mode !== 'keyword') await agreeToSendTexts(context, queries);
  for (const query of queries) {
    const found = await engine.search({ query, top: args.top, mode: args.mode, filter: args.filter }, signal);
    const { hits, wordsOnly } = found;
    if (wordsOnly) context.warn(`Found by words alone: ${sentenceFor(wordsOnly)}`);
    if (args.json) out(JSON.stringify({ query, hits: hits.map(toJsonHit) }));
    else printHits(query, hits, out);
  }
}

export async function similarInFolder({ engine, args, signal, out }: CommandContext, folder: string): Promise<void> {
  const query = args.positionals[1] ?? '';
  const { path: file, startLine, endLine } = parsePlace(query, folder);
  const { hits } = await engine.similar(
    {
      example: { path: file, ...(startLine !== undefined && { startLine }), ...(endLine !== undefined && { endLine }) },
      top: args.top,
      filter: args.filter,
    },
    signal,
  );
  if (args.json) out(JSON.stringify({ query, hits: hits.map(toJsonHit) }));
  else printHits(query, hits, out);
}

export async function showStatus({ engine, args, out }: CommandContext): Promise<void> {
  const spaces = await engine.spaces();
  const coverage = { indexed: 0, excluded: 0, skipped: 0, failed: 0 };
  if (spaces.length > 0) for (const { state } of await engine.coverage()) coverage[state]++;
  if (args.json) {
    const rows = spaces.map(({ space, active, documents, chunks, bytes }) => ({
      provider: space.provider,
      model: space.model,
      dimension: space.dimension,
      active,
      documents,
      chunks,
      bytes,
    }));
    out(
      JSON.stringify({
        spaces: rows,
        coverage,
        spend: await spendingOf(engine, path.resolve(args.positionals[0] ?? '')),
      }),
    );
    return;
  }
  if (spaces.length === 0) out('Nothing is indexed yet. Run "vectorscope index FOLDER" first.');
  for (const { space, active, documents, chunks, bytes } of spaces) {
    out(
      `${active ? '*' : ' '} ${space.model} (${space.dimension}): ${documents} documents, ${chunks} chunks, ${(bytes / 1e6).toFixed(1)} MB`,
    );
  }
  if (spaces.length > 0) out(Object.entries(coverage).map(([state, count]) => `${count} ${state}`).join(', ')); // prettier-ignore
}

/** In CNY, from this folder so far. */
async function spendingOf(engine: Engine, folder: string): Promise<number> {
  const rows = (await engine.spending()).filter(({ workspace }) => workspace === folder);
  return rows.reduce((sum, { amount = 0 }) => sum + amount, 0);
}

/** `PATH`, `PATH:A` or `PATH:A-B`; an existing file whose name has a colon wins. Throws {@link UsageError}. */
export function parsePlace(text: string, folder: string): { path: string; startLine?: number; endLine?: number } {
  const relative = (name: string): string => {
    const at = path.relative(folder, path.resolve(folder, name));
    if (at === '' || at.startsWith('..') || path.isAbsolute(at))
      throw new UsageError(`${name} is not inside the folder.`);
    return at.split(path.sep).join('/');
  };
  const match = /^(.+):(\d+)(?:-(\d+))?$/.exec(text);
  if (!match || fs.existsSync(path.resolve(folder, text))) return { path: relative(text) };
  const [, name = '', from = '', to = from] = match;
  const startLine = Number(from);
  const endLine = Number(to);
  if (startLine < 1 || endLine < startLine) throw new UsageError(`${from}-${to} is no range of lines.`);
  return { path: relative(name), startLine, endLine };
}

/** A hit as cli.md fixes it. */
export function toJsonHit({ path: at, startLine, endLine, symbol, text, similarity, score, why }: Hit) {
  return {
    path: at,
    startLine,
    endLine,
    ...(symbol !== undefined && { symbol }),
    text,
    similarity,
    ...(score !== undefined && { score }),
    ...(why && { why }),
  };
}

export function printHits(query: string, hits: readonly Hit[], out: (line: string) => void): void {
  out(query);
  if (hits.length === 0) out('  nothing found');
  for (const { similarity, score = similarity, why, path: at, startLine, endLine, symbol, text } of hits) {
    const excerpt = text.replace(/\s+/g, ' ').trim().slice(0, 100);
    out(
      `  ${similarityText(score)}  ${at}:${startLine}-${endLine}${symbol === undefined ? '' : `  ${symbol}`}${sharedIn(why)}\n        ${excerpt}`,
    );
  }
}

function sharedIn(why: Hit['why']): string {
  return why && why.words.length > 0 ? `  (${why.words.join(', ')})` : '';
}

function linesOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split(/\r?\n/).filter((line) => line.trim() !== ''); // prettier-ignore
  } catch (error) {
    throw new EngineError('file-not-found', { path: file }, { cause: error });
  }
}
