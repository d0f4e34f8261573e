// Where all windows on a folder find the same index. No `vscode` here.
import path from 'node:path';

/**
 * What VS Code calls the storage of a window whose workspace is open in another one already: the workspace's id with `-1`,
 * `-2` ... Ids are MD5 hashes on the desktop, 32-bit ones with a sign in the browser.
 */
const OF_ANOTHER_WINDOW = /^([0-9a-f]{32}|-?[0-9a-f]{5,8})-\d$/;

/**
 * The storage that the first window on a workspace has, given that of any of its windows
 * (`workspaceStorage/<workspace>[-<n>]/<extension>`). Only for files that bear several processes: an index has its own lock.
 */
export function sharedStorage(folder: string): string {
  const window = path.dirname(folder);
  const workspace = OF_ANOTHER_WINDOW.exec(path.basename(window))?.[1];
  if (workspace === undefined) return folder;
  return path.join(path.dirname(window), workspace, path.basename(folder));
}
