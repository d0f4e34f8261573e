// Stage 4, a shard's file kept open for reading single vectors. Invariant: the file is never changed under its name (see
// manifest.ts), and what is open stays readable when it is replaced. Cost: one descriptor, and a system call a vector.
import fs from 'node:fs';

export class ShardFile {
  private descriptor: number | undefined;

  constructor(readonly file: string) {}

  /** False where it can't be opened. */
  open(): boolean {
    try {
      this.descriptor ??= fs.openSync(this.file, 'r');
      return true;
    } catch {
      return false;
    }
  }

  /** Reads the vector at this byte offset; false where it can't be read. Synchronous, because rows move between turns. */
  read(offset: number, into: Float32Array): boolean {
    if (!this.open() || this.descriptor === undefined) return false;
    try {
      return fs.readSync(this.descriptor, into, 0, into.byteLength, offset) === into.byteLength;
    } catch {
      return false;
    }
  }

  close(): void {
    if (this.descriptor === undefined) return;
    const { descriptor } = this;
    this.descriptor = undefined;
    try {
      fs.closeSync(descriptor);
    } catch {
      // Nothing was written through it.
    }
  }
}
