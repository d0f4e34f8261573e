// Temporary workspaces and engines for tests; everything is removed when the test's `after` calls `remove`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EngineConfig, EngineStatus } from '../../src/protocol/engineApi.ts';
import { distFolder, modelsFolder } from './paths.ts';

export interface TestWorkspace {
  readonly folder: string;
  readonly storageFolder: string;
  write(name: string, text: string | Uint8Array): string;
  remove(): void;
}

export function createWorkspace(files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-test-')));
  const folder = path.join(root, 'workspace');
  fs.mkdirSync(folder);
  const write = (name: string, text: string | Uint8Array): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    folder,
    storageFolder: path.join(root, 'index'),
    write,
    remove: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

export interface TestEngine {
  readonly engine: Engine;
  readonly statuses: EngineStatus[];
  readonly indexed: string[];
}

export async function startEngine(workspace: TestWorkspace, settings: Partial<EngineConfig> = {}): Promise<TestEngine> {
  const statuses: EngineStatus[] = [];
  const indexed: string[] = [];
  const engine = createEngine({
    resources: { distFolder, modelsFolder },
    onStatus: (status) => statuses.push(status),
    onIndexed: (paths) => indexed.push(...paths),
  });
  await engine.configure({
    roots: [{ folder: workspace.folder, prefix: '' }],
    storageFolder: workspace.storageFolder,
    model: 'minilm',
    include: [],
    exclude: [],
    maxFileBytes: 1024 * 1024,
    maxConcurrency: 0,
    language: 'en',
    ...settings,
  });
  return { engine, statuses, indexed };
}

/** Polls until the condition holds; fails after `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
