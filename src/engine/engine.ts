// The facade: the only thing that host, CLI and tests call. Invariant: one run at a time; searching works while one runs.
// Cost: nothing is opened before it is needed; then the index in memory plus the model's own processes.
import path from 'node:path';
import type {
  ConnectionTest,
  CoveragePage,
  EngineConfig,
  EngineRequests,
  EngineResources,
  EngineStatus,
  Example,
  IndexSummary,
  JobEstimate,
  JobInfo,
  JobRows,
  KeptSnippetInfo,
  ModelInfo,
  PruneItem,
  RepairResult,
  SearchResult,
  SendEstimate,
  SimilarResult,
  SpaceStatus,
  VerifyResult,
} from '../protocol/engineApi.ts';
import { IMPORTED } from './embed/imported/importedEmbedder.ts';
import { listDashScopeModels } from './embed/dashscope/listModels.ts';
import { findDashScopeModel } from './embed/dashscope/catalogue.ts';
import { listModels } from './embed/local/catalogue.ts';
import { testConnection } from './embed/remote/remoteEmbedder.ts';
import { EngineError, throwIfAborted, toEngineError } from './errors.ts';
import type { CoverageEntry, SpendRow } from './model.ts';
import { compareTexts, embedTexts, similarTo } from './queries.ts';
import { readVectors, storeVectors } from './importing/importVectors.ts';
import { searchByText } from './textSearch.ts';
import { estimateSending } from './estimate.ts';
import { noteIndex } from './indexRegistry.ts';
import { JobBoard } from './jobBoard.ts';
import { handOutJobRows, writeJobRows } from './jobOutput.ts';
import { finishRepair, repairSpaces, verifyAll } from './maintenance.ts';
import { listPrunable, prune } from './prune.ts';
import { openLedger, openRemoteContext, type RemoteContext } from './remoteContext.ts';
import { IndexRun } from './run.ts';
import { embedderOptions, openSession, type Session } from './session.ts';
import { keepSnippet, keptSnippets } from './snippets.ts';
import type { Source } from './source/source.ts';
import { createSource } from './source/workspaceSource.ts';
import { namesIn, nodeFileSystem } from './store/durableFiles.ts';
import { isSameSpace, removeSpace, spacesIn, type SpaceOnDisk } from './store/spaces.ts';
import { openedStorages, unopenedStorages } from './store/storages.ts';
import type { StoreChange } from './store/store.ts';
import { StatusBoard } from './statusBoard.ts';
import { RunPower, type PowerOptions } from './runPower.ts';
import { autoModelFor, isAuto } from './autoModel.ts';
import { wholeIndexAnswers } from './answers/wholeIndex.ts';
import { whyNot } from './coverage.ts';
import { UnsavedDocuments } from './unsaved.ts';
import { CoveragePages } from './coveragePages.ts';

export interface EngineOptions {
  readonly resources: EngineResources;
  onStatus(status: EngineStatus): void;
  onIndexed(paths: readonly string[]): void;
  /** Tests pass their own. */
  readonly power?: PowerOptions;
}

type Params<K extends keyof EngineRequests> = EngineRequests[K]['params'];

export function createEngine(options: EngineOptions): Engine {
  return new Engine(options);
}

export class Engine {
  private config: EngineConfig | undefined;
  private source: Source | undefined;
  /** The session that answers queries. */
  private opening: Promise<Session> | undefined;
  private session: Session | undefined;
  private remote: RemoteContext | undefined;
  private jobBoard: JobBoard | undefined;
  private run: IndexRun | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  /** How often the user (or a change of settings) stopped what was under way. */
  private stops = 0;
  private importing: AbortController | undefined;
  private readonly pages = new CoveragePages();
  private readonly board: StatusBoard;
  private readonly power: RunPower;
  private readonly editors = new UnsavedDocuments((paths) => this.options.onIndexed(paths));
  /** Clusters, outliers, duplicates, recommendations and the map. */
  readonly wholeIndex = wholeIndexAnswers({
    open: () => this.openIndexed(),
    source: () => this.sourceNow(),
    config: () => this.configNow(),
  });

