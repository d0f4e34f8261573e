import assert from 'node:assert/strict';
import { CodeMatrix } from '../../../src/engine/matrix/codeMatrix.ts';
import { createKernel, type Kernel } from '../../../src/engine/matrix/kernel.ts';
import { ScalarKernel } from '../../../src/engine/matrix/scalarKernel.ts';
import { seeded, unitVector } from '../store/storeFixtures.ts';

const KERNELS: Readonly<Record<string, () => Kernel>> = {
  WebAssembly: createKernel,
  JavaScript: () => new ScalarKernel(),
};

function vectorsOf(count: number, dimension: number, seed: number): Float32Array[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const vector = unitVector(random, dimension);
    if (i % 7 === 3) vector[i % dimension] = 0.9; // one element that outweighs the others
    if (i % 11 === 5) vector.fill(0);
    if (i % 13 === 6) for (let k = 0; k < dimension; k += 2) vector[k] = 0;
    const length = Math.hypot(...vector);
    return length === 0 ? vector : vector.map((x) => x / length);
  });
}

function filled(vectors: readonly Float32Array[], makeKernel?: () => Kernel): CodeMatrix {
  const matrix = new CodeMatrix(vectors[0]?.length ?? 0, makeKernel);
  vectors.forEach((vector, row) => matrix.set(row, vector));
  return matrix;
}

const exact = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

describe('a matrix of 8-bit codes', () => {
  it('has the WebAssembly kernel here', () => {
    assert.ok(!(createKernel() instanceof ScalarKernel));
  });

  for (const [name, makeKernel] of Object.entries(KERNELS)) {
    for (const dimension of [1, 5, 32, 50, 384, 1024, 2048]) {
      it(`scores within its margin of the exact product (${name}, ${dimension} elements)`, () => {
        const vectors = vectorsOf(300, dimension, dimension);
        const matrix = filled(vectors, makeKernel);
        for (const query of [...vectorsOf(12, dimension, 7), vectors[3]!, vectors[5]!]) {
          const { scores, marginOf, maxMargin } = matrix.scan(query, vectors.length);
          vectors.forEach((vector, row) => {
            const difference = Math.abs((scores[row] ?? NaN) - exact(vector, query));
            assert.ok(difference <= marginOf(row), `row ${row}: ${difference} of ${marginOf(row)}`);
            assert.ok(marginOf(row) <= maxMargin);
            if (dimension >= 384) assert.ok(marginOf(row) < 0.1);
          });
        }
      });
    }
  }

  it('has the same bits from both kernels', () => {
    for (const dimension of [5, 50, 384, 1024]) {
      const vectors = vectorsOf(100, dimension, dimension + 1);
      const [fast, plain] = [filled(vectors, createKernel), filled(vectors, KERNELS['JavaScript'])];
      const rows = Uint32Array.from({ length: 40 }, (_, i) => (i * 37) % 100);
      for (const query of vectorsOf(9, dimension, 3)) {
        assert.deepEqual(fast.scan(query, 100).scores, plain.scan(query, 100).scores);
        assert.deepEqual(fast.scanListed(query, rows).scores, plain.scanListed(query, rows).scores);
      }
      for (let row = 0; row < 100; row++) {
        assert.deepEqual(fast.decode(row), plain.decode(row));
        assert.equal(fast.scan(vectors[0]!, 100).marginOf(row), plain.scan(vectors[0]!, 100).marginOf(row));
      }
    }
  });

  it('scores listed rows as a whole scan does, over more rows than a block', () => {
    const vectors = vectorsOf(9_000, 33, 5);
    const matrix = filled(vectors);
    const query = vectors[17]!;
    const { scores } = matrix.scan(query, 9_000);
    const rows = Uint32Array.from({ length: 5_000 }, (_, i) => (i * 7 + 1) % 9_000);
    const listed = matrix.scanListed(query, rows).scores;
    rows.forEach((row, i) => assert.equal(listed[i], scores[row]));
    assert.equal(matrix.scanListed(query, new Uint32Array()).scores.length, 0);
  });

  it('gives equal rows equal scores wherever they lie, after moves and growth too', () => {
    const vectors = vectorsOf(600, 64, 9);
    const matrix = filled(vectors);
    matrix.move(500, 2);
    matrix.reserve(5_000);
    const { scores } = matrix.scan(vectors[0]!, 600);
    assert.equal(scores[2], scores[500]);
    assert.deepEqual(scores, filled(vectors.with(2, vectors[500]!)).scan(vectors[0]!, 600).scores);
  });

  it('knows the vector that a row was made of from another', () => {
    const vectors = vectorsOf(50, 384, 21);
    const matrix = filled(vectors);
    vectors.forEach((vector, row) => assert.ok(matrix.holds(row, vector)));
    assert.ok(!matrix.holds(1, vectors[2]!));
    const flipped = Float32Array.from(vectors[1]!);
    flipped[9] = -(flipped[9] ?? 0) + 0.01;
    assert.ok(!matrix.holds(1, flipped));
    assert.ok(!matrix.holds(1, Float32Array.from(vectors[1]!).fill(NaN, 3, 4)));
  });

  it('throws for a query of another length', () => {
    assert.throws(() => filled(vectorsOf(3, 8, 1)).scan(new Float32Array(7), 3), { code: 'internal' });
  });
});
