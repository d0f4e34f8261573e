// API keys, one an endpoint, in the editor's secret storage and nowhere else. No `vscode` at run time.
import type * as vscode from 'vscode';

export type SecretStore = Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;

const PREFIX = 'vectorscope.key ';

export class Keys {
  constructor(private readonly secrets: SecretStore) {}

  /** Undefined where none is stored, and where the system's key ring can't be read. */
  async get(origin: string): Promise<string | undefined> {
    try {
      return await this.secrets.get(PREFIX + origin);
    } catch {
      return undefined;
    }
  }

  async set(origin: string, key: string): Promise<void> {
    await this.secrets.store(PREFIX + origin, key);
  }

  async remove(origin: string): Promise<void> {
    await this.secrets.delete(PREFIX + origin);
  }
}

/** Whether a changed secret is one of ours. */
export function isKeySecret(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** What is wrong with a key as it was typed: pasted with its variable, or with blanks inside. */
export function looksLikeKey(text: string): boolean {
  return /^[\x21-\x7e]{4,}$/.test(text.trim());
}