  constructor(private readonly options: EngineOptions) {
    this.board = new StatusBoard(
      (status) => options.onStatus(status),
      () => this.remote?.status(),
      () => this.jobBoard?.active,
    );
    this.power = new RunPower((onBattery) => this.board.update({ onBattery }), options.power);
  }

  /** Opens nothing. Changing the model, the folders or the storage ends a run under way. */
  async configure(config: EngineConfig): Promise<EngineStatus> {
    if (JSON.stringify(config) !== JSON.stringify(this.config)) {
      this.remote?.giveUp();
      await this.stop();
      await this.turn.catch(() => undefined);
      this.editors.clear();
      await this.closeSession();
      await this.jobBoard?.close();
      await this.remote?.close();
      const changed = (): void => this.board.refresh();
      this.remote = config.remote && (await openRemoteContext(config, config.remote, changed));
      const { storageFolder } = config;
      this.jobBoard = new JobBoard({ storageFolder, remote: this.remote, changed });
      this.config = config;
      this.power.configure(config.background);
      const statEntry = path.join(this.options.resources.distFolder, 'stat.js');
      this.source = createSource(config.roots, { ...config, images: readsImages(config), statEntry });
      this.board.update({ modelSetting: config.model, problem: undefined }); // what was wrong may be right now
      // What an earlier process left goes on; a folder that can't be read says so when its jobs are listed.
      if (config.remote?.provider === 'dashscope') void this.jobBoard.resumeAll().catch(() => undefined);
    }
    return this.board.snapshot();
  }

  status(): EngineStatus {
    return this.board.snapshot();
  }

  index(params: Params<'index'>, signal?: AbortSignal): Promise<IndexSummary> {
    const stopsBefore = this.stops;
    const assertNotStopped = (): void => {
      if (this.stops !== stopsBefore) throw new EngineError('cancelled');
    };
    const result = this.turn.then(() => {
      assertNotStopped();
      return this.indexNow(params, assertNotStopped, signal);
    });
    this.turn = result.catch(() => undefined);
    return result;
  }

  pause(): void {
    this.run?.pause();
  }

  resume(): void {
    this.power.goOn();
    this.run?.resume();
  }

  /** Ends the run under way; runs that wait for their turn reject with `cancelled`. */
  async stop(): Promise<void> {
    this.stops++;
    this.importing?.abort();
    await this.run?.stop();
  }

  async clear(): Promise<void> {
    await this.stop();
    await this.turn;
    const { store } = await this.open();
    await store.clear();
    await removeSpace(await unopenedStorages(this.configNow()), store.space);
    await noteIndex(this.configNow(), Date.now());
    this.board.refresh();
  }

  async verify(): Promise<VerifyResult> {
    return verifyAll(this.configNow());
  }

  async repair(): Promise<RepairResult> {
    const config = this.configNow();
    const before = this.opening;
    const repaired = this.stop().then(async () => {
      await this.turn;
      await before?.catch(() => undefined);
      this.opening = opened; // a run that ended just now may have put its own session there
      await this.endSession(this.session);
      return repairSpaces(config, this.options.resources, this.remote?.options);
    });
    // Whoever asks from now on waits: opening the index is what comes after, whatever came of it.
    const opened = repaired.then(
      () => this.openNow(),
      () => this.openNow(),
    );
    this.opening = opened;
    opened.catch(() => (this.opening = undefined)); // told to whoever asks next
    const result = await finishRepair(await repaired, await opened);
    this.board.measureAgain();
    return result;
  }

  async prunable(): Promise<readonly PruneItem[]> {
    const config = this.configNow();
    // Opening would make an index where there is none.
    if ((await namesIn(nodeFileSystem, config.storageFolder)).length === 0) return [];
    return listPrunable(config, (await this.open()).store);
  }

