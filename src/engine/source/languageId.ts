// Stage 1: VS Code's language id of a file, from its name and, where that says nothing, its first line. Pure; a few lookups.
import { EXTENSIONS, FILE_NAMES, INTERPRETERS, NAME_STARTS } from './languageTable.ts';

const byExtension = invert(EXTENSIONS);
const byFileName = invert(FILE_NAMES);
const byNameStart = invert(NAME_STARTS);
const byInterpreter = invert(INTERPRETERS);

/** The language id, `plaintext` when neither name nor `#!` line tells. */
export function languageIdOf(path: string, text: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const known = byFileName.get(name) ?? byExtensions(name);
  if (known !== undefined) return known;
  const dot = name.indexOf('.');
  const started = dot > 0 ? byNameStart.get(name.slice(0, dot)) : undefined;
  return started ?? byShebang(text) ?? 'plaintext';
}

/** The longest extension that is known: `.d.ts` is none, so `.ts` counts. `tsconfig.build.json` goes by how it starts. */
function byExtensions(name: string): string | undefined {
  const dot = name.indexOf('.');
  if (dot > 0 && name.endsWith('.json') && byNameStart.has(name.slice(0, dot)))
    return byNameStart.get(name.slice(0, dot));
  for (let at = dot; at >= 0; at = name.indexOf('.', at + 1)) {
    const id = byExtension.get(name.slice(at + 1));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** `#!/usr/bin/env -S python3 -u`, `#!/bin/bash`. */
function byShebang(text: string): string | undefined {
  if (!text.startsWith('#!')) return undefined;
  const words = text.slice(2, 256).split(/\r?\n/, 1)[0]?.trim().split(/\s+/) ?? [];
  const programs = words.map((word) => word.slice(word.lastIndexOf('/') + 1).toLowerCase());
  const program = programs[0] === 'env' ? programs.slice(1).find((word) => !/^-|=/.test(word)) : programs[0];
  return byInterpreter.get(program?.replace(/[\d.]+$/, '') ?? '');
}

function invert(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([id, names]) => names.split(' ').map((name) => [name, id] as const)));
}
