// What is in each fixture's chunks: first and last line, kind and symbol, in order. Read beside the fixture, a row says whether
// a person would have cut there.
import assert from 'node:assert/strict';
import { checkContract, fixture, sharedChunker } from './chunkSupport.ts';

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'Ledger.java': [
    '1-7 code',
    '9-13 class Ledger',
    '15-23 class Ledger.Entry',
    '25-37 method Ledger.book',
    '39-50 method Ledger.balanceOf',
    '52-59 method Ledger.close, Ledger.isOpen',
    '61-67 method Ledger.newest',
  ],
  'Orders.cs': [
    '1-3 code',
    '5-14 class OrderState',
    '16-16 class OrderLine',
    '18-27 class Order',
    '29-37 method Order.Add',
    '39-47 method Order.Advance',
    '49-55 method Order.ToString',
  ],
  'button.jsx': ['1-19 class Button'],
  'cache.go': [
    '1-9 code defaultLifetime',
    '11-15 class Entry',
    '17-22 class Cache',
    '24-30 function New',
    '32-42 method Cache.Get',
    '44-44 method Cache.Len',
    '46-58 method Cache.Sweep',
  ],
  'card.svelte': ['1-3 code title, open', '5-11 function toggle', '13-18 paragraph'],
  'cart.ts': [
    '1-7 code STORAGE_FILE, MAX_LINES',
    '9-14 class CartLine',
    '16-20 function isEmpty, countItems',
    '22-33 function totalOf',
    '35-46 class Cart',
    '48-59 method Cart.add',
    '61-68 method Cart.remove',
    '70-81 method Cart.checkout',
    '83-95 method Cart.checkout',
    '97-101 method Cart.checkout',
    '103-108 method Cart.save',
    '110-117 function Receipts.format',
  ],
  'component.mdx': ['1-11 section Rainfall', '13-16 section Rainfall > Method'],
  'deploy.sh': ['1-10 function log', '12-25 function wait_until_healthy', '27-33 function release', '35-37 code'],
  'events.jsonl': ['1-1 row Door opened', '2-2 row Lamp broken', '3-3 row', '5-5 row'],
  'geometry.cpp': [
    '1-4 code geometry',
    '6-10 class geometry::Point',
    '12-18 function geometry::distanceSquared',
    '20-29 class geometry::Polygon',
    '31-38 method geometry::Polygon::area',
    '40-52 method geometry::Polygon::contains',
  ],
  'guide.md': [
    '1-11 section Growing tomatoes > Sowing',
    '13-15 section Growing tomatoes > Sowing > Choosing seeds',
    '17-28 section Growing tomatoes > Planting out',
    '30-34 section Growing tomatoes > Planting out',
    '35-42 section Growing tomatoes > Planting out',
    '44-47 section Growing tomatoes > Setext headings work too',
  ],
  'handbook.adoc': [
    '1-12 section Bee keeping',
    '14-17 section Bee keeping > Spring > Feeding',
    '19-21 section Bee keeping > Winter',
  ],
  'inventory.py': [
    '1-22 function normalise, is_low',
    '25-34 function read_shelf',
    '37-46 class Shelf',
    '49-54 class Inventory',
    '56-58 method Inventory.__init__',
    '60-62 method Inventory.count',
    '64-73 method Inventory.move',
    '75-82 method Inventory.from_folder',
    '85-86 code',
  ],
  'levels.ipynb': [
    '8-10 cell River levels',
    '20-23 cell River levels',
    '30-30 cell River levels > Cleaning',
    '58-65 cell River levels > Cleaning',
    '81-81 cell River levels > Cleaning',
  ],
  'manual.rst': [
    '1-5 section Kettle',
    '7-11 section Kettle > First use',
    '13-22 section Kettle > First use > Descaling',
    '24-27 section Kettle > Warranty',
  ],
  'matrix.rs': [
    '1-4 code',
    '6-12 class Matrix',
    '14-22 method Matrix::zeros',
    '24-27 method Matrix::at',
    '29-39 method Matrix::transposed',
    '41-48 method Matrix::trace',
    '50-62 class impl Mul for &Matrix',
    '64-71 class impl fmt::Display for Matrix',
    '73-84 function tests::transposes_twice_to_itself',
  ],
  'notes.txt': ['1-9 paragraph', '11-19 paragraph'],
  'page.html': [
    '1-4 paragraph',
    '5-10 code body',
    '11-14 section The library',
    '15-17 section The library > Borrowing',
    '18-22 section The library > Finding us',
    '23-24 code hours',
    '26-30 function isOpen',
    '32-35 code',
  ],
  'panel.tsx': ['1-6 class Props', '8-23 function Panel', '25-33 function Empty'],
  'paper.tex': ['1-7 section Introduction', '9-11 section Introduction > Earlier work', '13-21 section Method'],
  'parser.rb': [
    '1-9 code Recipes.UNITS, Recipes.Ingredient',
    '11-20 class Recipes.Parser',
    '22-31 method Recipes.Parser.parse',
    '33-42 method Recipes.Parser.ingredient',
    '44-44 code',
  ],
  'poem.txt': ['1-14 paragraph'],
  'products.csv': ['2-3 row Teapot', '4-4 row Cup', '6-6 row Strainer'],
  'queue.js': [
    '1-4 code assert',
    '6-11 function Queue',
    '13-20 function Queue.prototype.push',
    '22-32 function Queue.prototype._run',
    '34-47 function Queue',
  ],
  'reviews.tsv': ['2-2 row Great tea', '3-3 row Not 5" wide', '4-4 row "Fine'],
  'ring.c': ['1-5 function next', '7-12 function ring_init', '14-26 function ring_put', '28-35 function ring_get'],
  'ring.h': ['1-20 code RING_H, RING_CAPACITY, RING_OK, …', '22-31 function ring_length'],
  'router.php': [
    '1-5 code',
    '7-13 class Handler',
    '15-21 class Router',
    '23-28 method Router::add',
    '30-40 method Router::dispatch',
    '42-47 function redirect',
  ],
  'settings.yaml': ['1-11 lines'],
  'theme.css': ['1-15 code :root, .card, .card > .title', '17-21 code .card'],
  'travel.zh.txt': ['1-2 paragraph', '4-4 paragraph', '4-4 paragraph'],
  'widget.vue': ['1-9 paragraph', '11-20 class Hit', '22-29 function search', '31-36 code form'],
};

describe('a document of each language', () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`is cut where a reader would cut it: ${name}`, async () => {
      const document = fixture(name);
      const chunked = await (await sharedChunker()).chunk(document);
      checkContract(document, chunked);
      const found = chunked.chunks.map(
        ({ startLine, endLine, kind, symbol }) =>
          `${startLine}-${endLine} ${kind}${symbol === undefined ? '' : ` ${symbol}`}`,
      );
      assert.deepEqual(found, expected);
    });
  }
});
