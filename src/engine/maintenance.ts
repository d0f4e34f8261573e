// Verify and Repair over all spaces of a storage folder. Invariant: verifying changes nothing and needs no model; repairing one
// space does not hang on another. Cost: one read of everything that is stored.
import path from 'node:path';
import type {
  EngineConfig,
  EngineResources,
  RepairedSpace,
  RepairResult,
  VerifyResult,
} from '../protocol/engineApi.ts';
import { AUTO_MODELS, isAuto } from './autoModel.ts';
import { createEmbedder } from './embed/createEmbedder.ts';
import type { RemoteOptions } from './embed/embedder.ts';
import { toEngineError } from './errors.ts';
import type { EmbeddingSpace } from './model.ts';
import { embedderOptions, type Session } from './session.ts';
import { restoreSnippets } from './snippets.ts';
import { namesIn, nodeFileSystem } from './store/durableFiles.ts';
import { isDamage, type VerifiedSpace } from './store/indexFindings.ts';
import { repairIndex, type RepairedIndex } from './store/repairIndex.ts';
import { spaceFolderName } from './store/spaces.ts';
import { storagesIn, unopenedStorages } from './store/storages.ts';
import { verifyIndex } from './store/verifyIndex.ts';

/** Throws `storage-failed`. */
export async function verifyAll({ storageFolder }: Pick<EngineConfig, 'storageFolder'>): Promise<VerifyResult> {
  const spaces: VerifiedSpace[] = [];
  for (const storage of await storagesIn(storageFolder)) {
    for (const name of await namesIn(nodeFileSystem, storage)) {
      const space = await verifyFolder(path.join(storage, name));
      const folder = path.relative(storageFolder, path.join(storage, name)).split(path.sep).join('/');
      if (space) spaces.push({ ...space, folder });
    }
  }
  return { spaces, damaged: spaces.some(({ findings }) => findings.some(isDamage)) };
}

/** Undefined for a plain file and for a folder of something else. */
async function verifyFolder(folder: string): Promise<VerifiedSpace | undefined> {
  const stats = await nodeFileSystem.stat(folder).catch(() => undefined);
  return stats?.isDirectory() ? verifyIndex(nodeFileSystem, folder) : undefined;
}

export interface RepairedSpaces {
  readonly spaces: readonly RepairedSpace[];
  /** Of the current space, where it is on disk. */
  readonly current: RepairedIndex | undefined;
}

/**
 * Repairs every space, while none is open here. Throws `index-locked` where another process writes the current one; what goes
 * wrong with another is part of the answer.
 */
export async function repairSpaces(
  config: EngineConfig,
  resources: EngineResources,
  remote: RemoteOptions | undefined,
): Promise<RepairedSpaces> {
  const { storageFolder } = config;
  const candidates = await configuredSpaces(config, resources, remote);
  const unopened = await unopenedStorages(config);
  const spaces: RepairedSpace[] = [];
  let current: RepairedIndex | undefined;
  for (const { folder, findings, space: told } of (await verifyAll(config)).spaces) {
    const configured = candidates.find((one) => spaceFolderName(one) === path.posix.basename(folder));
    const inUse = configured && !unopened.includes(path.dirname(path.join(storageFolder, folder)));
    const space = configured ?? told;
    const before = { folder, findings, lost: 0, setAside: [], ...(space && { space }) };
    if (!space) {
      spaces.push(before);
      continue;
    }
    try {
      const repaired = await repairIndex(nodeFileSystem, path.join(storageFolder, folder), space);
      if (inUse) current = merge(current, repaired);
      spaces.push({ ...before, lost: repaired.lost.length, setAside: repaired.setAside });
    } catch (error) {
      if (inUse) throw error;
      const { code, details } = toEngineError(error);
      spaces.push({ ...before, problem: { code, details } });
    }
  }
  return { spaces, current };
}

/** `auto` may have filled two spaces; which of them answers is decided when it is opened. */
function merge(one: RepairedIndex | undefined, other: RepairedIndex): RepairedIndex {
  if (!one) return other;
  return {
    lost: [...one.lost, ...other.lost],
    setAside: [...one.setAside, ...other.setAside],
  };
}

/** The spaces that the configuration may mean: they are known without their manifests. */
async function configuredSpaces(
  config: EngineConfig,
  resources: EngineResources,
  remote: RemoteOptions | undefined,
): Promise<EmbeddingSpace[]> {
  const models = isAuto(config) ? AUTO_MODELS : [config.model];
  const spaces: EmbeddingSpace[] = [];
  for (const model of models) {
    const embedder = await createEmbedder(embedderOptions(config, model, resources, remote));
    spaces.push(embedder.space);
    await embedder.close();
  }
  return spaces;
}

/** What is to be embedded again, after kept snippets were: no file has them. */
export async function finishRepair({ spaces, current }: RepairedSpaces, session: Session): Promise<RepairResult> {
  const restored = await restoreSnippets(session);
  const missing = (current?.lost ?? []).filter(({ path: one }) => !session.store.documents.has(one));
  const files = new Map(missing.filter(({ kept }) => !kept).map(({ path: one, asked }) => [one, asked]));
  const gone = new Set(
    missing.flatMap(({ path: one, kept }) => (kept && !session.store.salvaged.has(one) ? [one] : [])),
  );
  return {
    spaces,
    lost: [...files].map(([one, asked]) => ({ path: one, ...(asked && { asked }) })),
    snippets: { restored: restored.length, gone: gone.size },
  };
}
