// The life of the sidebar: resolves its page, answers its requests, pushes snapshots while it is visible. A hidden page is
// thrown away by VS Code and says `ready` again when it is shown, which brings it the newest snapshot.
import * as vscode from 'vscode';
import type { HostEvents, ImageRoot, ViewEvents, ViewRequests, ViewSnapshot, ViewTab } from '../../protocol/viewApi.ts';
import { EngineError } from '../../engine/errors.ts';
import { Rpc, type Channel, type Handlers } from '../../protocol/rpc.ts';
import type { Root } from '../documentPaths.ts';
import type { ViewModel } from '../viewModel.ts';
import { checkViewRequest } from './checkViewRequest.ts';
import { pageHtml, resourceRoots } from './html.ts';

export const SIDEBAR_ID = 'vectorscope.sidebar';

type ViewRpc = Rpc<ViewRequests, Record<string, never>, HostEvents, ViewEvents>;
/** Made for each page, so that a handler knows which page asks. */
export type MakeHandlers = (ready: (tab: ViewTab) => void) => Handlers<ViewRequests>;

export class SidebarProvider implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  /** Pages that said `ready`. */
  private readonly pages = new Set<ViewRpc>();
  private revealWhenReady: HostEvents['reveal'] | undefined;
  private readonly visibility = new vscode.EventEmitter<boolean>();
  readonly onDidChangeVisibility = this.visibility.event;
  /** The tab shown last. */
  tab: ViewTab = 'similar';

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly model: ViewModel,
    private readonly makeHandlers: MakeHandlers,
  ) {
    model.on('changed', this.push);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    this.view = view;
    webview.options = { enableScripts: true, localResourceRoots: resourceRoots(this.extensionUri) };
    const page = this.connect({
      post: (message) => void webview.postMessage(message),
      onMessage: (listener) => webview.onDidReceiveMessage(listener),
    });
    view.onDidChangeVisibility(() => this.visibility.fire(view.visible));
    view.onDidDispose(() => {
      page.dispose();
      this.view = undefined;
      this.visibility.fire(false);
    });
    webview.html = pageHtml(webview, this.extensionUri, 'sidebar');
    this.visibility.fire(true);
  }

  /** Serves a page over any channel (tests speak the protocol without a page). */
  connect(channel: Channel): vscode.Disposable {
    const rpc: ViewRpc = new Rpc({
      channel,
      check: checkViewRequest,
      handlers: this.makeHandlers((tab) => {
        this.tab = tab;
        this.pages.add(rpc);
        const reveal = this.revealWhenReady;
        this.revealWhenReady = undefined;
        // After the answer to `ready`, so that the page knows its words first.
        if (reveal) setTimeout(() => rpc.emit('reveal', reveal), 0);
      }),
    });
    return new vscode.Disposable(() => {
      this.pages.delete(rpc);
      rpc.close(new EngineError('cancelled'));
    });
  }

  /** The folders of the workspace as addresses of the page, undefined while there is none. */
  imageRoots(roots: readonly Root[]): readonly ImageRoot[] | undefined {
    const webview = this.view?.webview;
    return webview && roots.map(({ folder, prefix }) => ({ prefix, uri: addressOf(webview, folder) }));
  }

  /** Shows the view with a tab; `focus` also moves the keyboard there. */
  async reveal(
    tab: ViewTab,
    focus: boolean,
    more: Pick<HostEvents['reveal'], 'files' | 'thisFile'> = {},
  ): Promise<void> {
    const wasVisible = this.view?.visible === true;
    this.tab = tab;
    const reveal = { tab, focus, ...more };
    if (!wasVisible) this.revealWhenReady = reveal;
    if (this.view && !focus) this.view.show(true);
    else await vscode.commands.executeCommand(`${SIDEBAR_ID}.focus`, { preserveFocus: !focus });
    if (wasVisible) this.emit('reveal', reveal);
  }

  /** Steps through the hits of the tab shown. */
  step(by: 1 | -1): void {
    this.emit('step', { by });
  }

  dispose(): void {
    this.model.off('changed', this.push);
    this.visibility.dispose();
    for (const rpc of this.pages) rpc.close(new EngineError('cancelled'));
  }

  private readonly push = (snapshot: ViewSnapshot): void => {
    this.emit('snapshot', snapshot);
  };

  private emit<K extends keyof HostEvents>(name: K, payload: HostEvents[K]): void {
    for (const rpc of this.pages) rpc.emit(name, payload);
  }
}

/** Without a slash at its end. */
function addressOf(webview: vscode.Webview, folder: string): string {
  return webview.asWebviewUri(vscode.Uri.file(folder)).toString().replace(/\/$/, '');
}
