// The parts of the map that need no page: camera, places, colours, labels, pixels.
import assert from 'node:assert/strict';
import type { MapResult } from '../../../src/protocol/engineApi.ts';
import {
  between,
  framing,
  panned,
  scaleOf,
  toMap,
  toScreen,
  WHOLE_MAP,
  zoomedAt,
} from '../../../src/webview/map/camera.ts';
import { Grid } from '../../../src/webview/map/grid.ts';
import { GroupRows } from '../../../src/webview/map/groupRows.ts';
import { groupedBy } from '../../../src/webview/map/groups.ts';
import { placedLabels } from '../../../src/webview/map/labels.ts';
import { isInside } from '../../../src/webview/map/lasso.ts';
import { paintOf } from '../../../src/webview/map/paint.ts';
import { mapPoints, type MapPoints } from '../../../src/webview/map/points.ts';
import { drawDots } from '../../../src/webview/map/raster.ts';
import { colourCode, MAP_THEMES, type MapTheme } from '../../../src/webview/map/theme.ts';
import { createWords } from '../../../src/webview/words.ts';
import { seededRandom } from '../../support/seededNumbers.ts';
import { mapSample, type MapSample } from '../mapSample.ts';
import { STRINGS } from '../viewStrings.ts';

const WORDS = createWords(STRINGS.en, 'en');
const SIZE = { width: 400, height: 300 };

function asResult(sample: MapSample): MapResult {
  const { x, y, outlierScore, pathOf, startLine, endLine, clusterOf } = sample;
  return {
    ...sample,
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    outlierScore: Float32Array.from(outlierScore),
    pathOf: Int32Array.from(pathOf),
    startLine: Int32Array.from(startLine),
    endLine: Int32Array.from(endLine),
    clusterOf: Int32Array.from(clusterOf),
  };
}

function pointsOf(sample: MapSample): MapPoints {
  const points = mapPoints(asResult(sample));
  assert(points);
  return points;
}

describe('the camera of the map', () => {
  it('keeps the place under the pointer while it zooms, and under the hand while it pans', () => {
    const camera = { x: 0.2, y: -0.1, zoom: 3 };
    const [x, y] = toMap(camera, SIZE, 90, 210);
    const nearer = zoomedAt(camera, SIZE, 1.7, 90, 210);
    assert.deepEqual(toScreen(nearer, SIZE, x, y).map(Math.round), [90, 210]);
    const moved = panned(camera, SIZE, 30, -12);
    assert.deepEqual(toScreen(moved, SIZE, x, y).map(Math.round), [120, 198]);
  });

  it('shows all of the map at first, and never leaves it', () => {
    for (const [x, y] of [[-1, -1], [1, 1]] as const) {
      const [px, py] = toScreen(WHOLE_MAP, SIZE, x, y);
      assert(px > 0 && px < SIZE.width && py > 0 && py < SIZE.height);
    } // prettier-ignore
    const far = panned(WHOLE_MAP, SIZE, 1e6, 0);
    assert.equal(far.x, -1);
    assert(zoomedAt(WHOLE_MAP, SIZE, 1e9, 0, 0).zoom < 1e4);
  });

  it('flies from one view to another without a jump, and frames what it is asked to', () => {
    const to = framing({ left: 0.1, top: 0.2, right: 0.3, bottom: 0.25 }, SIZE);
    assert.deepEqual(between(WHOLE_MAP, to, 0), WHOLE_MAP);
    const end = between(WHOLE_MAP, to, 1);
    assert(Math.abs(end.x - to.x) < 1e-9 && Math.abs(end.zoom - to.zoom) < 1e-9);
    const [left] = toScreen(to, SIZE, 0.1, 0.2);
    const [right] = toScreen(to, SIZE, 0.3, 0.25);
    assert(left > 0 && right < SIZE.width && right - left > SIZE.width / 2);
    assert(scaleOf(framing({ left: 0, top: 0, right: 0, bottom: 0 }, SIZE), SIZE) < Infinity);
  });
});

