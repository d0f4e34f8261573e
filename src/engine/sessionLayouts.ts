// The last layouts of one session, so that a map stays what it was when the index changes a little or VS Code is started again. Invariant:
// without them, or with damaged ones, there is a map all the same. Cost: 16 bytes an item, in memory and on disk.
import { decodeLayout, encodeLayout } from './analysis/layout/layoutFile.ts';
import type { ItemLayout } from './analysis/layout/itemLayout.ts';
import type { AnalysisUnit } from './model.ts';
import { notMissed } from './sessionWords.ts';
import type { VectorStore } from './store/store.ts';

export class SessionLayouts {
  private readonly known = new Map<AnalysisUnit, Promise<ItemLayout | undefined>>();

  constructor(private readonly store: Pick<VectorStore, 'readSidecar' | 'writeSidecar'>) {}

  /** Undefined when there never was one. Throws `storage-failed`. */
  last(of: AnalysisUnit): Promise<ItemLayout | undefined> {
    const known = this.known.get(of) ?? this.read(of);
    this.known.set(of, known);
    return known;
  }

  async keep(of: AnalysisUnit, layout: ItemLayout): Promise<void> {
    this.known.set(of, Promise.resolve(layout));
    await this.store.writeSidecar(fileOf(of), [encodeLayout(layout)]).catch(notMissed);
  }

  private async read(of: AnalysisUnit): Promise<ItemLayout | undefined> {
    const bytes = await this.store.readSidecar(fileOf(of)).catch(notMissed);
    return bytes && decodeLayout(bytes);
  }
}

function fileOf(of: AnalysisUnit): string {
  return `layout-${of}`;
}
