// Stage 3, local: the catalogue of embedded models over the pinned table models.json, which scripts/models.mjs uses too.
// Invariant: what shapes a vector (pooling, lower-casing, prefixes) has its version in `prompt`, which is part of the space.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../errors.ts';
import type { ModelPart } from './localModel.ts';
import table from './models.json';
import { scoresOf } from './scores.ts';

interface PinnedModel {
  readonly licence: string;
  readonly languages: readonly string[];
  readonly dimension: number;
  readonly maxTokens: number;
  readonly pooling: 'mean' | 'cls';
  readonly lowercase: boolean;
  readonly queryPrefix: string;
  readonly queryPrefixFor: 'all' | 'cjk';
  readonly graph: 'all' | 'basic';
  readonly prompt: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

const PINNED = table.models as Readonly<Record<string, PinnedModel>>;

/** Id -> the pinned models that make its vectors, side by side. */
const CATALOGUE: ReadonlyMap<string, readonly string[]> = new Map([
  ['minilm', ['minilm']],
  ['bge-small-zh', ['bge-small-zh']],
  ['bilingual', ['minilm', 'bge-small-zh']],
  ['bge-small-en', ['bge-small-en']],
]);

/** A row of the catalogue, as the protocol's ModelInfo. */
export interface ModelRow {
  readonly id: string;
  readonly provider: 'local';
  readonly dimensions: readonly number[];
  readonly defaultDimension: number;
  readonly maxTokens: number;
  readonly languages: readonly string[];
  /** Weights and tokenizers on disk. */
  readonly bytes: number;
  readonly licence: string;
  /** All files are there with the right size; their hashes are checked before they are run. */
  readonly installed: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

/** The whole catalogue, in the order to show it. */
export function listModels(modelsFolder: string): Promise<ModelRow[]> {
  return Promise.all(
    [...CATALOGUE.keys()].map(async (id) => {
      const models = pinnedOf(id).map(([, pinned]) => pinned);
      const dimension = sum(models.map((model) => model.dimension));
      return {
        id,
        provider: 'local' as const,
        dimensions: [dimension],
        defaultDimension: dimension,
        maxTokens: Math.min(...models.map((model) => model.maxTokens)),
        languages: [...new Set(models.flatMap((model) => model.languages))],
        bytes: sum(models.flatMap((model) => model.files.map((file) => file.bytes))),
        licence: [...new Set(models.map((model) => model.licence))].join(' AND '),
        installed: await isInstalled(catalogueParts(id, modelsFolder)),
        scores: scoresOf(id),
      };
    }),
  );
}

/** The models behind an id of the catalogue. Throws `unknown-model`. */
export function catalogueParts(id: string, modelsFolder: string): ModelPart[] {
  return pinnedOf(id).map(([name, pinned]) => {
    const file = (wanted: string): string => path.join(modelsFolder, name, wanted);
    const { maxTokens, pooling, lowercase, queryPrefix, queryPrefixFor, graph, dimension, prompt } = pinned;
    return {
      model: {
        id: name,
        modelFile: file('model.onnx'),
        tokenizerFile: file('tokenizer.json'),
        maxTokens,
        pooling,
        lowercase,
        queryPrefix,
        queryPrefixFor,
        documentPrefix: '',
        graph,
      },
      files: pinned.files.map(({ name: wanted, bytes, sha256 }) => ({ file: file(wanted), bytes, sha256 })),
      dimension,
      name,
      prompt,
    };
  });
}

function pinnedOf(id: string): [string, PinnedModel][] {
  const names = CATALOGUE.get(id);
  if (names === undefined) {
    throw new EngineError('unknown-model', { model: id, known: ['auto', ...CATALOGUE.keys()].join(', ') });
  }
  return names.map((name) => {
    const pinned = PINNED[name];
    if (pinned === undefined) throw new EngineError('internal', { reason: `models.json lacks ${name}` });
    return [name, pinned];
  });
}

async function isInstalled(parts: readonly ModelPart[]): Promise<boolean> {
  const files = parts.flatMap((part) => part.files);
  const sizes = await Promise.all(
    files.map(({ file }) =>
      stat(file)
        .then((found) => found.size)
        .catch(() => undefined),
    ),
  );
  return files.every((file, i) => sizes[i] === file.bytes);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
