// Decides whether a crashed engine is started again. No `vscode` here. A crash loop must end, but an engine that worked and
// was then killed (kill -9, out of memory once) must come back however often that happens, and one that fell silent took half a
// minute over it each time, so three limits differ.

const MINUTE_MS = 60_000;
/** Crashes within a minute of engines that had done nothing useful since their start. */
const FRUITLESS_PER_MINUTE = 3;
/** Crashes within ten minutes of any kind. */
const ANY_PER_TEN_MINUTES = 30;
/** Ends within ten minutes of engines that answered nothing any more. */
const SILENT_PER_TEN_MINUTES = 3;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

export class CrashHistory {
  private crashes: { readonly at: number; readonly fruitless: boolean; readonly silent: boolean }[] = [];

  /**
   * Notes a crash. `useful`: since its start the engine had answered a request or stored a document. `silent`: it
   * was ended because it answered nothing any more.
   * Returns how long to wait before the next start, or undefined to give up.
   */
  record(nowMs: number, useful: boolean, silent = false): number | undefined {
    this.crashes = this.crashes.filter((crash) => nowMs - crash.at < 10 * MINUTE_MS);
    this.crashes.push({ at: nowMs, fruitless: !useful, silent });
    const fruitless = this.crashes.filter((crash) => crash.fruitless && nowMs - crash.at < MINUTE_MS).length;
    if (this.crashes.filter((crash) => crash.silent).length >= SILENT_PER_TEN_MINUTES) return undefined;
    if (fruitless >= FRUITLESS_PER_MINUTE || this.crashes.length >= ANY_PER_TEN_MINUTES) return undefined;
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** fruitless);
  }

  forget(): void {
    this.crashes = [];
  }
}
