// A run with a model of batch jobs: texts without a vector -> jobs -> vectors by text hash, which the indexer finds as it finds
// stored ones. Invariant: a text that is in a job already is in no second one, whatever ended the run that made it. Cost: what is
// pending is read and chunked once more than otherwise; then the wait for the service.
import { findDashScopeModel } from './embed/dashscope/catalogue.ts';
import type { JobVectors } from './embed/dashscope/jobs/jobVectors.ts';
import { EngineError, throwIfAborted } from './errors.ts';
import { readOptions, type IndexPlan } from './indexPlan.ts';
import type { JobBoard } from './jobBoard.ts';
import { jobHashes, openJobVectors } from './jobResults.ts';
import { embeddedText } from './model.ts';
import type { Session } from './session.ts';
import type { Source } from './source/source.ts';
import type { VectorReuse } from './vectorReuse.ts';

/** Fewer texts than this are embedded at once by the twin: a job takes minutes. */
const SMALL_UPDATE = 100;

export interface BatchVectors {
  readonly reuse: VectorReuse;
  /** Texts that got their vector here, and the tokens of the jobs that made them. */
  counts(): { readonly texts: number; readonly tokens: number };
  /** `whole`: all of the workspace is in the index now. Else jobs with texts that are not in it stay: they are paid for. */
  close(whole: boolean): Promise<void>;
}

export function isBatchModel(model: string): boolean {
  return findDashScopeModel(model)?.twin !== undefined;
}

/** Undefined when there is too little to do for a job. Throws what jobs throw; `cancelled` leaves them to the next run. */
export async function embedByJobs(
  { chunker, model }: Session,
  source: Source,
  plan: IndexPlan,
  reuse: VectorReuse,
  board: JobBoard,
  storageFolder: string,
  signal: AbortSignal,
): Promise<BatchVectors | undefined> {
  const missing = new Map<string, string>();
  for (const { path, asked } of plan.pending) {
    throwIfAborted(signal);
    const result = await source.read(path, readOptions(asked));
    if ('leftOut' in result) continue;
    for (const chunk of (await chunker.chunk(result.document)).chunks) {
      if (!reuse.find(0, chunk.hash)) missing.set(chunk.hash, embeddedText(chunk));
    }
  }
  const ids = await board.takeUp(model, missing.keys());
  const rest = new Map(missing);
  for (const { hashes } of ids.values()) for (const hash of hashes) rest.delete(hash);
  if (rest.size >= SMALL_UPDATE) {
    const made = await board.submit({ texts: [...rest.values()], hashes: [...rest.keys()], model });
    for (const { id } of made) ids.set(id, { hashes: await jobHashes(storageFolder, id) });
  }
  if (ids.size === 0) return undefined;
  const jobs = await board.wait([...ids.keys()], signal);
  return openVectors(reuse, board, storageFolder, ids, jobs.reduce((sum, { usedTokens = 0 }) => sum + usedTokens, 0)); // prettier-ignore
}

async function openVectors(
  reuse: VectorReuse,
  board: JobBoard,
  storageFolder: string,
  jobs: ReadonlyMap<string, { readonly hashes: readonly string[] }>,
  tokens: number,
): Promise<BatchVectors> {
  const places = new Map<string, { vectors: JobVectors; row: number }>();
  const opened: JobVectors[] = [];
  for (const [id, { hashes }] of jobs) {
    const vectors = await openJobVectors(storageFolder, id);
    opened.push(vectors);
    hashes.forEach((hash, row) => places.set(hash, { vectors, row }));
  }
  const used = new Set<string>();
  return {
    reuse: {
      findSparse: (hash) => reuse.findSparse(hash),
      find(part, hash) {
        const stored = reuse.find(part, hash);
        if (stored) return stored;
        const place = places.get(hash);
        const vector = place?.vectors.row(place.row).vector;
        if (!vector || vector instanceof EngineError) return undefined; // the twin says what is wrong with it
        used.add(hash);
        return vector;
      },
    },
    counts: () => ({ texts: used.size, tokens }),
    async close(whole) {
      for (const vectors of opened) vectors.close();
      for (const [id, { hashes }] of jobs) {
        if (whole || hashes.every((hash) => reuse.find(0, hash))) await board.forget(id);
      }
    },
  };
}
