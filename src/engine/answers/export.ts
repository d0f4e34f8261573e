// Everything about every place as a file for other programs or for reading. Invariant: all parts are of one index and all there, or the
// export fails and writes nothing. Cost: all of the answers, again where the index changed meanwhile; then one place at a time.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../protocol/rpc.ts';
import type { EngineConfig, EngineRequests, ExportResult, MapResult } from '../../protocol/engineApi.ts';
import { EngineError, isEngineError } from '../errors.ts';
import { breather } from '../slices.ts';
import type { DuplicateGroup, Place } from '../model.ts';
import type { Session } from '../session.ts';
import {
  csvHeader,
  csvLine,
  jsonOutlier,
  jsonPlace,
  metadataHeader,
  metadataLine,
  vectorLine,
  type ExportedPlace,
} from './exportText.ts';
import { writeReport } from './exportReport.ts';
import { FileStream } from './fileStream.ts';

export type ExportAnswers = Handlers<
  Pick<EngineRequests, 'clusters' | 'clusterMembers' | 'outliers' | 'duplicates' | 'map'>
>;

/** A file is saved now and then; a run changes the index all the time. */
const ROUNDS = 3;

/** Begins again where the index changed meanwhile. Throws `cancelled`, `storage-failed`, `index-changing`. */
export async function exportAnalysis(
  session: Session,
  answers: ExportAnswers,
  config: EngineConfig,
  params: EngineRequests['exportAnalysis']['params'],
  signal: AbortSignal = new AbortController().signal,
): Promise<ExportResult> {
  for (let round = 1; ; round++) {
    try {
      return await exportOnce(session, answers, config, params, signal);
    } catch (error) {
      if (round === ROUNDS || !isEngineError(error, 'index-changing')) throw error;
    }
  }
}

async function exportOnce(
  session: Session,
  answers: ExportAnswers,
  config: EngineConfig,
  { format, out, granularity, minSimilarity }: EngineRequests['exportAnalysis']['params'],
  signal: AbortSignal,
): Promise<ExportResult> {
  const query = { of: 'chunks', ...(granularity !== undefined && { granularity }) } as const;
  const map = await answers.map(query, signal);
  const far = minSimilarity !== undefined && { minSimilarity };
  const { groups } = await answers.duplicates({ ignored: true, ...far }, signal);
  const counts = { clusters: map.clusters.length, duplicateGroups: groups.length };
  const places = (): AsyncGenerator<ExportedPlace> => placesOf(session, map, groups, signal);
  if (format === 'md') {
    const report = async (file: FileStream): Promise<void> => {
      await writeReport(answers, config, out, query, map, groups, (text) => file.write(text), signal);
      // It asked one question after the other.
      if (session.store.table.revision !== map.cover.revision) throw new EngineError('index-changing');
    };
    return { ...(await writeFiles([out], ([file]) => report(file))), places: map.x.length, ...counts }; // prettier-ignore
  }
  let written = 0;
  const each = async (use: (place: ExportedPlace) => Promise<void>): Promise<void> => {
    for await (const place of places()) {
      await use(place);
      written++;
    }
  };
  const files = await writeFiles(format === 'tsv' ? await pairOf(out) : [out], async ([file, metadata = file]) => {
    if (format === 'csv') {
      await file.write(csvHeader);
      await each((place) => file.write(csvLine(place)));
    } else if (format === 'tsv') {
      await metadata.write(metadataHeader);
      await each(async (place) => {
        await file.write(vectorLine(place));
        await metadata.write(metadataLine(place));
      });
    } else {
      const head = JSON.stringify({ space: session.store.space, cover: map.cover, clusters: map.clusters, duplicates: groups }); // prettier-ignore
      const { outliers } = await answers.outliers({ of: 'chunks', top: map.x.length }, signal);
      const separator = (before: number): string => (before === 0 ? '\n' : ',\n');
      await file.write(`${head.slice(0, -1)},"outliers":[`);
      for (const [i, outlier] of outliers.entries()) await file.write(separator(i) + jsonOutlier(outlier));
      await file.write('\n],"places":[');
      await each((place) => file.write(separator(written) + jsonPlace(place)));
      await file.write('\n]}\n');
    }
  });
  return { ...files, places: written, ...counts };
}

async function writeFiles(
  paths: readonly string[],
  work: (files: readonly [FileStream, ...FileStream[]]) => Promise<void>,
): Promise<Pick<ExportResult, 'files'>> {
  const files: FileStream[] = [];
  try {
    for (const file of paths) files.push(await FileStream.open(file));
    const [first, ...others] = files;
    if (first) await work([first, ...others]);
    for (const file of files) await file.finish();
    return { files: files.map(({ path: file, bytes }) => ({ path: file, bytes })) };
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}

/** In a folder under the names that no index takes in. */
async function pairOf(out: string): Promise<[string, string]> {
  const isFolder = await fs.stat(out).then((stats) => stats.isDirectory(), () => false); // prettier-ignore
  const base = isFolder ? path.join(out, 'vectorscope-export') : out.replace(/\.tsv$/, '');
  return [`${base}.vectors.tsv`, `${base}.metadata.tsv`];
}

/** Every place of every text, in the order of paths. Throws `cancelled`, and `index-changing` when the index changed meanwhile. */
async function* placesOf(
  { analyst, store }: Session,
  map: MapResult,
  groups: readonly DuplicateGroup[],
  signal: AbortSignal,
): AsyncGenerator<ExportedPlace> {
  const { items } = await analyst.graph('chunks', signal);
  // The map has a point for each place of each item, in this order.
  const chunksByPoint = items.rows.flatMap((own) => own.flatMap((row) => store.table.chunks[row] ?? []));
  if (items.revision !== map.cover.revision || chunksByPoint.length !== map.x.length)
    throw new EngineError('index-changing');
  const pointOf = new Map(chunksByPoint.map((chunk, point) => [chunk, point]));
  const keyOf = ({ path: at, startLine, endLine }: Pick<Place, 'path' | 'startLine' | 'endLine'>): string =>
    `${at}\0${startLine}\0${endLine}`;
  const groupsAt = new Map<string, DuplicateGroup[]>();
  for (const group of groups) {
    for (const member of group.members) groupsAt.set(keyOf(member), [...(groupsAt.get(keyOf(member)) ?? []), group]);
  }
  const chunks = chunksByPoint.sort((a, b) =>
    a.path === b.path ? a.startLine - b.startLine : a.path < b.path ? -1 : 1,
  );
  const breathe = breather(signal);
  for (const chunk of chunks) {
    await breathe();
    const point = pointOf.get(chunk);
    const vector = store.findVector(chunk.hash);
    if (point === undefined || !vector) throw new EngineError('index-changing');
    const cluster = map.clusters[map.clusterOf[point] ?? -1];
    const { path: at, startLine, endLine, symbol, text } = chunk;
    yield {
      path: at,
      startLine,
      endLine,
      ...(symbol !== undefined && { symbol }),
      text,
      vector,
      cluster: cluster?.id ?? null,
      label: cluster?.label ?? null,
      outlierScore: map.outlierScore[point] ?? 0,
      x: map.x[point] ?? 0,
      y: map.y[point] ?? 0,
      duplicates: groupsAt.get(keyOf(chunk)) ?? [],
    };
  }
}
