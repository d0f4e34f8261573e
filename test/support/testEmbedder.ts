// An embedder over the fetched weights and the built dist/, for suites of several stages.
import path from 'node:path';
import { createEmbedder } from '../../src/engine/embed/createEmbedder.ts';
import type { Embedder, EmbedderOptions } from '../../src/engine/embed/embedder.ts';
import { distFolder, modelsFolder } from './paths.ts';

export function testEmbedder(options: Partial<EmbedderOptions> = {}): Promise<Embedder> {
  return createEmbedder({
    model: 'minilm',
    modelsFolder,
    inferenceEntry: path.join(distFolder, 'inference.js'),
    maxConcurrency: 2,
    chunkerVersion: 1,
    ...options,
  });
}

/** Rows of a space for texts, all parts side by side. */
export async function embedRows(embedder: Embedder, texts: readonly string[]): Promise<Float32Array[]> {
  const rows = texts.map(() => new Float32Array(embedder.space.dimension));
  for (const [index, { space, offset }] of embedder.parts.entries()) {
    const { vectors } = await embedder.embedPart(index, texts);
    rows.forEach((row, i) => row.set(vectors.subarray(i * space.dimension, (i + 1) * space.dimension), offset));
  }
  return rows;
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Bytes of a vector, for bit-exact comparison. */
export function bits(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** Texts of very different lengths, the same on each run. */
export function sampleTexts(count: number): string[] {
  const words = 'index vector chunk search cursor parse token 向量 搜索 const return await function delivery'.split(
    ' ',
  );
  let state = 42;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, i) => {
    const length = 1 + random(i % 5 === 0 ? 300 : 40);
    return Array.from({ length }, () => words[random(words.length)]).join(' ');
  });
}
