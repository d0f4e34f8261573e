// Small values in a JSON file of the extension's storage folder. VS Code's own workspace state is written some seconds later,
// which is too late for what must outlive a kill. No `vscode` here. Invariant: the file is whole, the old one or the new one.
import fs from 'node:fs';
import path from 'node:path';
import type { ScopeStore } from './indexScope.ts';

export class FileStore implements ScopeStore {
  constructor(private readonly file: string) {}

  /** Undefined where the file is not there or can't be read. */
  get(key: string): unknown {
    return this.read()[key];
  }

  /** On disk when it resolves. Rejects with the system's error. */
  update(key: string, value: unknown): Promise<void> {
    const text = JSON.stringify({ ...this.read(), [key]: value });
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    const written = `${this.file}.${process.pid}`;
    fs.writeFileSync(written, text, { flush: true });
    fs.renameSync(written, this.file);
    return Promise.resolve();
  }

  private read(): Readonly<Record<string, unknown>> {
    try {
      const parsed: unknown = JSON.parse(fs.readFileSync(this.file, 'utf8'));
      return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  }
}
