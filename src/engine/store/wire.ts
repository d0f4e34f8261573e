// Stage 4, protobuf's wire format, as far as a shard needs it (protobuf.dev/programming-guides/encoding). Invariant: reading
// never leaves its message: what would, throws. Cost: none worth naming.

/** Thrown for bytes that are not what they should be; the loader sets the file aside. */
export class DamagedBytes extends Error {
  override readonly name = 'DamagedBytes';
}

/** Bytes of a length-delimited field with a one-byte tag. */
export function bytesField(length: number): number {
  return 1 + varintBytes(length) + length;
}

export function stringField(text: string): number {
  return bytesField(Buffer.byteLength(text));
}

/** Bytes of a field of type double. */
export const doubleField = 9;

export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

/** Writes into a buffer of exactly the size that was computed before. */
export class WireWriter {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.buffer[this.at++] = (rest & 0x7f) | 0x80;
    this.buffer[this.at++] = rest;
  }

  varintField(tag: number, value: number): void {
    this.varint(tag);
    this.varint(value);
  }

  begin(tag: number, length: number): void {
    this.varint(tag);
    this.varint(length);
  }

  string(tag: number, text: string): void {
    this.begin(tag, Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at);
  }

  double(tag: number, value: number): void {
    this.varint(tag);
    this.at = this.buffer.writeDoubleLE(value, this.at);
  }

  raw(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  finish(): Buffer {
    if (this.at !== this.buffer.length) throw new RangeError(`wrote ${this.at} of ${this.buffer.length} bytes`);
    return this.buffer;
  }
}

/** Hands out pieces of one array, one after the other: a thousand small arrays cost more than their content. */
export class FloatPool {
  private readonly floats: Float32Array;
  private used = 0;

  constructor(capacity: number) {
    this.floats = new Float32Array(capacity);
  }

  take(length: number): Float32Array {
    this.used += length;
    return this.floats.subarray(this.used - length, this.used);
  }
}

export class WireReader {
  constructor(
    private readonly buffer: Buffer,
    private at = 0,
    private readonly end = buffer.length,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Of the next byte, in the whole buffer. */
  get position(): number {
    return this.at;
  }

  /** Moves over `length` bytes and returns where they begin. */
  private take(length: number): number {
    const begin = this.at;
    if (length > this.end - begin)
      throw new DamagedBytes(`${length} bytes wanted at ${begin}, the message ends at ${this.end}`);
    this.at = begin + length;
    return begin;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.buffer[this.take(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new DamagedBytes(`endless varint before ${this.at}`);
  }

  nested(): WireReader {
    const length = this.varint();
    const begin = this.take(length);
    return new WireReader(this.buffer, begin, begin + length);
  }

  string(): string {
    const length = this.varint();
    const begin = this.take(length);
    return this.buffer.toString('utf8', begin, begin + length);
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }

  float(): number {
    return this.buffer.readFloatLE(this.take(4));
  }

  /** A packed field of floats, copied to `pool` (its place in the file is not aligned). */
  floats(pool: FloatPool): Float32Array {
    const length = this.varint();
    if (length % 4 !== 0) throw new DamagedBytes(`a vector of ${length} bytes`);
    const begin = this.take(length);
    const floats = pool.take(length / 4);
    new Uint8Array(floats.buffer, floats.byteOffset, length).set(this.buffer.subarray(begin, begin + length));
    return floats;
  }

  /** Moves over a field that this version does not know. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.take(8);
    else if (wireType === 2) this.take(this.varint());
    else if (wireType === 5) this.take(4);
    else throw new DamagedBytes(`wire type ${wireType} before ${this.at}`);
  }
}
