// How long code of this extension keeps the extension host's event loop to itself, told apart from what VS Code and other
// processes of the machine do: by V8's CPU profiler, from the samples whose stack holds a frame of dist/extension.js.
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import path from 'node:path';
import * as vscode from 'vscode';

const SAMPLE_US = 500;

const { extensionPath = '' } = vscode.extensions.getExtension('vectorscope.vectorscope') ?? {};
const bundle = path.join(extensionPath, 'dist', 'extension.js');

export interface Stretch {
  /** Time at work: samples taken, times the interval. A thread that waits for a core is not sampled. */
  readonly workMs: number;
  /** Time on the clock, with the waits for a core. */
  readonly wallMs: number;
  /** Our frames of its samples, the outermost first. */
  readonly in: string;
}

export interface OwnTime {
  /** Longest first. */
  readonly stretches: readonly Stretch[];
  readonly samples: number;
  /** Of the event loop, whoever held it. */
  readonly loop: { readonly maxMs: number; readonly p99Ms: number };
}

/** Runs `work` under the profiler. */
export async function ownTimeOf(work: () => Promise<void>): Promise<OwnTime> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  try {
    await work();
  } finally {
    delay.disable();
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const loop = { maxMs: delay.max / 1e6 - 10, p99Ms: delay.percentile(99) / 1e6 - 10 };
  return { stretches: stretchesOf(profile), samples: profile.samples?.length ?? 0, loop };
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[] | undefined;
  }[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

/** Neighbouring samples inside our code, as one stretch each. */
function stretchesOf({ nodes, samples = [], timeDeltas = [] }: Profile): Stretch[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const collector = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(garbage collector)').map(({ id }) => id)); // prettier-ignore
  const ours = new Map<number, string>();
  const framesOf = (id: number): string => {
    const known = ours.get(id);
    if (known !== undefined) return known;
    const parent = parents.get(id);
    const above = parent === undefined ? '' : framesOf(parent);
    const { url = '', functionName = '' } = byId.get(id)?.callFrame ?? {};
    const frames = isOurs(url) ? `${above}${above && ' > '}${functionName || '(anonymous)'}` : above;
    ours.set(id, frames);
    return frames;
  };
  const stretches: Stretch[] = [];
  let [count, wall, widest] = [0, 0, ''];
  const end = (): void => {
    if (count > 0) stretches.push({ workMs: (count * SAMPLE_US) / 1000, wallMs: wall / 1000, in: widest });
    [count, wall, widest] = [0, 0, ''];
  };
  samples.forEach((id, i) => {
    const frames = framesOf(id);
    // The collector has no stack of its own: it belongs to whom it interrupts.
    if (frames === '' && !(count > 0 && collector.has(id))) {
      end();
      return;
    }
    count++;
    wall += timeDeltas[i + 1] ?? 0;
    if (frames.length > widest.length) widest = frames;
  });
  end();
  return stretches.sort((a, b) => b.workMs - a.workMs);
}

/** Our bundle, and Node's own code that takes the engine's messages apart for it (nobody else here has that format). */
function isOurs(url: string): boolean {
  return url.endsWith(bundle) || url.endsWith('internal/child_process/serialization');
}
