// Images as the emulator sees them. What an image shows is not looked at: its words are. They are, in this order,
//   the texts of a PNG's tEXt chunks (any keyword, `Description` by custom), the comments of a JPEG (COM segments),
//   and whatever follows the marker `\nDescription: ` near the end of the file, for BMP and all others.
// An image's vector is that of its words, so that a text that names them is near, and of its bytes in blocks, so that an image
// is nearest to itself and near to a copy with small changes. An image without words is near to no text.
import { crc32, deflateSync } from 'node:zlib';
import { hashText } from '../seededNumbers.ts';
import { textFeatures } from '../meaningVectors.ts';

export type ImageFormat = 'png' | 'jpg' | 'bmp';

const MARKER = '\nDescription: ';
const PNG_HEAD = Buffer.from('89504e470d0a1a0a', 'hex');
const BLOCK = 512;
/** So many blocks weigh as one word. */
const BLOCKS_WEIGHT = 0.8;

/** By the first bytes; undefined for what the models do not read. */
export function imageFormat(bytes: Buffer): ImageFormat | undefined {
  if (bytes.subarray(0, 8).equals(PNG_HEAD)) return 'png';
  if (bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff) return 'jpg';
  if (bytes.length > 14 && bytes.toString('latin1', 0, 2) === 'BM') return 'bmp';
  return undefined;
}

export function imageWords(bytes: Buffer): string {
  const at = bytes.lastIndexOf(MARKER);
  const tail = at < 0 ? [] : [bytes.toString('utf8', at + MARKER.length)];
  const format = imageFormat(bytes);
  const inside = format === 'png' ? pngTexts(bytes) : format === 'jpg' ? jpegComments(bytes) : [];
  return [...inside, ...tail].join(' ');
}

export function imageFeatures(bytes: Buffer): Map<string, number> {
  const features = textFeatures(imageWords(bytes));
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  for (let i = 0; i < bytes.length; i += BLOCK) {
    const block = `b:${hashText(bytes.toString('latin1', i, i + BLOCK))}`;
    features.set(block, (features.get(block) ?? 0) + BLOCKS_WEIGHT / Math.sqrt(blocks));
  }
  return features;
}

function pngTexts(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) !== 'tEXt') continue;
    const chunk = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    texts.push(chunk.toString('utf8', chunk.indexOf(0) + 1));
  }
  return texts;
}

function jpegComments(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const length = bytes.readUInt16BE(at + 2);
    if (bytes[at + 1] === 0xfe) texts.push(bytes.toString('utf8', at + 4, at + 2 + length));
    at += 2 + length;
  }
  return texts;
}

export interface TestImage {
  /** What the image is said to show. */
  readonly words?: string;
  readonly rgb?: readonly [number, number, number];
  readonly width?: number;
  readonly height?: number;
}

/** A real PNG of one colour with a `Description`. */
export function makePng({ words = '', rgb = [200, 60, 40], width = 32, height = 32 }: TestImage = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB
  const line = Buffer.concat([Buffer.of(0), Buffer.concat(Array.from({ length: width }, () => Buffer.from(rgb)))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const text = words === '' ? [] : [pngChunk('tEXt', Buffer.from(`Description\0${words}`, 'utf8'))];
  return Buffer.concat([
    PNG_HEAD,
    pngChunk('IHDR', header),
    ...text,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A real 24-bit BMP of one colour with its words behind the pixels. */
export function makeBmp({ words = '', rgb = [200, 60, 40], width = 32, height = 32 }: TestImage = {}): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  const [red, green, blue] = rgb;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes.set([blue, green, red], 54 + y * stride + x * 3);
  }
  return words === '' ? bytes : Buffer.concat([bytes, Buffer.from(`${MARKER}${words}`, 'utf8')]);
}

/** The head of a JPEG with its words as a comment: enough for the service's checks, not for a viewer. */
export function makeJpegHead(words: string): Buffer {
  const comment = Buffer.from(words, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  return Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xfe), length, comment, Buffer.of(0xff, 0xd9)]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
