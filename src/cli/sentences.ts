// Codes of the engine -> English sentences for stderr. The host has its own, localised table (host/errorMessages.ts).
import type { EngineError, ErrorCode, ErrorDetails } from '../engine/errors.ts';

const SENTENCES: Readonly<Record<ErrorCode, (d: ErrorDetails) => string>> = {
  cancelled: () => 'Stopped. What was finished is kept.',
  'file-not-found': (d) => `There is no file ${d['path']}.`,
  'file-unreadable': (d) => `${d['path']} can't be read (${d['reason']}).`,
  'no-text': (d) => `${d['path']} holds no text to compare.`,
  'security-file': (d) => `${d['path']} is left out because it may hold secrets (rule ${d['rule']}).`,
  'unknown-model': (d) =>
    `There is no model "${d['model']}". There are: ${d['known']}, or the path of a folder with an ONNX model.`,
  'dimension-not-allowed': (d) => `Model ${d['model']} has no dimension ${d['dimension']}; it has: ${d['allowed']}.`,
  'weights-missing': (d) =>
    `The weights of model ${d['model']} are not installed (${d['file']}). Run "npm run models" in Vectorscope's folder.`,
  'weights-corrupt': (d) =>
    `The weights of model ${d['model']} differ from the pinned checksum (${d['file']}). Delete the file and run "npm run models".`,
  'runtime-unavailable': (d) => `Model ${d['model']} can't be run on this machine: ${d['reason']}.`,
  'bad-vector': (d) => `Model ${d['model']} gave no usable vector: ${d['reason']}.`,
  'child-died': (d) =>
    `The process that runs the model ended unexpectedly (code ${d['code']}, signal ${d['signal']}). Run the command again.`,
  'no-model': () =>
    'These vectors were imported, and no model is there that could embed a text: search with --mode keyword, or name a row to "similar" or "recommend".',
  'index-empty': () => 'Nothing is indexed yet. Run "vectorscope index FOLDER" (or "import FILE") first.',
  'index-changing': () =>
    'The index changed again and again while it was exported, so nothing was written. Run the command again once nothing indexes the folder.',
  'index-too-new': (d) =>
    `The index was written by a newer Vectorscope (format ${d['version']}). Update, or choose another --store.`,
  'index-locked': (d) => `Another process (${d['pid']}) writes this index. Try again when it is done.`,
  'index-read-only': (d) =>
    `The index at ${d['path']} can only be read (${d['reason']}): search it, or choose another --store to write to.`,
  'storage-failed': (d) =>
    `The index can't be written at ${d['path']} (${d['reason']}). Free some space or choose another --store.`,
  'bad-request': (d) => `Wrong request ${d['request']}: ${d['reason']}.`,
  'bad-setting': (d) => `${d['setting']} is ${d['value']}; allowed: ${d['allowed']}.`,
  'key-missing': (d) =>
    `There is no key for ${d['origin']}. Set DASHSCOPE_API_KEY or VECTORSCOPE_API_KEY in the environment.`,
  'key-refused': (d) =>
    `${d['origin']} refused the key (${d['reason']}). Keys belong to one region: check the key and --base-url.`,
  'access-denied': (d) => `${d['origin']} does not let this key use ${d['model']} (${d['reason']}).`,
  'billing-stopped': (d) => `${d['origin']} stopped because of billing or quota (${d['reason']}).`,
  'rate-limited': (d) => `${d['origin']} is at its rate limit. Try again in a minute.`,
  'network-failed': (d) => `${d['origin']} can't be reached (${d['reason']}). Check the network and the proxy.`,
  'server-failed': (d) => `${d['origin']} fails (${d['status']}, ${d['reason']}). Try again later.`,
  'bad-answer': (d) => `${d['origin']} answered with something unusable: ${d['reason']}.`,
  'request-refused': (d) => `${d['origin']} refused the request (${d['status']}, ${d['reason']}).`,
  'row-refused': (d) => `The service refused this text (${d['reason']}).`,
  'bad-endpoint': (d) => `"${d['url']}" is no usable address: ${d['reason']}.`,
  'consent-needed': (d) => `Nothing is sent to ${d['origin']} without your word: add --yes.`,
  'budget-reached': (d) => `Stopped at the budget: ${d['spent']} of ${d['budget']} ${d['currency']} spent.`,
  'not-supported': (d) => `${d['model']} does not support ${d['feature']}.`,
  'job-failed': (d) => `Job ${d['job']} failed (${d['reason']}).`,
  'job-expired': (d) =>
    `The service no longer knows job ${d['job']}: results are kept for 24 hours. Run "embed --job" again.`,
  'job-unknown': (d) => `There is no job ${d['job']}. "vectorscope jobs" lists them.`,
  internal: (d) => `Something went wrong inside Vectorscope: ${d['reason']}.`,
};

export function sentenceFor(error: Pick<EngineError, 'code' | 'details'>): string {
  return SENTENCES[error.code](error.details);
}
