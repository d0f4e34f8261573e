// What this VS Code window is: its folders, trust, and the engine's newest status.
import path from 'node:path';
import * as vscode from 'vscode';
import type { NetworkConfig, RemoteConfig } from '../engine/model.ts';
import type { EngineConfig, EngineStatus } from '../protocol/engineApi.ts';
import { DocumentPaths, rootsOf } from './documentPaths.ts';
import type { EngineState } from './engineProcess.ts';
import { IMPORTED } from '../engine/embed/imported/importedEmbedder.ts';
import { isOptedIn, type IndexScope } from './indexScope.ts';
import type { LookedAt } from './readyVectors.ts';
import type { Settings } from './settings.ts';
import { sharedStorage } from './sharedStorage.ts';
import type { World } from './world.ts';

export class WindowState {
  private folders = readPaths();
  private table: (LookedAt & { readonly nth: number; readonly paths: DocumentPaths }) | undefined;
  private imports = 0;
  status: EngineStatus | undefined;
  engineState: EngineState = 'idle';

  constructor(private readonly scope: () => IndexScope) {}

  /** The table whose ready vectors are looked at instead of the workspace. */
  get imported(): LookedAt | undefined {
    return this.table;
  }

  set imported(at: LookedAt | undefined) {
    const paths = at && new DocumentPaths([{ folder: path.dirname(at.file), prefix: '' }]);
    this.table = paths && { ...at, nth: ++this.imports, paths };
  }

  get paths(): DocumentPaths {
    return this.table?.paths ?? this.folders;
  }

  /** The folders of the workspace changed. */
  reloadFolders(): void {
    this.folders = readPaths();
  }

  world(): World {
    const scope = this.scope();
    return {
      hasFolder: this.paths.roots.length > 0,
      virtual: (vscode.workspace.workspaceFolders ?? []).length > 0 && this.paths.roots.length === 0,
      trusted: vscode.workspace.isTrusted,
      optedIn: this.table !== undefined || isOptedIn(scope),
      hasSnippets: this.table === undefined && scope.snippets,
      ...(this.table && { imported: { name: path.basename(this.table.file), nth: this.table.nth } }),
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

/** Where ready vectors lie while they are looked at. */
export function importFolder({ workspace }: StorageFolders): string {
  return path.join(workspace.fsPath, 'imported');
}

/** All that the engine is told. */
export function engineConfig(
  settings: Settings,
  { paths, imported }: Pick<WindowState, 'paths' | 'imported'>,
  storage: StorageFolders,
  remote: RemoteConfig | undefined,
): EngineConfig {
  return {
    ...(remote && !imported && { remote, network: networkConfig() }),
    spendFolder: vscode.Uri.joinPath(storage.global, 'spending').fsPath,
    registryFolder: vscode.Uri.joinPath(storage.global, 'registry').fsPath,
    workspaceName: imported?.file ?? workspaceName(),
    roots: paths.roots,
    storageFolder: imported?.folder ?? path.join(sharedStorage(storage.workspace.fsPath), 'index'),
    model: imported ? IMPORTED : settings.model,
    ...(settings.dimension !== null && !imported && { dimension: settings.dimension }),
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
