// The engine's own process: the facade behind the rpc. Forked by the host on first need. Invariant: it never outlives its
// parent, and its children never outlive it.
import process from 'node:process';
import type { EngineEvents, EngineRequests, EngineResources } from '../protocol/engineApi.ts';
import { Rpc, type Handlers, type RequestMap } from '../protocol/rpc.ts';
import { createEngine, type Engine } from './engine.ts';

/** One line for each request: a missing or misspelt one does not compile. */
export function engineHandlers(engine: Engine): Handlers<EngineRequests> {
  return {
    ...engine.wholeIndex,
    configure: (config) => engine.configure(config),
    status: () => engine.status(),
    index: (params, signal) => engine.index(params, signal),
    pause: () => engine.pause(),
    resume: () => engine.resume(),
    stop: () => engine.stop(),
    clear: () => engine.clear(),
    verify: () => engine.verify(),
    repair: () => engine.repair(),
    prunable: () => engine.prunable(),
    prune: (params) => engine.prune(params),
    importVectors: (params, signal) => engine.importVectors(params, signal),
    search: (params, signal) => engine.search(params, signal),
    similar: (params, signal) => engine.similar(params, signal),
    compare: (params, signal) => engine.compare(params, signal),
    embed: (params, signal) => engine.embed(params, signal),
    keepSnippet: (params, signal) => engine.keepSnippet(params, signal),
    keptSnippets: () => engine.keptSnippets(),
    removeSnippet: (params) => engine.removeSnippet(params),
    coverage: () => engine.coverage(),
    coveragePage: (params) => engine.coveragePage(params),
    unsaved: (params) => engine.unsaved(params),
    whyNot: (params) => engine.whyNot(params),
    spaces: () => engine.spaces(),
    models: () => engine.models(),
    estimate: (params, signal) => engine.estimate(params, signal),
    testConnection: () => engine.testConnection(),
    jobs: () => engine.jobs(),
    estimateJob: (params) => engine.estimateJob(params),
    submitJob: (params) => engine.submitJob(params),
    resumeJob: (params) => engine.resumeJob(params),
    waitForJobs: (params, signal) => engine.waitForJobs(params, signal),
    cancelJob: (params) => engine.cancelJob(params),
    jobRows: (params) => engine.jobRows(params),
    writeJobRows: (params, signal) => engine.writeJobRows(params, signal),
    spending: () => engine.spending(),
    ping: () => undefined,
    shutdown: () => engine.close(),
  };
}

function main(): void {
  const resources = JSON.parse(process.argv[2] ?? '{}') as EngineResources;
  const engine = createEngine({
    resources,
    onStatus: (status) => rpc.emit('status', status),
    onIndexed: (paths) => rpc.emit('indexed', { paths }),
  });
  const rpc = new Rpc<EngineRequests, RequestMap, EngineEvents, Record<string, never>>({
    channel: {
      // The callback swallows a parent that went away; 'disconnect' ends this process.
      post: (message) => process.send?.(message, undefined, undefined, () => undefined),
      onMessage: (listener) => process.on('message', listener),
    },
    handlers: engineHandlers(engine),
  });
  process.once('disconnect', () => {
    void engine.close().finally(() => process.exit(0));
  });
}

main();
