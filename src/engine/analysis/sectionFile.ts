// Stage 6, what an analysis keeps beside the index: arrays of bytes, one after the other. Invariant: bytes that are damaged, or of another
// version, give undefined, and what they held is made anew. Cost: a copy and a checksum.
import { crc32 } from 'node:zlib';

const HEADER = 3;

/** `version`: of what the sections mean. */
export function encodeSections(version: number, sections: readonly ArrayBufferView[]): Buffer[] {
  const bytes = sections.map((section) => Buffer.from(section.buffer, section.byteOffset, section.byteLength));
  const lengths = Buffer.from(Uint32Array.from(bytes, ({ length }) => length).buffer);
  const checksum = [lengths, ...bytes].reduce((sum, part) => crc32(part, sum), 0);
  return [Buffer.from(Uint32Array.from([version, checksum, bytes.length]).buffer), lengths, ...bytes];
}

/** The sections, each in memory of its own, so that views of numbers can be laid over it. */
export function decodeSections(version: number, bytes: Buffer): ArrayBuffer[] | undefined {
  if (bytes.length < 4 * HEADER || bytes.readUInt32LE(0) !== version) return undefined;
  const count = bytes.readUInt32LE(8);
  const begin = 4 * (HEADER + count);
  if (begin > bytes.length || crc32(bytes.subarray(4 * HEADER)) !== bytes.readUInt32LE(4)) return undefined;
  let at = begin;
  const sections = Array.from({ length: count }, (_, i) => {
    const length = bytes.readUInt32LE(4 * (HEADER + i));
    at += length;
    return Uint8Array.from(bytes.subarray(at - length, at)).buffer;
  });
  return at === bytes.length ? sections : undefined;
}
