// What the page asks for, done. Params are checked before they come here.
import * as vscode from 'vscode';
import { EngineError, toEngineError } from '../../engine/errors.ts';
import type { Handlers } from '../../protocol/rpc.ts';
import type { OpenMode, ViewCommand, ViewRequests, ViewTab } from '../../protocol/viewApi.ts';
import { actOnFile } from '../commands/actOnFile.ts';
import { nameShownClusters } from '../commands/nameShownClusters.ts';
import { comparePlace, comparePlaces } from '../commands/comparePlace.ts';
import { imageTarget } from '../commands/findSimilarImages.ts';
import { coverageView } from '../coverageView.ts';
import { problemMessage } from '../errorMessages.ts';
import { tellProblem } from '../notify.ts';
import { problemOf } from '../problems.ts';
import type { Services } from '../services.ts';
import { shownHit } from '../shownHit.ts';
import type { FollowTarget, Range } from '../similarFollower.ts';
import { excerptOf } from '../meaning.ts';
import { askFirst } from '../commands/searchByMeaning.ts';
import { viewStrings } from './viewStrings.ts';

const COMMANDS: Readonly<Record<ViewCommand, string>> = {
  embedWorkspace: 'vectorscope.embedWorkspace',
  openFolder: 'workbench.action.files.openFolder',
  manageTrust: 'workbench.trust.manage',
  pauseIndexing: 'vectorscope.pauseIndexing',
  resumeIndexing: 'vectorscope.resumeIndexing',
  stopIndexing: 'vectorscope.stopIndexing',
  showIndexStatus: 'vectorscope.showIndexStatus',
  retryFailed: 'vectorscope.retryFailed',
  selectModel: 'vectorscope.selectModel',
  clearIndex: 'vectorscope.clearIndex',
  restartEngine: 'vectorscope.restartEngine',
  showLog: 'vectorscope.showLog',
  findSimilarToFile: 'vectorscope.findSimilarToFile',
  setKey: 'vectorscope.setKey',
  reviewSending: 'vectorscope.reviewSending',
  setBudget: 'vectorscope.setBudget',
  showSpending: 'vectorscope.showSpending',
  exportAnalysis: 'vectorscope.exportAnalysis',
  backToWorkspace: 'vectorscope.backToWorkspace',
  showMap: 'vectorscope.showMap',
};

export function viewHandlers(services: Services, ready: (tab: ViewTab) => void): Handlers<ViewRequests> {
  const { similar, search, model, engine } = services;
  return {
    ready: ({ tab }) => {
      ready(tab);
      void similar.refresh();
      return { snapshot: model.snapshot(), strings: viewStrings(vscode.l10n), language: vscode.env.language };
    },
    showTab: ({ tab }) => {
      services.sidebar().tab = tab;
      model.changed();
    },
    search: async ({ query, filter }) => {
      services.stepping(true);
      await askFirst(services, query);
      await search.search(query, filter);
    },
    setSearchMode: async ({ mode }) => {
      await services.searchMode.choose(mode);
      const { query } = search.view();
      if (query === '') model.changed();
      else await askFirst(services, query);
      await search.refresh();
    },
    setSimilarMode: ({ mode }) => similar.setMode(mode),
    filterSimilar: ({ filter }) => similar.setFilter(filter),
    open: async ({ place, mode }) => {
      await openPlace(services, place, mode);
      services.stepping(true);
    },
    compare: ({ place, other, similarity }) =>
      said(() => (other ? comparePlaces(services, place, other, similarity) : comparePlace(services, place))),
    copyLink: async ({ place }) => {
      await vscode.env.clipboard.writeText(linkTo(place));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied the link to {0}', place.path), 3_000);
    },
    copyLinks: async ({ places }) => {
      await vscode.env.clipboard.writeText(places.map((place) => `- ${linkTo(place)}\n`).join(''));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0} links', places.length), 3_000);
    },
    moreLikeThis: ({ place }) =>
      said(async () => {
        const target = await placeTarget(services, place);
        await services.sidebar().reveal('similar', true);
        await similar.show(target);
      }),
    hide: ({ place }) => (services.sidebar().tab === 'search' ? search.hide(place) : similar.hide(place)),
    unhideAll: () => (services.sidebar().tab === 'search' ? search.unhideAll() : similar.unhideAll()),
    pin: ({ pinned }) => similar.pin(pinned),
    back: () => similar.goBack(),
    showSnippet: ({ path }) =>
      said(async () => similar.show(await placeTarget(services, { path, startLine: 1, endLine: 1 }))),
    removeSnippet: ({ path }) =>
      said(async () => {
        await engine.request('removeSnippet', { path });
        model.setSnippets(await engine.request('keptSnippets', undefined));
      }),
    command: ({ command }) => {
      // Commands tell their problems themselves, and may take as long as an indexing run.
      const insist = command === 'findSimilarToFile' && similar.view().empty === 'file-left-out';
      void vscode.commands.executeCommand(COMMANDS[command], ...(insist ? [undefined, 'insist'] : []));
    },
    dismissNotice: () => model.setNotice(undefined),
    coverage: (query, signal) => coverageView(services, query, signal),
    clusters: (params, signal) => {
      void services.languageModels.look();
      if (params.of === 'chunks') void services.shownAnalysis.show('granularity', params.granularity);
      return explained(engine.request('clusters', params, signal));
    },
    nameClusters: (query, signal) => nameShownClusters(services, query, signal),
    clusterMembers: (params, signal) => engine.request('clusterMembers', params, signal),
    outliers: (params, signal) => explained(engine.request('outliers', params, signal)),
    duplicates: (params, signal) => {
      void services.shownAnalysis.show('minSimilarity', params.minSimilarity);
      return explained(engine.request('duplicates', params, signal));
    },
    ignoreDuplicates: (params) => said(() => engine.request('ignoreDuplicates', params)),
    recommend: (params, signal) => engine.request('recommend', params, signal),
    map: (params, signal) => explained(engine.request('map', params, signal)),
    snippetAt: (params) => engine.request('snippetAt', params),
    coverageAct: ({ path, act }) => said(() => actOnFile(services, path, act)),
  };
}

