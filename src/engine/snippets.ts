// Snippets that the user keeps: selections stored as documents of their own, which scans leave alone.
import type { Example, KeptSnippetInfo } from '../protocol/engineApi.ts';
import { EngineError } from './errors.ts';
import { recordOf, storedChunks, throwRefused, vectorsOf } from './indexer.ts';
import type { DocumentRecord, KeptSnippet, Place } from './model.ts';
import type { Session } from './session.ts';
import type { Source } from './source/source.ts';
import type { VectorStore } from './store/store.ts';
import type { SalvagedSnippet } from './store/storedDocument.ts';
import { createVectorReuse } from './vectorReuse.ts';

/** Paths of snippets start with this; no file of a workspace can. */
export const SNIPPET_SCHEME = 'snippet:';

/** Resolves once the snippet is on disk. Throws `no-text` for blank text. */
export async function keepSnippet(
  { chunker, embedder, store }: Session,
  source: Source,
  example: Example & { readonly text: string },
  signal?: AbortSignal,
): Promise<KeptSnippetInfo> {
  const read = source.fromText(example.path, example.text, example.languageId);
  if ('leftOut' in read) throw new EngineError('no-text', { path: example.path });
  const { chunks } = await chunker.chunk(read.document);
  if (chunks.length === 0) throw new EngineError('no-text', { path: example.path });
  const startLine = example.startLine ?? 1;
  const kept: KeptSnippet = { sourcePath: example.path, startLine, endLine: example.endLine ?? startLine };
  const path = `${SNIPPET_SCHEME}${kept.sourcePath}#L${kept.startLine}-${kept.endLine}-${read.document.hash.slice(0, 8)}`;
  const reuse = createVectorReuse(store, embedder.parts, []);
  const { vectors, refused, sparse } = await vectorsOf(chunks, embedder, reuse, signal);
  throwRefused(refused);
  const moved = chunks.map((chunk) => ({
    ...chunk,
    kind: 'snippet' as const,
    startLine: chunk.startLine + startLine - 1,
    endLine: chunk.endLine + startLine - 1,
  }));
  await store.replaceDocument({ ...recordOf(read.document), path, kept }, storedChunks(path, moved, sparse), vectors);
  return { path, place: placeOf(store, path, kept) };
}

/** Keeps a snippet whose vectors were lost once more. False where its text can't be embedded now. */
async function restoreSnippet(
  { embedder, store }: Session,
  snippet: SalvagedSnippet,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { document, chunks } = snippet;
  const again = chunks.map((chunk) => ({ ...chunk, start: 0, end: chunk.text.length }));
  try {
    const reuse = createVectorReuse(store, embedder.parts, []);
    const { vectors, refused, sparse } = await vectorsOf(again, embedder, reuse, signal);
    throwRefused(refused);
    await store.replaceDocument(document, storedChunks(document.path, again, sparse), vectors);
    return true;
  } catch {
    return false; // its text stays in the store
  }
}

/** Embeds snippets whose vectors were lost; resolves with those that are kept again. */
export async function restoreSnippets(session: Session, signal?: AbortSignal): Promise<string[]> {
  const restored: string[] = [];
  for (const snippet of [...session.store.salvaged.values()]) {
    if (await restoreSnippet(session, snippet, signal)) restored.push(snippet.document.path);
  }
  return restored;
}

/** Those that wait to be embedded again too. */
export function keptSnippets(store: VectorStore): KeptSnippetInfo[] {
  const waiting = [...store.salvaged.values()].map(({ document }) => document);
  return [...store.documents.values(), ...waiting]
    .filter((record): record is DocumentRecord & { kept: KeptSnippet } => record.kept !== undefined)
    .map(({ path, kept }) => ({ path, place: placeOf(store, path, kept) }));
}

function placeOf(store: VectorStore, path: string, kept: KeptSnippet): Place {
  const stored = store.rowsOf(path).flatMap((row) => store.table.chunks[row] ?? []);
  const chunks = store.salvaged.get(path)?.chunks ?? stored;
  const symbol = chunks[0]?.symbol;
  return {
    path: kept.sourcePath,
    startLine: kept.startLine,
    endLine: kept.endLine,
    text: chunks.map(({ text }) => text).join('\n'),
    ...(symbol !== undefined && { symbol }),
  };
}
