// What follows from what: engine events, settings, trust, folders, editors -> index, sidebar, status bar, context keys.
import * as vscode from 'vscode';
import type { EngineStatus, IndexPhase } from '../protocol/engineApi.ts';
import type { Built } from './createServices.ts';
import { followLeftJobs } from './commands/embedByJob.ts';
import { openDocuments, watchEditors } from './editorChanges.ts';
import { isCancelled } from '../engine/errors.ts';
import { isOptedIn } from './indexScope.ts';
import { knownStatus } from './knownStatus.ts';
import { crashNotice, mendedNotice } from './notices.ts';
import { tellProblem } from './notify.ts';
import { isAnalysisTab } from './commands/showAnalysis.ts';
import { isKeySecret } from './remote/keys.ts';
import { engineSettingsDiffer } from './settings.ts';
import { StatusBar } from './statusBar.ts';
import { UnsavedEditors } from './unsavedEditors.ts';
import { watchWorkspace } from './workspaceChanges.ts';
import { mayFindUnsaved } from './world.ts';

/** The start-up scan waits for the window to settle. */
const START_UP_DELAY_MS = 1_500;
/** Changes by another window are gathered this long before the search is asked again. */
const SEARCH_AGAIN_MS = 500;

export function react({ services, window, secrets }: Built): vscode.Disposable {
  const { engine, index, similar, search, model, configuration, log } = services;
  const statusBar = new StatusBar();
  const quietly = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => isCancelled(error) || log.warn(String(error)));
  };
  const show = (): void => {
    statusBar.update(window.world(), index.halted);
    model.changed();
  };
  const unsaved = new UnsavedEditors({
    mayTell: () => mayFindUnsaved(window.world()),
    tell: (text) => engine.request('unsaved', text),
    open: () => openDocuments(services.paths()),
    warn: (message) => log.warn(message),
  });
  const listSnippets = (): Promise<void> =>
    engine.request('keptSnippets', undefined).then((kept) => model.setSnippets(kept));
  services.readyVectors.onChange = () => {
    unsaved.tellAll();
    similar.reset();
    show();
    if (window.world().hasSnippets) quietly(listSnippets());
    else model.setSnippets([]);
    quietly(search.refresh());
    if (window.imported) return;
    quietly(index.catchUp());
    quietly(followLeftJobs(services));
  };
  const reconfigure = async (): Promise<void> => {
    await engine.configure();
    unsaved.tellAll();
    await Promise.all([index.catchUp(), similar.refresh(), search.refresh()]);
  };

  engine.on('state', (state) => {
    window.engineState = state;
    if (state === 'idle' || state === 'down') {
      setContextKeys('idle', window.status?.phase);
      window.status = undefined;
    }
    if (state === 'running' && window.world().hasSnippets) {
      quietly(listSnippets());
    }
    if (state === 'running') unsaved.tellAll();
    show();
  });
  engine.on('status', (told) => {
    const before = window.status;
    const status = knownStatus(told, before);
    window.status = status;
    const mended = mendedNotice(vscode.l10n, status.mended, isReadOnly(status));
    const toldBefore = before && mendedNotice(vscode.l10n, before.mended, isReadOnly(before));
    if (mended !== undefined && mended !== toldBefore) model.setNotice(mended);
    setContextKeys(status.phase, before?.phase);
    show();
    // The window that wrote was closed, or a full disk has room: what changed meanwhile is this one's to embed.
    const tookOver = before && isReadOnly(before) && told.space && !isReadOnly(told);
    if (tookOver) quietly(index.catchUp());
    if (isBusy(before) && !isBusy(status)) quietly(Promise.all([similar.refresh(), search.refresh()]));
  });
  engine.on('indexed', (paths) => {
    services.changes.note(paths);
    model.changed();
    unsaved.indexed(paths);
    similar.indexed();
    // The end of a run refreshes the search; what another window writes has no end that is told here.
    if (!isBusy(window.status)) searchAgain ??= setTimeout(refreshSearch, SEARCH_AGAIN_MS);
  });
  engine.on('reconfigured', () => index.endRuns());
  engine.on('crashed', ({ returns }) => model.setNotice(crashNotice(vscode.l10n, returns, isBusy(window.status))));
  model.on('changed', (snapshot) => {
    const { tab } = services.sidebar();
    const { hits } = tab === 'search' ? snapshot.search : snapshot.similar;
    setContext('vectorscope.hasHits', hits.length > 0 || isAnalysisTab(tab));
    setContext('vectorscope.optedIn', snapshot.optedIn);
    setContext('vectorscope.remote', snapshot.remote);
    setContext('vectorscope.imported', snapshot.imported !== undefined);
    statusBar.update(window.world(), index.halted);
  });

  let sidebarVisible = false;
  let searchAgain: NodeJS.Timeout | undefined;
  const refreshSearch = (): void => {
    searchAgain = undefined;
    quietly(search.refresh());
  };
  // Who asks only now has a run of his own, whose end is told.
  const isAskedFor = isOptedIn(index.scope);
  const startUp = setTimeout(() => {
    configuration.reload();
    if (isAskedFor) quietly(index.catchUp());
    quietly(followLeftJobs(services));
    quietly(services.readyVectors.removeLeftovers());
  }, START_UP_DELAY_MS);
  show();
  noteSelection();
  return vscode.Disposable.from(
    statusBar,
    new vscode.Disposable(() => {
      clearTimeout(startUp);
      clearTimeout(searchAgain);
    }),
    configuration.onProblem((problem) => tellProblem({ code: 'bad-setting', details: { ...problem } })),
    configuration.onDidChange(({ before, after }) => {
      if (engineSettingsDiffer(before, after)) {
        index.endRuns(); // what may be sent to one model may not to another
        quietly(reconfigure());
      } else quietly(similar.refresh());
      if (before.searchMode !== after.searchMode) quietly(search.refresh());
      if (after.followCursor && !before.followCursor) similar.cursorMoved(true);
    }),
    secrets.onDidChange(({ key }) => {
      if (isKeySecret(key)) quietly(reconfigure());
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('http')) quietly(reconfigure());
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      window.reloadFolders();
      quietly(reconfigure());
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      configuration.reload();
      quietly(reconfigure());
    }),
    watchWorkspace(services.paths, (paths) => index.filesChanged(paths)),
    services.mapPanel.onDidChangeVisibility((visible) => similar.setVisible(visible || sidebarVisible)),
    watchEditors(services.paths, unsaved),
    services.sidebar().onDidChangeVisibility((visible) => {
      sidebarVisible = visible;
      similar.setVisible(visible || services.mapPanel.visible);
      if (!visible) services.stepping(false);
    }),
    vscode.window.onDidChangeActiveTextEditor(() => {
      noteSelection();
      similar.cursorMoved(false);
      model.changed(); // the current file
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (textEditor !== vscode.window.activeTextEditor) return;
      noteSelection();
      similar.cursorMoved(kind !== undefined && kind !== COMMAND);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const isActive = document === vscode.window.activeTextEditor?.document;
      if (isActive && contentChanges.length > 0) similar.cursorMoved(true);
    }),
  );
}

const { Command: COMMAND } = vscode.TextEditorSelectionChangeKind;

function isBusy(status: EngineStatus | undefined): boolean {
  return status !== undefined && status.phase !== 'idle';
}

function isReadOnly({ readOnlyBecausePid, readOnlyBecauseErrno }: EngineStatus): boolean {
  return readOnlyBecausePid !== undefined || readOnlyBecauseErrno !== undefined;
}

function setContextKeys(phase: IndexPhase, before: IndexPhase | undefined): void {
  if (phase === before) return;
  setContext('vectorscope.indexing', phase === 'scanning' || phase === 'embedding');
  setContext('vectorscope.paused', phase === 'paused');
}

/** For the sidebar's toolbar: VS Code's own `editorHasSelection` holds only inside the editor. */
function noteSelection(): void {
  setContext('vectorscope.hasSelection', vscode.window.activeTextEditor?.selection.isEmpty === false);
}

const contexts = new Map<string, boolean>();

/** Tells VS Code a context key when it differs from what was told. */
function setContext(key: string, value: boolean): void {
  if (contexts.get(key) === value) return;
  contexts.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}
