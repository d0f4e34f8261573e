// `vectorscope COMMAND ...`: the engine from a terminal. The contract of commands, JSON and exit codes is the table in
// README, "Command line". Exit codes: 0 done, 1 failed, 2 wrong use.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createEngine } from '../engine/engine.ts';
import { EngineError, toEngineError, type ErrorCode } from '../engine/errors.ts';
import type { EngineConfig } from '../protocol/engineApi.ts';
import { recommendInFolder, showClusters, showDuplicates, showMap, showOutliers } from './analysisCommands.ts';
import { parseCommandLine, UsageError, type Arguments, type CommandName } from './args.ts';
import { IMPORTED } from '../engine/embed/imported/importedEmbedder.ts';
import { embedTexts, listModels } from './catalogueCommands.ts';
import { indexFolder, searchFolder, showStatus, similarInFolder, type CommandContext } from './folderCommands.ts';
import { exportFolder, importFile } from './transferCommands.ts';
import { HELP } from './help.ts';
import { embedByJob, manageJobs } from './jobCommands.ts';
import { pruneFolder, repairFolder, verifyFolder } from './maintenanceCommands.ts';
import { progressLine } from './progress.ts';
import { sentenceFor } from './sentences.ts';
import { remoteConfig } from './remoteConfig.ts';
import { dataFolder, defaultStoreFolder } from './storeFolder.ts';

const packageFolder = path.resolve(__dirname, '..');

/** Resolves with the exit code. */
async function run(args: Arguments, signal: AbortSignal): Promise<number> {
  const progress = progressLine(process.stderr);
  const engine = createEngine({
    resources: {
      distFolder: path.join(packageFolder, 'dist'),
      modelsFolder: path.join(packageFolder, 'media', 'models'),
    },
    onStatus: (status) => progress.show(status),
    onIndexed: () => undefined,
  });
  const place = WITHOUT_FOLDER.has(args.command) ? undefined : existingPlace(args.positionals[0] ?? '', args.command);
  const folder = place?.folder;
  // Jobs outlive the command; else texts alone need no index: what the engine opens for them is thrown away.
  const jobsFolder =
    args.command === 'jobs' || args.job ? path.join(dataFolder(process.env), 'vectorscope', 'texts') : undefined;
  const isThrownAway = folder === undefined && jobsFolder === undefined;
  const throwAway = isThrownAway ? fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-')) : undefined;
  try {
    let config: EngineConfig = {
      roots: folder === undefined ? [] : [{ folder, prefix: '' }],
      storageFolder:
        throwAway ?? path.resolve(args.store ?? jobsFolder ?? defaultStoreFolder(place?.file ?? folder ?? '')),
      model: place?.file === undefined ? args.model : IMPORTED,
      ...(args.dimension !== undefined && place?.file === undefined && { dimension: args.dimension }),
      include: [],
      exclude: [],
      maxFileBytes: 1024 * 1024,
      maxConcurrency: 0,
      language: 'en',
      ...remoteConfig(args, process.env),
      // Beside the user's other data: spending is the user's, not an index's.
      ...(args.store === undefined && {
        spendFolder: path.join(dataFolder(process.env), 'vectorscope', 'spending'),
        registryFolder: path.join(dataFolder(process.env), 'vectorscope', 'registry'),
      }),
      workspaceName: folder ?? process.cwd(),
    };
    await engine.configure(config);
    const context: CommandContext = {
      engine,
      args,
      signal,
      progress,
      out: (text) => process.stdout.write(`${text}\n`),
      warn: (text) => process.stderr.write(`${text}\n`),
      async reconfigure(agreed) {
        if (!config.remote) return;
        config = { ...config, remote: { ...config.remote, ...agreed } };
        await engine.configure(config);
      },
    };
    let code = 0;
    const commands: Record<CommandName, () => Promise<unknown>> = {
      index: () => indexFolder(context),
      search: () => searchFolder(context),
      similar: () => similarInFolder(context, folder ?? ''),
      status: () => showStatus(context),
      verify: async () => (code = (await verifyFolder(context)) ? 1 : 0),
      repair: () => repairFolder(context),
      prune: () => pruneFolder(context),
      embed: () => (args.job ? embedByJob(context) : embedTexts(context)),
      clusters: () => showClusters(context),
      outliers: () => showOutliers(context),
      duplicates: () => showDuplicates(context),
      recommend: () => recommendInFolder(context, folder ?? ''),
      map: () => showMap(context),
      export: () => exportFolder(context),
      import: () => importFile(context),
      models: () => listModels(context),
      jobs: () => manageJobs(context),
    };
    await commands[args.command]();
    return code;
  } finally {
    progress.clear();
    await engine.close();
    if (throwAway !== undefined) fs.rmSync(throwAway, { recursive: true, force: true });
  }
}

const WITHOUT_FOLDER: ReadonlySet<CommandName> = new Set(['embed', 'models', 'jobs']);

/** These read the files of a folder. */
const ONLY_FOLDER: ReadonlySet<CommandName> = new Set(['index', 'repair']);

/** A folder, or a file of ready vectors, whose rows are places of it. */
function existingPlace(name: string, command: CommandName): { readonly folder: string; readonly file?: string } {
  const at = path.resolve(name);
  const stats = fs.statSync(at, { throwIfNoEntry: false });
  if (command === 'import' && !stats?.isFile()) throw new UsageError(`There is no file ${name}.`);
  if (stats?.isDirectory()) return { folder: at };
  if (!stats?.isFile() || ONLY_FOLDER.has(command)) throw new UsageError(`There is no folder ${name}.`);
  return { folder: path.dirname(at), file: at };
}

const WRONG_USE: ReadonlySet<ErrorCode> = new Set([
  'unknown-model',
  'dimension-not-allowed',
  'bad-endpoint',
  'not-supported',
  'consent-needed',
]);

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  let lost: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error) => {
    lost ??= error;
    stop.abort(); // nothing more is paid for what nobody reads
  });
  try {
    let code = 0;
    const args = parseCommandLine(process.argv.slice(2));
    if (args === 'help') process.stdout.write(`${HELP}\n`);
    else if (args === 'version') process.stdout.write(`${versionOf(packageFolder)}\n`);
    else code = await run(args, stop.signal);
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve())); // an error of the last write comes late
    if (lost) throw new EngineError('cancelled');
    return code;
  } catch (error) {
    // A reader that went away (`| head`) is no failure of ours; a full disk is.
    if (lost?.code === 'EPIPE') return 0;
    if (lost) {
      process.stderr.write(`vectorscope: The output can't be written (${lost.code ?? lost.message}).\n`);
      return 1;
    }
    const wrongUse = error instanceof UsageError;
    process.stderr.write(`vectorscope: ${wrongUse ? error.message : sentenceFor(toEngineError(error))}\n`);
    return wrongUse || (error instanceof EngineError && WRONG_USE.has(error.code)) ? 2 : 1;
  }
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

void main().then((code) => {
  process.exitCode = code;
});
