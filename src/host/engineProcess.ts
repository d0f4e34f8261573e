// The engine's own process: started on first need, configured, started again after a crash, ended with the host. No
// `vscode` here. Invariant: every request settles; one that was under way when the engine died is asked again. An engine that answers
// nothing any more is ended, as if it had died.
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EngineError, isCancelled } from '../engine/errors.ts';
import type { EngineConfig, EngineEvents, EngineRequests, EngineStatus } from '../protocol/engineApi.ts';
import { Rpc } from '../protocol/rpc.ts';
import { CrashHistory } from './crashHistory.ts';
import { HostError } from './problems.ts';
import { watchForSilence } from './silence.ts';

/** As in ViewSnapshot. */
export type EngineState = 'idle' | 'starting' | 'running' | 'restarting' | 'down';

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface EngineOptions {
  /** dist/engine.js */
  readonly entry: string;
  readonly args: readonly string[];
  /** May have to ask the editor for a key. */
  readonly config: () => EngineConfig | Promise<EngineConfig>;
  readonly log: Log;
  /** Tests pass their own. */
  readonly crashes?: CrashHistory;
  /** Tests are less patient. */
  readonly silenceMs?: number;
}

type EngineRpc = Rpc<Record<string, never>, EngineRequests, Record<string, never>, EngineEvents>;

interface Connection {
  readonly child: ChildProcess;
  readonly rpc: EngineRpc;
  configured: Promise<EngineStatus>;
  /** It answered something or stored a document: a crash now is no crash loop. */
  useful: boolean;
  /** It was ended because it answered nothing any more. */
  silent: boolean;
}

interface Events {
  state: [EngineState];
  status: [EngineStatus];
  indexed: [readonly string[]];
  /** The engine is about to hear of other settings, which end what is under way. */
  reconfigured: [];
  /** The engine ended by itself; `returns` tells whether it comes back. */
  crashed: [{ readonly returns: boolean }];
}

/** Its longest step without a turn for others takes a small part of a second. */
const SILENCE_MS = 30_000;
/** What somebody looks at a screen for; the log tells of one that takes longer. */
const SOON_ANSWERED: ReadonlySet<keyof EngineRequests> = new Set([
  'search',
  'similar',
  'compare',
  'whyNot',
  'pause',
  'resume',
]);
const LATE_MS = 15_000;
/** How long a shutdown may take before the process is killed. */
const SHUTDOWN_MS = 3_000;
/** A question that was under way at this many ends of the engine is not asked again; a run goes on where it was. */
const MAX_ATTEMPTS = 4;

export class EngineProcess extends EventEmitter<Events> {
  state: EngineState = 'idle';
  private connection: Connection | undefined;
  /** The newest configuration that an engine was told. */
  private told: EngineConfig | undefined;
  private restartTimer: NodeJS.Timeout | undefined;
  private wake: (() => void)[] = [];
  private disposed = false;
  private readonly crashes: CrashHistory;

  constructor(private readonly options: EngineOptions) {
    super();
    this.crashes = options.crashes ?? new CrashHistory();
  }

  get pid(): number | undefined {
    return this.connection?.child.pid;
  }

