// Stage 3, any OpenAI-compatible server: POST {baseUrl}/embeddings. Manners of the servers that people run: ../shared/spec/
// dashscope.md, section 7. Invariant: floats and base64 are both understood, whatever was asked for. Cost: a round trip.
import { EngineError } from '../../errors.ts';
import { textsOnly } from '../media.ts';
import type { HttpClient } from '../remote/httpClient.ts';
import { readJsonObject, readVectors, tokensIn } from '../remote/readVectors.ts';
import { failureOf } from '../remote/remoteFailure.ts';
import type { Wire } from '../remote/wire.ts';

export interface OpenAiText {
  readonly http: HttpClient;
  /** What ends in `/v1`. */
  readonly baseUrl: string;
  /** Servers on one's own machine need none. */
  readonly key?: string;
  readonly model: string;
  /** Sent as `dimensions` when given. */
  readonly dimension?: number;
  readonly encodingFormat: 'float' | 'base64';
  readonly queryPrefix: string;
  readonly documentPrefix: string;
}

export function openAiTextWire(options: OpenAiText): Wire {
  const { http, baseUrl, key, model, dimension, encodingFormat, queryPrefix, documentPrefix } = options;
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  return {
    origin: new URL(baseUrl).origin,
    async embed({ rows, purpose, output }, signal) {
      if (output !== 'dense') throw new EngineError('not-supported', { model, feature: 'sparse' });
      const prefix = purpose === 'query' ? queryPrefix : documentPrefix;
      const body = JSON.stringify({
        model,
        input: textsOnly(rows, model).map((text) => prefix + text),
        encoding_format: encodingFormat,
        ...(dimension !== undefined && { dimensions: dimension }),
      });
      const answer = await http.send({ method: 'POST', url: `${baseUrl}/embeddings`, headers, body }, signal);
      if (answer.status !== 200) {
        throw failureOf('openai', answer.status, answer.body.toString('utf8'), answer.retryAfter);
      }
      const parsed = readJsonObject(answer.body);
      return { vectors: readVectors(parsed['data'], 'index', rows.length, output), tokens: tokensIn(parsed) };
    },
  };
}
