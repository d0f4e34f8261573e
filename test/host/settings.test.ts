import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  DEFAULT_SETTINGS,
  engineSettingsDiffer,
  readSettings,
  SETTING_KEYS,
  type Settings,
} from '../../src/host/settings.ts';
import { repoFolder } from '../support/paths.ts';

interface Property {
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

const manifest = JSON.parse(fs.readFileSync(path.join(repoFolder, 'package.json'), 'utf8')) as {
  contributes: { configuration: { properties: Readonly<Record<string, Property>> } };
};
const { properties } = manifest.contributes.configuration;

function read(values: Readonly<Record<string, unknown>>): ReturnType<typeof readSettings> {
  return readSettings((key) => values[key]);
}

describe('settings', () => {
  it('are those of package.json, with the same defaults', () => {
    const names = Object.keys(SETTING_KEYS) as (keyof Settings)[];
    const own = Object.fromEntries(names.map((name) => [`vectorscope.${SETTING_KEYS[name]}`, DEFAULT_SETTINGS[name]]));
    const declared = Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, property.default]));
    assert.deepEqual(own, declared);
  });

  it('take what is in range, and the limits of package.json are in range', () => {
    for (const [key, { minimum, maximum }] of Object.entries(properties)) {
      for (const limit of [minimum, maximum]) {
        if (limit === undefined) continue;
        assert.deepEqual(read({ [key.replace('vectorscope.', '')]: limit }).problems, [], `${key} ${limit}`);
      }
      if (maximum !== undefined)
        assert.equal(read({ [key.replace('vectorscope.', '')]: maximum + 1 }).problems.length, 1);
      if (minimum !== undefined)
        assert.equal(read({ [key.replace('vectorscope.', '')]: minimum - 1 }).problems.length, 1);
    }
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['model', ''],
    ['model', 7],
    ['dimension', 0],
    ['dimension', 1.5],
    ['dimension', 'many'],
    ['include', 'src/**'],
    ['include', [1]],
    ['exclude', null],
    ['maxFileSizeKb', 0],
    ['maxFileSizeKb', Number.NaN],
    ['maxConcurrency', -1],
    ['maxConcurrency', 17],
    ['vectorMemoryMb', 20_000],
    ['resultCount', 0],
    ['resultCount', 201],
    ['resultCount', '20'],
    ['similar.follow', 'yes'],
  ];
  for (const [key, value] of wrong) {
    it(`use the default for ${key} = ${JSON.stringify(value)} and say what is allowed`, () => {
      const { settings, problems } = read({ [key]: value });
      assert.deepEqual(settings, DEFAULT_SETTINGS);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.setting, `vectorscope.${key}`);
      assert.ok(problems[0].allowed.length > 0);
    });
  }

  it('shorten what they quote of a wrong value', () => {
    const { problems } = read({ model: { long: 'x'.repeat(1_000) } });
    assert.ok(problems[0] && problems[0].value.length <= 60);
  });

  it('tell the engine only what concerns it', () => {
    assert.equal(engineSettingsDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, resultCount: 5 }), false);
    assert.equal(engineSettingsDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, followCursor: false }), false);
    assert.equal(engineSettingsDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, exclude: ['a'] }), true);
    assert.equal(engineSettingsDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, model: 'minilm' }), true);
  });
});
