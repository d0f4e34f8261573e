// The map over texts whose vectors come from their words.
import assert from 'node:assert/strict';
import { mapOf } from '../../../src/engine/answers/map.ts';
import { isCancelled } from '../../../src/engine/errors.ts';
import type { MapResult } from '../../../src/protocol/engineApi.ts';
import { analysisSession, type TextAt } from '../../support/analysisSession.ts';
import { seededRandom, shuffled } from '../../support/seededNumbers.ts';

const TOPICS = [
  'flour water dough yeast oven crust loaf knead sourdough bake rise starter',
  'sail mast harbour anchor keel rudder wind tide deck crew hull voyage',
];
const random = seededRandom(5);
const sentence = (topic: number): string => shuffled(TOPICS[topic]!.split(' '), random).slice(0, 9).join(' ');
const WORKSPACE: readonly TextAt[] = Array.from({ length: 40 }, (_, i) => ({
  path: `${i % 2 === 0 ? 'bread' : 'boats'}/${i}.md`,
  text: sentence(i % 2),
}));
const chunkMap = (texts: readonly TextAt[], sidecars?: Map<string, Buffer>): Promise<MapResult> => mapOf(analysisSession(texts, sidecars), { of: 'chunks' }, undefined); // prettier-ignore

/** By path and line. */
function placesOf({ x, y, paths, pathOf, startLine }: MapResult): Map<string, [number, number]> {
  return new Map([...x].map((value, i) => [`${paths[pathOf[i]!]}:${startLine[i]}`, [value, y[i]!]]));
}
function apart([x, y]: [number, number], [otherX, otherY]: [number, number]): number {
  return Math.hypot(x - otherX, y - otherY);
}

describe('the map of an index', () => {
  it('has each place once, with its document, lines and outlier score', async () => {
    const map = await chunkMap(WORKSPACE);
    assert.equal(map.cover.items, 40);
    assert.deepEqual([...placesOf(map).keys()].sort(), WORKSPACE.map(({ path }) => `${path}:1`).sort());
    assert.deepEqual(new Set(map.languageIds), new Set(['plaintext']));
    for (const list of [map.y, map.pathOf, map.startLine, map.endLine, map.clusterOf, map.outlierScore])
      assert.equal(list.length, 40);
    assert.equal(Math.max(...map.outlierScore), 1);
  });

  it('has what is alike together', async () => {
    const places = [...placesOf(await chunkMap(WORKSPACE))];
    const nearest = places.map(([name, place]) => {
      const others = places.filter(([other]) => other !== name);
      const [near = ''] = others.reduce((best, other) => (apart(other[1], place) < apart(best[1], place) ? other : best)); // prettier-ignore
      return near.split('/')[0] === name.split('/')[0];
    });
    assert.ok(nearest.filter(Boolean).length >= 38);
  });

  it('shows every copy of a text, each at a place of its own in one spot', async () => {
    const copies = ['a.md', 'b.md', 'c.md'].map((path) => ({ path, text: sentence(0) }));
    const text = copies[0]!.text;
    const map = await chunkMap([...WORKSPACE, ...copies.map(({ path }) => ({ path, text }))]);
    assert.equal(map.cover.items, 41);
    const spots = copies.map(({ path }) => placesOf(map).get(`${path}:1`)!);
    assert.equal(new Set(spots.map(String)).size, 3);
    for (const spot of spots) assert.ok(apart(spot, spots[0]!) < 0.01);
  });

  it('of documents has one place for each, from its first line to its last', async () => {
    const two = WORKSPACE.flatMap(({ path, text }, i) => [{ path, text }, { path, text: sentence(i % 2) }]); // prettier-ignore
    const map = await mapOf(analysisSession(two), { of: 'documents' }, undefined);
    assert.equal(map.x.length, 40);
    assert.ok(map.startLine.every((line) => line === 1) && map.endLine.every((line) => line === 2));
  });

  it('stays as it was when a text comes, one goes and the index is opened again', async () => {
    const sidecars = new Map<string, Buffer>();
    const before = placesOf(await chunkMap(WORKSPACE, sidecars));
    const later = [...WORKSPACE.slice(1), { path: 'bread/new.md', text: sentence(0) }];
    const after = placesOf(await chunkMap([...later].reverse(), sidecars));
    assert.ok(after.has('bread/new.md:1') && !after.has('bread/0.md:1'));
    for (const { path } of WORKSPACE.slice(1)) assert.deepEqual(after.get(`${path}:1`), before.get(`${path}:1`), path);
  });

  it('is there in spite of a damaged layout beside the index', async () => {
    const sidecars = new Map<string, Buffer>();
    const map = await chunkMap(WORKSPACE, sidecars);
    for (const name of sidecars.keys()) sidecars.set(name, Buffer.from('damaged'));
    assert.deepEqual(await chunkMap(WORKSPACE, sidecars), map);
  });

  it('leaves out kept snippets, and is not upset by nothing, one text or equal ones', async () => {
    const map = await chunkMap([...WORKSPACE, { path: 'snippet:a', text: sentence(0), kept: true }]);
    assert.equal(map.x.length, 40);
    const one = { path: 'a.md', text: sentence(0) };
    for (const texts of [[], [one], [one, { path: 'b.md', text: sentence(1) }], [one, { ...one, path: 'b.md' }]])
      assert.equal((await chunkMap(texts)).x.length, texts.length);
  });

  it('stops when it is told to', async () => {
    await assert.rejects(mapOf(analysisSession(WORKSPACE), { of: 'chunks' }, AbortSignal.abort()), isCancelled);
  });
});
