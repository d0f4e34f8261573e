// Stage 3, local: main of an inference child (dist/inference.js, forked by inferencePool.ts). Invariant: it never outlives the
// engine, and between two texts it hears what came in, so that a query waits for one text and Stop for one text.
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { toEngineError } from '../../errors.ts';
import type { FromChild, ToChild } from './inferenceProtocol.ts';
import { type ModelSession, openModel } from './inferenceSession.ts';
import type { LocalModel } from './localModel.ts';
import { type LoadedRuntime, loadRuntime } from './runtime.ts';

interface Job {
  readonly id: number;
  readonly model: LocalModel;
  readonly texts: readonly string[];
  readonly vectors: Float32Array[];
  tokens: number;
  cancelled: boolean;
}

const runtimeFolder = path.join(path.dirname(process.argv[1] ?? ''), 'runtime');
const urgent: Job[] = [];
const queued: Job[] = [];
const sessions = new Map<string, Promise<ModelSession>>();
let runtime: Promise<LoadedRuntime> | undefined;
let working = false;

function receive(message: ToChild): void {
  if (message.type === 'cancel') {
    for (const job of [...urgent, ...queued]) if (job.id === message.id) job.cancelled = true;
    return;
  }
  const { id, model, texts } = message;
  (message.urgent ? urgent : queued).push({ id, model, texts, vectors: [], tokens: 0, cancelled: false });
  if (!working) void work();
}

async function work(): Promise<void> {
  working = true;
  for (let queue = nextQueue(); queue !== undefined; queue = nextQueue()) {
    const job = queue[0];
    if (job === undefined) break;
    const answer = await step(job);
    if (answer !== undefined) {
      queue.splice(queue.indexOf(job), 1);
      process.send?.(answer);
    }
    await setImmediate(); // lets messages in, also where `run` never turns the loop (WASM)
  }
  working = false;
}

function nextQueue(): Job[] | undefined {
  return urgent.length > 0 ? urgent : queued.length > 0 ? queued : undefined;
}

/** Embeds the job's next text; the answer when the job is over. */
async function step(job: Job): Promise<FromChild | undefined> {
  if (job.cancelled) return { type: 'cancelled', id: job.id };
  try {
    const loaded = await (runtime ??= loadRuntime(runtimeFolder, job.model.id));
    const session = await sessionOf(loaded, job.model);
    const { vector, tokens } = await session.embed(job.texts[job.vectors.length] ?? '');
    job.vectors.push(vector);
    job.tokens += tokens;
    if (job.vectors.length < job.texts.length) return undefined;
    return { type: 'done', id: job.id, vectors: joined(job.vectors), tokens: job.tokens, runtime: loaded.kind };
  } catch (error) {
    const { code, details } = toEngineError(error);
    return { type: 'failed', id: job.id, code, details };
  }
}

function sessionOf(loaded: LoadedRuntime, model: LocalModel): Promise<ModelSession> {
  const known = sessions.get(model.modelFile);
  if (known !== undefined) return known;
  const opened = openModel(loaded, model);
  sessions.set(model.modelFile, opened);
  opened.catch(() => sessions.delete(model.modelFile)); // weights that were put right are loaded by the next job
  return opened;
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const dimension = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, i) => all.set(vector, i * dimension));
  return all;
}

process.on('message', receive);
process.on('disconnect', () => process.exit(0)); // also when the engine was killed with -9
process.on('SIGINT', () => undefined); // Ctrl+C reaches the whole group; the engine decides when this child goes
if (!process.connected) process.exit(0);
