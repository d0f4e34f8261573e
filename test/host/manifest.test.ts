import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import models from '../../src/engine/embed/local/models.json';
import { repoFolder } from '../support/paths.ts';

interface Contributed {
  readonly command: string;
  readonly key?: string;
  readonly mac?: string;
  readonly when?: string;
}
const manifest = JSON.parse(fs.readFileSync(path.join(repoFolder, 'package.json'), 'utf8')) as {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly Contributed[];
    readonly menus: Readonly<Record<string, readonly Contributed[]>>;
    readonly keybindings: readonly Contributed[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly configuration: {
      readonly properties: {
        readonly 'vectorscope.model': { readonly anyOf: readonly { readonly enum?: string[] }[] };
      };
    };
  };
};
const { contributes } = manifest;

describe('the manifest', () => {
  const commands = new Set(contributes.commands.map(({ command }) => command));

  it('uses only commands that it declares', () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
    assert.deepEqual(
      used.filter((command) => !commands.has(command)),
      [],
    );
  });

  it('declares a command for each file and entry of src/host/commands', () => {
    const table = fs.readFileSync(path.join(repoFolder, 'src/host/commands/table.ts'), 'utf8');
    const entries = /const COMMANDS = \{(.*?)\n\} as const/s.exec(table)?.[1] ?? '';
    const names = [...entries.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => `vectorscope.${name}`);
    assert.deepEqual(names.sort(), [...commands].sort());
  });

  it('has keys of its own for macOS where Ctrl+Alt would be awkward', () => {
    for (const { key, mac } of contributes.keybindings) {
      if (key?.startsWith('ctrl+alt')) assert.match(mac ?? '', /^ctrl\+cmd\+/);
    }
  });

  it('asks in the toolbar of the sidebar for nothing that VS Code knows only inside an editor', () => {
    for (const { command, when } of contributes.menus['view/title'] ?? []) {
      assert.doesNotMatch(when ?? '', /\beditor[A-Z]/, command);
    }
  });

  it('names files that exist', () => {
    const [container] = contributes.viewsContainers.activitybar;
    const files = [
      manifest.icon,
      container?.icon ?? '',
      ...Object.values(contributes.views)
        .flat()
        .map(({ icon }) => icon),
    ];
    for (const file of files) assert.ok(fs.existsSync(path.join(repoFolder, file)), file);
  });

  it('offers the models of the catalogue', () => {
    const offered = contributes.configuration.properties['vectorscope.model'].anyOf.flatMap(
      (choice) => choice.enum ?? [],
    );
    assert.deepEqual(offered.sort(), ['auto', 'bilingual', ...Object.keys(models.models)].sort());
  });
});
