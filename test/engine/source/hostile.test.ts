// Sources that nobody made for us: huge, very many, changing under our hands, with any name.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { isCancelled } from '../../../src/engine/errors.ts';
import { planIndex } from '../../../src/engine/indexPlan.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import { sourceOf, walkAll, withTree } from './tempTree.ts';

const NAMES = [
  'two words.md', ' leading and trailing ', '#hash#.md', '100%.md', '%20.md', 'a+b&c=d;e.md', "it's \"quoted\".md", 'emoji 🦀.md', '中文 文件.md',
  'e\u0301 and é.md', 'line\nbreak.md', 'tab\there.md', '[brackets]{braces}.md', '$dollar`tick`.md', '-dash.md', '~tilde.md', 'back\\slash.md', '...dots', 'ＦＵＬＬ.md',
]; // prettier-ignore

describe('hostile sources', function () {
  this.timeout(60_000);

  it('with any name are met, judged and read', async function () {
    if (process.platform === 'win32') this.skip();
    const folders = NAMES.map((name) => `in ${name}/${name}`);
    const tree = Object.fromEntries([...NAMES, ...folders].map((name) => [name, `text of ${name}`]));
    await withTree({ ...tree, '.gitignore': '*.log\n' }, async (folder) => {
      const source = sourceOf(folder);
      const { files, leftOut } = await walkAll(source);
      assert.deepEqual([files.length, leftOut], [1 + 2 * NAMES.length, []]);
      for (const name of Object.keys(tree)) {
        const result = await source.read(name);
        assert.ok('document' in result && result.document.text === tree[name], JSON.stringify(name));
        assert.equal(await source.ruleFor(name), undefined);
      }
    });
  });

  it('of one line and 100 MB are read up to the limit, and no more of them', async () => {
    await withTree({}, async (folder) => {
      const file = path.join(folder, 'line.json');
      fs.writeFileSync(file, '{"key": "value of a line that never ends"}, '.repeat(50_000));
      fs.truncateSync(file, 100_000_000); // the rest is a hole, and costs no disk
      const before = process.memoryUsage().rss;
      const result = await sourceOf(folder).read('line.json');
      assert.ok('document' in result);
      const { size, truncatedAtBytes = 0, text } = result.document;
      assert.equal(size, 100_000_000);
      assert.ok(truncatedAtBytes > 999_900 && truncatedAtBytes <= 1_000_000);
      assert.equal(text.length, truncatedAtBytes);
      assert.ok(process.memoryUsage().rss - before < 50e6);
    });
  });

  it('that grow, or are replaced, while they are read are read again by the next scan', async () => {
    await withTree({ 'a.txt': 'old text '.repeat(20_000) }, async (folder) => {
      const file = path.join(folder, 'a.txt');
      fs.utimesSync(file, 5, 7);
      const open = fsPromises.open;
      const changing: typeof open = async (...args) => {
        const handle = await open(...args);
        fs.appendFileSync(file, 'and more');
        return handle;
      };
      Object.assign(fsPromises, { open: changing });
      try {
        const result = await sourceOf(folder).read('a.txt');
        assert.ok('document' in result);
        // Size and time of before the reading: the file on disk has others now.
        assert.deepEqual([result.document.size, result.document.mtimeMs], [180_000, 7000]);
        assert.equal(result.document.text, 'old text '.repeat(20_000));
        assert.notEqual(fs.statSync(file).mtimeMs, 7000);
      } finally {
        Object.assign(fsPromises, { open });
      }
    });
  });

  it('that are no UTF-8, or UTF-16, or half of either, are text all the same', async () => {
    const words = 'words of an old text\n'.repeat(10);
    const tree = {
      'bad.txt': Buffer.concat([Buffer.from(words), Buffer.from([0xff, 0xc3, 0x28, 0xe4, 0xb8]), Buffer.from(words)]),
      'le.txt': Buffer.from(`\ufeff${words}`, 'utf16le'),
      'be.txt': Buffer.from(`\ufeff${words}`, 'utf16le').swap16(),
      'odd.txt': Buffer.from(`\ufeff${words}`, 'utf16le').subarray(0, -1),
    };
    await withTree(tree, async (folder) => {
      for (const name of Object.keys(tree)) {
        const result = await sourceOf(folder).read(name);
        assert.ok('document' in result && result.document.text.startsWith('words of an old text'), name);
      }
    });
  });

  describe('of 50,000 tiny files', () => {
    const FILES = 50_000;
    const tree = (): Record<string, string> =>
      Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`d${i % 250}/f${i}.txt`, 'x']));
    let folder = '';
    let release: () => void = () => undefined;
    let kept: Promise<void>;

    before(async () => {
      await new Promise<void>((ready, failed) => {
        kept = withTree(tree(), (made) => {
          folder = made;
          ready();
          return new Promise((resolve) => (release = resolve));
        });
        kept.catch(failed);
      });
    });
    after(async () => {
      release();
      await kept;
    });

    /** Nothing is known of them yet. */
    const store = { documents: new Map(), leftOut: () => [] } as unknown as VectorStore;

    it('are walked in bounded time and memory, while the event loop goes on', async () => {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const before = process.memoryUsage().heapUsed;
      const began = performance.now();
      const { files } = await walkAll(sourceOf(folder));
      const took = performance.now() - began;
      clearInterval(timer);
      assert.equal(files.length, FILES);
      assert.ok(took < 15_000, `took ${took} ms`);
      assert.ok(process.memoryUsage().heapUsed - before < 100e6);
      assert.ok(turns > took / 250, `${turns} turns in ${took} ms`);
    });

    for (const [what, afterMs] of [
      ['walked', 5],
      ['read', 400],
    ] as const) {
      it(`stop within a second while they are ${what}`, async () => {
        const abort = new AbortController();
        const plan = planIndex(sourceOf(folder), store, {}, 1_000_000, abort.signal, () => undefined);
        const stopped = new Promise<number>((resolve) => {
          setTimeout(() => {
            abort.abort();
            resolve(performance.now());
          }, afterMs);
        });
        await assert.rejects(plan, isCancelled);
        const took = performance.now() - (await stopped);
        assert.ok(took < 1_000, `took ${took} ms`);
      });
    }
  });
});
