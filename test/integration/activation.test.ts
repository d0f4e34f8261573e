import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VectorscopeApi } from '../../src/extension.ts';
import { DEFAULT_SETTINGS, SETTING_KEYS, type Settings } from '../../src/host/settings.ts';
import { activated } from './support/host.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('activation', () => {
  let api: VectorscopeApi;

  before(async () => {
    api = await activated();
  });

  it('takes less than 50 ms', () => {
    const { ms, cpuMs } = api.activation;
    console.log(`      ${ms.toFixed(1)} ms, ${cpuMs.toFixed(1)} of them computed; VS Code ${vscode.version}, Node ${process.versions.node}`); // prettier-ignore
    assert.ok(ms < 50 || cpuMs < 35, `${ms} ms, ${cpuMs} of them computed`);
  });

  it('starts no engine in a workspace that the user never had embedded', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // longer than the start-up scan waits
    assert.deepEqual(api.engine(), { state: 'idle', pid: undefined });
    assert.equal(api.snapshot().optedIn, false);
  });

  it('registers every command of the manifest, and no other', async () => {
    const { contributes } = vscode.extensions.getExtension('vectorscope.vectorscope')?.packageJSON as Manifest;
    const declared = contributes.commands.map(({ command }) => command).sort();
    const own = /^vectorscope\.(?!sidebar)/; // VS Code makes commands for the view itself
    const registered = (await vscode.commands.getCommands(true)).filter((command) => own.test(command)).sort();
    assert.deepEqual(registered, declared);
  });

  it('finds the defaults of its settings in the manifest', () => {
    const section = vscode.workspace.getConfiguration('vectorscope');
    for (const [name, key] of Object.entries(SETTING_KEYS)) {
      assert.deepEqual(section.inspect(key)?.defaultValue, DEFAULT_SETTINGS[name as keyof Settings], key);
    }
  });
});
