// What the user agreed to send from this workspace, by endpoint and model, and his budget; remembered with the workspace. No
// `vscode` here. Invariant: nothing counts as agreed to that no sheet has shown.
import { isInScope, NO_SCOPE, type ScopeStore } from '../indexScope.ts';

/** Texts that the user asks about; these files and folders; the whole workspace. The last two include those before them. */
export type Reach = 'texts' | readonly string[] | 'workspace';

const AGREED = 'vectorscope.sending';
const BUDGET = 'vectorscope.budget';

export class SendConsent {
  constructor(private readonly store: ScopeStore) {}

  /** Whether texts may go there, and for `model` up to this reach. */
  allows(origin: string, model: string, reach: Reach): boolean {
    const models = this.read()[origin] ?? {};
    if (reach === 'texts') return Object.keys(models).length > 0;
    return models[model] === 'workspace' || (reach !== 'workspace' && this.allowsByName(origin, model, reach));
  }

  /** Whether a sheet named all of these paths, or folders that hold them. */
  allowsByName(origin: string, model: string, asked: readonly string[]): boolean {
    const paths = pathsOf(this.read()[origin]?.[model]);
    return asked.every((path) => isInScope({ ...NO_SCOPE, paths }, path));
  }

  async agree(origin: string, model: string, reach: Reach): Promise<void> {
    if (this.allows(origin, model, reach)) return;
    const all = this.read();
    const value = typeof reach === 'string' ? reach : [...pathsOf(all[origin]?.[model]), ...reach];
    await this.store.update(AGREED, { ...all, [origin]: { ...all[origin], [model]: value } });
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

function pathsOf(agreed: unknown): string[] {
  return Array.isArray(agreed) ? agreed.filter((path) => typeof path === 'string') : [];
}
