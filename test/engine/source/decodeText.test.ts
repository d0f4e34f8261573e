import assert from 'node:assert/strict';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { Encoding } from '../../../src/engine/model.ts';
import { decodeText, isBinaryHead } from '../../../src/engine/source/decodeText.ts';

const ENGLISH = 'The quick brown fox\r\njumps over the lazy dog.\n';
const CHINESE = '向量检索把文本变成数字，\n意思相近的文本离得近。价格：十元！\n';
const GERMAN = 'Größe, Übung, Straße: fünf Öfen für die Küche.\nÄrger mit Köln\n';
const FRENCH = "L'été, la forêt était déjà brûlée à Noël. Où ça ? Là-bas, garçon.\n";

function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf8bom') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  if (encoding === 'utf16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'latin1') return iconv.encode(text, 'windows-1252');
  return encoding === 'gb18030' ? iconv.encode(text, 'gb18030') : Buffer.from(text);
}

/** Texts that people could write in an encoding, from a few letters on. */
const written = (letters: string) =>
  fc.array(fc.constantFrom(...letters.split('')), { minLength: 1, maxLength: 60 }).map((list) => list.join(''));
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 200 })
  .filter((text) => !/[\0-\x1f\x7f\ufeff]|^%PDF-/.test(text))
  .map((text) => `${text} text`);
const hanWords = written(
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取完举色',
);
const westernWords = fc
  .array(fc.constantFrom('Straße', 'für', 'été', 'garçon', 'niño', 'über', 'and', 'the', 'naïve', 'Ångström', 'café'), {
    minLength: 1,
  })
  .map((words) => words.join(' '));

describe('decoding', () => {
  for (const [encoding, text] of [
    ['utf8', ENGLISH + CHINESE + GERMAN],
    ['utf8bom', ENGLISH + CHINESE],
    ['utf16le', ENGLISH + CHINESE],
    ['utf16be', ENGLISH + CHINESE],
    ['gb18030', CHINESE],
    ['gb18030', `名称,价格\n茶,3\n`],
    ['gb18030', `${ENGLISH}// 中文注释\n`],
    ['gb18030', `${CHINESE} é 𠮷 😀`],
    ['latin1', GERMAN],
    ['latin1', FRENCH],
    ['latin1', `${ENGLISH}INFORMAÇÃO\n`],
    ['latin1', 'don\u2019t \u201cquote\u201d \u2013 20\u00b0C, \u00a3100'],
    ['latin1', 'señor'],
  ] as const) {
    it(`reads ${encoding}: ${text.slice(0, 20).replace(/\s+/g, ' ')}`, () => {
      const bytes = encode(text, encoding);
      assert.deepEqual(decodeText(bytes, false), { text, encoding, bytes: bytes.length });
    });
  }

  for (const [name, text] of [
    ['English', ENGLISH],
    ['Chinese', CHINESE.repeat(3)],
    ['one line of Chinese with a number', '向量检索 2024'],
    ['German', GERMAN],
    ['Russian', 'Привет, мир! Это проверка.\n'],
  ] as const) {
    it(`reads UTF-16 without a byte order mark: ${name}`, () => {
      const little = Buffer.from(text, 'utf16le');
      assert.deepEqual(decodeText(little, false), { text, encoding: 'utf16le', bytes: little.length });
      assert.equal(decodeText(Buffer.from(little).swap16(), false)?.encoding, 'utf16be');
    });
  }

  const roundTrips: readonly (readonly [Encoding, fc.Arbitrary<string>])[] = [
    ['utf8', anyText],
    ['utf8bom', anyText],
    ['utf16le', anyText],
    ['utf16be', anyText],
    [
      'gb18030',
      fc
        .tuple(hanWords, fc.constantFrom('', 'a b', '\n', '1,2', '，', 'const x = 1;'), hanWords)
        .map((p) => p.join(' ')),
    ],
    ['latin1', westernWords.filter((text) => /[^\0-\x7f]/.test(text))],
  ];
  for (const [encoding, texts] of roundTrips) {
    it(`gives back what was written in ${encoding}`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          fc.pre(encoding !== 'utf16le' || !text.startsWith('\0'));
          assert.deepEqual(decodeText(encode(text, encoding), false)?.text, text);
        }),
        { seed: 7, numRuns: 300 },
      );
    });
  }

  it('never throws, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const marked = fc.tuple(
      fc.constantFrom([], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf], [0x84, 0x31, 0x95, 0x33]),
      bytes,
    );
    fc.assert(
      fc.property(marked, fc.boolean(), ([mark, rest], isCut) => {
        const all = Buffer.from([...mark, ...rest]);
        const decoded = decodeText(all, isCut);
        assert.ok(decoded === undefined || (decoded.bytes <= all.length && (isCut || decoded.bytes === all.length)));
      }),
      { seed: 7, numRuns: 3000 },
    );
  });

  it('reads damaged UTF-8 with replacement characters', () => {
    const bytes = Buffer.concat([Buffer.from(CHINESE), Buffer.from([0xff, 0xe4, 0xb8]), Buffer.from(CHINESE)]);
    const decoded = decodeText(bytes, false);
    assert.equal(decoded?.encoding, 'utf8');
    assert.ok(decoded.text.startsWith(CHINESE) && decoded.text.endsWith(CHINESE) && decoded.text.includes('\ufffd'));
  });

  for (const [encoding, text] of [
    ['koi8-r', 'Привет, мир! Это проверка.'],
    ['windows-1251', 'ПРИВЕТ, МИР! Это проверка.'],
    ['euc-kr', '안녕하세요. 이것은 한국어로 쓴 시험용 문장입니다. 검색이 잘 되는지 봅시다.'],
    ['shift_jis', 'これは日本語の文章です。検索の試験に使います。'],
    ['euc-jp', 'これは日本語の文章です。検索の試験に使います。'],
    ['big5', '這是一段用來測試的繁體中文，看看檢索是否正確。'],
  ] as const) {
    it(`reads the ASCII of ${encoding}, which it does not know, and takes it for no Chinese`, () => {
      const decoded = decodeText(iconv.encode(`${text}\n${ENGLISH}`, encoding), false);
      assert.ok(decoded?.text.endsWith(ENGLISH));
      assert.notEqual(decoded?.encoding, 'gb18030');
    });
  }

  for (const [name, bytes] of [
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')],
    ['a PDF', Buffer.from('%PDF-1.4\n1 0 obj\n')],
    ['a zip', Buffer.from('504b03041400000008000000210000000000000000000000000000000000', 'hex')],
    ['a wasm module', Buffer.from('0061736d01000000010401600000', 'hex')],
    ['gzip', Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca4901008511', 'hex')],
    ['whole numbers of 16 bits', Buffer.from(Uint16Array.from({ length: 200 }, (_, i) => i * 7).buffer)],
    [
      'noise without NUL',
      Buffer.from(Array.from({ length: 4000 }, (_, i) => ((i * 7919 + ((i * i) % 251)) % 255) + 1)),
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    [
      'controls after a byte order mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(Uint16Array.of(1, 2, 3).buffer)]),
    ],
    [
      'noise after a byte order mark',
      Buffer.from([0xff, 0xfe, ...Array.from({ length: 4000 }, (_, i) => (i * i * 31 + i * 7919) >> 3)]),
    ],
  ] as const) {
    it(`takes ${name} for binary`, () => {
      assert.equal(decodeText(bytes, false), undefined);
      assert.ok(isBinaryHead(bytes));
    });
  }

  it('takes a NUL late in a long text for a blemish', () => {
    assert.equal(decodeText(Buffer.from(`${ENGLISH.repeat(300)}\0${ENGLISH}`), false)?.encoding, 'utf8');
  });
});

