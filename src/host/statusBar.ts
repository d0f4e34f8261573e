// The status bar item.
import * as vscode from 'vscode';
import { statusBarView } from './statusBarView.ts';
import type { World } from './world.ts';

export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('vectorscope.status', vscode.StatusBarAlignment.Right, 90);
    this.item.name = 'Vectorscope';
  }

  update(world: World, halted: boolean): void {
    const view = statusBarView(vscode.l10n, world, halted, vscode.env.language);
    if (!view) {
      this.item.hide();
      return;
    }
    this.item.text = view.text;
    this.item.tooltip = view.tooltip;
    this.item.command = view.command;
    this.item.accessibilityInformation = { label: view.tooltip };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
