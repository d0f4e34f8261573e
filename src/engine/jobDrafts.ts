// Batch jobs before they are made: rows -> files that fit, each with its record. Invariant: a job's id follows from its endpoint,
// model and rows, so that the same rows given again are the same job. Cost: one pass over the texts.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { JobTexts } from '../protocol/engineApi.ts';
import { DASHSCOPE_MODELS, findDashScopeModel, type DashScopeModel } from './embed/dashscope/catalogue.ts';
import { fileRows, type FileLimits } from './embed/dashscope/jobs/jobLines.ts';
import type { JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import { EngineError, errnoOf } from './errors.ts';
import type { RowTable } from './jobDisk.ts';

export interface JobDraft {
  readonly record: JobRecord;
  readonly lines: readonly string[];
  readonly rows: RowTable | undefined;
}

export const DEFAULT_BATCH_MODEL = 'text-embedding-async-v2';
/** PAGES (text-embedding-batch-api): 200 MB; a little less is no loss. */
const FILE_BYTES = 190 * 1000 * 1000;

/** Throws `unknown-model`, `not-supported`, `bad-endpoint`, `file-not-found`. */
export async function draftJobs(
  texts: JobTexts,
  baseUrl: string,
  nowMs: number,
  limits: Partial<FileLimits> = {},
): Promise<JobDraft[]> {
  const model = batchModel(texts.model ?? DEFAULT_BATCH_MODEL);
  const common = { version: 1, baseUrl, model: model.id, state: 'prepared', createdAtMs: nowMs } as const;
  if (texts.url !== undefined) {
    const url = checkFileUrl(texts.url);
    const id = idOf([baseUrl, model.id, url]);
    return [{ record: { ...common, id, purpose: 'texts', tokens: 0, url }, lines: [], rows: undefined }];
  }
  const rows = texts.texts ?? (await readLines(texts.file ?? ''));
  const { hashes } = texts;
  const files = fileRows(rows, {
    lines: model.rowsPerRequest,
    bytes: FILE_BYTES,
    tokensPerLine: model.tokensPerRow,
    ...limits,
  });
  let first = 0;
  return files.map(({ lines, places, tokens }) => {
    const own = rows.slice(first, first + places.length);
    const ownHashes = hashes?.slice(first, first + places.length);
    first += places.length;
    return {
      record: {
        ...common,
        id: idOf([baseUrl, model.id, ...own]),
        purpose: hashes ? 'index' : 'texts',
        rows: places.length,
        lines: lines.length,
        tokens,
      },
      lines,
      rows: { places, ...(ownHashes && { hashes: ownHashes }) },
    };
  });
}

function batchModel(id: string): DashScopeModel {
  const model = findDashScopeModel(id);
  if (model?.input === 'batch') return model;
  if (model) throw new EngineError('not-supported', { model: id, feature: 'batch' });
  const known = DASHSCOPE_MODELS.filter(({ input }) => input === 'batch').map((each) => each.id);
  throw new EngineError('unknown-model', { model: id, known: known.join(', ') });
}

/** The service fetches it. */
function checkFileUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new EngineError('bad-endpoint', { url: text, reason: 'neither https nor http' });
  if (!url.pathname.endsWith('.txt'))
    throw new EngineError('bad-endpoint', { url: url.origin + url.pathname, reason: 'the service takes .txt files' });
  return url.href;
}

async function readLines(file: string): Promise<string[]> {
  try {
    return linesOf(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = errnoOf(error) ?? '';
    const code = reason === 'ENOENT' ? 'file-not-found' : 'file-unreadable';
    throw new EngineError(code, { path: file, reason }, { cause: error });
  }
}

/** One row a line; the last line end begins no row. */
export function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Each part is closed by its length, so that no two lists give the same bytes. */
function idOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 12);
}
