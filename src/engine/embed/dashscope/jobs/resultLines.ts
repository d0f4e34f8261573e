// Stage 3, DashScope, batch jobs: a result's bytes -> its lines, one answer each. No document describes the file: gzip is told by
// its first bytes, and the shapes are those that known readers accept (../shared/spec/dashscope.md, section 3). Invariant: a
// truncated file is an error. Cost: a pass over a gigabyte for a full job, a line in memory at a time.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { badAnswer, readDense } from '../../remote/readVectors.ts';
import { isRecord } from '../../remote/remoteFailure.ts';

export interface ResultRow {
  /** Undefined: by the line. */
  readonly index: number | undefined;
  /** The index stands inside the line's own list of answers: it may count within the line. */
  readonly isInner: boolean;
  /** As the service sent it, or its code for a line that it refused. */
  readonly vector: Float32Array | string;
}

/** Throws {@link RemoteFailure} `answer` for what is cut off or of no known shape. */
export async function* readResult(bytes: AsyncIterable<Buffer>): AsyncGenerator<ResultRow> {
  for await (const line of splitLines(unzipped(bytes))) {
    const text = line.toString('utf8').trim();
    if (text !== '') yield readRow(text);
  }
}

async function* unzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole();
    return;
  }
  const source = Readable.from(whole());
  const gunzip = createGunzip(); // reads members that follow each other as one file
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_') ? badAnswer('a result file that is cut off') : error;
  } finally {
    source.destroy();
  }
}

/** At \n only: other ends of lines may stand in a text. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function readRow(text: string): ResultRow {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw badAnswer('a line of the result that is no JSON');
  }
  if (!isRecord(row)) throw badAnswer('a line of the result of another shape');
  const output = isRecord(row['output']) ? row['output'] : {};
  const item = firstOf(row['embeddings']) ?? firstOf(output['embeddings']) ?? {};
  const outer = [row, output].map((each) => each['text_index']).find((each) => typeof each === 'number');
  const inner = item['text_index'];
  const index = outer ?? (typeof inner === 'number' ? inner : undefined);
  const isInner = outer === undefined && index !== undefined;
  const embedding = [output, row, item].map((each) => each['embedding']).find((each) => each !== undefined);
  const code = [row['code'], output['code']].find((each) => typeof each === 'string' && each !== '');
  if (embedding === undefined && typeof code === 'string')
    return { index, isInner, vector: /^[\w.-]{1,80}$/.test(code) ? code : 'refused' };
  return { index, isInner, vector: readDense(embedding) };
}

function firstOf(list: unknown): Readonly<Record<string, unknown>> | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isRecord(first) ? first : undefined;
}
