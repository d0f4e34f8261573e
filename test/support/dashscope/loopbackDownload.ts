// Files that the service fetches by itself. The emulator follows addresses of this machine only.
import { refusals } from './refusals.ts';

const TIME_LIMIT_MS = 5000;

/** The bytes behind an http address of this machine; a refusal for anything else. */
export async function downloadFromLoopback(address: string, maxBytes: number): Promise<Buffer> {
  if (!isWebAddress(address)) throw refusals.url();
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)) throw refusals.download();
  const response = await fetch(address, { signal: AbortSignal.timeout(TIME_LIMIT_MS) }).catch(() => undefined);
  if (!response?.ok) throw refusals.download();
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > maxBytes) throw refusals.file('Size', 'The file is too large.');
  return bytes;
}

export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol);
}
