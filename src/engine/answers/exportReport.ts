// Export, the report that a person reads: clusters, outliers and duplicates with links to their places. Cost: a page of members a cluster.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineConfig, MapResult } from '../../protocol/engineApi.ts';
import type { DuplicateGroup } from '../model.ts';
import { locate, resolveRoots } from '../source/roots.ts';
import type { ExportAnswers } from './export.ts';
import { clusterText, groupText, markdownLink, outlierText, type LinkTo } from './exportText.ts';

/** The other formats have all. */
const REPORTED = { members: 10, outliers: 50 };

export async function writeReport(
  answers: ExportAnswers,
  { roots, workspaceName }: EngineConfig,
  out: string,
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
  const { clusters, unclustered } = await answers.clusters({ of: 'chunks' }, signal);
  const { outliers } = await answers.outliers({ of: 'chunks', top: REPORTED.outliers }, signal);
  await write(`# ${path.basename(workspaceName ?? out)}\n\n${cover.items} texts compared; ${Object.entries(cover.coverage).map(([state, count]) => `${count} documents ${state}`).join(', ')}.\n\n`); // prettier-ignore
  await write(`## Clusters\n\n`);
  for (const cluster of clusters) {
    const members = await answers.clusterMembers({ of: 'chunks', id: cluster.id, offset: 0, count: REPORTED.members }, signal); // prettier-ignore
    await write(clusterText({ ...cluster, members }, linkTo));
  }
  await write(`${unclustered} belong to none.\n\n## Outliers\n\n`);
  for (const outlier of outliers) await write(outlierText(outlier, linkTo));
  await write(`\n## Duplicates\n\n`);
  for (const group of groups) if (!group.ignored) await write(groupText(group, linkTo));
}

/** A path as a part of a link. */
function encodePath(relative: string): string {
  return relative.split('/').map(encodeURIComponent).join('/');
}
