// Stage 6, layout: a layout as bytes, so that a map looks tomorrow as it does today. Invariant: bytes that are damaged, of another version
// or of another machine's order give undefined, and the map is laid out anew. Cost: 16 bytes an item.
import { crc32 } from 'node:zlib';
import type { ItemLayout } from './itemLayout.ts';

/** `VSML` on machines that put the low byte first; another order reads another number. */
const MAGIC = 0x4c4d5356;
const FORMAT = 1;
/** Magic, format, checksum of what follows the header, items. */
const HEADER_BYTES = 16;
/** The frame's three numbers, and `changed`. */
const NUMBERS = 4;

export function encodeLayout({ ids, places, frame, changed }: ItemLayout): Buffer {
  const numbers = Float64Array.of(frame.x, frame.y, frame.radius, changed);
  const body = Buffer.concat([numbers, ids, places].map(bytesOf));
  return Buffer.concat([bytesOf(Uint32Array.of(MAGIC, FORMAT, crc32(body), ids.length)), body]);
}

export function decodeLayout(bytes: Buffer): ItemLayout | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  // A copy: views of doubles begin at multiples of eight.
  const { buffer } = new Uint8Array(bytes);
  const [magic, format, checksum, count = 0] = new Uint32Array(buffer, 0, HEADER_BYTES / 4);
  const idsAt = HEADER_BYTES + 8 * NUMBERS;
  if (magic !== MAGIC || format !== FORMAT || bytes.length !== idsAt + 16 * count) return undefined;
  if (crc32(bytes.subarray(HEADER_BYTES)) !== checksum) return undefined;
  const [x = 0, y = 0, radius = 1, changed = 1] = new Float64Array(buffer, HEADER_BYTES, NUMBERS);
  return {
    ids: new Float64Array(buffer, idsAt, count),
    places: new Float32Array(buffer, idsAt + 8 * count, 2 * count),
    frame: { x, y, radius },
    changed,
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Float64Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
