// Where the CLI keeps the index of a folder when --store is not given: the user's data directory of the platform.
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** `<data>/vectorscope/<name>-<hash of the absolute path>`. Data directories as the XDG base directory specification, Apple and Microsoft define them. */
export function defaultStoreFolder(folder: string, env: NodeJS.ProcessEnv = process.env): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return path.join(dataFolder(env), 'vectorscope', `${path.basename(folder) || 'root'}-${hash}`);
}

export function dataFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support');
  return env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local', 'share');
}
