// Every problem as a sentence with its cures. No `vscode` at run time: `l10n` is passed in. Complete by type: a new code
// without a sentence does not compile.
import type * as vscode from 'vscode';
import type { ErrorDetails } from '../engine/errors.ts';
import type { Problem, ProblemCode } from './problems.ts';

export type L10n = Pick<typeof vscode.l10n, 't'>;

/** What a button under a message does; see cures.ts. */
export type Cure =
  | 'openFolder'
  | 'manageTrust'
  | 'embedWorkspace'
  | 'resumeIndexing'
  | 'importVectors'
  | 'backToWorkspace'
  | 'selectModel'
  | 'selectDimension'
  | 'openSettings'
  | 'showIndexStatus'
  | 'showCoverage'
  | 'restartEngine'
  | 'clearIndex'
  | 'repairIndex'
  | 'searchByMeaning'
  | 'selectAll'
  | 'findSimilarToFile'
  | 'saveFile'
  | 'setKey'
  | 'selectRegion'
  | 'setBudget'
  | 'connectServer'
  | 'reviewSending'
  | 'showSpending'
  | 'showJobs'
  | 'showLog';

export interface ProblemMessage {
  readonly text: string;
  readonly cures: readonly Cure[];
}

type Sentence = (l10n: L10n, details: ErrorDetails) => ProblemMessage;