describe('the places of the map', () => {
  const points = pointsOf(mapSample(2_000));
  const { x, y } = points.map;

  it('are found by rectangle, by lasso and by nearness as a look at every point finds them', () => {
    const inRect = points.grid.inside(-0.2, -0.3, 0.4, 0.1);
    const all = Array.from(x.keys());
    const expected = all.filter((i) => x[i]! >= -0.2 && x[i]! <= 0.4 && y[i]! >= -0.3 && y[i]! <= 0.1);
    assert.deepEqual([...inRect].sort((a, b) => a - b), expected); // prettier-ignore
    const triangle = [[-0.5, -0.5], [0.6, -0.4], [0, 0.7]] as const; // prettier-ignore
    const inLasso = points.grid.inside(-1, -1, 1, 1, (px, py) => isInside(triangle, px, py));
    assert.deepEqual([...inLasso].sort((a, b) => a - b), all.filter((i) => isInside(triangle, x[i]!, y[i]!))); // prettier-ignore
    const random = seededRandom(3);
    for (let i = 0; i < 50; i++) {
      const [px, py] = [2 * random() - 1, 2 * random() - 1];
      const found = points.grid.nearest(px, py, 0.1);
      const away = (point: number): number => Math.hypot(x[point]! - px, y[point]! - py);
      const best = Math.min(...all.map(away));
      assert.equal(found === undefined ? best > 0.1 : Math.abs(away(found) - best) < 1e-6, true);
    }
  });

  it('may all be one', () => {
    const grid = new Grid(new Float32Array(500), new Float32Array(500));
    assert.equal(grid.inside(-0.1, -0.1, 0.1, 0.1).length, 500);
    assert.equal(
      grid.nearest(0, 0, 0.01, (point) => point === 77),
      77,
    );
    assert.equal(new Grid(new Float32Array(0), new Float32Array(0)).nearest(0, 0, 2), undefined);
  });

  it('are listed by cluster, path and line, and those of a file by line', () => {
    const order = points.listed();
    const key = (i: number): string => `${String(points.groupOf(i)).padStart(3, '0')} ${points.placeOf(i).path}\0${String(points.placeOf(i).startLine).padStart(6, '0')}`; // prettier-ignore
    const keys = [...order].map(key);
    assert.deepEqual(keys, [...keys].sort());
    assert.deepEqual(new Set(order).size, 2_000);
    const path = points.map.paths[3]!;
    const lines = points.ofPath(path).map((point) => points.placeOf(point).startLine);
    assert(lines.length > 3);
    assert.deepEqual(lines, [...lines].sort((a, b) => a - b)); // prettier-ignore
    assert.deepEqual(points.ofPath('nowhere'), []);
  });

  it('are refused where the shape is wrong', () => {
    const good = asResult(mapSample(10));
    const wrong: readonly unknown[] = [
      undefined,
      {},
      { ...good, x: [1, 2] },
      { ...good, y: new Float32Array(3) },
      { ...good, pathOf: good.pathOf.map(() => -1) },
      { ...good, labels: undefined },
      { ...good, cover: undefined },
    ];
    for (const value of wrong) assert.equal(mapPoints(value as MapResult), undefined);
    assert.equal(mapPoints(asResult(mapSample(0)))?.count, 0);
  });
});

describe('the rows beside the map', () => {
  it('are groups with their points, or without while they are collapsed', () => {
    const groupOf = (point: number): number => Math.floor(point / 10);
    const rows = new GroupRows([1, 3, 12, 21, 25], groupOf, (group) => group === 1);
    assert.equal(rows.total, 7);
    assert.deepEqual(rows.at(2), { point: 3, group: 0, position: 2, setSize: 2 });
    assert.deepEqual(rows.at(4), { group: 2, size: 2, position: 3, from: 3, row: 4 });
    assert.equal(rows.rowOf(12, 1), 3);
    assert.equal(rows.rowOf(25, 2), 6);
    assert.equal(rows.groupRowOf(6), 4);
    assert.deepEqual(rows.pointsOf(1), [12]);
    assert.equal(rows.at(7), undefined);
  });
});