  async prune({ ids }: Params<'prune'>): Promise<{ freed: number }> {
    if (ids.length === 0) return { freed: 0 };
    await this.stop();
    await this.turn;
    const { store } = await this.open();
    const freed = await prune(this.configNow(), store, ids);
    this.board.measureAgain();
    return { freed };
  }

  /** In its turn, as a run is: `configure` and `stop` end it first. */
  importVectors(params: Params<'importVectors'>, signal?: AbortSignal): Promise<IndexSummary> {
    const stopping = (this.importing = new AbortController());
    const either = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])]);
    const result = this.turn
      .then(() => this.importNow(params, either))
      .finally(() => this.board.update({ importing: undefined }));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async search(params: Params<'search'>, signal?: AbortSignal): Promise<SearchResult> {
    return searchByText(await this.openIndexed(), params, signal);
  }

  async similar(params: Params<'similar'>, signal?: AbortSignal): Promise<SimilarResult> {
    const session = await this.openIndexed();
    return similarTo(session, this.sourceNow(), params.example, params.top, params.filter, signal);
  }

  async compare({ a, b }: Params<'compare'>, signal?: AbortSignal): Promise<EngineRequests['compare']['result']> {
    return compareTexts(await this.open(), this.sourceNow(), a, b, signal);
  }

  async embed({ texts, output }: Params<'embed'>, signal?: AbortSignal): Promise<EngineRequests['embed']['result']> {
    return embedTexts(await this.open(), texts, output ?? 'dense', signal);
  }

  async estimate(params: Params<'estimate'>, signal?: AbortSignal): Promise<SendEstimate> {
    const remote = this.remote;
    if (!remote) throw new EngineError('bad-request', { request: 'estimate', reason: 'nothing is sent anywhere' });
    return estimateSending(await this.open(), this.sourceNow(), this.configNow(), remote.status(), params, signal);
  }

  testConnection(): Promise<ConnectionTest> {
    const config = this.configNow();
    if (!this.remote)
      throw new EngineError('bad-request', { request: 'testConnection', reason: 'nothing is sent anywhere' });
    const { options } = this.remote;
    return testConnection(embedderOptions(config, config.model, this.options.resources, options), options);
  }

  async spending(): Promise<readonly SpendRow[]> {
    return (this.remote?.options.ledger ?? (await openLedger(this.configNow()))).rows();
  }

  jobs(): Promise<readonly JobInfo[]> {
    return this.jobsNow().list();
  }

  estimateJob(params: Params<'estimateJob'>): Promise<JobEstimate> {
    return this.jobsNow().estimate(params);
  }

  submitJob(params: Params<'submitJob'>): Promise<readonly JobInfo[]> {
    return this.jobsNow().submit(params);
  }

  resumeJob({ id }: Params<'resumeJob'>): Promise<JobInfo> {
    return this.jobsNow().resume(id);
  }

  waitForJobs({ ids }: Params<'waitForJobs'>, signal?: AbortSignal): Promise<readonly JobInfo[]> {
    return this.jobsNow().wait(ids, signal);
  }

  cancelJob({ id }: Params<'cancelJob'>): Promise<JobInfo> {
    return this.jobsNow().cancel(id);
  }

  jobRows({ id, start, count }: Params<'jobRows'>): Promise<JobRows> {
    return handOutJobRows(this.configNow().storageFolder, id, start, count);
  }

  writeJobRows({ ids, file }: Params<'writeJobRows'>, signal?: AbortSignal): Promise<void> {
    return writeJobRows(this.configNow().storageFolder, ids, file, signal);
  }

  async keepSnippet(
    { example }: { example: Example & { text: string } },
    signal?: AbortSignal,
  ): Promise<KeptSnippetInfo> {
    const info = await keepSnippet(await this.open(), this.sourceNow(), example, signal);
    this.changed([info.path]);
    return info;
  }

  async keptSnippets(): Promise<readonly KeptSnippetInfo[]> {
    return keptSnippets((await this.open()).store);
  }

  async removeSnippet({ path }: Params<'removeSnippet'>): Promise<void> {
    const { store } = await this.open();
    if (!store.documents.get(path)?.kept && !store.salvaged.has(path))
      throw new EngineError('file-not-found', { path });
    await store.removeDocuments([path]);
    this.changed([path]);
  }

  async coverage(): Promise<readonly CoverageEntry[]> {
    return (await this.open()).store.coverage().sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async coveragePage(query: Params<'coveragePage'>): Promise<CoveragePage> {
    return this.pages.page((await this.open()).store, query);
  }

  async unsaved(params: Params<'unsaved'>): Promise<boolean> {
    if (this.configNow().remote) return false;
    return this.editors.tell(await this.open(), this.sourceNow(), params);
  }

  async whyNot({ path }: Params<'whyNot'>): Promise<CoverageEntry> {
    return whyNot((await this.open()).store, this.sourceNow(), path);
  }

  async spaces(): Promise<readonly SpaceStatus[]> {
    const onDisk = await spacesIn(openedStorages(this.configNow()));
    if (onDisk.length === 0) return [];
    const active = (await this.open()).store;
    return onDisk.map(({ space, documents, chunks, bytes }) =>
      isSameSpace(active.space, space)
        ? { space, active: true, documents: active.documents.size, chunks: active.table.count, bytes }
        : { space, active: false, documents, chunks, bytes },
    );
  }

  async models(): Promise<readonly ModelInfo[]> {
    return [...(await listModels(this.options.resources.modelsFolder)), ...listDashScopeModels()];
  }

  /** Ends a run, writes what is pending and ends the model's processes. */
  async close(): Promise<void> {
    this.remote?.giveUp();
    await this.stop();
    await this.turn;
    await this.closeSession();
    await this.jobBoard?.close();
    await this.remote?.close();
    this.board.close();
  }

  // ---- the run ------------------------------------------------------------------------------------------------------

  private async importNow({ file, ...columns }: Params<'importVectors'>, signal: AbortSignal): Promise<IndexSummary> {
    throwIfAborted(signal);
    const config = this.configNow();
    if (config.model !== IMPORTED) throw new EngineError('bad-setting', { setting: 'model', value: config.model, allowed: IMPORTED }); // prettier-ignore
    const began = performance.now();
    const onShare = (importing: number): void => this.board.update({ importing });
    const rows = await readVectors(file, columns, { signal, onShare });
    throwIfAborted(signal);
    this.config = { ...config, dimension: rows.dimension };
    await this.closeSession();
    try {
      const summary = await storeVectors((await this.open()).store, file, rows, signal);
      await this.removeSpaces(({ space }) => space.dimension !== rows.dimension);
      this.board.update({ problem: undefined });
      this.board.measureAgain();
      return { ...summary, seconds: (performance.now() - began) / 1000 };
    } catch (error) {
      // Whoever asks next is answered from the earlier import.
      this.config = config;
      await this.closeSession();
      await this.removeSpaces(({ documents }) => documents === 0).catch(() => undefined);
      throw error;
    }
  }

  private async removeSpaces(isGone: (space: SpaceOnDisk) => boolean): Promise<void> {
    const storages = openedStorages(this.configNow());
    for (const found of await spacesIn(storages)) if (isGone(found)) await removeSpace(storages, found.space);
  }

  private async indexNow(
    params: Params<'index'>,
    assertNotStopped: () => void,
    signal?: AbortSignal,
  ): Promise<IndexSummary> {
    const config = this.configNow();
    if (config.model === IMPORTED) throw new EngineError('no-model');
    const serving = await this.open();
    assertNotStopped(); // while it opened there was no run to stop
    const run = new IndexRun({
      config,
      resources: this.options.resources,
      remote: this.remote,
      manners: this.power.manners,
      jobs: this.jobsNow(),
      source: this.sourceNow(),
      board: this.board,
      serving,
      onIndexed: (paths) => this.changed(paths),
      onStoreChange: (change) => this.followed(change),
      adopt: (session) => this.replaceSession(session),
    });
    const stop = (): void => void run.stop();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    this.run = run;
    this.power.begin(run);
    try {
      const summary = await run.start(params);
      this.board.update({ lastIndex: summary, problem: undefined });
      return summary;
    } catch (error) {
      const { code, details } = toEngineError(error);
      // Neither a stop nor a refusal to read secrets says anything about the index.
      const refused = code === 'cancelled' || code === 'security-file';
      this.board.update({ problem: refused ? undefined : { code, details } });
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.run = undefined;
      this.power.end();
      this.board.finish();
      this.workAhead();
    }
  }

  private changed(paths: readonly string[]): void {
    this.board.refresh();
    this.options.onIndexed(paths);
  }

  /** Another process changed the index, or this one writes it from now on (or no longer). */
  private followed({ paths, role }: StoreChange): void {
    if (role) this.board.forgetLocked();
    this.board.measureAgain();
    if (paths.length > 0) this.options.onIndexed(paths);
  }

  // ---- the session --------------------------------------------------------------------------------------------------

  private open(): Promise<Session> {
    this.opening ??= this.openNow().catch((error: unknown) => {
      this.opening = undefined;
      const { code, details } = toEngineError(error);
      this.board.update({ problem: { code, details } });
      throw error;
    });
    return this.opening;
  }

  private async openNow(): Promise<Session> {
    const config = await this.withImportedDimension(this.configNow());
    const model = isAuto(config) ? autoModelFor(config, await spacesIn(openedStorages(config))) : config.model;
    const followed = (change: StoreChange): void => this.followed(change);
    const { resources } = this.options;
    const { manners } = this.power;
    const session = await openSession(config, model, resources, this.remote?.options, followed, manners);
    this.session = session;
    this.board.attach(session);
    this.editors.follow(session, this.sourceNow());
    this.workAhead();
    return session;
  }

  /** Only the index itself knows how long imported vectors are. */
  private async withImportedDimension(config: EngineConfig): Promise<EngineConfig> {
    if (config.model !== IMPORTED || config.dimension !== undefined) return config;
    const known = (await spacesIn(openedStorages(config))).find(({ space }) => space.provider === IMPORTED);
    return known ? { ...config, dimension: known.space.dimension } : config;
  }

  private workAhead(): void {
    this.session?.words.workAhead(() => this.run !== undefined);
  }

  private async openIndexed(): Promise<Session> {
    const session = await this.open();
    if (session.store.table.count === 0) throw new EngineError('index-empty');
    return session;
  }

  private async replaceSession(session: Session): Promise<void> {
    const old = this.session;
    this.session = session;
    this.opening = Promise.resolve(session);
    this.board.attach(session);
    this.editors.follow(session, this.sourceNow());
    await old?.close();
    // Opened before it was known that the workspace holds CJK text: nothing was ever in it.
    if (old?.store.documents.size === 0) await removeSpace(openedStorages(this.configNow()), old.store.space);
  }

  private async closeSession(): Promise<void> {
    const session = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    await this.endSession(session);
  }

  private async endSession(session: Session | undefined): Promise<void> {
    this.session = undefined;
    this.board.detach();
    await session?.close();
  }

  private configNow(): EngineConfig {
    if (!this.config) throw new EngineError('bad-request', { request: 'any', reason: 'configure comes first' });
    return this.config;
  }

  private jobsNow(): JobBoard {
    this.configNow();
    if (!this.jobBoard) throw new EngineError('bad-request', { request: 'any', reason: 'configure comes first' });
    return this.jobBoard;
  }

  private sourceNow(): Source {
    this.configNow();
    if (!this.source) throw new EngineError('bad-request', { request: 'any', reason: 'configure comes first' });
    return this.source;
  }
}

function readsImages({ remote, model }: EngineConfig): boolean {
  return remote?.provider === 'dashscope' && findDashScopeModel(model)?.input === 'multimodal';
}
