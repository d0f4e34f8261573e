// What a run does on battery: the same, with one child, or nothing until the mains are back. Invariant: without a run nobody looks
// at the power source; a pause that the user made is his to end. Cost: see powerSource.ts, once in a while.
import type { EngineConfig, EngineStatus } from '../protocol/engineApi.ts';
import type { Manners } from './embed/embedder.ts';
import { isOnBattery, POWER_FRESH_MS } from './powerSource.ts';

export interface PowerOptions {
  /** Undefined: it can't be told. */
  readonly read?: () => Promise<boolean | undefined>;
  readonly everyMs?: number;
}

interface Pausable {
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
}

export class RunPower {
  private background: EngineConfig['background'];
  private isOnBattery = false;
  private run: Pausable | undefined;
  private waits = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tell: (onBattery: EngineStatus['onBattery']) => void,
    private readonly options: PowerOptions = {},
  ) {}

  configure(background: EngineConfig['background']): void {
    this.background = background;
  }

  /** Undefined for work that nobody sits beside: as fast as can be. */
  get manners(): Manners | undefined {
    return this.background && { isGentle: () => this.isOnBattery && this.background?.onBattery === 'gentle' };
  }

  begin(run: Pausable): void {
    if ((this.background?.onBattery ?? 'full') === 'full') return;
    this.run = run;
    this.timer = setInterval(() => void this.look(), this.options.everyMs ?? POWER_FRESH_MS).unref();
    this.apply(); // what the last run saw may still hold
    void this.look();
  }

  end(): void {
    clearInterval(this.timer);
    this.run = undefined;
    this.waits = false;
    this.tell(undefined);
  }

  /** The user wants it to go on; until the plug is pulled again. */
  goOn(): void {
    this.waits = false;
    this.show();
  }

  private async look(): Promise<void> {
    const { run } = this;
    const now = (await (this.options.read ?? isOnBattery)()) === true;
    if (now === this.isOnBattery) return;
    this.isOnBattery = now;
    if (run && run === this.run) this.apply();
  }

  private apply(): void {
    if (this.background?.onBattery === 'pause') {
      if (this.isOnBattery && this.run?.isPaused === false) {
        this.waits = true;
        this.run.pause();
      } else if (!this.isOnBattery && this.waits) {
        this.waits = false;
        this.run?.resume();
      }
    }
    this.show();
  }

  private show(): void {
    const isGentle = this.run !== undefined && this.manners?.isGentle() === true;
    this.tell(this.waits ? 'paused' : isGentle ? 'gentle' : undefined);
  }
}
