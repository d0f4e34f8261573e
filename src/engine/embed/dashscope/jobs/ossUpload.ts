// Stage 3, DashScope, batch jobs: a file -> the service's temporary storage (kept 48 hours there). Wire facts: the SDK's
// oss_utils.py, by ../shared/spec/dashscope.md, section 1. Invariant: the key is not shown to the storage. Cost: the upload.
import { randomUUID } from 'node:crypto';
import { badAnswer } from '../../remote/readVectors.ts';
import { isRecord, RemoteFailure } from '../../remote/remoteFailure.ts';
import type { TaskApi } from './taskApi.ts';

/** Slower lines than this (bytes a millisecond) count as broken. */
const SLOWEST_LINE = 32;
const TIMEOUT_MS = 60_000;

/** Resolves with the file's `oss://` address. Throws {@link RemoteFailure}. */
export async function uploadFile(api: TaskApi, model: string, bytes: Buffer, signal: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ action: 'getPolicy', model });
  const { data } = await api.send('GET', `/api/v1/uploads?${query.toString()}`, signal);
  const policy = readPolicy(data);
  const key = `${policy.upload_dir}/rows.txt`;
  // The form's fields count only before its file.
  const form = multipart(
    {
      OSSAccessKeyId: policy.oss_access_key_id,
      Signature: policy.signature,
      policy: policy.policy,
      key,
      'x-oss-object-acl': policy.x_oss_object_acl,
      'x-oss-forbid-overwrite': policy.x_oss_forbid_overwrite,
      success_action_status: '200',
      'x-oss-content-type': 'text/plain',
    },
    bytes,
  );
  const { status } = await api.http.send(
    {
      method: 'POST',
      url: policy.upload_host,
      headers: form.headers,
      body: form.body,
      timeoutMs: TIMEOUT_MS + Math.ceil(bytes.length / SLOWEST_LINE),
    },
    signal,
  );
  if (status >= 200 && status < 300) return `oss://${key}`;
  // A policy lives for minutes: with the next one a refusal by the storage may be over.
  throw new RemoteFailure({ kind: 'server', status, reason: `upload HTTP ${status}` });
}

const NAMES = [
  'policy',
  'signature',
  'upload_dir',
  'upload_host',
  'oss_access_key_id',
  'x_oss_object_acl',
  'x_oss_forbid_overwrite',
] as const;

function readPolicy(data: unknown): Record<(typeof NAMES)[number], string> {
  if (!isRecord(data)) throw badAnswer('no upload policy');
  const entries = NAMES.map((name) => {
    const value = data[name];
    if (typeof value !== 'string' && typeof value !== 'boolean') throw badAnswer(`an upload policy without ${name}`);
    return [name, String(value)] as const;
  });
  return Object.fromEntries(entries) as Record<(typeof NAMES)[number], string>;
}

/** RFC 7578, with the file last. */
function multipart(
  fields: Readonly<Record<string, string>>,
  file: Buffer,
): { headers: Record<string, string>; body: readonly Buffer[] } {
  const fence = `vectorscope-${randomUUID()}`;
  const heads = Object.entries(fields).map(
    ([name, value]) => `--${fence}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const fileHead = `--${fence}\r\nContent-Disposition: form-data; name="file"; filename="rows.txt"\r\nContent-Type: text/plain\r\n\r\n`;
  const body = [Buffer.from(heads.join('') + fileHead), file, Buffer.from(`\r\n--${fence}--\r\n`)];
  const length = body.reduce((sum, { length: bytes }) => sum + bytes, 0);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${fence}`, 'content-length': String(length) },
    body,
  };
}