  /**
   * Asks the engine, starting it when needed, and again where it ended or other settings came, if the same is sent to
   * the same service under them. Rejects with its EngineError, `cancelled`, or HostError `engine-down`.
   */
  async request<K extends keyof EngineRequests>(
    name: K,
    params: EngineRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<EngineRequests[K]['result']> {
    let told: EngineConfig | undefined;
    for (let attempt = 1; ; attempt++) {
      const connection = await this.connect(signal);
      const waits = { for: 'its configuration' };
      const late = SOON_ANSWERED.has(name) && setTimeout(() => this.options.log.info(`engine: '${name}' still waits for ${waits.for}`), LATE_MS).unref(); // prettier-ignore
      try {
        await connection.configured;
        const before = told;
        told = this.told;
        if (before && told && sendElsewhere(before, told)) throw new EngineError('cancelled');
        waits.for = 'its answer';
        const result = await connection.rpc.request(name, params, signal);
        if (name !== 'status') connection.useful = true;
        return result;
      } catch (error) {
        if (signal?.aborted) throw new EngineError('cancelled');
        const lives = this.connection === connection;
        // Whoever asks for a run knows whether it may go on.
        if (lives && name !== 'index' && isCancelled(error) && told !== this.told) continue;
        if (lives || this.disposed || (attempt >= MAX_ATTEMPTS && name !== 'index')) throw error;
        this.options.log.info(`engine: asking '${name}' again`);
      } finally {
        if (late) clearTimeout(late);
      }
    }
  }

  /** Tells a running engine the newest configuration; one that is not running hears it when it starts. */
  async configure(): Promise<void> {
    const connection = this.connection;
    if (!connection) return;
    // One after the other, so that the newest configuration is the last one told.
    connection.configured = connection.configured.then(
      () => this.tellConfig(connection.rpc),
      () => this.tellConfig(connection.rpc),
    );
    connection.configured.catch(() => undefined); // told to whoever asks next
    await connection.configured;
  }

  /** Starts an engine that was given up, or replaces a running one. */
  async restart(): Promise<void> {
    this.crashes.forget();
    await this.end();
    this.setState('idle');
    this.release();
    await this.request('status', undefined);
  }

  /** Ends the engine for good. */
  async dispose(): Promise<void> {
    this.disposed = true;
    this.release();
    await this.end();
  }

  private async connect(signal: AbortSignal | undefined): Promise<Connection> {
    while (!this.connection) {
      if (this.disposed || signal?.aborted) throw new EngineError('cancelled');
      if (this.state === 'down') throw new HostError('engine-down');
      if (this.state === 'restarting') await this.restarted(signal);
      else this.start();
    }
    return this.connection;
  }

  /** Resolves when the wait for the next start is over, or when the signal fires. */
  private restarted(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.wake.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private release(): void {
    clearTimeout(this.restartTimer);
    this.restartTimer = undefined;
    for (const resolve of this.wake.splice(0)) resolve();
  }

  private start(): void {
    const { entry, args, log } = this.options;
    const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    delete env['NODE_OPTIONS']; // a debugger's options for the extension host are not the engine's
    const child = fork(entry, args, {
      env,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    logLines(child.stdout, (line) => log.info(`engine: ${line}`));
    logLines(child.stderr, (line) => log.warn(`engine: ${line}`));
    const rpc: EngineRpc = new Rpc({
      handlers: {},
      channel: {
        // A message that finds the channel closed needs no answer: `exit` settles everything under way.
        post: (message) => {
          if (child.connected) child.send(message as object, () => undefined);
        },
        onMessage: (listener) => child.on('message', listener),
      },
    });
    rpc.on('status', (status) => this.emit('status', status));
    const connection: Connection = { child, rpc, configured: this.tellConfig(rpc), useful: false, silent: false };
    rpc.on('indexed', ({ paths }) => {
      connection.useful = true;
      this.emit('indexed', paths);
    });
    const endWatch = watchForSilence({
      isAwaited: () => rpc.isWaiting,
      ask: () => rpc.request('ping', undefined),
      afterMs: this.options.silenceMs ?? SILENCE_MS,
      onSilent: () => {
        log.error('engine: it answers nothing any more');
        connection.silent = true;
        child.kill('SIGKILL');
      },
    });
    this.connection = connection;
    this.setState(this.state === 'restarting' ? 'restarting' : 'starting');
    connection.configured.then(
      (status) => {
        if (this.connection !== connection) return;
        this.setState('running');
        this.emit('status', status);
      },
      (error: unknown) => {
        log.warn(`engine: configure failed: ${String(error)}`);
        if (this.connection === connection) this.setState('running'); // it lives, and a better setting can follow
      },
    );
    child.once('error', (error) => {
      endWatch();
      log.error(`engine: ${error.message}`);
      this.ended(connection, 'error');
    });
    child.once('exit', endWatch);
    child.once('exit', (code, signal) => this.ended(connection, signal ?? `code ${code ?? '?'}`));
    log.info(`engine: started, process ${child.pid ?? '?'}`);
  }

  private async tellConfig(rpc: EngineRpc): Promise<EngineStatus> {
    const config = await this.options.config();
    const before = this.told;
    this.told = config;
    const changed = before ? changedKeys(before, config) : [];
    if (changed.length > 0) {
      this.options.log.info(`engine: other settings: ${changed.join(', ')}`);
      this.emit('reconfigured');
    }
    return await rpc.request('configure', config);
  }

  private ended(connection: Connection, how: string): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    const delayMs = this.disposed ? undefined : this.crashes.record(Date.now(), connection.useful, connection.silent);
    this.setState(this.disposed ? 'idle' : delayMs === undefined ? 'down' : 'restarting');
    connection.rpc.close(new EngineError('child-died', { code: how, signal: how }));
    if (this.disposed) return;
    this.options.log.error(`engine: ended (${how}); ${delayMs === undefined ? 'given up' : `again in ${delayMs} ms`}`);
    this.emit('crashed', { returns: delayMs !== undefined });
    if (delayMs === undefined) {
      this.release();
      return;
    }
    this.restartTimer = setTimeout(() => {
      this.start();
      this.release();
    }, delayMs);
  }

  /** Ends the process that runs now, kindly at first. */
  private async end(): Promise<void> {
    this.release();
    const connection = this.connection;
    if (!connection) return;
    this.connection = undefined;
    const { child, rpc } = connection;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_MS);
    await Promise.race([rpc.request('shutdown', undefined).catch(() => undefined), exited]);
    rpc.close(new EngineError('cancelled'));
    child.kill();
    await exited;
    clearTimeout(timer);
  }

  private setState(state: EngineState): void {
    if (this.state === state) return;
    this.state = state;
    this.emit('state', state);
  }
}

/** What was asked under one may not be asked again under the other: it would go to another model or service. */
function sendElsewhere(a: EngineConfig, b: EngineConfig): boolean {
  return changedKeys(a, b).some((key) => key === 'remote' || key === 'model' || key === 'dimension');
}

/** Names, no values: a key is among them. */
function changedKeys(a: EngineConfig, b: EngineConfig): string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof EngineConfig>;
  return [...keys].filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

function logLines(stream: Readable | null, log: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', log);
}
