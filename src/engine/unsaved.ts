// What editors hold and no file does -> chunks and vectors in the session's overlay. Invariant: only text of documents that are in the
// index, or of untitled ones, and only for embedded models; nothing of it is written or sent anywhere. Cost: chunking the document;
// embedding the chunks that neither index nor overlay know. One document at a time, the newest text of each.
import type { EngineRequests } from '../protocol/engineApi.ts';
import { throwIfAborted } from './errors.ts';
import { recordOf, storedChunks, throwRefused, vectorsOf } from './indexer.ts';
import type { SourceDocument } from './model.ts';
import { isUntitled } from './overlay.ts';
import { overlaySources } from './partSources.ts';
import type { Session } from './session.ts';
import { contentVerdict } from './source/contentRules.ts';
import type { Source } from './source/source.ts';
import { createVectorReuse } from './vectorReuse.ts';

/** Longer documents are found as they were saved: chunking them at each pause of the typing would hold up searches. */
export const LONGEST_UNSAVED = 500_000;
const MOST_DOCUMENTS = 100;

type Params = EngineRequests['unsaved']['params'];
type Told = Params & { readonly text: string; readonly replaced: AbortController };

/** Lives as long as the engine's configuration: a session that takes another's place is told again. */
export class UnsavedDocuments {
  /** Oldest first. */
  private readonly told = new Map<string, Told>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly changed: (paths: readonly string[]) => void) {}

  /** Whether searches of this session answer from the given text now. Throws `cancelled` for one that was replaced meanwhile. */
  tell(session: Session, source: Source, params: Params): Promise<boolean> {
    const { path, text } = params;
    this.forget(path);
    if (text === undefined || text.length > LONGEST_UNSAVED) {
      this.remove(session, path);
      return Promise.resolve(false);
    }
    const told: Told = { ...params, text, replaced: new AbortController() };
    this.told.set(path, told);
    const [oldest] = this.told.keys();
    if (this.told.size > MOST_DOCUMENTS && oldest !== undefined) {
      this.forget(oldest);
      this.remove(session, oldest);
    }
    return this.inTurn(async () => {
      try {
        return await this.take(session, source, told);
      } finally {
        // A session to come finds it in its index.
        if (told.onDisk && this.told.get(path) === told) this.told.delete(path);
      }
    });
  }

  /** Another session answers from now on. */
  follow(session: Session, source: Source): void {
    // What goes wrong leaves the stored text to be found.
    for (const told of this.told.values()) {
      if (!told.onDisk) this.inTurn(() => this.take(session, source, told)).catch(() => undefined);
    }
  }

  clear(): void {
    for (const path of [...this.told.keys()]) this.forget(path);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private forget(path: string): void {
    this.told.get(path)?.replaced.abort();
    this.told.delete(path);
  }

  private remove({ overlay }: Session, path: string): void {
    if (overlay.remove(path)) this.changed([path]);
  }

  private async take(session: Session, source: Source, told: Told): Promise<boolean> {
    const { path, text, onDisk = false, replaced } = told;
    const { store, embedder, chunker, overlay } = session;
    throwIfAborted(replaced.signal);
    if (embedder.space.provider !== 'local') return false;
    const stored = store.documents.get(path);
    const mayBeFound = stored ? !stored.kept : isUntitled(path);
    if (!mayBeFound) {
      this.remove(session, path);
      return false;
    }
    // The language of a file is told by its name, as when it is indexed: so that the same text makes the same chunks.
    const read = source.fromText(path, text, stored ? undefined : told.languageId);
    const document = 'document' in read ? read.document : emptyDocument(path);
    const record = { ...recordOf(document, stored?.asked), mtimeMs: Date.now() };
    const savedOver = onDisk ? stored : undefined;
    const before = overlay.get(path);
    if (before?.record.hash === record.hash && before.record.languageId === record.languageId) {
      overlay.put({ ...before, savedOver });
      return true;
    }
    const isLeftOut = contentVerdict(document.text, document.languageId) !== undefined && stored?.asked !== 'insisted';
    const { chunks } = isLeftOut ? { chunks: [] } : await chunker.chunk(document);
    const reuse = createVectorReuse(store, embedder.parts, overlaySources(session));
    const { vectors, refused, sparse } = await vectorsOf(chunks, embedder, reuse, replaced.signal);
    throwRefused(refused);
    throwIfAborted(replaced.signal);
    overlay.put({ record, chunks: storedChunks(path, chunks, sparse), vectors, savedOver });
    this.changed([path]);
    return true;
  }
}

/** All of it was deleted. */
function emptyDocument(path: string): SourceDocument {
  return { path, languageId: 'plaintext', text: '', hash: 'empty', size: 0, mtimeMs: 0, encoding: 'utf8' };
}
