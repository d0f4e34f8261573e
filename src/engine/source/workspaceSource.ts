// Stage 1: makes a source of the folders that an editor has opened, out of walk.ts, ruleFor.ts and readText.ts. Invariant: a path
// outside the folders is never read, nor a secret without insistence. Cost: see there; it keeps nothing but the roots' real paths.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut, SourceDocument } from '../model.ts';
import { contentVerdict } from './contentRules.ts';
import { decodeAs } from './decodeText.ts';
import { securityVerdict } from './folderScope.ts';
import type { Verdict } from './folderScope.ts';
import { languageIdOf } from './languageId.ts';
import { readImage } from './readImage.ts';
import { readText } from './readText.ts';
import { locate, resolveRoots, workspacePathOf } from './roots.ts';
import type { Root } from './roots.ts';
import { ruleForPath } from './ruleFor.ts';
import type { ReadResult, Source, SourceOptions, WorkspaceRoot } from './source.ts';
import { StatThread } from './statThread.ts';
import { failureVerdict, walkRoot } from './walk.ts';

/** A source over the opened folders. Looks at no file until it is asked. */
export function createSource(folders: readonly WorkspaceRoot[], options: SourceOptions): Source {
  let resolved: Promise<readonly Root[]> | undefined; // kept for reads, made anew by each walk
  const ruleFor = async (at: string): Promise<LeftOut | undefined> => {
    const verdict = await ruleForPath(await (resolved ??= resolveRoots(folders)), options, at);
    return verdict && { path: at, ...verdict };
  };
  return {
    async *walk(signal) {
      const roots = await (resolved = resolveRoots(folders));
      const thread = options.statEntry === undefined ? undefined : new StatThread(options.statEntry);
      try {
        for (const root of roots) yield* walkRoot({ roots, root, options, signal, thread });
      } finally {
        await thread?.close();
      }
    },
    async read(at, { ruled = false, insist = false } = {}) {
      const leftOut = ruled || insist ? undefined : await ruleFor(at);
      return leftOut === undefined
        ? readFile(await (resolved ??= resolveRoots(folders)), options, at, insist)
        : { leftOut };
    },
    fromText(at, text, languageId) {
      if (!/\S/.test(text)) return { leftOut: { path: at, reason: 'empty' } };
      const bytes = Buffer.from(text.replace(/^\ufeff/, ''));
      const isCut = bytes.length > options.maxFileBytes;
      const decoded = decodeAs(bytes.subarray(0, options.maxFileBytes), 'utf8', isCut);
      return {
        document: document(at, decoded.text, {
          size: bytes.length,
          mtimeMs: 0,
          encoding: 'utf8',
          ...(languageId !== undefined && { languageId }),
          ...(isCut && { truncatedAtBytes: decoded.bytes }),
        }),
      };
    },
    ruleFor,
  };
}

async function readFile(
  roots: readonly Root[],
  options: SourceOptions,
  at: string,
  insist: boolean,
): Promise<ReadResult> {
  const leftOut = (verdict: { reason: LeftOut['reason']; detail?: string }, judged = {}): ReadResult => ({
    leftOut: { path: at, ...verdict, ...judged },
  });
  const location = locate(roots, at);
  if (location === undefined) return leftOut({ reason: 'outside-workspace' });
  const file = path.join(location.root.realFolder, ...location.names);
  try {
    const secret = insist ? undefined : (securityVerdict(location.inner) ?? (await linkTargetVerdict(roots, file)));
    if (secret !== undefined) return leftOut(secret);
    const read = await readText(file, options.maxFileBytes);
    if (read === undefined) return leftOut({ reason: 'not-a-file' });
    const { decoded, isCut, size, mtimeMs } = read;
    if (decoded === undefined) {
      const image = options.images ? await readImage(file, at, { size, mtimeMs }) : undefined;
      if (image && 'hash' in image) return { document: image };
      return leftOut(image ?? { reason: 'binary' }, { size, mtimeMs });
    }
    const { text, encoding, bytes } = decoded;
    const made = document(at, text, { size, mtimeMs, encoding, ...(isCut && { truncatedAtBytes: bytes }) });
    const verdict = contentVerdict(text, made.languageId);
    if (verdict === undefined || (insist && verdict.reason === 'security')) return { document: made };
    return leftOut(verdict, { size, mtimeMs });
  } catch (error) {
    return leftOut(failureVerdict(error));
  }
}

/** Why what a link leads to must not be read. */
async function linkTargetVerdict(roots: readonly Root[], file: string): Promise<Verdict | undefined> {
  const real = await fs.realpath(file);
  if (real === file) return undefined;
  const target = workspacePathOf(roots, real);
  return target === undefined ? { reason: 'outside-workspace', detail: real } : securityVerdict(target);
}

type Facts = Pick<SourceDocument, 'size' | 'mtimeMs' | 'encoding' | 'truncatedAtBytes'> & {
  readonly languageId?: string;
};

function document(at: string, text: string, facts: Facts): SourceDocument {
  const hash = createHash('sha256').update(text).digest('hex');
  return { path: at, languageId: languageIdOf(at, text), text, hash, ...facts };
}
