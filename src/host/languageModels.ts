// The language models that other extensions bring into VS Code: whether there are any, and which one the user wants asked.
import * as vscode from 'vscode';

export class LanguageModels implements vscode.Disposable {
  /** Known after the first look. */
  available = false;
  private looked = false;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly changed: () => void) {
    this.subscription = vscode.lm.onDidChangeChatModels(() => {
      if (this.looked) void this.look();
    });
  }

  /** Not before clusters are shown: it may start other extensions. */
  async look(): Promise<void> {
    this.looked = true;
    const before = this.available;
    try {
      this.available = (await vscode.lm.selectChatModels()).length > 0;
    } catch {
      this.available = false;
    }
    if (this.available !== before) this.changed();
  }

  /** Asks which model, and whether so many clusters may be sent to it. */
  async choose(count: number): Promise<vscode.LanguageModelChat | undefined> {
    const models = await vscode.lm.selectChatModels();
    const [only] = models;
    const items = models.map((model) => ({ label: model.name, description: model.vendor, model }));
    const title = vscode.l10n.t('Name Clusters With a Language Model');
    const model = models.length > 1 ? (await vscode.window.showQuickPick(items, { title }))?.model : only;
    if (!model) return undefined;
    const send = vscode.l10n.t('Send');
    const pressed = await vscode.window.showWarningMessage(
      vscode.l10n.t('Send what names {0} clusters to {1} ({2})?', count, model.name, model.vendor),
      {
        modal: true,
        detail: vscode.l10n.t(
          'Of each cluster its words and the first 300 characters of one snippet are sent through VS Code to this model, which may run on the servers of its maker. Nothing else is sent.',
        ),
      },
      send,
    );
    return pressed === send ? model : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
