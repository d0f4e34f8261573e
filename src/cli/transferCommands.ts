// export and import: all that is known of a folder as a file, and ready vectors as an index.
import path from 'node:path';
import type { CommandContext } from './folderCommands.ts';

export async function exportFolder({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const written = await engine.wholeIndex.exportAnalysis(
    {
      format: args.exportFormat,
      out: path.resolve(args.out),
      ...(args.granularity !== undefined && { granularity: args.granularity }),
      ...(args.minSimilarity !== undefined && { minSimilarity: args.minSimilarity }),
    },
    signal,
  );
  progress.clear();
  if (args.json) {
    out(JSON.stringify(written));
    return;
  }
  const { files, places, clusters, duplicateGroups } = written;
  out(`${places} places, ${clusters} clusters, ${duplicateGroups} groups of duplicates`);
  for (const file of files) out(`  ${file.path}  ${(file.bytes / 1e6).toFixed(1)} MB`);
}

export async function importFile({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const { textColumn, vectorColumn } = args;
  const file = path.resolve(args.positionals[0] ?? '');
  const summary = await engine.importVectors(
    { file, ...(textColumn !== undefined && { textColumn }), ...(vectorColumn !== undefined && { vectorColumn }) },
    signal,
  );
  progress.clear();
  if (args.json) {
    out(JSON.stringify(summary));
    return;
  }
  out(`${summary.chunks} rows with their vectors, nothing embedded, in ${summary.seconds.toFixed(1)} s`);
  for (const { path: row, error } of summary.failed) out(`failed: ${row} (${error})`);
}
