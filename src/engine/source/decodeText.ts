// Stage 1: bytes -> text. Invariant: never throws, and every byte sequence is either binary or a text; what is invalid becomes
// replacement characters. Cost: one pass for UTF-8, which nearly every file is; two or three for the others.
//
// Own detection instead of isbinaryfile: that takes UTF-16 without a byte order mark and GB18030 for binary. iconv-lite decodes,
// because the ICU that an editor is built with need not hold these tables.
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Encoding } from '../model.ts';
import { legacyEncoding, utf16WithoutMark } from './guessEncoding.ts';

export interface DecodedText {
  /** Without byte order mark. */
  readonly text: string;
  readonly encoding: Encoding;
  /** How many of the bytes the text stands for. */
  readonly bytes: number;
}

/** Git's rule: a NUL this early makes a file binary, unless it is UTF-16. */
const NUL_WINDOW = 8000;
const MARKS: readonly (readonly [encoding: Encoding, mark: Buffer])[] = [
  ['utf8bom', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf16le', Buffer.from([0xff, 0xfe])],
  ['utf16be', Buffer.from([0xfe, 0xff])],
  ['gb18030', Buffer.from([0x84, 0x31, 0x95, 0x33])],
];
const PDF = Buffer.from('%PDF-');

/** Whether the first bytes of a file already tell that it is binary, so that the rest need not be read. */
export function isBinaryHead(head: Buffer): boolean {
  return decodeText(head, true) === undefined;
}

/**
 * The text of bytes, or undefined for binary ones. With `isCut` the bytes are the beginning of something longer: they are cut
 * further, at their last line end if that is in their second half, else between two characters.
 */
export function decodeText(bytes: Buffer, isCut: boolean): DecodedText | undefined {
  const encoding = encodingOf(bytes, isCut);
  if (encoding === undefined) return undefined;
  const decoded = decodeAs(bytes, encoding, isCut);
  return isNoText(decoded) ? undefined : decoded;
}

/** As {@link decodeText}, for bytes that are known to be text of this encoding. */
export function decodeAs(bytes: Buffer, encoding: Encoding, isCut: boolean): DecodedText {
  const end = isCut ? cutAt(bytes, encoding) : bytes.length;
  const mark = MARKS.find(([marked, start]) => marked === encoding && startsWith(bytes, start))?.[1].length ?? 0;
  return { text: decode(bytes.subarray(mark, end), encoding), encoding, bytes: end };
}

function decode(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'gb18030') return iconv.decode(bytes, 'gb18030', { stripBOM: false });
  if (encoding === 'latin1') return iconv.decode(bytes, 'windows-1252', { stripBOM: false });
  if (encoding === 'utf16le') return bytes.toString('utf16le');
  if (encoding !== 'utf16be') return bytes.toString('utf8');
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

function encodingOf(bytes: Buffer, isCut: boolean): Encoding | undefined {
  if (startsWith(bytes, PDF) || isUtf32(bytes)) return undefined;
  const marked = MARKS.find(([, mark]) => startsWith(bytes, mark))?.[0];
  if (marked !== undefined) return marked;
  if (bytes.subarray(0, NUL_WINDOW).includes(0)) return utf16WithoutMark(bytes, isCut);
  if (isUtf8(isCut ? bytes.subarray(0, utf8Boundary(bytes, bytes.length)) : bytes)) return 'utf8';
  return legacyEncoding(bytes) ?? utf16WithoutMark(bytes, isCut) ?? 'utf8';
}

function isUtf32(bytes: Buffer): boolean {
  return startsWith(bytes, Buffer.from([0xff, 0xfe, 0, 0])) || startsWith(bytes, Buffer.from([0, 0, 0xfe, 0xff]));
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

/** More than one character in twenty is one that no text uses; judged by the first 64 K characters. */
function isNoText({ text, encoding }: DecodedText): boolean {
  const sample = text.slice(0, 65_536);
  // Controls other than tab, line ends, form feed, backspace and escape (terminal records).
  let strange = sample.match(/[\0-\x07\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0;
  // Any two bytes are a UTF-16 unit: two random ones are often half of a character, private or not assigned.
  if (encoding.startsWith('utf16')) strange += sample.match(/[\p{Cs}\p{Co}\p{Cn}]/gu)?.length ?? 0;
  return strange * 20 > sample.length;
}

/** Where to cut the beginning of a longer text. */
function cutAt(bytes: Buffer, encoding: Encoding): number {
  const wide = encoding === 'utf16le' || encoding === 'utf16be';
  const lineEnd = wide ? lastWideLineEnd(bytes, encoding) : bytes.lastIndexOf(0x0a) + 1;
  if (lineEnd > bytes.length / 2) return lineEnd;
  if (wide) return wideBoundary(bytes, encoding);
  if (encoding === 'gb18030') return gbBoundary(bytes);
  return encoding === 'latin1' ? bytes.length : utf8Boundary(bytes, bytes.length);
}

function lastWideLineEnd(bytes: Buffer, encoding: Encoding): number {
  const lineEnd = Buffer.from(encoding === 'utf16le' ? [0x0a, 0] : [0, 0x0a]);
  let at = bytes.lastIndexOf(lineEnd);
  while (at > 0 && at % 2 === 1) at = bytes.lastIndexOf(lineEnd, at - 1); // half of one unit and half of the next
  return at + 2;
}

function wideBoundary(bytes: Buffer, encoding: Encoding): number {
  const even = bytes.length & ~1;
  const lastHigh = bytes[encoding === 'utf16le' ? even - 1 : even - 2] ?? 0;
  return lastHigh >= 0xd8 && lastHigh <= 0xdb ? even - 2 : even;
}

/** The end of the last whole UTF-8 sequence; a broken one counts as whole. */
function utf8Boundary(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? end - back : end;
  }
  return end;
}

/** The end of the last whole GB18030 sequence, counted from the last byte that can only stand alone. */
function gbBoundary(bytes: Buffer): number {
  let at = bytes.length;
  while (at > 0 && ((bytes[at - 1] ?? 0) >= 0x40 || isDigit(bytes[at - 1]))) at--;
  while (at < bytes.length) {
    const length = (bytes[at] ?? 0) < 0x81 ? 1 : isDigit(bytes[at + 1]) ? 4 : 2;
    if (at + length > bytes.length) return at;
    at += length;
  }
  return at;
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;
