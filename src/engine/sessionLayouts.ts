// The layouts of one session: made once for a structure, in a thread; the last one is kept beside the index, so that a map stays what it was
// when the index changes a little or VS Code is started again. Invariant: without it, or with a damaged one, there is a map all the
// same. Cost: see layoutOf.ts; 16 bytes an item on disk.
import type { Analysed, AnalysedStore, Analyst } from './analysis/analyst.ts';
import { needsVectors, type ItemLayout, type LaidOut } from './analysis/layout/itemLayout.ts';
import { decodeLayout, encodeLayout } from './analysis/layout/layoutFile.ts';
import { itemId } from './analysis/layout/seededBits.ts';
import { SharedWork } from './analysis/sharedWork.ts';
import type { Structure } from './analysis/structure.ts';
import { notMissed } from './errors.ts';
import type { AnalysisUnit } from './model.ts';

export class SessionLayouts {
  private readonly made = new WeakMap<Structure, SharedWork<LaidOut>>();
  private readonly last = new Map<AnalysisUnit, ItemLayout>();

  constructor(
    private readonly store: AnalysedStore,
    private readonly analyst: Analyst,
  ) {}

  /** Throws `cancelled`. */
  of(analysed: Analysed, signal: AbortSignal | undefined): Promise<LaidOut> {
    const { structure } = analysed;
    let work = this.made.get(structure);
    if (!work || work.isGivenUp) {
      const made: SharedWork<LaidOut> = new SharedWork((stop) =>
        this.layOut(analysed, stop).catch((error: unknown) => {
          if (this.made.get(structure) === made) this.made.delete(structure); // to be tried again
          throw error;
        }),
      );
      this.made.set(structure, made);
      work = made;
    }
    return work.join(signal);
  }

  private async layOut({ items, graph }: Analysed, signal: AbortSignal): Promise<LaidOut> {
    const earlier = this.last.get(items.of) ?? (await this.load(items.of));
    const ids = Float64Array.from(items.keys, itemId);
    const values = needsVectors(ids, earlier) ? await this.analyst.rowsOf(this.analyst.now(items), signal) : undefined;
    const vectors = values && { values, dimension: this.store.table.dimension };
    const laidOut = await this.analyst.run('layout', { ids, graph, vectors, earlier }, signal);
    this.last.set(items.of, laidOut.layout);
    if (!isSame(ids, earlier?.ids)) await this.save(items.of, laidOut.layout);
    return laidOut;
  }

  private async load(of: AnalysisUnit): Promise<ItemLayout | undefined> {
    const bytes = await this.store.readSidecar(`layout-${of}`).catch(notMissed);
    return bytes && decodeLayout(bytes);
  }

  private async save(of: AnalysisUnit, layout: ItemLayout): Promise<void> {
    await this.store.writeSidecar(`layout-${of}`, encodeLayout(layout)).catch(notMissed);
  }
}

function isSame(ids: Float64Array, others: Float64Array | undefined): boolean {
  return ids.length === others?.length && ids.every((id, i) => id === others[i]);
}
