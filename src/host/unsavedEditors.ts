// Text that editors hold and no file does: told to the engine, so that searches find it. No `vscode` here. Invariant: from the pause in
// the typing to the index of the saved file it is found at every moment; what was thrown away is not. Cost: one message a pause.
import { isCancelled } from '../engine/errors.ts';
import type { UnsavedText } from '../protocol/engineApi.ts';

/** A document that is open in the editor. */
export interface OpenDocument {
  /** In the index, or `untitled:...`. */
  readonly path: string;
  readonly languageId: string;
  /** Another one for each text. */
  readonly version: number;
  readonly isDirty: boolean;
  /** Undefined when it is too long to be searched before it is saved. */
  text(): string | undefined;
}

export interface UnsavedPorts {
  /** There is an engine with an index, and no service that texts would go to. */
  mayTell(): boolean;
  tell(unsaved: UnsavedText): Promise<boolean>;
  /** All that are open. */
  open(): readonly OpenDocument[];
  warn(message: string): void;
}

const TYPING_MS = 1_000;
/** A document that has nothing unsaved any more was saved or closed, which is told at once, or else taken back. */
const TAKEN_BACK_MS = 250;

export class UnsavedEditors {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** Version of the text that searches answer from. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly ports: UnsavedPorts,
    private readonly delays = { typingMs: TYPING_MS, takenBackMs: TAKEN_BACK_MS },
  ) {}

  /** A document was opened or typed into, or has nothing unsaved any more. */
  changed(document: OpenDocument): void {
    const { path } = document;
    if (document.isDirty) this.later(path, this.delays.typingMs, () => this.tell(document));
    else this.later(path, this.delays.takenBackMs, () => this.drop(path));
  }

  saved(document: OpenDocument): void {
    const { path, languageId } = document;
    if (document.isDirty) return; // typed into meanwhile
    this.cancel(path);
    if (!this.told.delete(path)) return;
    // Also what was typed since, and what a formatter made of it: the index takes a moment to follow.
    const text = document.text();
    this.send({ path, languageId, ...(text !== undefined && { text, onDisk: true }) });
  }

  closed({ path }: OpenDocument): void {
    this.cancel(path);
    this.drop(path);
  }

  /** The engine knows nothing yet, or no more. */
  tellAll(): void {
    this.told.clear();
    for (const document of this.ports.open()) if (document.isDirty) this.changed(document);
  }

  /** Documents that were not in the index may be there now. */
  indexed(paths: readonly string[]): void {
    const now = new Set(paths);
    for (const document of this.ports.open()) {
      const { path, version } = document;
      const isNews = document.isDirty && now.has(path) && this.told.get(path) !== version;
      if (isNews && !this.timers.has(path)) this.changed(document);
    }
  }

  dispose(): void {
    for (const path of [...this.timers.keys()]) this.cancel(path);
  }

  private tell(document: OpenDocument): void {
    const { path, languageId, version } = document;
    if (!document.isDirty || !this.ports.mayTell()) return;
    const text = document.text();
    if (text === undefined) {
      this.drop(path);
      return;
    }
    this.told.set(path, version);
    this.send({ path, languageId, text }, () => {
      if (this.told.get(path) === version) this.told.delete(path);
    });
  }

  private drop(path: string): void {
    if (this.told.delete(path)) this.send({ path });
  }

  /** `refused`: searches do not answer from it. */
  private send(unsaved: UnsavedText, refused: () => void = () => undefined): void {
    this.ports.tell(unsaved).then(
      (isFound) => isFound || refused(),
      (error: unknown) => {
        if (isCancelled(error)) return; // a newer text is on its way
        refused();
        this.ports.warn(`unsaved text: ${String(error)}`);
      },
    );
  }

  private later(path: string, delayMs: number, work: () => void): void {
    clearTimeout(this.timers.get(path));
    const run = (): void => {
      this.timers.delete(path);
      work();
    };
    this.timers.set(path, setTimeout(run, delayMs));
  }

  private cancel(path: string): void {
    clearTimeout(this.timers.get(path));
    this.timers.delete(path);
  }
}
