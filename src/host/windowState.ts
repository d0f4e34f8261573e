// What this VS Code window is: its folders, trust, and the engine's newest status.
import path from 'node:path';
import * as vscode from 'vscode';
import type { NetworkConfig, RemoteConfig } from '../engine/model.ts';
import type { EngineConfig, EngineStatus } from '../protocol/engineApi.ts';
import { DocumentPaths, rootsOf } from './documentPaths.ts';
import type { EngineState } from './engineProcess.ts';
import { isOptedIn, type IndexScope } from './indexScope.ts';
import type { Settings } from './settings.ts';
import { sharedStorage } from './sharedStorage.ts';
import type { World } from './world.ts';

export class WindowState {
  paths = readPaths();
  status: EngineStatus | undefined;
  engineState: EngineState = 'idle';

  constructor(private readonly scope: () => IndexScope) {}

  /** The folders of the workspace changed. */
  reloadFolders(): void {
    this.paths = readPaths();
  }

  world(): World {
    const scope = this.scope();
    return {
      hasFolder: this.paths.roots.length > 0,
      virtual: (vscode.workspace.workspaceFolders ?? []).length > 0 && this.paths.roots.length === 0,
      trusted: vscode.workspace.isTrusted,
      optedIn: isOptedIn(scope),
      hasSnippets: scope.snippets,
      engineState: this.engineState,
      status: this.status,
    };
  }
}

/** Folders that VS Code keeps for this workspace, and for all of them. */
export interface StorageFolders {
  readonly workspace: vscode.Uri;
  readonly global: vscode.Uri;
}

/** All that the engine is told. */
export function engineConfig(
  settings: Settings,
  paths: DocumentPaths,
  storage: StorageFolders,
  remote: RemoteConfig | undefined,
): EngineConfig {
  return {
    ...(remote && { remote, network: networkConfig() }),
    spendFolder: vscode.Uri.joinPath(storage.global, 'spending').fsPath,
    registryFolder: vscode.Uri.joinPath(storage.global, 'registry').fsPath,
    workspaceName: workspaceName(),
    roots: paths.roots,
    storageFolder: path.join(sharedStorage(storage.workspace.fsPath), 'index'),
    model: settings.model,
    ...(settings.dimension !== null && { dimension: settings.dimension }),
    include: settings.include,
    exclude: settings.exclude,
    maxFileBytes: settings.maxFileSizeKb * 1024,
    maxConcurrency: settings.maxConcurrency,
    vectorMemoryBytes: settings.vectorMemoryMb * 2 ** 20,
    background: { onBattery: settings.onBattery },
    language: vscode.env.language,
  };
}

/** As the editor itself reaches the network. */
function networkConfig(): NetworkConfig {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy', '').trim();
  const noProxy = http.get<readonly string[]>('noProxy', []);
  return {
    ...(proxy !== '' && { proxy }),
    ...(noProxy.length > 0 && { noProxy }),
    strictSsl: http.get<boolean>('proxyStrictSSL', true),
  };
}

/** Two folders of one name are two workspaces: the spending of each is its own. */
function workspaceName(): string {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const uris = workspaceFile?.scheme === 'file' ? [workspaceFile] : workspaceFolders.map(({ uri }) => uri);
  return uris.map((uri) => (uri.scheme === 'file' ? uri.fsPath : uri.toString())).join(', ') || '-';
}

function readPaths(): DocumentPaths {
  return new DocumentPaths(rootsOf(vscode.workspace.workspaceFolders ?? []));
}
