// Whether texts may leave the machine, asked in the right order: a key, a first look at the service, the sheet. No `vscode` here:
// the dialogs are a port. Invariant: `permit` is called by commands of the user only, so nothing that happens by itself asks.
import { findDashScopeModel } from '../../engine/embed/dashscope/catalogue.ts';
import { estimateTokens } from '../../engine/embed/remote/tokenEstimate.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Spend } from '../../engine/model.ts';
import type { ConnectionTest, EngineRequests, JobInfo, JobTexts, SendEstimate } from '../../protocol/engineApi.ts';
import type { EngineProcess } from '../engineProcess.ts';
import type { Settings } from '../settings.ts';
import { endpointOf, knowsDimension, modelOf, remoteConfig, type Endpoint } from './endpoint.ts';
import type { Keys } from './keys.ts';
import type { Reach, SendConsent } from './sendConsent.ts';
import type { JobToSend, SheetFacts } from './sendSheet.ts';

type RunParams = EngineRequests['estimate']['params'];

/** What a command is about to send. */
export type ToSend =
  | { readonly run: RunParams }
  /** What the user asks about. */
  | { readonly texts: readonly string[] }
  /** Of a file; more than a handful are asked about each time. */
  | { readonly lines: readonly string[] }
  /** A new batch job is asked about each time; one that is at the service already is none. */
  | { readonly job: JobTexts }
  /** A batch job whose rows are sent once more. */
  | { readonly again: JobInfo };

/** As little as a question or two. */
const HANDFUL = { lines: 10, tokens: 2_000 };

