// Which files' chunks changed last, as growing numbers, so that an answer about the whole index can tell how many changed since. No
// `vscode` here. Cost: nothing to speak of; more than the newest hundred are not told apart.
const MOST = 100;

export class RecentChanges {
  private last = 0;
  /** Oldest change first. */
  private readonly changes = new Map<string, number>();

  note(paths: readonly string[]): void {
    for (const path of paths.slice(-MOST)) {
      this.changes.delete(path);
      this.changes.set(path, ++this.last);
    }
    for (const path of this.changes.keys()) {
      if (this.changes.size <= MOST) break;
      this.changes.delete(path);
    }
  }

  /** One number a file, growing. */
  list(): readonly number[] {
    return [...this.changes.values()];
  }
}
