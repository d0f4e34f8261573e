// Builds the parts that commands and the sidebar work with. The engine is not started here.
import * as vscode from 'vscode';
import { Comparison } from './comparison.ts';
import { Configuration } from './configuration.ts';
import { CursorTarget } from './cursorTarget.ts';
import { CurrentFile } from './currentFile.ts';
import type { DocumentPaths } from './documentPaths.ts';
import { EngineProcess } from './engineProcess.ts';
import { problemMessage } from './errorMessages.ts';
import { FileStore } from './fileStore.ts';
import { JobFollowing } from './followedJobs.ts';
import { isOptedIn } from './indexScope.ts';
import { IndexController } from './indexController.ts';
import { LanguageModels } from './languageModels.ts';
import { MapPanel } from './mapPanel.ts';
import { PlaceOpener } from './placeOpener.ts';
import { ReadyVectors } from './readyVectors.ts';
import { RecentChanges } from './recentChanges.ts';
import { modelOf } from './remote/endpoint.ts';
import { Keys } from './remote/keys.ts';
import { SendConsent } from './remote/sendConsent.ts';
import { sendDialogs } from './remote/sendDialogs.ts';
import { Sending } from './remote/sending.ts';
import { Spending } from './remote/spending.ts';
import { shownProblem } from './shownProblem.ts';
import { problemOf } from './problems.ts';
import { SearchController } from './searchController.ts';
import { WorkspaceSearchMode } from './searchMode.ts';
import { ShownAnalysis } from './shownAnalysis.ts';
import type { Services } from './services.ts';
import { SidebarProvider } from './sidebar/sidebarProvider.ts';
import { viewHandlers } from './sidebar/viewRequests.ts';
import { SimilarFollower } from './similarFollower.ts';
import { findByMeaning, findSimilar, type QueryPorts } from './similarQuery.ts';
import { ViewModel } from './viewModel.ts';
import { engineConfig, importFolder, WindowState } from './windowState.ts';
import type { World } from './world.ts';

export interface Built {
  readonly services: Services;
  readonly window: WindowState;
  readonly secrets: vscode.SecretStorage;
}

export function createServices(context: vscode.ExtensionContext): Built {
  const { l10n } = vscode;
  const file = (...parts: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const resources = { distFolder: file('dist'), modelsFolder: file('media', 'models') };
  const log = vscode.window.createOutputChannel('Vectorscope', { log: true });
  const configuration = new Configuration();
  const window: WindowState = new WindowState(() => index.scope);
  const world = (): World => window.world();
  const paths = (): DocumentPaths => window.paths;
  const storage = { workspace: context.storageUri ?? context.globalStorageUri, global: context.globalStorageUri };
  const engine: EngineProcess = new EngineProcess({
    entry: file('dist', 'engine.js'),
    args: [JSON.stringify(resources)],
    config: async () => engineConfig(configuration.settings, window, storage, await sending.remote()),
    log,
  });
  const changed = (): void => model.changed();
  const showsWorkspace = (): boolean => window.imported === undefined;
  const mayRead = (): boolean =>
    vscode.workspace.isTrusted && showsWorkspace() && window.paths.roots.length > 0 && sending.mayCatchUp();
  const index: IndexController = new IndexController(engine, context.workspaceState, mayRead, log, changed);
  const sending: Sending = new Sending({
    engine,
    keys: new Keys(context.secrets),
    consent: new SendConsent(context.workspaceState),
    dialogs: sendDialogs,
    settings: () => configuration.settings,
    scope: () => {
      const { scope } = index;
      if (!isOptedIn(scope)) return undefined;
      return scope.workspace ? {} : { paths: scope.paths, asked: 'named' };
    },
    catchUp: () => void index.goOn(),
  });
  const query: QueryPorts = { engine, world, l10n };
  const explain = (error: unknown): string => {
    const problem = problemOf(error);
    log.warn(`query: ${String(error)}`);
    return problemMessage(l10n, problem).text;
  };
  const cursor = new CursorTarget(paths, () => similar.cursorMoved(false));
  const top = (): number => configuration.settings.resultCount;
  const similar: SimilarFollower = new SimilarFollower({
    look: (mode) => (mode === 'next' ? cursor.lookAtDocument() : cursor.look()),
    where: () => cursor.where(),
    find: (target, { top: count, filter }, signal) => findSimilar(query, target, count, filter, signal),
    explain,
    top,
    follows: () => configuration.settings.followCursor,
    changed,
  });
  const searchMode = new WorkspaceSearchMode(
    context.workspaceState,
    () => configuration.settings.searchMode,
    showsWorkspace,
  );
  const search = new SearchController({
    find: (text, filter, signal) =>
      findByMeaning(query, text, filter, { top: top(), mode: searchMode.current }, signal),
    mode: () => searchMode.current,
    explain,
    changed,
  });
  const changes = new RecentChanges();
  const currentFile = new CurrentFile(paths);
  const languageModels = new LanguageModels(changed);
  const model = new ViewModel({
    world,
    similar: () => similar.view(),
    search: () => search.view(),
    imageRoots: () => sidebar.imageRoots(paths().roots),
    currentPath: () => currentFile.path(),
    changes: () => changes.list(),
    canNameClusters: () => languageModels.available,
    halted: () => index.halted && showsWorkspace(),
    modelSetting: () => modelOf(configuration.settings),
    remoteHost: () => (showsWorkspace() ? sending.endpoint?.host : undefined),
    problem: () => shownProblem(l10n, window.status, showsWorkspace() ? sending : undefined),
  });
  const opener = new PlaceOpener(paths, () => model.snippets);
  const mapPanel = new MapPanel(context.extensionUri, () => services);
  const services: Services = {
    log,
    engine,
    configuration,
    index,
    similar,
    search,
    searchMode,
    model,
    cursor,
    opener,
    comparison: new Comparison(engine, (texts) => sending.permit({ texts })),
    sending,
    spending: new Spending(engine),
    jobs: new JobFollowing(new FileStore(vscode.Uri.joinPath(storage.workspace, 'followed-jobs.json').fsPath)),
    changes,
    languageModels,
    readyVectors: new ReadyVectors({ engine, window, folder: importFolder(storage) }),
    sidebar: () => sidebar,
    mapPanel,
    paths,
    world,
    stepping: (on) => void vscode.commands.executeCommand('setContext', 'vectorscope.stepping', on),
    shownAnalysis: new ShownAnalysis(context.workspaceState),
    remembered: { text: undefined },
  };
  const sidebar: SidebarProvider = new SidebarProvider(context.extensionUri, model, (ready) =>
    viewHandlers(services, ready),
  );
  context.subscriptions.push(
    log,
    configuration,
    index,
    similar,
    search,
    model,
    opener,
    sidebar,
    languageModels,
    mapPanel,
  );
  return { services, window, secrets: context.secrets };
}
