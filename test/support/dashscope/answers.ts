// Rows of an answer and the faults that spoil them, before any shape is given to them.
import type { Broken, Reply } from '../loopbackServer.ts';
import { refusalOf, retryHeaders, type Fault } from './faults.ts';
import { replyOf, type ErrorShape } from './refusals.ts';

export interface SparseEntry {
  readonly index: number;
  readonly value: number;
  readonly token: string;
}

export interface AnswerRow {
  readonly index: number;
  /** Undefined where only sparse vectors were asked for. NaN is written as such, which is no JSON. */
  readonly vector?: readonly (number | null)[];
  readonly sparse?: readonly SparseEntry[];
  /** Of a multimodal answer. */
  readonly type?: string;
}

const HTML_503 =
  '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** The rows as a fault leaves them. */
export function spoilRows(rows: readonly AnswerRow[], fault: Fault | undefined): AnswerRow[] {
  const [first, ...rest] = rows;
  const vector = first?.vector;
  if (!fault || !first) return [...rows];
  const withVector = (spoilt: readonly (number | null)[]): AnswerRow[] => [{ ...first, vector: spoilt }, ...rest];
  switch (fault.kind) {
    case 'short':
      return rows.slice(0, -1);
    case 'duplicate-index': {
      const [second, ...others] = rest;
      return second ? [first, { ...second, index: first.index }, ...others] : [first, first];
    }
    case 'wrong-length':
      return vector ? withVector(vector.slice(0, vector.length / 2)) : [...rows];
    case 'null-component':
      return vector ? withVector([null, ...vector.slice(1)]) : [...rows];
    case 'nan':
      return vector ? withVector([NaN, ...vector.slice(1)]) : [...rows];
    case 'zero-vector':
      return vector ? withVector(vector.map(() => 0)) : [...rows];
    default:
      return [...rows];
  }
}

/** JSON; after the fault `nan` one in which NaN stands as `NaN`, as Python writes it. */
export function answerText(value: unknown, fault: Fault | undefined): string {
  if (fault?.kind !== 'nan') return JSON.stringify(value); // looking at each number takes longer than all the rest
  const mark = '\u0001NaN';
  const text = JSON.stringify(value, (_, each: unknown) => (Number.isNaN(each) ? mark : each));
  return text.replaceAll(JSON.stringify(mark), 'NaN');
}

/** What is sent instead of an answer; undefined where the fault spoils rows or the answer's body. */
export function replyInstead(fault: Fault, shape: ErrorShape): Reply | Broken | undefined {
  const refusal = refusalOf(fault);
  if (refusal) return replyOf(refusal, shape);
  switch (fault.kind) {
    case 'unavailable-html':
      return { status: 503, headers: { 'content-type': 'text/html', ...retryHeaders(fault) }, body: HTML_503 };
    case 'bad-gateway':
      return { status: 502, headers: { 'content-type': 'text/html', ...retryHeaders(fault) }, body: '' };
    case 'not-json':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' };
    case 'hang':
    case 'reset':
      return { broken: fault.kind };
    default:
      return undefined;
  }
}

/** A whole answer's body as a fault leaves it. */
export function spoilBody(reply: Reply & { readonly body: string | Buffer }, fault: Fault | undefined): Reply | Broken {
  if (fault?.kind === 'cut') return { broken: 'cut', reply };
  if (fault?.kind !== 'truncated') return reply;
  const bytes = Buffer.from(reply.body);
  return { ...reply, body: bytes.subarray(0, bytes.length / 2) };
}
