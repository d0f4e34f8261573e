// How finely the Clusters tab divides snippets, for what is exported: the tab shows the same after a reload, so it is remembered
// with the workspace. Undefined: the automatic granularity. No `vscode` at run time.
import type { Memento } from 'vscode';

const KEY = 'clusterGranularity';

export class ShownGranularity {
  constructor(private readonly memento: Pick<Memento, 'get' | 'update'>) {}

  /** 0 (few clusters) ... 1 (many). */
  get current(): number | undefined {
    const kept = this.memento.get(KEY);
    return typeof kept === 'number' && kept >= 0 && kept <= 1 ? kept : undefined;
  }

  async show(granularity: number | undefined): Promise<void> {
    if (granularity !== this.current) await this.memento.update(KEY, granularity);
  }
}
