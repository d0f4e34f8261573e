// Stage 1: the encoding of text that is not UTF-8 and has no byte order mark, from what its bytes look like. Invariant: a guess is
// made only where the text would read well; else the answer is undefined. Cost: one pass over at most 64 KB.
import type { Encoding } from '../model.ts';

const SAMPLE_BYTES = 65_536;

/** UTF-16, when nearly all units are letters, signs or spaces of a living script and some are ASCII, in one of the byte orders. */
export function utf16WithoutMark(bytes: Buffer, isCut: boolean): Encoding | undefined {
  if (bytes.length < 4 || (bytes.length % 2 === 1 && !isCut)) return undefined;
  const little = wideScore(bytes, (i) => bytes.readUInt16LE(i));
  const big = wideScore(bytes, (i) => bytes.readUInt16BE(i));
  if (little === 0 && big === 0) return undefined;
  return little >= big ? 'utf16le' : 'utf16be';
}

/** How many units are ASCII; 0 when the units don't look like text. ASCII in the wrong order looks like rare Han, so it decides. */
function wideScore(bytes: Buffer, unitAt: (i: number) => number): number {
  const end = Math.min(bytes.length, SAMPLE_BYTES) - 1;
  let units = 0;
  let ascii = 0;
  let usual = 0;
  for (let i = 0; i < end; i += 2) {
    const unit = unitAt(i);
    units++;
    if (isAsciiText(unit)) ascii++;
    else if (isUsualUnit(unit)) usual++;
  }
  return ascii + usual >= units * 0.97 ? ascii : 0;
}

function isAsciiText(unit: number): boolean {
  return (unit >= 0x20 && unit < 0x7f) || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isUsualUnit(unit: number): boolean {
  return (
    (unit >= 0xa0 && unit < 0x250) || // Latin
    (unit >= 0x370 && unit < 0x700) || // Greek, Cyrillic, Armenian, Hebrew, Arabic
    (unit >= 0x900 && unit < 0x1000) || // India, Thailand, Tibet
    (unit >= 0x2010 && unit < 0x2040) || // dashes, quotation marks
    (unit >= 0x2190 && unit < 0x2600) || // arrows, mathematics, boxes
    (unit >= 0x3000 && unit < 0x3100) || // CJK signs, kana
    (unit >= 0x4e00 && unit < 0xa000) || // Han
    (unit >= 0xac00 && unit < 0xd7a4) || // hangul
    (unit >= 0xd800 && unit < 0xe000) || // surrogates
    (unit >= 0xff00 && unit < 0xfff0) // full-width forms
  );
}

/** Damaged UTF-8, GB18030 or windows-1252 (`latin1`) for bytes that are not valid UTF-8. */
export function legacyEncoding(bytes: Buffer): Encoding | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (isDamagedUtf8(sample)) return 'utf8';
  if (isLikelyGb18030(sample)) return 'gb18030';
  return isLikelyWestern(sample) ? 'latin1' : undefined;
}

/** At least four whole multi-byte sequences for each broken one. */
function isDamagedUtf8(bytes: Buffer): boolean {
  let whole = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    const more = byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    let found = 0;
    while (found < more && ((bytes[i + found + 1] ?? 0) & 0xc0) === 0x80) found++;
    if (more > 0 && found === more) whole++;
    else if (i + more < bytes.length) broken++; // at the end of the sample it is cut, not broken
    i += found;
  }
  return whole > 0 && whole >= broken * 4;
}

/**
 * Nearly no broken sequence, and at least seven in ten pairs are what Chinese is written with: GB 2312's signs (rows A1 to A3) and
 * its 3,755 common Han (rows B0 to D7, by pinyin). European letters fall on the rare ones, or on pairs with an ASCII letter;
 * Korean falls on the common ones too, but only up to row C8.
 */
function isLikelyGb18030(bytes: Buffer): boolean {
  let sequences = 0;
  let common = 0;
  let beyondKorean = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const length = gbLength(bytes, i);
    if (length === 0) {
      if (i + 4 <= bytes.length) broken++;
      continue;
    }
    sequences++;
    if (length === 2 && isCommonPair(bytes, i)) {
      common++;
      if (lead > 0xc8) beyondKorean++;
    }
    i += length - 1;
  }
  const isKorean = common >= 20 && beyondKorean * 20 < common;
  return common > 0 && common >= sequences * 0.7 && broken * 20 <= sequences && !isKorean;
}

/** Bytes of the GB18030 sequence that starts here, 0 for none. */
function gbLength(bytes: Buffer, i: number): number {
  const at = (offset: number) => bytes[i + offset] ?? 0;
  const isLead = (byte: number) => byte >= 0x81 && byte <= 0xfe;
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  if (!isLead(at(0))) return 0;
  if (at(1) >= 0x40 && at(1) !== 0x7f && at(1) !== 0xff) return 2;
  return isDigit(at(1)) && isLead(at(2)) && isDigit(at(3)) ? 4 : 0;
}

function isCommonPair(bytes: Buffer, i: number): boolean {
  const lead = bytes[i] ?? 0;
  const trail = bytes[i + 1] ?? 0;
  if (trail < 0xa1 || !((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) return false;
  // A lone pair inside an ASCII word is rather two accented capitals: INFORMAÇÃO.
  return !(isAsciiLetter(bytes[i - 1]) && isAsciiLetter(bytes[i + 2]));
}

function isAsciiLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}

/** All high bytes are letters or signs of windows-1252, and few stand in runs of three: other alphabets come in whole words. */
function isLikelyWestern(bytes: Buffer): boolean {
  const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
  let high = 0;
  let inLongRuns = 0;
  let run = 0;
  for (const byte of bytes) {
    run = byte < 0x80 ? 0 : run + 1;
    if (run === 0) continue;
    if (unassigned.has(byte)) return false;
    high++;
    if (run >= 3) inLongRuns += run === 3 ? 3 : 1;
  }
  return inLongRuns * 5 <= high && high * 2 <= bytes.length + 2;
}
