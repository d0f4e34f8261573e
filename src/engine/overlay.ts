// Unsaved text beside one session's index, in memory alone. Invariant: a search sees of a document either its stored rows or the
// overlay's; the overlay's are gone once the index holds the same text, or the text that replaced it on disk. Cost: without unsaved
// text none; else a copy of the lists of chunks and documents when either changed.
import type { DocumentRecord, VectorTable } from './model.ts';
import type { RowMask } from './search/filter.ts';
import { type AddedDocument, OverlaidTable } from './search/overlaidTable.ts';
import { type CountedWords, countWords, scoreAdded, weighAdded } from './search/words/addedWords.ts';
import type { RowScores } from './search/words/blend.ts';
import type { WordScores } from './search/words/wordIndex.ts';
import type { SessionWords } from './sessionWords.ts';
import type { VectorStore } from './store/store.ts';

export interface UnsavedDocument extends AddedDocument {
  /** Set once the text is on disk too: what the index had then. Whatever it has later is as new. */
  readonly savedOver?: DocumentRecord | undefined;
}

/** What questions are asked of. Hold it across no await. */
export interface Searched {
  readonly table: VectorTable;
  readonly documents: ReadonlyMap<string, DocumentRecord>;
  /** Rows that may be found; undefined for all. */
  readonly mask: RowMask | undefined;
}

interface Seen extends Searched {
  readonly key: string;
  readonly words: readonly CountedWords[];
}

/** A document that is no file yet. No file of a workspace has such a path. */
export function isUntitled(path: string): boolean {
  return path.startsWith('untitled:');
}

export class Overlay {
  private readonly documents = new Map<string, UnsavedDocument>();
  private revision = 0;
  private latest: Seen | undefined;
  /** Made when asked for. */
  private vectorsByHash: Map<string, Float32Array> | undefined;
  /** Of the chunks that the overlay holds or held a moment ago. */
  private counted = new Map<string, CountedWords>();

  constructor(
    private readonly store: VectorStore,
    private readonly stored: SessionWords,
  ) {}

  get(path: string): UnsavedDocument | undefined {
    return this.documents.get(path);
  }

  put(document: UnsavedDocument): void {
    this.documents.set(document.record.path, document);
    this.changed();
  }

  /** False when there was nothing. */
  remove(path: string): boolean {
    this.changed();
    return this.documents.delete(path);
  }

  /** The vector of a text with this hash, for whoever would embed it again. */
  findVector(hash: string): Float32Array | undefined {
    return (this.vectorsByHash ??= this.listVectors()).get(hash);
  }

  searched(): Searched {
    return this.look();
  }

  /** After {@link SessionWords.catchUp}, in one turn with {@link searched}. */
  score(query: string): WordScores {
    const own = this.stored.score(query);
    const { table, words } = this.look();
    if (words.length === 0) return own;
    const weights = weighAdded(query, own.weights, words, this.store.table.count);
    return { ...withAdded(own, table.count, scoreAdded(weights, words, this.stored.meanLength)), weights };
  }

  /** As {@link SessionWords.weigh}. */
  weigh(query: string): ReadonlyMap<string, number> {
    return weighAdded(query, this.stored.weigh(query), this.look().words, this.store.table.count);
  }

  private changed(): void {
    this.revision++;
    this.vectorsByHash = undefined;
  }

  private listVectors(): Map<string, Float32Array> {
    const { dimension } = this.store.table;
    const listed = new Map<string, Float32Array>();
    for (const { chunks, vectors } of this.documents.values()) {
      chunks.forEach(({ hash }, i) => listed.set(hash, vectors.subarray(i * dimension, (i + 1) * dimension)));
    }
    return listed;
  }

  private look(): Seen {
    const { table, documents } = this.store;
    if (this.documents.size === 0) return { key: '', table, documents, mask: undefined, words: [] };
    const key = `${this.store.revision} ${table.revision} ${this.revision}`;
    if (this.latest?.key !== key) this.latest = this.compose(key);
    return this.latest;
  }

  private compose(key: string): Seen {
    const { table, documents } = this.store;
    for (const [path, document] of this.documents) if (this.isOver(document)) this.documents.delete(path);
    const added = [...this.documents.values()].filter(({ record }) => documents.get(record.path)?.hash !== record.hash);
    const overlaid = new OverlaidTable(table, added);
    const all = new Map(documents);
    for (const { record } of added) all.set(record.path, record);
    return { key, table: overlaid, documents: all, mask: overlaid.mask, words: this.countAll(added) };
  }

  /** Nothing unsaved is in it any more, or the file is not in the index (and an open editor must not bring it there). */
  private isOver({ record: { path, hash }, savedOver }: UnsavedDocument): boolean {
    const stored = this.store.documents.get(path);
    if (!stored) return !isUntitled(path);
    return savedOver !== undefined && (stored !== savedOver || stored.hash === hash);
  }

  private countAll(added: readonly AddedDocument[]): CountedWords[] {
    const known = this.counted;
    this.counted = new Map();
    return added.flatMap(({ chunks }) =>
      chunks.map((chunk) => {
        const key = `${chunk.path}\n${chunk.context ?? ''}\n${chunk.text}`;
        const words = known.get(key) ?? countWords(chunk);
        this.counted.set(key, words);
        return words;
      }),
    );
  }
}

function withAdded({ byRow, rows }: RowScores, count: number, scores: readonly number[]): RowScores {
  const first = count - scores.length;
  const all = new Float64Array(count);
  all.set(byRow.subarray(0, first));
  const sharing = scores.flatMap((score, i) => (score > 0 ? [first + i] : []));
  scores.forEach((score, i) => (all[first + i] = score));
  const listed = new Uint32Array(rows.length + sharing.length);
  listed.set(rows);
  listed.set(sharing, rows.length);
  return { byRow: all, rows: listed };
}
