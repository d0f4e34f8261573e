// Messages to the user. They never block the command that shows them: its buttons act when, and if, they are pressed.
import * as vscode from 'vscode';
import { cureTitle, runCure } from './cures.ts';
import { problemMessage, type Cure } from './errorMessages.ts';
import { problemOf, type Problem } from './problems.ts';

/** Says what is wrong, with the buttons that cure it. */
export function tellProblem(problem: Problem): void {
  const { text, cures } = problemMessage(vscode.l10n, problem);
  void offer(vscode.window.showWarningMessage, text, cures);
}

/** Says what happened. */
export function tell(text: string, ...cures: readonly Cure[]): void {
  void offer(vscode.window.showInformationMessage, text, cures);
}

/** Says what happened that is not well. */
export function warn(text: string, ...cures: readonly Cure[]): void {
  void offer(vscode.window.showWarningMessage, text, cures);
}

export interface Action {
  readonly title: string;
  act(): Promise<void>;
}

/** Says what happened, with buttons that do something only this message can. */
export function tellWithActions(text: string, actions: readonly Action[]): void {
  void vscode.window.showInformationMessage(text, ...actions.map(({ title }) => title)).then(async (pressed) => {
    try {
      await actions.find(({ title }) => title === pressed)?.act();
    } catch (error) {
      tellProblem(problemOf(error));
    }
  });
}

type Show = (text: string, ...buttons: string[]) => Thenable<string | undefined>;

async function offer(show: Show, text: string, cures: readonly Cure[]): Promise<void> {
  const pressed = await show(text, ...cures.map(cureTitle));
  const cure = cures.find((candidate) => cureTitle(candidate) === pressed);
  if (cure) await runCure(cure);
}
