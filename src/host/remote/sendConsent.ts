// What the user agreed to send from this workspace, by endpoint and model, and his budget; remembered with the workspace. No
// `vscode` here. Invariant: nothing counts as agreed to that no sheet has shown.
import type { ScopeStore } from '../indexScope.ts';

/** Texts that the user asks about; files and folders that he names; the whole workspace. Each includes those before it. */
export type Reach = 'texts' | 'paths' | 'workspace';

const ORDER: readonly unknown[] = ['texts', 'paths', 'workspace'] satisfies Reach[];
const AGREED = 'vectorscope.sending';
const BUDGET = 'vectorscope.budget';

export class SendConsent {
  constructor(private readonly store: ScopeStore) {}

  /** Whether texts may go there, and for `model` up to this reach. */
  allows(origin: string, model: string, reach: Reach): boolean {
    const models = this.read()[origin] ?? {};
    if (reach === 'texts') return Object.keys(models).length > 0;
    return ORDER.indexOf(models[model]) >= ORDER.indexOf(reach);
  }

  async agree(origin: string, model: string, reach: Reach): Promise<void> {
    if (this.allows(origin, model, reach)) return;
    const all = this.read();
    await this.store.update(AGREED, { ...all, [origin]: { ...all[origin], [model]: reach } });
  }

  /** In the currency of the catalogue. */
  get budget(): number | undefined {
    const value = this.store.get(BUDGET);
    return typeof value === 'number' && value > 0 ? value : undefined;
  }

  async setBudget(budget: number | undefined): Promise<void> {
    await this.store.update(BUDGET, budget);
  }

  private read(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    const value = this.store.get(AGREED);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([, models]) => typeof models === 'object' && models !== null),
    );
  }
}
