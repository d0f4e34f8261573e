import assert from 'node:assert/strict';
import type { IndexData, IndexItem, MetadataTypes } from 'vectra';
import { ShardCodec, asFloats } from '../../../src/engine/store/shardCodec.ts';
import { seeded } from './storeFixtures.ts';
import { stockVectra } from './stockVectra.ts';

const WORDS = ['', 'a', 'path/to/файл.ts', '中文\n', '😀', 'x'.repeat(127), 'y'.repeat(128), 'z'.repeat(20_000)];
/** Without -0, which vectra itself reads back as 0. */
const NUMBERS = [0, 1, -1.5, 1e300, Infinity, 4294967296, 0.1];

function randomData(random: () => number): IndexData {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const value = (): MetadataTypes => pick([pick(WORDS), pick(NUMBERS), random() < 0.5]);
  const items = Array.from({ length: Math.floor(random() * 6) }, (): IndexItem => {
    const metadata: Record<string, MetadataTypes> = {};
    for (let i = Math.floor(random() * 5); i > 0; i--) metadata[pick(WORDS)] = value();
    const vector = Array.from({ length: pick([0, 1, 3, 40]) }, () => Math.fround(random() - 0.5));
    return {
      id: pick(WORDS),
      metadata,
      vector,
      norm: pick(NUMBERS),
      ...(random() < 0.3 && { metadataFile: pick(WORDS) }),
    };
  });
  const indexed = random() < 0.3 ? ['title', ''] : [];
  return { version: pick([0, 1, 127, 128, 70_000]), metadata_config: { indexed }, items };
}

/** The same with plain arrays, since assert tells a Float32Array from them. */
function plain(data: IndexData): IndexData {
  return { ...data, items: data.items.map((item) => ({ ...item, vector: Array.from(item.vector) })) };
}

describe('shardCodec', () => {
  const ours = new ShardCodec();
  const stock = new (stockVectra().ProtobufCodec)();

  it("writes vectra's bytes, and each reads what the other wrote", () => {
    const random = seeded(1);
    for (let round = 0; round < 300; round++) {
      const data = randomData(random);
      const bytes = stock.serializeIndex(data);
      assert.deepEqual(ours.serializeIndex(data), bytes);
      assert.deepEqual(plain(ours.deserializeIndex(bytes)), stock.deserializeIndex(bytes));
    }
  });

  it('gives vectors back bit by bit, as float32', () => {
    const vector = Float32Array.from([1, -0, 1e-45, 3.4e38, Math.PI]);
    const data = { version: 1, metadata_config: {}, items: [{ id: 'a', metadata: {}, vector: [...vector], norm: 1 }] };
    const back = asFloats(ours.deserializeIndex(ours.serializeIndex(data)).items[0]!.vector);
    assert.deepEqual(Buffer.from(back.buffer, back.byteOffset, back.byteLength), Buffer.from(vector.buffer));
  });

  it('throws for an index that is cut inside an item, at every byte', () => {
    const item = { id: 'abc', metadata: { text: 'some text', line: 3, last: true }, vector: [1, 2, 3, 4], norm: 5 };
    const one = ours.serializeIndex({ version: 1, metadata_config: {}, items: [item] });
    const two = ours.serializeIndex({ version: 1, metadata_config: {}, items: [item, item] });
    for (let end = one.length + 1; end < two.length; end++) {
      assert.throws(() => ours.deserializeIndex(two.subarray(0, end)), { name: 'DamagedBytes' }, `cut at ${end}`);
    }
  });

  it('passes over fields that it does not know', () => {
    const known = ours.serializeIndex({ version: 1, metadata_config: {}, items: [] });
    const unknown = [0x78, 0x05, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 9, 9, 0x7d, 1, 2, 3, 4];
    assert.deepEqual(ours.deserializeIndex(Buffer.concat([known, Buffer.from(unknown)])).version, 1);
    assert.throws(() => ours.deserializeIndex(Buffer.from([0x7b])), { name: 'DamagedBytes' });
    assert.throws(() => ours.deserializeIndex(Buffer.alloc(20, 0xff)), { name: 'DamagedBytes' });
  });
});
