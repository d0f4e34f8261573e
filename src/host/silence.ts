// Notices that the engine's process is there but answers nothing any more (an endless loop, a deadlock). No `vscode` here.
// Invariant: time that this process did not run either, as while the computer slept, does not count. Cost: one empty question a
// second while something is asked.

export interface SilenceOptions {
  /** Nobody waits: nothing is asked. */
  readonly isAwaited: () => boolean;
  /** A question that anyone who lives answers at once, were it with an error. */
  readonly ask: () => Promise<unknown>;
  readonly afterMs: number;
  /** Called once. */
  readonly onSilent: () => void;
}

const LOOKS = 30;

/** Returns what ends the watch. */
export function watchForSilence({ isAwaited, ask, afterMs, onSilent }: SilenceOptions): () => void {
  let unanswered = 0;
  const heard = (): void => void (unanswered = 0);
  const timer = setInterval(() => {
    if (unanswered === 0 && !isAwaited()) return;
    unanswered++;
    if (unanswered === 1) ask().then(heard, heard);
    if (unanswered <= LOOKS) return;
    clearInterval(timer);
    onSilent();
  }, afterMs / LOOKS);
  timer.unref();
  return () => clearInterval(timer);
}