describe('cutting a text that is too long', () => {
  it('ends at the last line end', () => {
    for (const encoding of ['utf8', 'utf8bom', 'utf16le', 'utf16be', 'gb18030'] as const) {
      const bytes = encode(`${CHINESE}${CHINESE}tail without end`, encoding);
      for (let length = bytes.length - 12; length < bytes.length; length++) {
        const decoded = decodeText(bytes.subarray(0, length), true);
        assert.equal(decoded?.text, CHINESE + CHINESE, encoding);
        assert.equal(decoded.bytes, encode(CHINESE + CHINESE, encoding).length, encoding);
      }
    }
  });

  it('ends between two characters where there is no line end', () => {
    const text = '向量é😀检索a𠮷的文本在这里和那里'.repeat(5);
    for (const encoding of ['utf8', 'utf8bom', 'utf16le', 'utf16be', 'gb18030'] as const) {
      const bytes = encode(text, encoding);
      for (let length = 40; length <= bytes.length; length++) {
        const decoded = decodeText(bytes.subarray(0, length), true);
        assert.equal(decoded?.encoding, encoding);
        assert.ok(text.startsWith(decoded.text) && !decoded.text.includes('\ufffd'), `${encoding} ${length}`);
        assert.equal(decoded.bytes, encode(decoded.text, encoding).length, `${encoding} ${length}`);
        assert.ok(length - decoded.bytes < 4, `${encoding} ${length}`);
      }
    }
  });

  it('does not throw away nearly all for the sake of an early line end', () => {
    const decoded = decodeText(Buffer.from(`header\n${'x'.repeat(1000)}`), true);
    assert.equal(decoded?.bytes, 1007);
  });
});
