// Export, the report that a person reads: clusters, outliers and duplicates with links to their places. Cost: a page of members a cluster.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClusterQuery, EngineConfig, MapResult } from '../../protocol/engineApi.ts';
import type { CoverageState, DuplicateGroup } from '../model.ts';
import { locate, resolveRoots } from '../source/roots.ts';
import type { ExportAnswers } from './export.ts';
import { clusterText, groupText, markdownLink, outlierText, type LinkTo } from './exportText.ts';
import { reportWords } from './reportWords.ts';

/** The other formats have all. */
const REPORTED = { members: 10, outliers: 50 };

export async function writeReport(
  answers: ExportAnswers,
  { roots, workspaceName, language }: EngineConfig,
  out: string,
  query: ClusterQuery,
  { cover }: MapResult,
  groups: readonly DuplicateGroup[],
  write: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const resolved = await resolveRoots(roots);
  const linkTo: LinkTo = ({ path: at, startLine, endLine, symbol }) => {
    const location = locate(resolved, at);
    const file = location && path.join(location.root.folder, location.inner);
    const relative = encodePath(file === undefined ? at : path.relative(path.dirname(out), file).split(path.sep).join('/')); // prettier-ignore
    const isElsewhere = file !== undefined && path.isAbsolute(path.relative(path.dirname(out), file));
    return markdownLink(
      `${at}:${startLine}-${endLine}${symbol === undefined ? '' : ` ${symbol}`}`,
      `${isElsewhere ? pathToFileURL(file).href : relative}#L${startLine}`,
    );
  };
  const words = reportWords(language);
  const { clusters, unclustered } = await answers.clusters(query, signal);
  const { outliers } = await answers.outliers({ of: 'chunks', top: REPORTED.outliers }, signal);
  const states = Object.entries(cover.coverage)
    .filter(([state, count]) => state === 'indexed' || count > 0)
    .map(([state, count]) => words.documents(state as CoverageState, count));
  await write(
    `# ${path.basename(workspaceName ?? out)}\n\n${words.compared(cover.items)}${states.join(words.comma)}${words.stop}\n\n`,
  );
  await write(`## ${words.clusters}\n\n`);
  for (const cluster of clusters) {
    const members = await answers.clusterMembers(
      { ...query, id: cluster.id, offset: 0, count: REPORTED.members },
      signal,
    );
    await write(clusterText({ ...cluster, members }, linkTo));
  }
  await write(`${words.unclustered(unclustered)}\n\n## ${words.outliers}\n\n`);
  for (const outlier of outliers) await write(outlierText(outlier, linkTo, words));
  await write(`\n## ${words.duplicates}\n\n`);
  for (const group of groups) if (!group.ignored) await write(groupText(group, linkTo, words));
}

/** A path as a part of a link. */
function encodePath(relative: string): string {
  return relative.split('/').map(encodeURIComponent).join('/');
}
