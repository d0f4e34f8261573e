// Keeps the Similar tab's list while the view, not the user, moves the cursor. No `vscode` here. Invariant: a move by key or
// mouse ends the hold; any other move does once the cursor stood where it is held, because VS Code tells our own moves late.

export class CursorHold {
  private held: { at: string | undefined; arrived: boolean } | undefined;

  /** `where`: where the cursor stands; another answer means that it was moved. */
  constructor(private readonly where: () => string) {}

  get isOn(): boolean {
    return this.held !== undefined;
  }

  /** Holds while the cursor stays where it is. */
  here(): void {
    this.held = { at: this.where(), arrived: true };
  }

  /** Holds while `move` takes the cursor to the place that it resolves with, and while it stays there. */
  async during(move: () => Promise<string>): Promise<void> {
    const held = (this.held = { at: undefined as string | undefined, arrived: false });
    try {
      held.at = await move();
    } finally {
      held.at ??= this.where();
      this.isLeft(); // it may have arrived already
    }
  }

  /** Tells of a move; `byUser`: surely by key or mouse in the editor. */
  moved(byUser: boolean): void {
    if (byUser || this.isLeft()) this.held = undefined;
  }

  private isLeft(): boolean {
    const { held } = this;
    if (!held) return false;
    const there = held.at === this.where();
    held.arrived ||= there;
    return held.arrived && !there;
  }
}
