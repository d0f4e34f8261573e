// Builds the parts that commands and the sidebar work with. The engine is not started here.
import * as vscode from 'vscode';
import { Comparison } from './comparison.ts';
import { Configuration } from './configuration.ts';
import { CursorTarget } from './cursorTarget.ts';
import type { DocumentPaths } from './documentPaths.ts';
import { EngineProcess } from './engineProcess.ts';
import { problemMessage } from './errorMessages.ts';
import { IndexController } from './indexController.ts';
import { PlaceOpener } from './placeOpener.ts';
import { problemOf } from './problems.ts';
import { SearchController } from './searchController.ts';
import type { Services } from './services.ts';
import { SidebarProvider } from './sidebar/sidebarProvider.ts';
import { viewHandlers } from './sidebar/viewRequests.ts';
import { SimilarFollower } from './similarFollower.ts';
import { findByMeaning, findSimilar, type QueryPorts } from './similarQuery.ts';
import { ViewModel } from './viewModel.ts';
import { engineConfig, WindowState } from './windowState.ts';
import type { World } from './world.ts';

export interface Built {
  readonly services: Services;
  readonly window: WindowState;
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
  const engine: EngineProcess = new EngineProcess({
    entry: file('dist', 'engine.js'),
    args: [JSON.stringify(resources)],
    config: () => engineConfig(configuration.settings, window.paths, context.storageUri ?? context.globalStorageUri),
    log,
  });
  const changed = (): void => model.changed();
  const mayRead = (): boolean => vscode.workspace.isTrusted && window.paths.roots.length > 0;
  const index: IndexController = new IndexController(engine, context.workspaceState, mayRead, log, changed);
  const query: QueryPorts = { engine, world, l10n };
  const explain = (error: unknown): string => {
    const problem = problemOf(error);
    log.warn(`query: ${String(error)}`);
    return problemMessage(l10n, problem).text;
  };
  const cursor = new CursorTarget(paths, () => similar.cursorMoved(false));
  const top = (): number => configuration.settings.resultCount;
  const similar: SimilarFollower = new SimilarFollower({
    look: () => cursor.look(),
    where: () => cursor.where(),
    find: (target, count, signal) => findSimilar(query, target, count, signal),
    explain,
    top,
    follows: () => configuration.settings.followCursor,
    changed,
  });
  const search = new SearchController({
    find: (text, filter, signal) => findByMeaning(query, text, filter, top(), signal),
    explain,
    changed,
  });
  const model = new ViewModel({
    world,
    similar: () => similar.view(),
    search: () => search.view(),
    imageRoots: () => sidebar.imageRoots(paths().roots),
    modelSetting: () => configuration.settings.model,
    problem: () => window.status?.problem && problemMessage(l10n, window.status.problem).text,
  });
  const opener = new PlaceOpener(paths, () => model.snippets);
  const services: Services = {
    log,
    engine,
    configuration,
    index,
    similar,
    search,
    model,
    cursor,
    opener,
    comparison: new Comparison(engine),
    sidebar: () => sidebar,
    paths,
    world,
    stepping: (on) => void vscode.commands.executeCommand('setContext', 'vectorscope.stepping', on),
    remembered: { text: undefined },
  };
  const sidebar: SidebarProvider = new SidebarProvider(context.extensionUri, model, (ready) =>
    viewHandlers(services, ready),
  );
  context.subscriptions.push(log, configuration, index, similar, search, model, opener, sidebar);
  return { services, window };
}