const SENTENCES: Readonly<Record<ProblemCode, Sentence>> = {
  cancelled: (l10n) => say(l10n.t('Cancelled.')),
  'file-not-found': (l10n, d) => say(l10n.t('{path} was not found.', d), 'showIndexStatus'),
  'file-unreadable': (l10n, d) => say(l10n.t('{path} can’t be read ({reason}).', d), 'showIndexStatus'),
  'no-text': (l10n, d) => say(l10n.t('{path} holds no text to embed.', d), 'showIndexStatus'),
  'security-file': (l10n, d) =>
    say(l10n.t('{path} may hold secrets (rule {rule}), so it is left out.', d), 'showIndexStatus'),
  'unknown-model': (l10n, d) => say(l10n.t('There is no model “{model}”. Known: {known}.', d), 'selectModel'),
  'dimension-not-allowed': (l10n, d) =>
    say(l10n.t('{model} has no dimension {dimension}. Allowed: {allowed}.', d), 'selectDimension', 'openSettings'),
  'weights-missing': (l10n, d) =>
    say(l10n.t('The weights of {model} are missing ({file}). Reinstall Vectorscope.', d), 'selectModel', 'showLog'),
  'weights-corrupt': (l10n, d) =>
    say(l10n.t('The weights of {model} are damaged ({file}). Reinstall Vectorscope.', d), 'selectModel', 'showLog'),
  'runtime-unavailable': (l10n, d) =>
    say(l10n.t('{model} can’t run on this machine: {reason}', d), 'selectModel', 'showLog'),
  'bad-vector': (l10n, d) =>
    say(l10n.t('{model} answered with something that is no vector: {reason}', d), 'selectModel', 'showLog'),
  'child-died': (l10n) => say(l10n.t('A process that runs the model ended unexpectedly.'), 'showLog'),
  'no-model': (l10n) =>
    say(
      l10n.t('These vectors were imported, and no model is there to embed a text with. Search by words instead.'),
      'backToWorkspace',
    ),
  'no-vectors': (l10n, d) => say(l10n.t('No row of {path} has a text and a vector.', d), 'importVectors'),
  'vectors-imported': (l10n, d) =>
    say(
      l10n.t('You are looking at the vectors of {path}. Go back to the workspace to use this command.', d),
      'backToWorkspace',
    ),
  'index-empty': (l10n) => say(l10n.t('Nothing is embedded in this workspace yet.'), 'embedWorkspace'),
  'index-changing': (l10n) =>
    say(
      l10n.t(
        'The index changed again and again while it was exported, so nothing was written. Export again once indexing is done.',
      ),
      'showIndexStatus',
    ),
  'index-too-new': (l10n, d) =>
    say(
      l10n.t('The index was written by a newer Vectorscope (format {version}). Update it, or clear the index.', d),
      'clearIndex',
    ),
  'index-locked': (l10n, d) =>
    say(l10n.t('Another window (process {pid}) is writing this index. This one only reads it.', d), 'showIndexStatus'),
  'index-read-only': (l10n, d) =>
    say(
      l10n.t(
        'The index is only read, because its folder {path} can’t be written to ({reason}). What is in it can be searched; nothing new is embedded.',
        d,
      ),
      'showIndexStatus',
    ),
  'storage-failed': (l10n, d) => say(l10n.t('The index can’t be written to {path} ({reason}).', d), 'showLog'),
  'bad-request': (l10n, d) => say(l10n.t('An internal request was malformed ({request}: {reason}).', d), 'showLog'),
  'bad-setting': (l10n, d) =>
    say(l10n.t('The setting {setting} is {value}; allowed: {allowed}. Its default is used.', d), 'openSettings'),
  'key-missing': (l10n, d) => say(l10n.t('There is no key for {origin} yet.', d), 'setKey', 'selectModel'),
  'key-refused': (l10n, d) =>
    say(
      l10n.t('{origin} refused the key ({reason}). At DashScope a key belongs to one region: check both.', d),
      'setKey',
      'selectRegion',
    ),
  'access-denied': (l10n, d) =>
    say(l10n.t('{origin} does not let this key use {model} ({reason}).', d), 'selectModel', 'setKey'),
  'billing-stopped': (l10n, d) =>
    say(
      l10n.t('{origin} stopped because of billing or quota ({reason}). Nothing was lost.', d),
      'selectModel',
      'showLog',
    ),
  'rate-limited': (l10n, d) => say(l10n.t('{origin} is at its rate limit. Try again in a minute.', d), 'showLog'),
  'network-failed': (l10n, d) =>
    say(
      l10n.t('{origin} can’t be reached ({reason}). Check the network and the proxy settings.', d),
      'selectModel',
      'showLog',
    ),
  'server-failed': (l10n, d) =>
    say(l10n.t('{origin} fails ({status}, {reason}). Try again later.', d), 'selectModel', 'showLog'),
  'bad-answer': (l10n, d) =>
    say(l10n.t('{origin} answered with something unusable: {reason}', d), 'openSettings', 'showLog'),
  'request-refused': (l10n, d) =>
    say(l10n.t('{origin} refused the request ({status}, {reason}).', d), 'openSettings', 'showLog'),
  'row-refused': (l10n, d) => say(l10n.t('The service refused this text ({reason}).', d), 'showLog'),
  'bad-endpoint': (l10n, d) => say(l10n.t('“{url}” is no usable address: {reason}', d), 'openSettings'),
  'consent-needed': (l10n, d) =>
    say(l10n.t('Nothing from this workspace is sent to {origin} before you agree.', d), 'reviewSending', 'selectModel'),
  'budget-reached': (l10n, d) =>
    say(l10n.t('Stopped at the budget: {spent} of {budget} {currency} spent.', d), 'setBudget', 'showSpending'),
  'not-supported': (l10n, d) => say(l10n.t('{model} does not support {feature}.', d), 'selectModel'),
  'job-failed': (l10n, d) => say(l10n.t('The batch job {job} failed ({reason}).', d), 'showJobs'),
  'job-expired': (l10n, d) =>
    say(l10n.t('The service no longer knows the batch job {job}: it keeps results for 24 hours.', d), 'showJobs'),
  'job-unknown': (l10n, d) => say(l10n.t('There is no batch job {job}.', d), 'showJobs'),
  internal: (l10n, d) => say(l10n.t('Something went wrong in Vectorscope: {reason}', d), 'showLog'),

  'no-folder': (l10n) => say(l10n.t('Open a folder first: Vectorscope embeds the files of a workspace.'), 'openFolder'),
  'virtual-folder': (l10n) =>
    say(l10n.t('This folder is not on a disk. Vectorscope can embed only files on a disk.'), 'openFolder'),
  untrusted: (l10n) => say(l10n.t('In Restricted Mode Vectorscope reads no files of the workspace.'), 'manageTrust'),
  'not-indexed': (l10n) => say(l10n.t('This workspace is not embedded yet.'), 'embedWorkspace'),
  'no-editor': (l10n) => say(l10n.t('Open a text file first.'), 'searchByMeaning'),
  'no-selection': (l10n) => say(l10n.t('Select some text in the editor first.'), 'selectAll'),
  'too-short': (l10n) =>
    say(l10n.t('This text is too short to have a meaning. Select more of it.'), 'findSimilarToFile'),
  'outside-workspace': (l10n, d) => say(l10n.t('{path} is outside this workspace.', d), 'openFolder'),
  'not-saved': (l10n, d) => say(l10n.t('{path} is not a file on disk. Save it first.', d), 'saveFile'),
  'not-text': (l10n, d) => say(l10n.t('{path} can’t be opened as text.', d)),
  'no-image': (l10n) => say(l10n.t('Open an image first, or right-click one in the Explorer.'), 'searchByMeaning'),
  'image-left-out': (l10n, d) => say(l10n.t('{path} can’t be compared: {reason}', d), 'showIndexStatus'),
  'text-model': (l10n, d) =>
    say(l10n.t('The model {model} reads text only. Images need a multimodal model.', d), 'selectModel'),
  'engine-down': (l10n) =>
    say(l10n.t('Vectorscope’s engine ended several times and was not started again.'), 'restartEngine', 'showLog'),
  'nothing-failed': (l10n) => say(l10n.t('Nothing has failed.'), 'showCoverage'),
  'no-rule': (l10n, d) =>
    say(l10n.t('The rule that leaves {path} out is in no file that can be shown.', d), 'showCoverage'),
  'nothing-running': (l10n) => say(l10n.t('Nothing is being indexed.'), 'embedWorkspace', 'showIndexStatus'),
  'not-paused': (l10n) => say(l10n.t('Indexing is not paused.'), 'embedWorkspace', 'showIndexStatus'),
  'already-paused': (l10n) => say(l10n.t('Indexing is already paused.'), 'resumeIndexing'),
  'no-hits': (l10n) => say(l10n.t('There are no results to step through.'), 'searchByMeaning'),
  'nothing-sent': (l10n) =>
    say(l10n.t('The model runs on this computer: nothing is sent and nothing is spent.'), 'selectModel'),
  'server-key-refused': (l10n, d) =>
    say(l10n.t('{origin} refused the key ({reason}). Nothing was changed.', d), 'connectServer'),
  'no-batch-jobs': (l10n) =>
    say(
      l10n.t(
        'Batch jobs run at DashScope: select one of its models first. It asks for an API key, then run this again.',
      ),
      'selectModel',
    ),
  'one-dimension': (l10n, d) => say(l10n.t('{model} has one dimension only: {dimension}.', d), 'selectModel'),
};

/** The sentence and the buttons for a problem. */
export function problemMessage(l10n: L10n, problem: Problem): ProblemMessage {
  return SENTENCES[problem.code](l10n, problem.details);
}

function say(text: string, ...cures: Cure[]): ProblemMessage {
  return { text, cures };
}
