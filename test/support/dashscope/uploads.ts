// Temporary uploads: a policy that the service signs, and the OSS form that the file goes through. As at OSS, a form's fields
// count only before its file, the policy binds key and size, and errors are XML.
import { createHmac, randomUUID } from 'node:crypto';
import type { Arrival, Clock, Reply } from '../loopbackServer.ts';
import { field } from '../loopbackServer.ts';
import { parseMultipart } from './multipart.ts';
import { refusals } from './refusals.ts';
import { emulatedModels } from './models.ts';

const ACCESS_KEY_ID = 'LTAI-emulator';
const SECRET = 'oss-secret-of-the-emulator';
const POLICY_MS = 300_000;
/** A file is kept 48 hours. */
const FILE_MS = 48 * 3_600_000;

export class Uploads {
  private readonly files = new Map<string, { readonly bytes: Buffer; readonly atMs: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly maxBytes: number,
  ) {}

  /** `GET /api/v1/uploads?action=getPolicy&model=...` */
  policy(url: URL, uploadHost: string): unknown {
    if (url.searchParams.get('action') !== 'getPolicy') throw refusals.parameter('action is invalid');
    const model = url.searchParams.get('model');
    if (!model) throw refusals.noModel();
    if (!emulatedModels.some(({ name }) => name === model)) throw refusals.unknownModel(model);
    const folder = `dashscope-instant/emulator/${randomUUID()}`;
    const conditions = [
      ['content-length-range', 0, this.maxBytes],
      ['starts-with', '$key', folder],
    ];
    const expiration = new Date(this.clock.now() + POLICY_MS).toISOString();
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
    return {
      request_id: randomUUID(),
      data: {
        policy,
        signature: sign(policy),
        upload_dir: folder,
        upload_host: uploadHost,
        expire_in_seconds: POLICY_MS / 1000,
        max_file_size_mb: this.maxBytes / 2 ** 20,
        capacity_limit_mb: 999_999_999,
        oss_access_key_id: ACCESS_KEY_ID,
        x_oss_object_acl: 'private',
        x_oss_forbid_overwrite: 'true',
      },
    };
  }

  /** The form POST. The DashScope key has no business here: a request that shows it is refused. */
  receive({ seen, bytes, tooLarge }: Arrival): Reply {
    if (seen.headers['authorization'] !== undefined)
      return xmlError(400, 'InvalidArgument', 'Authorization with a form.');
    if (tooLarge) return xmlError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
    const form = parseMultipart(seen.headers['content-type'] ?? '', bytes);
    if (!form) return xmlError(400, 'MalformedPOSTRequest', 'The body of your POST request is not well-formed.');
    seen.body = { ...form.fields, file: { name: form.file?.name, bytes: form.file?.bytes.length } };
    const { fields, file } = form;
    if (!file) return xmlError(400, 'InvalidArgument', 'POST requires exactly one file upload per request.');
    const get = (name: string): string => fields[name] ?? '';
    if (get('OSSAccessKeyId') !== ACCESS_KEY_ID) return xmlError(403, 'InvalidAccessKeyId', 'No such access key.');
    if (get('Signature') !== sign(get('policy')))
      return xmlError(403, 'SignatureDoesNotMatch', 'The signature is wrong.');
    const policy = JSON.parse(Buffer.from(get('policy'), 'base64').toString('utf8')) as unknown;
    const problem = this.againstPolicy(policy, get('key'), file.bytes.length);
    if (problem) return problem;
    if (this.files.has(get('key')) && get('x-oss-forbid-overwrite') === 'true') {
      return xmlError(409, 'FileAlreadyExists', 'The object you specified already exists and can not be overwritten.');
    }
    this.files.set(get('key'), { bytes: file.bytes, atMs: this.clock.now() });
    const status = get('success_action_status') === '200' ? 200 : 204; // 204 is OSS's default
    return { status, headers: { 'content-type': 'application/xml' }, body: '' };
  }

  private againstPolicy(policy: unknown, key: string, length: number): Reply | undefined {
    const [range, start] = field(policy, 'conditions') as [[string, number, number], [string, string, string]];
    if (Date.parse(String(field(policy, 'expiration'))) < this.clock.now()) {
      return xmlError(403, 'AccessDenied', 'Invalid according to Policy: Policy expired.');
    }
    if (!key.startsWith(`${start[2]}/`)) {
      return xmlError(403, 'AccessDenied', 'Invalid according to Policy: Policy Condition failed: key');
    }
    if (length > range[2]) {
      return xmlError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
    }
    return undefined;
  }

  /** What was uploaded as `oss://key`. */
  read(address: string): Buffer | undefined {
    const file = this.files.get(address.slice('oss://'.length));
    return file && this.clock.now() - file.atMs < FILE_MS ? file.bytes : undefined;
  }
}

function sign(policy: string): string {
  return createHmac('sha1', SECRET).update(policy).digest('base64');
}

/** An error of OSS. */
export function xmlError(status: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${message}</Message>\n</Error>\n`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
