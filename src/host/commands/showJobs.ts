import * as vscode from 'vscode';
import type { JobInfo, JobState } from '../../protocol/engineApi.ts';
import type { Services } from '../services.ts';
import { problemMessage } from '../errorMessages.ts';
import { openJobResult } from './openJobResult.ts';

interface JobItem extends vscode.QuickPickItem {
  readonly job?: JobInfo;
}

/** Batch jobs of this workspace, the newest first, each with what can be done with it. */
export async function showJobs(services: Services): Promise<void> {
  const jobs = await services.engine.request('jobs', undefined);
  const items: JobItem[] = [...jobs].reverse().map(toItem);
  const chosen = await vscode.window.showQuickPick(
    items.length > 0 ? items : [{ label: vscode.l10n.t('There are no batch jobs.') }],
    { title: vscode.l10n.t('Batch Jobs'), matchOnDescription: true, matchOnDetail: true },
  );
  if (chosen?.job) await chooseAction(services, chosen.job);
}

const ICONS: Readonly<Record<JobState, string>> = {
  prepared: '$(clock)',
  uploaded: '$(clock)',
  submitting: '$(clock)',
  submitted: '$(clock)',
  running: '$(sync)',
  fetched: '$(sync)',
  done: '$(check)',
  failed: '$(error)',
  cancelled: '$(circle-slash)',
  expired: '$(warning)',
};

function toItem(job: JobInfo): JobItem {
  const { id, state, rows, model, createdAtMs, purpose, problem } = job;
  const lines = rows === undefined ? vscode.l10n.t('lines not counted yet') : vscode.l10n.t('{0} lines', rows);
  const what = purpose === 'index' ? vscode.l10n.t('for the index') : vscode.l10n.t('of a file');
  const trouble = problem && problemMessage(vscode.l10n, problem).text;
  return {
    job,
    label: `${ICONS[state]} ${stateWords(job)}`,
    description: `${lines} ${what} · ${model}`,
    detail: [new Date(createdAtMs).toLocaleString(vscode.env.language), id, ...(trouble ? [trouble] : [])].join(' · '),
  };
}

function stateWords({ state, reason }: JobInfo): string {
  switch (state) {
    case 'prepared':
    case 'uploaded':
      return vscode.l10n.t('Waiting to be sent');
    case 'submitting':
    case 'submitted':
      return vscode.l10n.t('Queued');
    case 'running':
    case 'fetched':
      return vscode.l10n.t('Running');
    case 'done':
      return vscode.l10n.t('Done');
    case 'failed':
      return vscode.l10n.t('Failed ({0})', reason ?? '');
    case 'cancelled':
      return reason === 'still-running'
        ? vscode.l10n.t('Given up, but the service goes on with it and it is paid for')
        : vscode.l10n.t('Cancelled');
    case 'expired':
      return vscode.l10n.t('No longer known to the service');
  }
}

interface Action extends vscode.QuickPickItem {
  readonly act: () => Promise<unknown>;
}

async function chooseAction(services: Services, job: JobInfo): Promise<void> {
  const { engine, sending } = services;
  const { id, state, reason, isActive, isSent } = job;
  const isOver = state === 'failed' || state === 'cancelled' || state === 'expired';
  const open: Action = {
    label: `$(go-to-file) ${vscode.l10n.t('Open Result')}`,
    act: () => openJobResult(services, [id], undefined),
  };
  const resume: Action = {
    label: `$(play) ${isOver && reason !== 'still-running' ? vscode.l10n.t('Submit Again') : vscode.l10n.t('Resume')}`,
    act: async () => {
      if (!isSent) await sending.permit({ again: job });
      await engine.request('resumeJob', { id });
    },
  };
  const cancel: Action = {
    label: `$(debug-stop) ${vscode.l10n.t('Cancel')}`,
    ...(state === 'running' && { detail: vscode.l10n.t('A running task can’t be stopped at the service any more.') }),
    act: () => engine.request('cancelJob', { id }),
  };
  const actions = state === 'done' ? [open] : isOver ? [resume] : isActive ? [cancel] : [resume, cancel];
  const chosen = await vscode.window.showQuickPick(actions, { title: vscode.l10n.t('Batch Jobs') });
  await chosen?.act();
}