describe('the colours of the map', () => {
  const hues = MAP_THEMES.dark.hues.length;

  it('stay with their cluster when points come and sizes change', () => {
    const sample = mapSample(3_000, 8);
    const before = groupedBy('cluster', pointsOf(sample), hues, WORDS);
    const x = sample.x.map((value) => value * 0.97);
    const after = groupedBy('cluster', pointsOf({ ...sample, x, clusters: sample.clusters }), hues, WORDS);
    assert.deepEqual(after.groups.map(({ hue }) => hue), before.groups.map(({ hue }) => hue)); // prettier-ignore
    assert.equal(new Set(before.groups.map(({ hue }) => hue)).size, 9, 'eight clusters and none: all different');
    assert.equal(before.groups.at(-1)?.hue, undefined);
    assert.equal(before.groups.reduce((sum, { count }) => sum + count, 0), 3_000); // prettier-ignore
  });

  it('differ between neighbours when there are more clusters than hues', () => {
    const points = pointsOf(mapSample(4_000, 16));
    const { groups } = groupedBy('cluster', points, hues, WORDS);
    const at = points.map.labels.filter(({ level }) => level < 2);
    const nearest = groups.slice(0, -1).map(({ label }, i) => {
      const own = at.find(({ text }) => text === label)!;
      const near = groups.slice(0, -1).map((other, j) => ({ j, away: i === j ? Infinity : distance(own, at.find(({ text }) => text === other.label)!) })); // prettier-ignore
      return near.sort((a, b) => a.away - b.away)[0]!.j;
    });
    nearest.forEach((other, i) => assert.notEqual(groups[i]?.hue, groups[other]?.hue));
  });

  it('show folders as deep as tells them apart, languages, and steps of the outlier score', () => {
    const points = pointsOf(mapSample(3_000));
    const folders = groupedBy('folder', points, hues, WORDS).groups.map(({ label }) => label);
    assert(folders.includes('packages/server') && folders.includes('docs'), folders.join());
    assert(folders.length <= 14);
    const languages = groupedBy('language', points, hues, WORDS).groups.map(({ label }) => label);
    assert.equal(languages[0], 'typescript');
    const scores = groupedBy('outlier', points, hues, WORDS);
    assert.deepEqual(scores.groups.map(({ label }) => label), ['0–50%', '50–80%', '80–95%', '95–99%', '99–100%']); // prettier-ignore
    const most = points.map.outlierScore.reduce((best, score, i, all) => (score > all[best]! ? i : best), 0);
    assert.equal(scores.groupOf[most], 4);
  });

  for (const [name, ground] of [['dark', '#1f1f1f'], ['light', '#ffffff'], ['highContrast', '#000000'], ['highContrastLight', '#ffffff']] as const) {
    it(`${name}: are told from the ground, and from one another whatever one's eyes`, () => {
      const theme: MapTheme = MAP_THEMES[name];
      for (const colour of [...theme.hues, ...theme.scale, theme.none]) {
        const contrast = contrastOf(colour, ground);
        assert(contrast >= 3, `${colour} has ${contrast.toFixed(2)}`);
      }
      for (const eyes of ['normal', 'protan', 'deutan', 'tritan'] as const) {
        const seen = theme.hues.map((colour) => oklab(seenBy(eyes, linear(colour))));
        for (const [i, a] of seen.entries()) {
          for (const [j, b] of seen.entries()) {
            if (i < j) assert(difference(a, b) > 0.075, `${theme.hues[i]} and ${theme.hues[j]}: ${difference(a, b).toFixed(3)} (${eyes})`); // prettier-ignore
          }
        }
        const steps = theme.scale.map((colour) => oklab(seenBy(eyes, linear(colour))));
        for (let i = 1; i < steps.length; i++) assert(difference(steps[i - 1]!, steps[i]!) > 0.05, `step ${i} (${eyes})`); // prettier-ignore
      }
    });
  } // prettier-ignore
});

describe('the labels of the map', () => {
  const { labels } = mapSample(1_000);
  const widthOf = (text: string): number => text.length * 7;

  it('come level by level as one looks nearer, and never lie over one another', () => {
    const at = (zoom: number) => placedLabels(labels, zoom, 250 * zoom, { widest: 200, mostLines: 2 }, widthOf);
    assert(at(1).every(({ level }) => level === 0));
    assert(at(2).some(({ level }) => level === 1));
    assert(at(5).some(({ level }) => level === 2));
    const scale = 250 * 5;
    for (const [i, a] of at(5).entries()) {
      for (const b of at(5).slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) * scale >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) * scale >= 11;
        assert(apart, `${a.lines.join()} over ${b.lines.join()}`);
      }
    }
  });

  it('fit into the width they are given', () => {
    const narrow = placedLabels(labels, 1, 100, { widest: 70, mostLines: 1 }, widthOf);
    assert(narrow.length > 0);
    for (const { lines } of narrow) assert(lines.length === 1 && widthOf(lines[0]!) <= 70, lines.join('|'));
  });
});

describe('the pixels of the map', () => {
  it('are inside the picture, in the colour of their group, dimmed ones below the others', () => {
    const points = pointsOf(mapSample(2_000));
    const grouping = groupedBy('cluster', points, 10, WORDS);
    const theme = MAP_THEMES.dark;
    const lit = 2;
    const paint = paintOf(points, grouping, theme, (group) => group === lit, undefined);
    // A margin of untouched memory on both sides would be overwritten by a dot at the rim.
    const memory = new Uint32Array(120 * 90 + 2_000).fill(7);
    const pixels = memory.subarray(1_000, 1_000 + 120 * 90);
    for (const soft of [false, true]) {
      for (const diameter of [1, 3, 7, 13]) {
        const at = { scale: 200, offsetX: 60, offsetY: 45 };
        drawDots({ pixels, width: 120, height: 90 }, points, at, paint, diameter, soft);
        assert(memory.subarray(0, 1_000).every((value) => value === 7));
        assert(memory.subarray(-1_000).every((value) => value === 7));
        const colours = new Set(pixels);
        assert(colours.has(colourCode(theme.dimmed)) || diameter < 3);
        if (!soft) assert(colours.size <= 3, 'nothing, dimmed, and the group that is lit');
      }
    }
  });
});

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

type Triple = readonly [number, number, number];

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function contrastOf(a: string, b: string): number {
  const [high = 0, low = 0] = [a, b].map((hex) => linear(hex)).map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue).sort((m, n) => n - m); // prettier-ignore
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
function seenBy(eyes: 'normal' | 'protan' | 'deutan' | 'tritan', colour: Triple): Triple {
  const matrices: Readonly<Record<string, readonly Triple[]>> = {
    normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
  }; // prettier-ignore
  const [r, g, b] = matrices[eyes]!.map((row) => Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]))); // prettier-ignore
  return [r!, g!, b!];
}

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function difference(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