export interface SendDialogs {
  /** Undefined: the user backed out. */
  askKey(endpoint: Endpoint): Promise<string | undefined>;
  showSheet(facts: SheetFacts): Promise<'send' | 'budget' | undefined>;
  /** `none`: without one. Undefined: the user backed out. */
  askBudget(now: number | undefined, spent: Spend): Promise<number | 'none' | undefined>;
  /** Shows that something is waited for; its signal fires when the user cancels. */
  waiting<T>(what: 'connection' | 'estimate', host: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export interface SendingPorts {
  readonly engine: Pick<EngineProcess, 'request' | 'configure'>;
  readonly keys: Keys;
  readonly consent: SendConsent;
  readonly dialogs: SendDialogs;
  settings(): Settings;
  /** What the user asked to be kept up to date; undefined for nothing. */
  scope(): RunParams | undefined;
  /** Brings that up to date, now that it may be sent. */
  catchUp(): void;
}

export class Sending {
  constructor(private readonly ports: SendingPorts) {}

  get endpoint(): Endpoint | undefined {
    return endpointOf(this.ports.settings());
  }

  get budget(): number | undefined {
    return this.ports.consent.budget;
  }

  /** The engine's configuration of the service; undefined for models on this computer. */
  async remote(): Promise<ReturnType<typeof remoteConfig> | undefined> {
    const { keys, consent } = this.ports;
    const endpoint = this.endpoint;
    if (!endpoint) return undefined;
    const { origin } = endpoint;
    const agreed = consent.allows(origin, '', 'texts');
    return remoteConfig(this.ports.settings(), endpoint, {
      key: await keys.get(origin),
      consent: agreed,
      budget: consent.budget,
    });
  }

  /** Whether what the user asked for may be brought up to date by itself. */
  mayCatchUp(): boolean {
    const scope = this.ports.scope();
    const endpoint = this.endpoint;
    return !endpoint || !scope || this.ports.consent.allows(endpoint.origin, this.space(), reachOf(scope));
  }

  /** Returns when sending is in order; throws `cancelled` when the user backs out, and what trying the service throws. */
  async permit(toSend: ToSend): Promise<void> {
    const endpoint = this.endpoint;
    if (!endpoint) return;
    await this.needKey();
    if (!this.isAgreed(endpoint, toSend)) await this.ask(endpoint, toSend, false);
  }

  /** Shows the sheet whether or not it was agreed to before. */
  async review(toSend: ToSend): Promise<void> {
    const endpoint = this.endpoint;
    if (!endpoint) return;
    await this.needKey();
    await this.ask(endpoint, toSend, true);
  }

  /** `always`: even when it turns out that nothing would be sent. */
  private async ask(endpoint: Endpoint, toSend: ToSend, always: boolean): Promise<void> {
    const { engine, consent, dialogs } = this.ports;
    const settings = this.ports.settings();
    const job = await this.jobToSend(endpoint, toSend);
    if (job?.jobs === 0) return;
    if (!job && !knowsDimension(settings)) {
      await dialogs.waiting('connection', endpoint.host, () => engine.request('testConnection', undefined));
    }
    // With the first agreement, what was asked for earlier is brought up to date by itself: the sheet must say so.
    const run = 'run' in toSend ? toSend.run : 'texts' in toSend ? this.ports.scope() : undefined;
    const estimate = run && (await this.estimate(endpoint, run));
    const reach = run ? reachOf(run) : 'texts';
    const isPart = 'run' in toSend && consent.allows(endpoint.origin, this.space(), reach);
    if (!always && isPart && estimate?.chunks === 0) return;
    const spent = estimate?.spent ?? (await this.spent());
    for (;;) {
      const pressed = await dialogs.showSheet({
        endpoint,
        model: job?.model ?? modelOf(settings),
        dimension: job ? findDashScopeModel(job.model)?.defaultDimension : (settings.dimension ?? undefined),
        estimate,
        ...(job && { job }),
        texts: 'texts' in toSend ? toSend.texts : 'lines' in toSend ? toSend.lines : [],
        isFile: 'lines' in toSend,
        spent,
        budget: consent.budget,
      });
      if (pressed === undefined) throw new EngineError('cancelled');
      if (pressed === 'send') break;
      await this.askBudget(spent);
    }
    await consent.agree(endpoint.origin, this.space(), reach);
    await engine.configure();
    if ('texts' in toSend && run) this.ports.catchUp();
  }

  /** Whether a sheet has shown it before. */
  private isAgreed({ origin }: Endpoint, toSend: ToSend): boolean {
    const { consent } = this.ports;
    if ('job' in toSend || 'again' in toSend) return false;
    if ('texts' in toSend) return consent.allows(origin, this.space(), 'texts');
    if ('lines' in toSend) return isHandful(toSend.lines) && consent.allows(origin, this.space(), 'texts');
    const { paths, asked } = toSend.run;
    if (!paths) return consent.allows(origin, this.space(), 'workspace');
    // The rules that kept files back from the sheet of the workspace don't hold for files that are named.
    return asked !== 'insisted' && consent.allowsByName(origin, this.space(), paths);
  }

  private async jobToSend({ host }: Endpoint, toSend: ToSend): Promise<JobToSend | undefined> {
    if ('again' in toSend) {
      const { model, rows, tokens } = toSend.again;
      return { model, jobs: 1, ...(rows !== undefined && { rows }), tokens, known: 0 };
    }
    if (!('job' in toSend)) return undefined;
    const { engine, dialogs } = this.ports;
    const { model, jobs, rows, tokens, known } = await dialogs.waiting('estimate', host, (signal) =>
      engine.request('estimateJob', toSend.job, signal),
    );
    return { model, jobs, rows, tokens, known: known.filter(({ isSent }) => isSent).length };
  }

  private estimate({ host }: Endpoint, run: RunParams): Promise<SendEstimate> {
    const { engine, dialogs } = this.ports;
    return dialogs.waiting('estimate', host, (signal) => engine.request('estimate', run, signal));
  }

  /** Asks for the budget; true when it was changed. */
  async changeBudget(): Promise<boolean> {
    if (!(await this.askBudget(await this.spent()))) return false;
    await this.ports.engine.configure();
    return true;
  }

  /** Stores a key after the service took it; a key that it refuses is not kept. Throws what the service says. */
  async tryKey(endpoint: Endpoint, key: string): Promise<ConnectionTest> {
    const { keys, engine, dialogs } = this.ports;
    const before = await keys.get(endpoint.origin);
    await this.storeKey(endpoint, key);
    try {
      return await dialogs.waiting('connection', endpoint.host, () => engine.request('testConnection', undefined));
    } catch (error) {
      if (error instanceof EngineError && error.code === 'key-refused') {
        await (before === undefined ? keys.remove(endpoint.origin) : keys.set(endpoint.origin, before));
        await engine.configure();
      }
      throw error;
    }
  }

  /** Stores a key untried. */
  async storeKey(endpoint: Endpoint, key: string): Promise<void> {
    await this.ports.keys.set(endpoint.origin, key);
    await this.ports.engine.configure();
  }

  async removeKey(endpoint: Endpoint): Promise<void> {
    await this.ports.keys.remove(endpoint.origin);
    await this.ports.engine.configure();
  }

  hasKey(endpoint: Endpoint): Promise<boolean> {
    return this.ports.keys.get(endpoint.origin).then((key) => key !== undefined);
  }

  /** Asks for a key where one is missing: servers of one's own may do without; DashScope never does. */
  async needKey(): Promise<void> {
    const { endpoint } = this;
    if (endpoint?.provider !== 'dashscope' || (await this.hasKey(endpoint))) return;
    const key = await this.ports.dialogs.askKey(endpoint);
    if (key === undefined) throw new EngineError('cancelled');
    await this.tryKey(endpoint, key);
  }

  private async askBudget(spent: Spend): Promise<boolean> {
    const { consent, dialogs } = this.ports;
    const budget = await dialogs.askBudget(consent.budget, spent);
    if (budget === undefined) return false;
    await consent.setBudget(budget === 'none' ? undefined : budget);
    return true;
  }

  private async spent(): Promise<Spend> {
    const { remote } = await this.ports.engine.request('status', undefined);
    return remote?.spend ?? { requests: 0, tokens: 0, images: 0, currency: 'CNY' };
  }

  /** A model's figures are its own, so another model or dimension is another question. */
  private space(): string {
    const settings = this.ports.settings();
    return settings.dimension === null ? modelOf(settings) : `${modelOf(settings)} ${settings.dimension}`;
  }
}

function reachOf({ paths }: RunParams): Reach {
  return paths ?? 'workspace';
}

function isHandful(lines: readonly string[]): boolean {
  return lines.length <= HANDFUL.lines && lines.reduce((sum, line) => sum + estimateTokens(line), 0) <= HANDFUL.tokens;
}
