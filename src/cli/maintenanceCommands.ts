// verify, repair, prune: what is stored for a folder, looked over, mended and cleared out.
import { isDamage, type FindingKind, type IndexFinding } from '../engine/store/indexFindings.ts';
import type { PruneItem, RepairedSpace } from '../protocol/engineApi.ts';
import { agreeToIndex } from './consent.ts';
import type { CommandContext } from './folderCommands.ts';
import { sentenceFor } from './sentences.ts';

const FINDINGS: Readonly<Record<FindingKind, string>> = {
  'manifest-missing': 'the list of files is missing',
  'manifest-damaged': 'the list of files is damaged',
  'manifest-too-new': 'written by a newer Vectorscope: update it',
  'foreign-manifest': 'belongs to another index',
  'shard-missing': 'a file of vectors is missing',
  'shard-damaged': 'a file of vectors is damaged',
  'retired-missing': 'the file of retired vectors is missing (nothing of the index is lost)',
  'retired-damaged': 'the file of retired vectors is damaged (nothing of the index is lost)',
  'journal-damaged': 'a part of the journal is damaged',
  'chunks-missing': 'documents are listed whose chunks are missing',
  'bad-vectors': 'holds vectors that are none',
  unreadable: "can't be read",
  leftover: 'left over from a process that was killed; goes away by itself',
  'set-aside': 'set aside by an earlier repair; "prune" removes it',
};

/** True when something is damaged. */
export async function verifyFolder({ engine, args, out }: CommandContext): Promise<boolean> {
  const { spaces, damaged } = await engine.verify();
  if (args.json) {
    out(JSON.stringify({ damaged, spaces }));
    return damaged;
  }
  if (spaces.length === 0) out('Nothing is indexed yet. Run "vectorscope index FOLDER" first.');
  for (const { folder, space, documents, chunks, bytes, findings } of spaces) {
    const name = space ? `${space.model} (${space.dimension})` : folder;
    const sound = findings.some(isDamage) ? 'DAMAGED' : 'fine';
    out(`${name}: ${sound}, ${documents} documents, ${chunks} chunks, ${sizeText(bytes)}`);
    for (const finding of findings) out(`  ${describe(finding)}`);
  }
  if (damaged) out('Run "vectorscope repair FOLDER": what is lost is embedded again, everything else is kept.');
  return damaged;
}

/** Repairs, then embeds just what was lost. */
export async function repairFolder(context: CommandContext): Promise<void> {
  const { engine, args, signal, progress, out } = context;
  const repaired = await engine.repair();
  const { lost, snippets, spaces } = repaired;
  if (!args.json) {
    if (spaces.length === 0) out('Nothing is indexed yet. Run "vectorscope index FOLDER" first.');
    for (const space of spaces) printRepaired(space, out);
    const { restored, gone } = snippets;
    if (restored + gone > 0) out(`Kept snippets: ${restored} restored from their text, ${gone} lost.`);
    if (lost.length > 0) out(`${lost.length} documents are embedded again.`);
  }
  let embedded = 0;
  if (lost.length > 0) {
    await agreeToIndex(context);
    for (const asked of [undefined, 'named', 'insisted'] as const) {
      const paths = lost.filter((document) => document.asked === asked).map(({ path }) => path);
      if (paths.length > 0) embedded += (await engine.index({ paths, ...(asked && { asked }) }, signal)).embedded;
    }
    progress.clear();
  }
  if (args.json) out(JSON.stringify({ ...repaired, embedded }));
  else if (lost.length > 0) out(`Done: ${embedded} chunks embedded, the others had their vectors still.`);
}

export async function pruneFolder({ engine, args, out }: CommandContext): Promise<void> {
  const items = await engine.prunable();
  const [current] = args.current ? (await engine.spaces()).filter(({ active }) => active) : [];
  if (!args.json) {
    if (items.length === 0 && !current) out('There is nothing to prune.');
    for (const item of items) out(`${sizeText(item.bytes).padStart(10)}  ${nameOf(item)}`);
    if (current) out(`${sizeText(current.bytes).padStart(10)}  the index in use, ${current.documents} documents`);
  }
  let freed = 0;
  if (!args.dryRun) {
    ({ freed } = await engine.prune({ ids: items.map(({ id }) => id) }));
    if (current) {
      await engine.clear();
      freed += current.bytes;
    }
    if (!args.json && items.length + (current ? 1 : 0) > 0) out(`Freed ${sizeText(freed)}.`);
  }
  if (args.json) out(JSON.stringify({ items, ...(current && { current }), freed }));
}

function printRepaired(
  { folder, space, lost, setAside, findings, problem }: RepairedSpace,
  out: (line: string) => void,
): void {
  const name = space ? `${space.model} (${space.dimension})` : folder;
  const damage = findings.filter(isDamage);
  if (problem) out(`${name}: not repaired. ${sentenceFor(problem)}`);
  else if (!space) out(`${name}: can't be repaired, since nothing says what it holds. "prune" removes it.`);
  else if (damage.length === 0) out(`${name}: nothing was damaged`);
  else out(`${name}: mended, ${lost} documents lost, ${setAside.length} files set aside`);
  for (const finding of damage) out(`  ${describe(finding)}`);
}

function describe({ kind, file, documents, bytes }: IndexFinding): string {
  const size = bytes === undefined ? '' : `, ${sizeText(bytes)}`;
  const concerned = documents.length === 0 ? '' : ` (${documents.length} documents: ${documents.slice(0, 3).join(', ')}${documents.length > 3 ? ', …' : ''})`; // prettier-ignore
  return `${file === undefined ? '' : `${file}: `}${FINDINGS[kind]}${concerned}${size}`;
}

function nameOf({ kind, count, space, name }: PruneItem): string {
  switch (kind) {
    case 'space':
      return space
        ? `index of ${space.model} (${space.dimension}), ${counted(count, 'document')}`
        : `${name}: an index that can't be read`;
    case 'retired':
      return `${counted(count, 'vector')} of texts that are gone or changed`;
    case 'set-aside':
      return `${counted(count, 'damaged file')} set aside in ${name}`;
    case 'folder':
      return `the index of ${name}, a folder that the workspace had, ${counted(count, 'document')}`;
    case 'documents':
      return `${counted(count, 'document')} of the deleted folder ${name}`;
    case 'jobs':
      return count === 1 ? '1 batch job that is over' : `${count} batch jobs that are over`;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What is small is not nothing. */
function sizeText(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
