// What the suites in the extension host share: the extension's API, answers to its questions, and a page that speaks its
// protocol.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../../src/extension.ts';
import { Rpc } from '../../../src/protocol/rpc.ts';
import type { HostEvents, ViewRequests } from '../../../src/protocol/viewApi.ts';

export async function activated(): Promise<VectorscopeApi> {
  const extension = vscode.extensions.getExtension<VectorscopeApi>('vectorscope.vectorscope');
  assert.ok(extension, 'the extension is installed');
  return await extension.activate();
}

export function run(name: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`vectorscope.${name}`, ...args);
}

/** Opens a file of the example workspace, with these lines (from 1) selected. */
export async function openExample(path: string, lines?: readonly [number, number]): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(exampleUri(path));
  if (lines) editor.selection = new vscode.Selection(lines[0] - 1, 0, lines[1], 0);
  return editor;
}

export function exampleUri(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

export interface Said {
  readonly text: string;
  readonly buttons: readonly string[];
}

type Window = { -readonly [K in keyof typeof vscode.window]: (typeof vscode.window)[K] };

/** Stands in for the user: notes messages, presses `press`, and picks with `pick`. VS Code shows no toasts to tests. */
export class User {
  readonly said: Said[] = [];
  readonly picks: (readonly vscode.QuickPickItem[])[] = [];
  press: string | undefined;
  pick: (items: readonly vscode.QuickPickItem[]) => vscode.QuickPickItem | undefined = () => undefined;
  private readonly original: Partial<Window> = {};

  arrive(): void {
    const window = vscode.window as Window;
    const { showInformationMessage, showWarningMessage, showQuickPick } = window;
    Object.assign(this.original, { showInformationMessage, showWarningMessage, showQuickPick });
    const show = (text: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
      const buttons = rest.filter((button) => typeof button === 'string');
      this.said.push({ text, buttons });
      return Promise.resolve(buttons.find((button) => button === this.press));
    };
    window.showInformationMessage = show;
    window.showWarningMessage = show;
    window.showQuickPick = (async (
      items: Thenable<readonly vscode.QuickPickItem[]> | readonly vscode.QuickPickItem[],
    ) => {
      const shown = await items;
      this.picks.push(shown);
      return this.pick(shown);
    }) as unknown as typeof window.showQuickPick;
  }

  leave(): void {
    Object.assign(vscode.window, this.original);
  }

  forget(): void {
    this.said.length = 0;
    this.picks.length = 0;
    this.press = undefined;
    this.pick = () => undefined;
  }
}

type Page = Rpc<Record<string, never>, ViewRequests, Record<string, never>, HostEvents>;

/** A page of the sidebar without a webview. `send` posts any message; `replies` holds what came back. */
export function openPage(api: VectorscopeApi): {
  readonly page: Page;
  readonly send: (message: unknown) => void;
  readonly replies: readonly unknown[];
  readonly close: () => void;
} {
  let toHost: (message: unknown) => void = () => undefined;
  let toPage: (message: unknown) => void = () => undefined;
  const replies: unknown[] = [];
  const connection = api.connectView({
    post: (message) => {
      const cloned: unknown = structuredClone(message);
      replies.push(cloned);
      toPage(cloned);
    },
    onMessage: (listener) => (toHost = listener),
  });
  const page: Page = new Rpc({
    handlers: {},
    channel: { post: (message) => toHost(structuredClone(message)), onMessage: (listener) => (toPage = listener) },
  });
  return { page, send: (message) => toHost(message), replies, close: () => void connection.dispose() };
}

export async function until(condition: () => boolean, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
