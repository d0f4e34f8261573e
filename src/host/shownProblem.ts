// The problem that the sidebar shows across its page, with the one button that helps most. No `vscode` at run time.
import type { EngineStatus } from '../protocol/engineApi.ts';
import type { ProblemAction, ViewCommand } from '../protocol/viewApi.ts';
import { problemMessage, type Cure, type L10n } from './errorMessages.ts';
import type { Problem } from './problems.ts';
import type { Sending } from './remote/sending.ts';

export interface ShownProblem {
  /** A sentence in the user's language. */
  readonly text: string;
  readonly action?: ProblemAction;
}

export function shownProblem(
  l10n: L10n,
  status: EngineStatus | undefined,
  /** Undefined where nothing is sent. */
  sending: Pick<Sending, 'endpoint' | 'mayCatchUp'> | undefined,
): ShownProblem | undefined {
  const endpoint = sending?.endpoint;
  if (endpoint && !sending.mayCatchUp()) {
    return shown(l10n, { code: 'consent-needed', details: { origin: endpoint.host } });
  }
  return status?.problem && shown(l10n, status.problem);
}

function shown(l10n: L10n, problem: Problem): ShownProblem {
  const { text, cures } = problemMessage(l10n, problem);
  const titles: Readonly<Partial<Record<Cure, readonly [string, ViewCommand]>>> = {
    reviewSending: [l10n.t('Review and Send…'), 'reviewSending'],
    setKey: [l10n.t('Set API Key…'), 'setKey'],
    setBudget: [l10n.t('Change the Budget…'), 'setBudget'],
    backToWorkspace: [l10n.t('Back to the Workspace'), 'backToWorkspace'],
    selectModel: [l10n.t('Select Model…'), 'selectModel'],
  };
  const action = cures.map((cure) => titles[cure]).find((each) => each !== undefined);
  return action ? { text, action: { title: action[0], command: action[1] } } : { text };
}
