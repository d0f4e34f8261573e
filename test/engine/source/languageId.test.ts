import assert from 'node:assert/strict';
import { languageIdOf } from '../../../src/engine/source/languageId.ts';
import { EXTENSIONS, FILE_NAMES } from '../../../src/engine/source/languageTable.ts';

describe('the language of a file', () => {
  for (const [path, id] of [
    ['a.ts', 'typescript'],
    ['a.d.ts', 'typescript'],
    ['a.tsx', 'typescriptreact'],
    ['x/A.JS', 'javascript'],
    ['a.py', 'python'],
    ['a.go', 'go'],
    ['a.rs', 'rust'],
    ['A.java', 'java'],
    ['a.c', 'c'],
    ['a.h', 'cpp'],
    ['a.cs', 'csharp'],
    ['a.rb', 'ruby'],
    ['a.php', 'php'],
    ['a.sh', 'shellscript'],
    ['a.json', 'json'],
    ['tsconfig.build.json', 'jsonc'],
    ['a.jsonl', 'jsonl'],
    ['a.ipynb', 'jupyter'],
    ['a.csv', 'csv'],
    ['a.tsv', 'tsv'],
    ['README.md', 'markdown'],
    ['a.rst', 'restructuredtext'],
    ['a.adoc', 'asciidoc'],
    ['a.tex', 'latex'],
    ['a.html', 'html'],
    ['a.vue', 'vue'],
    ['a.yml', 'yaml'],
    ['a.txt', 'plaintext'],
    ['Dockerfile', 'dockerfile'],
    ['Dockerfile.dev', 'dockerfile'],
    ['Makefile', 'makefile'],
    ['Gemfile', 'ruby'],
    ['.gitignore', 'ignore'],
    ['.editorconfig', 'properties'],
    ['a.b.unknown', 'plaintext'],
    ['LICENSE', 'plaintext'],
    ['typescript/README', 'plaintext'],
    ['a.ts/x', 'plaintext'],
  ] as const) {
    it(`${path} is ${id}`, () => assert.equal(languageIdOf(path, 'text'), id));
  }

  for (const [line, id] of [
    ['#!/bin/bash', 'shellscript'],
    ['#!/usr/bin/env python3', 'python'],
    ['#!/usr/bin/env -S node --no-warnings', 'javascript'],
    ['#!/usr/bin/env FOO=1 ruby', 'ruby'],
    ['#! /usr/bin/perl5.36 -w\r\nuse strict;', 'perl'],
    ['#!/usr/bin/nothing', 'plaintext'],
    ['#!', 'plaintext'],
    ['# !/bin/sh', 'plaintext'],
  ] as const) {
    it(`a script that starts with ${JSON.stringify(line)} is ${id}`, () =>
      assert.equal(languageIdOf('bin/run', line), id));
  }

  it('is told by one entry only', () => {
    for (const table of [EXTENSIONS, FILE_NAMES]) {
      const all = Object.values(table).flatMap((names) => names.split(' '));
      assert.deepEqual(
        all.filter((name, i) => all.indexOf(name) !== i),
        [],
      );
    }
  });
});
