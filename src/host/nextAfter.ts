// From a target of the Similar tab to what can be read next after it. No `vscode` here.
import type { FollowTarget } from './similarFollower.ts';

/** The document of a target that is shown already. */
export function nextAfter({ path, excerpt, checkRules, example }: FollowTarget): FollowTarget {
  const { startLine: _, endLine: __, ...document } = example;
  return { kind: 'file', path, startLine: 1, endLine: 1, excerpt, checkRules, example: document, next: true };
}
