// Answers about a whole index: clusters, outliers, duplicates, recommend, map. JSON as the contract has it, or lines for a person.
import type { DuplicateTier, Outlier, Place } from '../engine/model.ts';
import type { AnalysisCover } from '../protocol/engineApi.ts';
import { similarityText } from '../engine/similarityText.ts';
import { parsePlace, printHits, toJsonHit, type CommandContext } from './folderCommands.ts';

/** Members of a cluster at a time. */
const PAGE = 1_000;
/** Shown of a cluster or a group to a person; --json has them all. */
const SHOWN = 5;
const EXCERPT = 100;

export async function showClusters({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const query = { of: args.unit, ...(args.granularity !== undefined && { granularity: args.granularity }) };
  const { clusters, unclustered, cover } = await engine.wholeIndex.clusters(query, signal);
  const membersOf = async (id?: string): Promise<Place[]> => {
    const members: Place[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = await engine.wholeIndex.clusterMembers(
        { ...query, ...(id !== undefined && { id }), offset, count: PAGE },
        signal,
      );
      members.push(...page.map(toJsonPlace));
      if (page.length < PAGE) return members;
    }
  };
  if (args.json) {
    const rows = [];
    for (const { id, label, size } of clusters) rows.push({ id, label, size, members: await membersOf(id) });
    out(JSON.stringify({ clusters: rows, unclustered: await membersOf() }));
    return;
  }
  progress.clear();
  if (clusters.length === 0) out('No clusters: nothing here lies close enough together.');
  for (const { label, size, representative } of clusters) {
    out(`${String(size).padStart(6)}  ${label}`);
    out(`        ${describe(representative)}`);
  }
  if (unclustered > 0) out(`${String(unclustered).padStart(6)}  (unclustered)`);
  out(coverText(cover, COMPARED[args.unit]));
}

export async function showOutliers({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const { outliers, leftOut, cover } = await engine.wholeIndex.outliers({ of: args.unit, top: args.top }, signal);
  if (args.json) {
    const rows = outliers.map((outlier) => ({ ...toJsonPlace(outlier), score: outlier.score, reason: reasonOf(outlier) })); // prettier-ignore
    out(JSON.stringify({ outliers: rows }));
    return;
  }
  progress.clear();
  if (outliers.length === 0) out('Nothing stands apart.');
  for (const outlier of outliers) {
    out(`  ${similarityText(outlier.score)}  ${describe(outlier)}`);
    out(`        ${reasonOf(outlier)}`);
    out(`        ${excerpt(outlier)}`);
  }
  if (leftOut > 0) out(`${leftOut} too short, or boilerplate, to be called unusual`);
  out(coverText(cover, COMPARED[args.unit]));
}

/** Why it stands apart, in plain words. */
function reasonOf({ similarity, usual, nearest }: Outlier): string {
  const relative = nearest ? `; its nearest relative is ${nearest.path}:${nearest.startLine} (${similarityText(nearest.similarity)})` : ''; // prettier-ignore
  return `similarity to its nearest neighbours ${similarityText(similarity)}, the usual is ${similarityText(usual)}${relative}`;
}

const TIERS: Readonly<Record<DuplicateTier, string>> = {
  exact: 'the same text',
  near: 'nearly the same text',
  meaning: 'the same in other words',
};

export async function showDuplicates({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const query = args.minSimilarity === undefined ? {} : { minSimilarity: args.minSimilarity };
  const { groups, ignored, cover } = await engine.wholeIndex.duplicates(query, signal);
  if (args.json) {
    const rows = groups.map(({ tier, similarity, members }) => ({ tier, similarity, members: members.map(toJsonPlace) })); // prettier-ignore
    out(JSON.stringify({ groups: rows }));
    return;
  }
  progress.clear();
  if (groups.length === 0) out('Nothing is there twice.');
  for (const { tier, similarity, members } of groups) {
    const how = tier === 'exact' ? '' : ` (${similarityText(similarity)})`;
    out(`${TIERS[tier]}${how}, ${members.length} places`);
    for (const member of members.slice(0, SHOWN)) out(`  ${describe(member)}`);
    if (members.length > SHOWN) out(`  and ${members.length - SHOWN} more`);
    const [first] = members;
    if (first) out(`        ${excerpt(first)}`);
  }
  if (ignored > 0) out(`${ignored} groups are ignored`);
  out(coverText(cover, COMPARED.chunks));
}

export async function recommendInFolder(context: CommandContext, folder: string): Promise<void> {
  const { engine, args, signal, out } = context;
  const query = args.positionals[1] ?? '';
  const { path, startLine, endLine } = parsePlace(query, folder);
  const example = { path, ...(startLine !== undefined && { startLine }), ...(endLine !== undefined && { endLine }) };
  const { hits, of, cover } = await engine.wholeIndex.recommend({ example, top: args.top }, signal);
  if (args.json) {
    out(JSON.stringify({ query, hits: hits.map(toJsonHit) }));
    return;
  }
  printHits(query, hits, out);
  out(coverText(cover, of));
}

export async function showMap({ engine, args, signal, progress, out }: CommandContext): Promise<void> {
  const map = await engine.wholeIndex.map({ of: args.unit }, signal);
  const at = (i: number): Pick<Place, 'path' | 'startLine' | 'endLine'> => ({
    path: map.paths[map.pathOf[i] ?? -1] ?? '',
    startLine: map.startLine[i] ?? 1,
    endLine: map.endLine[i] ?? 1,
  });
  const places = Array.from(map.x, (_, i) => at(i));
  const texts = await engine.wholeIndex.placesAt({ places }, signal);
  const points = places.map((place, i) => ({
    ...toJsonPlace(texts[i] ?? { ...place, text: '' }),
    x: map.x[i] ?? 0,
    y: map.y[i] ?? 0,
    cluster: map.clusters[map.clusterOf[i] ?? -1]?.id ?? null,
  }));
  progress.clear();
  if (args.json) {
    out(JSON.stringify({ points }));
    return;
  }
  for (const { path, startLine, endLine, x, y, cluster } of points)
    out(`${x.toFixed(4)}\t${y.toFixed(4)}\t${cluster ?? ''}\t${path}:${startLine}-${endLine}`);
  out(coverText(map.cover, COMPARED[args.unit]));
}

const COMPARED = { chunks: 'distinct texts', documents: 'documents' };

/** What was compared, and what of the folder was not. */
function coverText({ items, coverage }: AnalysisCover, compared: string): string {
  const states = Object.entries(coverage).map(([state, count]) => `${count} ${state}`).join(', '); // prettier-ignore
  return `compared: ${items} ${compared}; files: ${states}`;
}

/** A place as cli.md fixes it. */
function toJsonPlace({ path, startLine, endLine, symbol, text }: Place): Place {
  return { path, startLine, endLine, ...(symbol !== undefined && { symbol }), text };
}

function describe({ path, startLine, endLine, symbol }: Place): string {
  return `${path}:${startLine}-${endLine}${symbol === undefined ? '' : `  ${symbol}`}`;
}

function excerpt({ text }: Place): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, EXCERPT);
}
