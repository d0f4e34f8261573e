// Prose: headings, paragraphs, sentences, long lines.
import assert from 'node:assert/strict';
import { checkContract, documentOf, sharedChunker } from './chunkSupport.ts';

async function chunk(text: string, languageId: string) {
  const document = documentOf(text, languageId);
  const { chunks } = await (await sharedChunker()).chunk(document);
  checkContract(document, { chunks, dropped: [] });
  return chunks;
}

const symbols = async (text: string, languageId: string) => (await chunk(text, languageId)).map(({ symbol }) => symbol);
const filler =
  'Some words that make the section long enough to stand alone, which takes forty tokens or so in all. '.repeat(2);

describe('prose under headings', () => {
  const cases: readonly (readonly [
    what: string,
    languageId: string,
    text: string,
    expected: readonly (string | undefined)[],
  ])[] = [
    ['a comment in a fence is no heading', 'markdown', `# A\n\n${filler}\n\n\`\`\`sh\n# not this\n\`\`\`\n`, ['A']],
    ['front matter is no heading', 'markdown', `---\ntitle: x\n---\n\n# A\n\n${filler}\n`, ['A']],
    [
      'levels close each other',
      'markdown',
      `# A\n\n${filler}\n## B\n\n${filler}\n# C\n\n${filler}\n`,
      ['A', 'A > B', 'C'],
    ],
    ['markup of a title is left out', 'markdown', `# The \`x\` [link](y) {#id}\n\n${filler}\n`, ['The x link']],
    ['headings in quotes do not count', 'markdown', `# A\n\n${filler}\n> # B\n`, ['A']],
    ['a bare heading joins its first section', 'markdown', `# A\n\n## B\n\n${filler}\n`, ['A > B']],
    ['small neighbours of one level stay apart', 'markdown', '## A\n\none\n\n## B\n\ntwo\n', ['A', 'B']],
    ['JSX is text', 'mdx', `import A from 'a'\n\n# T\n\n<A b={1}>\n\n${filler}\n\n</A>\n`, ['T']],
    ['starred sections of LaTeX', 'latex', `\\section*{A}\n${filler}\n\\subsection[s]{B}\n${filler}\n`, ['A', 'A > B']],
    [
      'over- and underlined titles',
      'restructuredtext',
      `===\nDoc\n===\n\n${filler}\n\nUse\n===\n\n${filler}\n`,
      ['Doc', 'Doc > Use'],
    ],
    ['listings of AsciiDoc', 'asciidoc', `== A\n\n${filler}\n\n....\n== no\n....\n`, ['A']],
    [
      'chapters',
      'plaintext',
      `Chapter 1\n\n${filler}\n\nChapter 2: Home\n\n${filler}\n`,
      ['Chapter 1', 'Chapter 2: Home'],
    ],
    [
      'Chinese chapters',
      'plaintext',
      `第一章 出发\n\n${'天亮了。'.repeat(20)}\n\n第二章 归来\n\n${'天黑了。'.repeat(20)}\n`,
      ['第一章 出发', '第二章 归来'],
    ],
    ['no headings', 'plaintext', 'Chapter 7 was the best of them all.\n', [undefined]],
  ];
  for (const [what, languageId, text, expected] of cases) {
    it(`is cut by them: ${what}`, async () => assert.deepEqual(await symbols(text, languageId), expected));
  }

  it('gives the path to the later parts of a long section', async () => {
    const chunks = await chunk(`# Guide\n\n${filler}\n\n## Install\n\n${`${filler}\n\n`.repeat(12)}`, 'markdown');
    const install = chunks.filter(({ symbol }) => symbol === 'Guide > Install');
    assert.ok(install.length > 1);
    assert.deepEqual([install[0]?.context, install[1]?.context], ['Guide', 'Guide > Install']);
    assert.ok(install[0]?.text.startsWith('## Install'));
  });
});

describe('prose without headings', () => {
  it('keeps paragraphs whole and puts short ones together', async () => {
    const paragraphs = Array.from({ length: 12 }, (_, i) =>
      `Paragraph ${i} says something. ${'It goes on for a while. '.repeat(i % 4)}`.trim(),
    );
    const chunks = await chunk(paragraphs.join('\n\n'), 'plaintext');
    assert.ok(chunks.length > 1 && chunks.length < 8);
    assert.deepEqual(
      chunks.flatMap(({ text }) => text.split('\n\n')),
      paragraphs,
    );
  });

  it('cuts a long paragraph at sentence ends', async () => {
    const sentence = 'The river rose (again!) by “a metre or more.” Nobody, not even Mr Brown, had expected it. ';
    const chunks = await chunk(sentence.repeat(40), 'plaintext');
    assert.ok(chunks.length > 3);
    for (const { text } of chunks) assert.match(text, /^(?:The river|Nobody).*[.”]$/s);
  });

  it('cuts long Chinese text after 。！？ and closing quotes', async () => {
    const chunks = await chunk(
      '他说：“今天不去了。”雨下得很大！你带伞了吗？我没有带伞，只好在屋檐下等着。'.repeat(20),
      'plaintext',
    );
    assert.ok(chunks.length > 2);
    for (const { text } of chunks) assert.match(text, /[。！？”]$/);
    for (const { text } of chunks) assert.doesNotMatch(text, /^[。！？”]/);
  });

  it('keeps short Chinese paragraphs whole', async () => {
    const paragraph = '清晨六点，我们从县城出发。雾很大，看不清路。';
    const chunks = await chunk(Array.from({ length: 30 }, () => paragraph).join('\n\n'), 'plaintext');
    for (const { text } of chunks) assert.ok(text.split('\n\n').every((part) => part === paragraph));
  });

  it('never cuts inside a surrogate pair', async () => {
    const chunks = await chunk('😀'.repeat(5000), 'plaintext');
    assert.equal(chunks.map(({ text }) => text).join(''), '😀'.repeat(5000));
    for (const { text } of chunks) assert.match(text, /^(?:😀)+$/u);
  });
});
