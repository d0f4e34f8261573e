// What this VS Code window is: its folders, trust, and the engine's newest status.
import * as vscode from 'vscode';
import type { EngineConfig, EngineStatus } from '../protocol/engineApi.ts';
import { DocumentPaths, rootsOf } from './documentPaths.ts';
import type { EngineState } from './engineProcess.ts';
import { isOptedIn, type IndexScope } from './indexScope.ts';
import type { Settings } from './settings.ts';
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

/** All that the engine is told. `storage` is the folder that VS Code keeps for this workspace. */
export function engineConfig(settings: Settings, paths: DocumentPaths, storage: vscode.Uri): EngineConfig {
  return {
    roots: paths.roots,
    storageFolder: vscode.Uri.joinPath(storage, 'index').fsPath,
    model: settings.model,
    ...(settings.dimension !== null && { dimension: settings.dimension }),
    include: settings.include,
    exclude: settings.exclude,
    maxFileBytes: settings.maxFileSizeKb * 1024,
    maxConcurrency: settings.maxConcurrency,
    language: vscode.env.language,
  };
}

function readPaths(): DocumentPaths {
  return new DocumentPaths(rootsOf(vscode.workspace.workspaceFolders ?? []));
}
