// Stage 3, DashScope: text through the native and the OpenAI-compatible API. Wire facts: ../shared/spec/dashscope.md, sections
// 2.1, 2.2 and 3. Invariant: what a model ignores without a word (a dimension, for v1 and v2) is not sent. Cost: a round trip.
import { EngineError } from '../../errors.ts';
import { textsOnly } from '../media.ts';
import type { HttpClient } from '../remote/httpClient.ts';
import { readJsonObject, readVectors, tokensIn } from '../remote/readVectors.ts';
import { failureOf, isRecord } from '../remote/remoteFailure.ts';
import type { Wire, WireAnswer, WireRequest } from '../remote/wire.ts';

export interface DashScopeText {
  readonly http: HttpClient;
  readonly baseUrl: string;
  readonly key: string;
  readonly workspaceId?: string;
  readonly model: string;
  /** Undefined: the model's own, or a model that takes none. */
  readonly dimension?: number;
  readonly textType: boolean;
  /** For queries, where the model takes it. */
  readonly instruct?: string;
}

export const TEXT_PATH = '/api/v1/services/embeddings/text-embedding/text-embedding';
const COMPATIBLE_PATH = '/compatible-mode/v1/embeddings';

/** Headers of every DashScope request. */
export function dashScopeHeaders({
  key,
  workspaceId,
}: Pick<DashScopeText, 'key' | 'workspaceId'>): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...(workspaceId !== undefined && { 'x-dashscope-workspace': workspaceId }),
  };
}

export function nativeTextWire(options: DashScopeText): Wire {
  const { model, dimension, textType, instruct } = options;
  return {
    origin: new URL(options.baseUrl).origin,
    async embed({ rows, purpose, output }, signal): Promise<WireAnswer> {
      const answer = await postDashScope(options, TEXT_PATH, signal, {
        model,
        input: { texts: textsOnly(rows, model) },
        parameters: {
          ...(textType && { text_type: purpose }),
          ...(dimension !== undefined && { dimension }),
          ...(output !== 'dense' && { output_type: output === 'sparse' ? 'sparse' : 'dense&sparse' }),
          ...(instruct !== undefined && purpose === 'query' && { instruct }),
        },
      });
      const found = isRecord(answer['output']) ? answer['output']['embeddings'] : undefined;
      return { vectors: readVectors(found, 'text_index', rows.length, output), tokens: tokensIn(answer) };
    },
  };
}

export function compatibleTextWire(options: DashScopeText): Wire {
  const { model, dimension } = options;
  return {
    origin: new URL(options.baseUrl).origin,
    async embed({ rows, output }: WireRequest, signal): Promise<WireAnswer> {
      if (output !== 'dense') throw new EngineError('not-supported', { model, feature: 'sparse (compatible API)' });
      const answer = await postDashScope(options, COMPATIBLE_PATH, signal, {
        model,
        input: textsOnly(rows, model),
        encoding_format: 'float',
        ...(dimension !== undefined && { dimensions: dimension }),
      });
      return { vectors: readVectors(answer['data'], 'index', rows.length, output), tokens: tokensIn(answer) };
    },
  };
}

/** The answer's body. Throws {@link RemoteFailure}. */
export async function postDashScope(
  { http, baseUrl, key, workspaceId }: DashScopeText,
  path: string,
  signal: AbortSignal,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = dashScopeHeaders({ key, ...(workspaceId !== undefined && { workspaceId }) });
  const answer = await http.send({ method: 'POST', url: baseUrl + path, headers, body: JSON.stringify(body) }, signal);
  if (answer.status !== 200) {
    throw failureOf('dashscope', answer.status, answer.body.toString('utf8'), answer.retryAfter);
  }
  return readJsonObject(answer.body);
}
