// The contract of chunker.ts as properties: over mutations of the fixtures, over npm packages, over hostile shapes.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { createChunker } from '../../../src/engine/chunk/createChunker.ts';
import { fixturesFolder, repoFolder } from '../../support/paths.ts';
import {
  checkContract,
  countTokens,
  documentOf,
  fixture,
  grammarsFolder,
  languageOf,
  LANGUAGES,
  sharedChunker,
} from './chunkSupport.ts';

const fixtureNames = fs.readdirSync(path.join(fixturesFolder, 'chunk')).sort();

describe('every chunked document', () => {
  for (const name of fixtureNames) {
    it(`keeps the contract for ${name}`, async () => {
      const document = fixture(name);
      const chunker = await sharedChunker();
      const first = await chunker.chunk(document);
      checkContract(document, first);
      assert.deepEqual(await chunker.chunk(document), first, 'the same text is cut the same way');
    });
  }

  it('keeps the contract for fixtures cut, spliced and with other line ends', async () => {
    const chunker = await sharedChunker();
    const mutation = fc.record({
      name: fc.constantFrom(...fixtureNames),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
      insert: fc.constantFrom(
        '',
        '"',
        '`',
        '{',
        '}',
        '(((',
        '*/',
        '/*',
        '```',
        '\0',
        '\u2028',
        '😀',
        '。',
        '<script>',
        '\t',
        '=',
      ),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      doAppend: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, from, to, insert, lineEnd, doAppend }) => {
        const { text } = fixture(name);
        const [a, b] = [Math.floor(from * text.length), Math.floor(to * text.length)];
        const mutated = text.slice(0, a) + insert + (doAppend ? text.slice(b) : '');
        const document = documentOf(mutated.replace(/\n/g, lineEnd), languageOf(name), name);
        checkContract(document, await chunker.chunk(document));
      }),
      { seed: 20250611, numRuns: 250 },
    );
  });

  it('keeps the contract for any characters in any language', async () => {
    const chunker = await sharedChunker();
    const unit = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('\n', '\r', '\r\n', ' ', '\t', '"', ',', '#', '-', '=', '{', '}', '<h1>', '。'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('word', 'function f() {', 'class A:', '中文', '\ud800', '😀', 'x'.repeat(300), '. '),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    );
    const text = fc.array(unit, { maxLength: 200 }).map((units) => units.join(''));
    const language = fc.constantFrom(...new Set([...Object.values(LANGUAGES), 'plaintext', 'unheard-of']));
    await fc.assert(
      fc.asyncProperty(text, language, async (body, languageId) => {
        const document = documentOf(body, languageId);
        checkContract(document, await chunker.chunk(document));
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it('keeps the contract with small chunks', async () => {
    const chunker = await createChunker({ grammarsFolder, countTokens, maxTokens: 40 });
    for (const name of fixtureNames) {
      const document = fixture(name);
      checkContract(document, await chunker.chunk(document), 40);
    }
  });

  it('keeps the contract for text files of npm packages', async function () {
    this.timeout(60_000);
    const chunker = await sharedChunker();
    for (const file of sampleOfPackages()) {
      const document = documentOf(fs.readFileSync(file, 'utf8').slice(0, 150_000), languageOf(file), file);
      checkContract(document, await chunker.chunk(document));
    }
  });
});

/** Every n-th text file of some packages: about 80 files, the same ones for the same versions. */
function sampleOfPackages(): string[] {
  const packages = [
    'typescript/lib',
    'undici',
    'mocha',
    'vectra',
    'picomatch',
    'htmlparser2',
    'prettier',
    '@types/node',
  ];
  const files = packages.flatMap((name) => {
    const folder = path.join(repoFolder, 'node_modules', name);
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => path.extname(file) in LANGUAGES || /README|LICENSE|\.txt$/.test(file))
      .map((file) => path.join(folder, file))
      .filter((file) => fs.statSync(file).isFile())
      .sort();
  });
  const step = Math.max(1, Math.floor(files.length / 80));
  return files.filter((_, i) => i % step === 0);
}