/**
 * Opens a place in the editor. A list of hits stays until the cursor leaves the place; from other tabs Similar goes along, and the map
 * lights the file that is open. `column`: of the map in an editor, which must not be covered.
 */
export function openPlace(
  { similar, opener, sidebar }: Services,
  place: Range,
  mode: OpenMode,
  column?: vscode.ViewColumn,
): Promise<void> {
  const open = (): Promise<string> => opener.open(place, mode, column);
  const { tab } = sidebar();
  const isOfHits = column === undefined && (tab === 'similar' || tab === 'search');
  return said(async () => {
    await (isOfHits ? similar.holdWhile(open) : open());
  });
}

/** A place of a result as a target of its own. */
async function placeTarget(services: Services, place: Range): Promise<FollowTarget> {
  const { opener, model } = services;
  const kept = model.snippets.find((snippet) => snippet.path === place.path);
  if (kept) {
    const { path, startLine, endLine, text } = kept.place;
    return {
      kind: 'snippet',
      path,
      startLine,
      endLine,
      excerpt: excerptOf(text),
      example: { path: kept.path },
      checkRules: false,
    };
  }
  const hit = shownHit(services, place);
  if (hit?.kind === 'image') return imageTarget(hit.path);
  const { document, range } = await opener.find(place);
  const { path, startLine, endLine } = place;
  const symbol = hit?.symbol;
  return {
    kind: symbol === undefined ? 'selection' : 'symbol',
    ...(symbol !== undefined && { symbol }),
    path,
    startLine,
    endLine,
    excerpt: excerptOf(document.getText(range)),
    example: { path, startLine, endLine },
    checkRules: false,
  };
}

/** `[a.ts:3–5](a.ts#L3-L5)`: a link that Markdown in the workspace and on code hosts follows. */
function linkTo({ path, startLine, endLine }: Range): string {
  const lines = startLine === endLine ? `${startLine}` : `${startLine}–${endLine}`;
  const fragment = startLine === endLine ? `L${startLine}` : `L${startLine}-L${endLine}`;
  return `[${path}:${lines}](${encodeURI(path).replaceAll('(', '%28').replaceAll(')', '%29')}#${fragment})`;
}

/** The page shows what went wrong in the place of the answer: the error takes its sentence along. */
async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { code, details } = toEngineError(error);
    const { text } = problemMessage(vscode.l10n, { code, details });
    throw new EngineError(code, { ...details, sentence: text }, { cause: error });
  }
}

/** Tells the user what went wrong, and the page that it did. */
async function said(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    tellProblem(problemOf(error));
    throw error;
  }
}
