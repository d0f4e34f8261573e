// The buttons under a message: their words and what they run.
import * as vscode from 'vscode';
import type { Cure } from './errorMessages.ts';

interface CureAction {
  title(): string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

const CURES: Readonly<Record<Cure, CureAction>> = {
  openFolder: { title: () => vscode.l10n.t('Open Folder…'), command: 'workbench.action.files.openFolder' },
  manageTrust: { title: () => vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
  embedWorkspace: { title: () => vscode.l10n.t('Embed Workspace'), command: 'vectorscope.embedWorkspace' },
  resumeIndexing: { title: () => vscode.l10n.t('Resume'), command: 'vectorscope.resumeIndexing' },
  importVectors: { title: () => vscode.l10n.t('Import Vectors…'), command: 'vectorscope.importVectors' },
  backToWorkspace: { title: () => vscode.l10n.t('Back to the Workspace'), command: 'vectorscope.backToWorkspace' },
  selectModel: { title: () => vscode.l10n.t('Select Model…'), command: 'vectorscope.selectModel' },
  selectDimension: { title: () => vscode.l10n.t('Select Dimension…'), command: 'vectorscope.selectDimension' },
  openSettings: {
    title: () => vscode.l10n.t('Open Settings'),
    command: 'workbench.action.openSettings',
    args: ['@ext:vectorscope.vectorscope'],
  },
  showIndexStatus: { title: () => vscode.l10n.t('Show Index Status'), command: 'vectorscope.showIndexStatus' },
  showCoverage: { title: () => vscode.l10n.t('Show Coverage'), command: 'vectorscope.showCoverage' },
  restartEngine: { title: () => vscode.l10n.t('Restart'), command: 'vectorscope.restartEngine' },
  clearIndex: { title: () => vscode.l10n.t('Clear Index…'), command: 'vectorscope.clearIndex' },
  repairIndex: { title: () => vscode.l10n.t('Repair Index'), command: 'vectorscope.repairIndex' },
  searchByMeaning: { title: () => vscode.l10n.t('Search by Meaning…'), command: 'vectorscope.searchByMeaning' },
  selectAll: { title: () => vscode.l10n.t('Select All'), command: 'editor.action.selectAll' },
  findSimilarToFile: { title: () => vscode.l10n.t('Use the Whole File'), command: 'vectorscope.findSimilarToFile' },
  saveFile: { title: () => vscode.l10n.t('Save'), command: 'workbench.action.files.save' },
  setKey: { title: () => vscode.l10n.t('Set API Key…'), command: 'vectorscope.setKey' },
  reviewSending: { title: () => vscode.l10n.t('Review and Send…'), command: 'vectorscope.reviewSending' },
  selectRegion: { title: () => vscode.l10n.t('Select Region…'), command: 'vectorscope.selectRegion' },
  setBudget: { title: () => vscode.l10n.t('Change the Budget…'), command: 'vectorscope.setBudget' },
  connectServer: { title: () => vscode.l10n.t('Connect a Server…'), command: 'vectorscope.connectServer' },
  showSpending: { title: () => vscode.l10n.t('Show Spending'), command: 'vectorscope.showSpending' },
  showJobs: { title: () => vscode.l10n.t('Show Batch Jobs'), command: 'vectorscope.showJobs' },
  showLog: { title: () => vscode.l10n.t('Show Log'), command: 'vectorscope.showLog' },
};

export function cureTitle(cure: Cure): string {
  return CURES[cure].title();
}

export async function runCure(cure: Cure): Promise<void> {
  const { command, args = [] } = CURES[cure];
  await vscode.commands.executeCommand(command, ...args);
}
