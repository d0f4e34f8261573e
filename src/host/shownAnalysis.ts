// What the tabs show of the analysis of snippets, for what is exported: they show the same after a reload, so it is remembered with the
// workspace. Undefined: the automatic one. No `vscode` at run time.
import type { Memento } from 'vscode';

const KEYS = {
  /** How finely the Clusters tab divides: 0 (few clusters) ... 1 (many). */
  granularity: 'clusterGranularity',
  /** What the Duplicates tab takes for the same meaning. */
  minSimilarity: 'duplicatesMinSimilarity',
} as const;

export type ShownChoice = keyof typeof KEYS;

export class ShownAnalysis {
  constructor(private readonly memento: Pick<Memento, 'get' | 'update'>) {}

  /** 0 ... 1. */
  current(choice: ShownChoice): number | undefined {
    const kept = this.memento.get(KEYS[choice]);
    return typeof kept === 'number' && kept >= 0 && kept <= 1 ? kept : undefined;
  }

  async show(choice: ShownChoice, value: number | undefined): Promise<void> {
    if (value !== this.current(choice)) await this.memento.update(KEYS[choice], value);
  }
}
