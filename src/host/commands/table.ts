// Every command: id -> handler, complete by type and checked against package.json by a test. A handler that throws says so
// to the user with the button that cures it; the command itself resolves to the problem's code.
import * as vscode from 'vscode';
import { problemOf, type ProblemCode } from '../problems.ts';
import type { Services } from '../services.ts';
import { tellProblem } from '../notify.ts';
import { requireWorkspace } from '../world.ts';
import { clearIndex } from './clearIndex.ts';
import { compareSelectionWith } from './compareSelectionWith.ts';
import { connectServer } from './connectServer.ts';
import { copyVector } from './copyVector.ts';
import { embedByJob } from './embedByJob.ts';
import { embedFiles } from './embedFiles.ts';
import { embedLines } from './embedLines.ts';
import { embedSelection } from './embedSelection.ts';
import { embedWorkspace } from './embedWorkspace.ts';
import { exportAnalysis } from './exportAnalysis.ts';
import { backToWorkspace, importVectors } from './importVectors.ts';
import { findSimilarImages } from './findSimilarImages.ts';
import { findSimilarToFile } from './findSimilarToFile.ts';
import { findSimilarToSelection } from './findSimilarToSelection.ts';
import { pauseIndexing, resumeIndexing, stopIndexing } from './indexingRun.ts';
import { recommendForFile } from './recommendForFile.ts';
import { retryFailed } from './retryFailed.ts';
import { pruneIndex } from './pruneIndex.ts';
import { repairIndex } from './repairIndex.ts';
import { reviewSending } from './reviewSending.ts';
import { searchByMeaning } from './searchByMeaning.ts';
import { selectDimension } from './selectDimension.ts';
import { selectModel } from './selectModel.ts';
import { selectRegion } from './selectRegion.ts';
import { setBudget } from './setBudget.ts';
import { setKey } from './setKey.ts';
import { findDuplicatesOfFile, showClusters, showDuplicates, showOutliers } from './showAnalysis.ts';
import { showIndexStatus } from './showIndexStatus.ts';
import { showJobs } from './showJobs.ts';
import { showMap } from './showMap.ts';
import { showSpending } from './showSpending.ts';
import { nextHit, previousHit } from './stepHits.ts';
import { showCoverage } from './showCoverage.ts';
import { whyNotIndexed } from './whyNotIndexed.ts';
import { verifyIndex } from './verifyIndex.ts';

type Handler = (services: Services, ...args: readonly unknown[]) => void | Promise<void>;

const COMMANDS = {
  embedSelection,
  embedFiles,
  embedWorkspace,
  findSimilarToSelection,
  findSimilarToFile,
  findSimilarImages,
  searchByMeaning,
  recommendForFile,
  showClusters,
  showOutliers,
  showDuplicates,
  findDuplicatesOfFile,
  exportAnalysis,
  importVectors,
  backToWorkspace,
  compareSelectionWith,
  copyVector,
  embedLines,
  pauseIndexing,
  resumeIndexing,
  stopIndexing,
  showIndexStatus,
  showCoverage,
  whyNotIndexed,
  retryFailed,
  clearIndex,
  verifyIndex,
  repairIndex,
  pruneIndex,
  selectModel,
  selectDimension,
  connectServer,
  selectRegion,
  setKey,
  reviewSending,
  setBudget,
  showSpending,
  nextHit,
  previousHit,
  embedByJob,
  showJobs,
  showMap,
  showLog: ({ log }) => log.show(),
  restartEngine: ({ engine }) => engine.restart(),
} as const satisfies Readonly<Record<string, Handler>>;

export type CommandName = keyof typeof COMMANDS;

/** What they do to the workspace's index they can't do while a table is looked at. */
const OF_WORKSPACE: ReadonlySet<string> = new Set([
  'embedSelection', 'embedFiles', 'embedWorkspace', 'embedLines', 'embedByJob', 'showJobs', 'resumeIndexing', 'whyNotIndexed',
  'retryFailed', 'clearIndex', 'verifyIndex', 'repairIndex', 'pruneIndex', 'showIndexStatus', 'selectModel', 'selectDimension',
  'connectServer', 'selectRegion', 'setKey', 'reviewSending', 'setBudget',
] satisfies CommandName[]); // prettier-ignore

/** Registers every command as `vectorscope.<name>`. */
export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries<Handler>(COMMANDS).map(([name, handler]) =>
      vscode.commands.registerCommand(`vectorscope.${name}`, (...args: readonly unknown[]) =>
        answer(services, name, () => handler(services, ...args)),
      ),
    ),
  );
}

async function answer(
  services: Services,
  name: string,
  act: () => void | Promise<void>,
): Promise<ProblemCode | undefined> {
  try {
    if (OF_WORKSPACE.has(name)) requireWorkspace(services.world());
    await act();
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code === 'cancelled') return 'cancelled';
    services.log.warn(`${name}: ${String(error)}`);
    tellProblem(problem);
    return problem.code;
  }
}
