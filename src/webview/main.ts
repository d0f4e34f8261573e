// Entry of the page: connects to the host, holds the state, draws it. Nothing is shown before the host's first answer,
// because the words come with it.
import { isCancelled } from '../engine/errors.ts';
import { createApp } from './app.ts';
import { createMapPage } from './mapPage.ts';
import { debounce } from './debounce.ts';
import { el } from './dom.ts';
import { fromStored, toStored } from './persisted.ts';
import { connectHost, isReveal, isSnapshot, isStep, type HostConnection, type VsCodeApi } from './rpcClient.ts';
import { initialState, reduce, type Action } from './state.ts';
import type { ViewContext } from './viewContext.ts';
import { createWords } from './words.ts';

declare function acquireVsCodeApi(): VsCodeApi;

const RETRY_MS = 1000;

async function start(host: HostConnection, api: VsCodeApi, root: HTMLElement): Promise<void> {
  const isMap = document.body.dataset['page'] === 'map';
  const persisted = { ...fromStored(api.getState()), ...(isMap && { tab: 'map' as const }) };
  const { snapshot, strings, language } = await host.request('ready', { tab: persisted.tab });
  if (!isSnapshot(snapshot)) throw new TypeError('the host sent no snapshot');
  document.documentElement.lang = language;

  const live = el('div', { class: 'sr-only', 'aria-live': 'polite' });
  document.body.append(live);
  let state = initialState(snapshot, persisted);
  const save = debounce(100, () => api.setState(toStored(state)));
  const context: ViewContext = {
    words: createWords(strings, language),
    state: () => state,
    dispatch(action: Action) {
      const next = reduce(state, action);
      if (next === state) return;
      const tabChanged = next.tab !== state.tab;
      state = next;
      app.update(state);
      if (action.type !== 'snapshot') save();
      if (tabChanged) context.request('showTab', { tab: state.tab });
    },
    request(name, params, signal) {
      host.request(name, params, signal).catch((error: unknown) => {
        // The host tells the user, since it has the words; this is for the developer tools.
        if (!isCancelled(error)) console.warn(`${name} failed`, error);
      });
    },
    ask: (name, params, signal) => host.request(name, params, signal),
    announce(text) {
      live.textContent = text;
    },
  };
  const app = isMap ? createMapPage(context, root) : createApp(context, root);
  app.update(state);

  host.on('snapshot', (newer) => {
    if (isSnapshot(newer)) context.dispatch({ type: 'snapshot', snapshot: newer });
  });
  host.on('reveal', (reveal) => {
    if (!isReveal(reveal) || isMap) return;
    context.dispatch({ type: 'showTab', tab: reveal.tab });
    if (reveal.thisFile) {
      const { duplicates } = context.state().analysis;
      context.dispatch({ type: 'analysis', choices: { duplicates: { ...duplicates, thisFile: true } } });
    }
    if (reveal.files !== undefined) context.dispatch({ type: 'files', files: { text: reveal.files } });
    if (reveal.focus) app.focus();
  });
  host.on('step', (step) => {
    if (isStep(step)) app.step(step.by);
  });

  // The page was closed and comes back with a query that the host has forgotten.
  if (state.query.trim() !== '' && state.query.trim() !== snapshot.search.query) {
    context.request('search', { query: state.query.trim(), filter: state.filters.search });
  }
  if (JSON.stringify(state.filters.similar) !== JSON.stringify(snapshot.similar.filter)) {
    context.request('filterSimilar', { filter: state.filters.similar });
  }
}

function startUntilAnswered(host: HostConnection, api: VsCodeApi, root: HTMLElement): void {
  start(host, api, root).catch((error: unknown) => {
    console.warn('the host did not answer', error);
    setTimeout(() => startUntilAnswered(host, api, root), RETRY_MS);
  });
}

const root = document.getElementById('app');
if (root) {
  const api = acquireVsCodeApi();
  startUntilAnswered(connectHost(api), api, root);
}
