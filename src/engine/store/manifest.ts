// Stage 4, the manifest: which files make the index, its documents and the ledger. Invariant: its first line is a checksum of
// all that follows (so it stays in later formats), hence it is whole or known not to be. Cost: about 250 bytes a document.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EngineError } from '../errors.ts';
import type { DocumentRecord, EmbeddingSpace, LeftOut } from '../model.ts';
import { type FileSystem, readIfThere, syncFolder, writeWhole } from './durableFiles.ts';
import { SHARD_COUNT } from './indexState.ts';
import type { SalvagedSnippet } from './storedDocument.ts';
import { DamagedBytes } from './wire.ts';

export const MANIFEST = 'manifest.json';
const FORMAT = 1;

/** Files of vectors that a manifest names. */
export interface ShardFiles {
  /** File name of each shard, null for an empty one. */
  readonly shards: readonly (string | null)[];
  readonly retired: string | null;
}

export const NO_SHARDS: ShardFiles = { shards: Array<null>(SHARD_COUNT).fill(null), retired: null };

export interface ManifestDocument {
  readonly document: DocumentRecord;
  readonly chunks: number;
}

export interface Manifest {
  /** Journals of higher generations happened after it, those of lower ones are in the shards. */
  readonly generation: number;
  readonly space: EmbeddingSpace;
  readonly files: ShardFiles;
  readonly documents: readonly ManifestDocument[];
  readonly leftOut: readonly LeftOut[];
  /** Snippets whose vectors were lost; absent where there are none. */
  readonly salvaged?: readonly SalvagedSnippet[];
}

const LINES_A_TURN = 2_000;

/** Lets the event loop have its turn between pieces: there may be 100,000 lines. */
export async function encodeManifest(manifest: Manifest): Promise<Buffer[]> {
  const { documents, leftOut, ...head } = manifest;
  const parts = [Buffer.from(`"format":${FORMAT},${JSON.stringify(head).slice(1, -1)},\n"documents":[`)];
  await appendLines(parts, documents);
  parts.push(Buffer.from('],\n"leftOut":['));
  await appendLines(parts, leftOut);
  parts.push(Buffer.from(']}\n'));
  const checksum = createHash('sha256');
  for (const part of parts) checksum.update(part);
  return [Buffer.from(`{"checksum":"${checksum.digest('hex')}",\n`), ...parts];
}

async function appendLines(parts: Buffer[], values: readonly unknown[]): Promise<void> {
  for (let begin = 0; begin < values.length; begin += LINES_A_TURN) {
    const lines = values.slice(begin, begin + LINES_A_TURN).map((value) => `\n${JSON.stringify(value)}`);
    parts.push(Buffer.from((begin > 0 ? ',' : '') + lines.join(',')));
    await nextTurn();
  }
}

/** Throws `index-too-new`, or {@link DamagedBytes} for anything that {@link encodeManifest} did not write. */
export function decodeManifest(bytes: Buffer): Manifest {
  const firstLine = bytes.subarray(0, bytes.indexOf('\n') + 1);
  const checksum = createHash('sha256').update(bytes.subarray(firstLine.length)).digest('hex');
  if (firstLine.toString() !== `{"checksum":"${checksum}",\n`) throw new DamagedBytes('checksum of the manifest');
  const { format, ...manifest } = JSON.parse(bytes.toString()) as Manifest & { readonly format: number };
  if (format > FORMAT) throw new EngineError('index-too-new', { version: format });
  return manifest;
}

/** Undefined when there is none that can be read: it is missing, damaged or of a newer version. Throws `storage-failed`. */
export async function readManifest(fs: FileSystem, folder: string): Promise<Manifest | undefined> {
  const bytes = await readIfThere(fs, path.join(folder, MANIFEST));
  try {
    return bytes && decodeManifest(bytes);
  } catch {
    return undefined;
  }
}

/** The moment at which the new files become the index. The caller syncs the folder before (shards) and after (the name). */
export async function writeManifest(fs: FileSystem, folder: string, manifest: Manifest): Promise<void> {
  const parts = await encodeManifest(manifest);
  await syncFolder(fs, folder);
  await writeWhole(fs, path.join(folder, MANIFEST), parts);
}

/** A file of vectors names its place, its generation and its content, so that it can be trusted without a manifest. */
export function shardFileName(place: number | 'retired', generation: number, parts: readonly Buffer[]): string {
  const name = place === 'retired' ? place : `shard-${String(place).padStart(3, '0')}`;
  return `${name}-${generation}-${contentName(parts)}.pb`;
}

const SHARD_NAME = /^(?:shard-(\d+)|retired)-(\d+)-([0-9a-f]{16})\.pb$/;

export interface ShardName {
  readonly place: number | 'retired';
  readonly generation: number;
}

export function parseShardName(name: string): ShardName | undefined {
  const match = SHARD_NAME.exec(name);
  if (!match) return undefined;
  return { place: match[1] === undefined ? 'retired' : Number(match[1]), generation: Number(match[2]) };
}

/** Throws {@link DamagedBytes} when the content is not what the name says. */
export function checkContent(name: string, bytes: Buffer): void {
  if (SHARD_NAME.exec(name)?.[3] !== contentName([bytes])) throw new DamagedBytes(`checksum of ${name}`);
}

function contentName(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}
