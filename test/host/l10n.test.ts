// Every word that users see exists in English and Chinese, and none is left over.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Ts from 'typescript';
import { repoFolder } from '../support/paths.ts';

// Not bundled with the test: it is nine megabytes.
const ts = createRequire(path.join(repoFolder, 'package.json'))('typescript') as typeof Ts;

type Bundle = Readonly<Record<string, string>>;

function readJson(file: string): Bundle {
  return JSON.parse(fs.readFileSync(path.join(repoFolder, file), 'utf8')) as Bundle;
}

/** First arguments of all `l10n.t(…)` calls below a folder; undefined stands for one that is no literal. */
function translatedIn(folder: string): (string | undefined)[] {
  const files = fs.readdirSync(path.join(repoFolder, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const full = path.join(repoFolder, folder, file);
      const source = ts.createSourceFile(full, fs.readFileSync(full, 'utf8'), ts.ScriptTarget.Latest);
      const found: (string | undefined)[] = [];
      const visit = (node: Ts.Node): void => {
        if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText(source))) {
          const [first] = node.arguments;
          found.push(first && ts.isStringLiteralLike(first) ? first.text : undefined);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}

describe('the words of the user interface', () => {
  const used = translatedIn('src/host');
  const chinese = readJson('media/l10n/bundle.l10n.zh-cn.json');

  it('are literals, so that they can be found', () => {
    assert.ok(used.length > 100);
    assert.ok(!used.includes(undefined));
  });

  it('all have a Chinese version, and no other words do', () => {
    assert.deepEqual(Object.keys(chinese).sort(), [...new Set(used)].sort());
  });

  it('have the same placeholders in both languages', () => {
    for (const [english, translated] of Object.entries(chinese)) {
      assert.deepEqual(placeholders(translated), placeholders(english), english);
    }
  });

  it('are Chinese in Chinese, except for names', () => {
    const names = new Set(['WASM']);
    for (const [english, translated] of Object.entries(chinese)) {
      assert.ok(names.has(english) || /\p{Script=Han}/u.test(translated) || /^\W*$/.test(english), english);
    }
  });
});

describe('the words of the manifest', () => {
  const english = readJson('package.nls.json');
  const chinese = readJson('package.nls.zh-cn.json');
  const manifest = fs.readFileSync(path.join(repoFolder, 'package.json'), 'utf8');
  const keys = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);

  it('all exist in English, and none is left over', () => {
    assert.deepEqual(Object.keys(english).sort(), [...new Set(keys)].sort());
  });

  it('all exist in Chinese, and none is left over', () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  });

  it('have the same code words in both languages', () => {
    const code = (text = ''): string[] => (text.match(/`[^`]+`/g) ?? []).sort();
    for (const key of Object.keys(english)) assert.deepEqual(code(chinese[key]), code(english[key]), key);
  });
});
