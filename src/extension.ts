// Composition root: builds the parts, wires them, disposes them. The engine is not started here.
import * as vscode from 'vscode';
import { registerCommands } from './host/commands/table.ts';
import { COMPARE_SCHEME } from './host/comparison.ts';
import { createServices } from './host/createServices.ts';
import type { EngineProcess, EngineState } from './host/engineProcess.ts';
import { MAP_PANEL_TYPE } from './host/mapPanel.ts';
import { SPENDING_SCHEME } from './host/remote/spending.ts';
import { react } from './host/reactions.ts';
import { SIDEBAR_ID } from './host/sidebar/sidebarProvider.ts';
import type { Channel } from './protocol/rpc.ts';
import type { ViewSnapshot } from './protocol/viewApi.ts';

/** What `activate` returns, for tests. */
export interface VectorscopeApi {
  /** What `activate` took, and what of that this process computed: on a busy machine others had their turn. */
  readonly activation: { readonly ms: number; readonly cpuMs: number };
  /** The engine's process; `pid` is undefined while none runs. */
  engine(): { readonly state: EngineState; readonly pid: number | undefined };
  snapshot(): ViewSnapshot;
  /** Speaks to the host as the sidebar's page does. */
  connectView(channel: Channel): vscode.Disposable;
}

let engine: EngineProcess | undefined;

export function activate(context: vscode.ExtensionContext): VectorscopeApi {
  const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
  const built = createServices(context);
  const { services } = built;
  engine = services.engine;
  context.subscriptions.push(
    react(built),
    registerCommands(services),
    vscode.window.registerWebviewViewProvider(SIDEBAR_ID, services.sidebar()),
    vscode.window.registerWebviewPanelSerializer(MAP_PANEL_TYPE, services.mapPanel),
    vscode.workspace.registerTextDocumentContentProvider(COMPARE_SCHEME, services.comparison),
    vscode.workspace.registerTextDocumentContentProvider(SPENDING_SCHEME, services.spending),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const activation = { ms: performance.now() - started, cpuMs: (user + system) / 1000 };
  services.log.info(`activated in ${activation.ms.toFixed(1)} ms`);
  return {
    activation,
    engine: () => ({ state: services.engine.state, pid: services.engine.pid }),
    snapshot: () => services.model.snapshot(),
    connectView: (channel) => services.sidebar().connect(channel),
  };
}

/** VS Code waits for the engine's end for a few seconds. */
export async function deactivate(): Promise<void> {
  await engine?.dispose();
}
