// Stage 1: an image for a multimodal model, by its first bytes: a name may say anything. Invariant: what is sent later are the bytes
// that were hashed here. Cost: one read of the file now, one when it is sent.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { EngineError } from '../errors.ts';
import type { MediaInput, SourceDocument } from '../model.ts';
import type { Verdict } from './folderScope.ts';

/** As DashScope has it for JPG, PNG and BMP. */
export const MAX_IMAGE_BYTES = 3 * 2 ** 20;
export const IMAGE_LANGUAGE = 'image';

const HEAD_BYTES = 16;

/** Taken types have a media type; of the others it is known that they are images. */
const TYPES: readonly { readonly head: RegExp; readonly name: string; readonly mediaType?: string }[] = [
  { head: /^\x89PNG\r\n\x1a\n/, name: 'PNG', mediaType: 'image/png' },
  { head: /^\xff\xd8\xff/, name: 'JPEG', mediaType: 'image/jpeg' },
  { head: /^BM.{4}\0\0\0\0/s, name: 'BMP', mediaType: 'image/bmp' },
  { head: /^GIF8[79]a/, name: 'GIF' },
  { head: /^RIFF.{4}WEBP/s, name: 'WebP' },
  { head: /^(?:II\*\0|MM\0\*)/, name: 'TIFF' },
  { head: /^.{4}ftyp(?:avif|avis)/s, name: 'AVIF' },
  { head: /^.{4}ftyp(?:heic|heix|mif1)/s, name: 'HEIC' },
  { head: /^\x00\x00\x01\x00/, name: 'ICO' },
  { head: /^8BPS/, name: 'PSD' },
];

/** Undefined: no image. `size`: of before the reading. Throws the file system's errors. */
export async function readImage(
  file: string,
  at: string,
  facts: Pick<SourceDocument, 'size' | 'mtimeMs'>,
): Promise<SourceDocument | Verdict | undefined> {
  const head = (await readHead(file)).toString('latin1');
  const type = TYPES.find((each) => each.head.test(head));
  if (type === undefined) return undefined;
  if (type.mediaType === undefined) return { reason: 'image-type', detail: type.name };
  if (facts.size > MAX_IMAGE_BYTES) return tooLarge(facts.size);
  const bytes = await fs.readFile(file);
  if (bytes.length > MAX_IMAGE_BYTES) return tooLarge(bytes.length); // it grew meanwhile
  const hash = hashOf(bytes);
  const image = imageInput(file, type.mediaType, hash, bytes.length);
  return { path: at, languageId: IMAGE_LANGUAGE, text: wordsOf(at), hash, ...facts, encoding: 'utf8', image };
}

function imageInput(file: string, mediaType: string, hash: string, size: number): MediaInput {
  return {
    media: 'image',
    bytes: size,
    async url() {
      const bytes = await fs.readFile(file).catch(() => undefined);
      if (!bytes || hashOf(bytes) !== hash) throw new EngineError('row-refused', { reason: 'file-changed' });
      return `data:${mediaType};base64,${bytes.toString('base64')}`;
    },
  };
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await fs.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function tooLarge(bytes: number): Verdict {
  return { reason: 'image-too-large', detail: `${(bytes / 2 ** 20).toFixed(1)} MB` };
}

/** `photos/red-bicycle_2.png` -> `photos red bicycle 2`: what lists show in the place of a text. */
function wordsOf(at: string): string {
  const words = at.replace(/\.[^./]*$/, '').split(/[\s/._-]+/).filter((word) => word !== ''); // prettier-ignore
  return words.length > 0 ? words.join(' ') : at;
}
