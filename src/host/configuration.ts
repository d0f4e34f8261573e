// The settings of this window: a snapshot that is replaced when the user changes one.
import * as vscode from 'vscode';
import { readSettings, SETTING_KEYS, type SettingProblem, type Settings } from './settings.ts';

export interface SettingsChange {
  readonly before: Settings;
  readonly after: Settings;
}

/** What to write; undefined takes a setting away. */
export type SettingValues = { readonly [K in keyof Settings]?: Settings[K] | undefined };

export class Configuration implements vscode.Disposable {
  settings: Settings;
  private readonly changes = new vscode.EventEmitter<SettingsChange>();
  readonly onDidChange = this.changes.event;
  private readonly problems = new vscode.EventEmitter<SettingProblem>();
  /** Fires once for each value that can't be used. */
  readonly onProblem = this.problems.event;
  private told = new Set<string>();
  /** Settings that go together are written one by one: only all of them make sense. */
  private writing = 0;
  private readonly subscription: vscode.Disposable;

  constructor() {
    this.settings = readSettings((key) => vscode.workspace.getConfiguration('vectorscope').get(key)).settings;
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('vectorscope') && this.writing === 0) this.reload();
    });
  }

  /** Reads the settings anew and tells what is wrong with them. */
  reload(): void {
    const before = this.settings;
    const section = vscode.workspace.getConfiguration('vectorscope');
    const { settings, problems } = readSettings((key) => section.get(key));
    this.settings = settings;
    const wrong = new Set(problems.map((problem) => JSON.stringify(problem)));
    for (const problem of problems) if (!this.told.has(JSON.stringify(problem))) this.problems.fire(problem);
    this.told = wrong;
    if (JSON.stringify(before) !== JSON.stringify(settings)) this.changes.fire({ before, after: settings });
  }

  /** Writes settings where the user would look for them: the workspace's when a folder is open, else his own. */
  async write(values: SettingValues): Promise<void> {
    const target = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    const section = vscode.workspace.getConfiguration('vectorscope');
    this.writing++;
    try {
      for (const [name, value] of Object.entries(values)) {
        await section.update(SETTING_KEYS[name as keyof Settings], value, target);
      }
    } finally {
      this.writing--;
      this.reload();
    }
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
    this.problems.dispose();
  }
}
