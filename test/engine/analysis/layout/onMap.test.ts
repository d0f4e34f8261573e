import assert from 'node:assert/strict';
import { frameOf, framed } from '../../../../src/engine/analysis/layout/frame.ts';
import { labelPlaces } from '../../../../src/engine/analysis/layout/labelPlaces.ts';
import { decodeLayout, encodeLayout } from '../../../../src/engine/analysis/layout/layoutFile.ts';
import { itemId } from '../../../../src/engine/analysis/layout/seededBits.ts';
import { seededRandom } from '../../../support/seededNumbers.ts';

const random = seededRandom(3);
/** Evenly in a square around a place. */
const spot = (count: number, x: number, y: number, width: number): number[] =>
  Array.from({ length: count }, () => [x + width * (random() - 0.5), y + width * (random() - 0.5)]).flat();
const none = { clusterOf: new Int32Array(0), labels: [] };

describe('the frame of the map', () => {
  const places = Float32Array.from([...spot(1_000, 5, 5, 10), 900, 5, 5, -4_000]);
  const all = Uint32Array.from({ length: 1_002 }, (_, i) => i);
  const map = framed(places, frameOf(places, all));

  it('is that of the many: a far-off few are drawn near the edge', () => {
    const xs = all.filter((item) => item < 1_000).map((item) => Math.round(map[2 * item]! * 1_000) + 1_000);
    assert.ok(Math.max(...xs) - Math.min(...xs) > 1_800);
    assert.ok(map[2_000]! > 0.99 && map[2_003]! < -0.99);
    assert.ok(map.every((value) => value >= -1 && value <= 1));
  });

  it('keeps the order along an axis and the shape of what is inside', () => {
    const byPlace = [...all].sort((a, b) => places[2 * a]! - places[2 * b]!);
    assert.ok(byPlace.every((item, i) => i === 0 || map[2 * item]! >= map[2 * byPlace[i - 1]!]!));
    const wide = Float32Array.from(places.slice(0, 2_000), (value, i) => (i % 2 === 0 ? 3 * value : value));
    const shown = framed(wide, frameOf(wide, all.subarray(0, 1_000)));
    assert.ok(Math.max(...shown.filter((_, i) => i % 2 === 1)) < 0.4);
  });
});

describe('labels on the map', () => {
  it('stand where a cluster is densest, not between its lobes', () => {
    const places = Float32Array.from([...spot(60, -0.8, 0.5, 0.05), ...spot(40, 0.7, -0.5, 0.05)]);
    const [label, ...others] = labelPlaces(places, [{ clusterOf: new Int32Array(100), labels: ['bread'] }, none, none]);
    assert.ok(label && Math.hypot(label.x + 0.8, label.y - 0.5) < 0.03, JSON.stringify(label));
    assert.deepEqual([label.text, label.level, label.size, others.length], ['bread', 0, 100, 0]);
  });

  it('are written once, on the coarsest level, larger ones first; the unclustered have none', () => {
    const places = Float32Array.from(spot(6, 0, 0, 1));
    const labels = labelPlaces(places, [
      { clusterOf: Int32Array.of(0, 1, 1, 1, -1, -1), labels: ['small', 'large'] },
      { clusterOf: Int32Array.of(0, 1, 1, 2, -1, -1), labels: ['small', 'left', 'right'] },
      { clusterOf: Int32Array.of(0, 1, 1, 2, 3, 3), labels: ['tiny', 'left', 'right', 'new'] },
    ]);
    assert.deepEqual(
      labels.map(({ text, level }) => [text, level]),
      [['large', 0], ['small', 0], ['left', 1], ['right', 1], ['new', 2], ['tiny', 2]], // prettier-ignore
    );
  });
});

describe('a layout as bytes', () => {
  const layout = {
    ids: Float64Array.from(['a', 'b', 'c'], itemId),
    places: Float32Array.of(1, 2, 3, 4, 5, 6),
    frame: { x: 1, y: -2, radius: 3.5 },
    changed: 0.125,
  };

  it('is read as it was written, wherever the bytes lie', () => {
    const bytes = Buffer.concat(encodeLayout(layout));
    assert.deepEqual(decodeLayout(bytes), layout);
    assert.deepEqual(decodeLayout(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3)), layout);
  });

  it('is nothing when a byte is lost or changed', () => {
    const bytes = Buffer.concat(encodeLayout(layout));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 4;
      assert.equal(decodeLayout(damaged), undefined, `byte ${at}`);
    }
    for (const length of [0, 10, 16, bytes.length - 1])
      assert.equal(decodeLayout(bytes.subarray(0, length)), undefined);
  });
});
