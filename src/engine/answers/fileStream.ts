// Export, files written piece by piece. Invariant: a file appears under its name whole or not at all; what was there stays when it
// fails; the temporary file has a name that noiseRules.ts leaves out, for the folder may be one that is indexed. Cost: one buffer.
import { randomUUID } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from '../store/durableFiles.ts';

const BUFFER_CHARACTERS = 1 << 20;
const TEMPORARY = /^vectorscope-export\.[0-9a-f]{8}\.tmp$/;
/** No export pauses for so long. */
const FORGOTTEN_MS = 3_600_000;

export class FileStream {
  private parts: string[] = [];
  private waiting = 0;
  bytes = 0;

  private constructor(
    readonly path: string,
    /** Of this export alone: two may write to one place. */
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  /** Makes the folder too. Throws `storage-failed`. */
  static async open(file: string): Promise<FileStream> {
    return onDisk(file, async () => {
      const folder = path.dirname(file);
      await fs.mkdir(folder, { recursive: true });
      await removeForgotten(folder);
      const temporary = path.join(folder, `vectorscope-export.${randomUUID().slice(0, 8)}.tmp`);
      return new FileStream(file, temporary, await fs.open(temporary, 'wx'));
    });
  }

  async write(text: string): Promise<void> {
    this.parts.push(text);
    this.waiting += text.length;
    if (this.waiting >= BUFFER_CHARACTERS) await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
    await onDisk(this.path, async () => {
      await this.handle.sync();
      await this.handle.close();
      await fs.rename(this.temporary, this.path);
    });
  }

  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already: the first error is the one to tell
    await fs.rm(this.temporary, { force: true }).catch(() => undefined);
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.parts.join(''));
    this.parts = [];
    this.waiting = 0;
    this.bytes += bytes.length;
    await onDisk(this.path, () => this.handle.writeFile(bytes));
  }
}

/** What exports left behind whose process was killed. */
async function removeForgotten(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    if (!TEMPORARY.test(name)) continue;
    const temporary = path.join(folder, name);
    const { mtimeMs } = await fs.stat(temporary).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > FORGOTTEN_MS) await fs.rm(temporary, { force: true }).catch(() => undefined);
  }
}
