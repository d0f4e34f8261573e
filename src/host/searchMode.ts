// By meaning, by words, or by both: the setting, unless the Search tab chose otherwise for this workspace. Invariant: what the tab
// chose is never written to the user's settings. No `vscode` at run time.
import type { Memento } from 'vscode';
import type { SearchMode } from '../engine/model.ts';

const KEY = 'searchMode';
const MODES: readonly unknown[] = ['hybrid', 'semantic', 'keyword'] satisfies SearchMode[];

export class WorkspaceSearchMode {
  constructor(
    private readonly memento: Pick<Memento, 'get' | 'update'>,
    private readonly setting: () => SearchMode,
    private readonly hasModel: () => boolean,
  ) {}

  get current(): SearchMode {
    if (!this.hasModel()) return 'keyword';
    const chosen = this.memento.get(KEY);
    return MODES.includes(chosen) ? (chosen as SearchMode) : this.setting();
  }

  /** Choosing what the setting says follows the setting again. */
  async choose(mode: SearchMode): Promise<void> {
    await this.memento.update(KEY, mode === this.setting() ? undefined : mode);
  }
}
