// Stage 3, local, in an inference child: loads ONNX Runtime from dist/runtime by path: the native binding of this platform, or
// its WebAssembly build where no native one loads (Alpine, Intel Macs, a missing C++ runtime). WASM is about 7 times slower.
// The environment variable VECTORSCOPE_RUNTIME=native|wasm allows only one of them.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as ort from 'onnxruntime-common';
import { EngineError } from '../../errors.ts';
import type { Runtime } from './inferenceProtocol.ts';
import type { LocalModel } from './localModel.ts';

type Ort = Pick<typeof ort, 'env' | 'InferenceSession' | 'Tensor'>;

export interface LoadedRuntime {
  readonly kind: Runtime;
  readonly Tensor: typeof ort.Tensor;
  createSession(model: LocalModel): Promise<ort.InferenceSession>;
}

/** One thread: more sessions beat more threads, and vectors must not depend on the number of cores. */
const ONE_THREAD = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
} as const;

/** Throws `runtime-unavailable` with what each runtime said. */
export async function loadRuntime(folder: string, model: string): Promise<LoadedRuntime> {
  const only = process.env['VECTORSCOPE_RUNTIME'];
  const reasons: string[] = [];
  for (const [kind, load] of [
    ['native', loadNative],
    ['wasm', loadWasm],
  ] as const) {
    if (only !== undefined && only !== '' && only !== kind) continue;
    try {
      return await load(folder);
    } catch (error) {
      reasons.push(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new EngineError('runtime-unavailable', {
    model,
    reason: reasons.join('; ') || `no runtime named ${only ?? ''}`,
  });
}

function loadNative(folder: string): LoadedRuntime {
  const { InferenceSession, Tensor } = loadModule(folder, 'onnxruntime-node.js');
  return {
    kind: 'native',
    Tensor,
    createSession: (model) =>
      InferenceSession.create(model.modelFile, { ...ONE_THREAD, graphOptimizationLevel: model.graph }),
  };
}

async function loadWasm(folder: string): Promise<LoadedRuntime> {
  const { env, InferenceSession, Tensor } = loadModule(folder, 'onnxruntime-web.js');
  env.wasm.numThreads = 1;
  env.wasm.wasmBinary = await readFile(path.join(folder, 'ort-wasm-simd-threaded.wasm'));
  env.wasm.wasmPaths = { mjs: pathToFileURL(path.join(folder, 'ort-wasm-simd-threaded.mjs')).href };
  return {
    kind: 'wasm',
    Tensor,
    createSession: async (model) =>
      InferenceSession.create(await readFile(model.modelFile), {
        ...ONE_THREAD,
        executionProviders: ['wasm'],
        graphOptimizationLevel: model.graph,
      }),
  };
}

function loadModule(folder: string, file: string): Ort {
  const require = createRequire(path.join(folder, file));
  return require(`./${file}`) as Ort;
}
