// Stage 5, words: a word index as one file. Invariant: bytes that are damaged, of another version or of another machine's order
// give undefined, and the index is made anew. Cost: a copy to write, a checksum to read; the arrays are used as they lie there.
import { setImmediate as nextTurn } from 'node:timers/promises';
import process from 'node:process';
import { crc32 } from 'node:zlib';
import type { PostingArrays } from './postings.ts';
import type { SlotArrays } from './savedSlots.ts';
import type { VocabularyArrays } from './vocabulary.ts';
import { WORDS_VERSION } from './wordsOf.ts';

export interface SavedWords {
  readonly vocabulary: VocabularyArrays;
  readonly postings: PostingArrays;
  readonly slots: SlotArrays;
}

/** `VSWD` on machines that put the low byte first; another order reads another number. */
const MAGIC = 0x44575356;
const FORMAT = 1;
/** Magic, version, checksum of what follows it, and the sections' lengths in bytes. */
const SECTIONS = 12;
const HEADER = 3 + SECTIONS;
const CHECKED_FROM = 12;
const BYTES_A_TURN = 4 * 2 ** 20;

/** Letters and their composition are the runtime's: another edition of Unicode may split a text otherwise. */
const VERSION = crc32(`${FORMAT} ${WORDS_VERSION} ${process.versions['unicode'] ?? ''}`);

/** Lets the event loop have its turn: there may be 50 MB. */
export async function encodeWords({ vocabulary, postings, slots }: SavedWords): Promise<Buffer[]> {
  const sections = [
    vocabulary.letters,
    vocabulary.ends,
    vocabulary.table,
    postings.pool,
    postings.first,
    postings.last,
    postings.fill,
    postings.capacity,
    slots.lengths,
    slots.documentOf,
    slots.fingerprints,
    Buffer.from(JSON.stringify(slots.paths)),
  ];
  const header = new Uint32Array(HEADER);
  header.set([MAGIC, VERSION, 0, ...sections.map(({ byteLength }) => byteLength)]);
  const parts = [bytesOf(header), ...sections.flatMap((section) => [bytesOf(section), padding(section.byteLength)])];
  header[2] = await checksumOf(parts);
  return parts;
}

export async function decodeWords(bytes: Buffer): Promise<SavedWords | undefined> {
  // Views of numbers begin at multiples of four.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  const buffer = aligned.buffer as ArrayBuffer;
  if (aligned.length < HEADER * 4) return undefined;
  const header = new Uint32Array(buffer, aligned.byteOffset, HEADER);
  const lengths = [...header.subarray(3)];
  const whole = lengths.reduce((sum, length) => sum + length + padding(length).length, HEADER * 4);
  if (header[0] !== MAGIC || header[1] !== VERSION || whole !== aligned.length) return undefined;
  if (header[2] !== (await checksumOf([aligned]))) return undefined;
  let at = aligned.byteOffset + HEADER * 4;
  const next = (): { begin: number; length: number } => {
    const length = lengths.shift() ?? 0;
    const begin = at;
    at += length + padding(length).length;
    return { begin, length };
  };
  const letters = (): Uint8Array<ArrayBuffer> => {
    const { begin, length } = next();
    return new Uint8Array(buffer, begin, length);
  };
  const numbers = (): Uint32Array<ArrayBuffer> => {
    const { begin, length } = next();
    return new Uint32Array(buffer, begin, length / 4);
  };
  // In the order in which they were written.
  const vocabulary = { letters: letters(), ends: numbers(), table: numbers() };
  const postings = { pool: numbers(), first: numbers(), last: numbers(), fill: letters(), capacity: letters() };
  const slots = { lengths: numbers(), documentOf: numbers(), fingerprints: numbers() };
  const paths = JSON.parse(Buffer.from(letters()).toString()) as string[];
  return { vocabulary, postings, slots: { ...slots, paths } };
}

/** Of all but the file's first three numbers. */
async function checksumOf(parts: readonly Buffer[]): Promise<number> {
  let checksum = 0;
  let skip = CHECKED_FROM;
  for (const part of parts) {
    for (let begin = skip; begin < part.length; begin += BYTES_A_TURN) {
      checksum = crc32(part.subarray(begin, begin + BYTES_A_TURN), checksum);
      if (part.length > BYTES_A_TURN) await nextTurn();
    }
    skip = 0;
  }
  return checksum;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function padding(length: number): Buffer {
  return Buffer.alloc(-length & 3);
}
