// The map in an editor tab: one panel a window, restored with the window. It is served as the sidebar's page is, but what it opens goes
// beside it, never over it. Hidden, it is thrown away by VS Code and says `ready` again when it is shown.
import * as vscode from 'vscode';
import { EngineError } from '../engine/errors.ts';
import { Rpc, type Handlers } from '../protocol/rpc.ts';
import type { HostEvents, ViewEvents, ViewRequests, ViewSnapshot } from '../protocol/viewApi.ts';
import type { Services } from './services.ts';
import { checkViewRequest } from './sidebar/checkViewRequest.ts';
import { pageHtml, resourceRoots } from './sidebar/html.ts';
import { openPlace, viewHandlers } from './sidebar/viewRequests.ts';

export const MAP_PANEL_TYPE = 'vectorscope.map';

export class MapPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly visibility = new vscode.EventEmitter<boolean>();
  readonly onDidChangeVisibility = this.visibility.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly services: () => Services,
  ) {}

  get visible(): boolean {
    return this.panel?.visible === true;
  }

  /** Opens it, or brings it to the front. */
  show(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const title = vscode.l10n.t('Embedding Map');
    this.serve(vscode.window.createWebviewPanel(MAP_PANEL_TYPE, title, vscode.ViewColumn.Active));
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panel) panel.dispose();
    else this.serve(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
    this.visibility.dispose();
  }

  private serve(panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const { model } = this.services();
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'activity.svg');
    webview.options = { enableScripts: true, localResourceRoots: resourceRoots(this.extensionUri) };
    let isReady = false;
    const rpc = new Rpc<ViewRequests, Record<string, never>, HostEvents, ViewEvents>({
      channel: {
        post: (message) => void webview.postMessage(message),
        onMessage: (listener) => webview.onDidReceiveMessage(listener),
      },
      check: checkViewRequest,
      handlers: this.handlers(panel, () => {
        isReady = true;
      }),
    });
    const push = (snapshot: ViewSnapshot): void => {
      if (isReady && panel.visible) rpc.emit('snapshot', snapshot);
    };
    model.on('changed', push);
    panel.onDidChangeViewState(() => {
      this.visibility.fire(panel.visible);
      model.changed(); // what it missed while it was hidden
    });
    panel.onDidDispose(() => {
      model.off('changed', push);
      rpc.close(new EngineError('cancelled'));
      this.panel = undefined;
      this.visibility.fire(false);
    });
    webview.html = pageHtml(webview, this.extensionUri, 'map');
    this.visibility.fire(true);
  }

  private handlers(panel: vscode.WebviewPanel, ready: () => void): Handlers<ViewRequests> {
    const services = this.services();
    return {
      ...viewHandlers(services, ready),
      showTab: ({ tab }) => services.sidebar().reveal(tab, true),
      open: ({ place, mode }) => openPlace(services, place, mode, besides(panel)),
    };
  }
}

/** The group of editors that what the map opens goes to: another one that there is, else a new one. */
function besides(panel: vscode.WebviewPanel): vscode.ViewColumn {
  const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== panel.viewColumn);
  const withText = others.find(({ activeTab }) => activeTab?.input instanceof vscode.TabInputText);
  return (withText ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
