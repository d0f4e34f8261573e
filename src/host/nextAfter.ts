// From what is similar to a target of the Similar tab to what can be read next after it, and back. No `vscode` here.
import type { FollowTarget } from './similarFollower.ts';

/** The document of a target that is shown already. */
export function nextAfter({ path, excerpt, checkRules, example: { text, languageId } }: FollowTarget): FollowTarget {
  const example = { path, ...(text !== undefined && { text }), ...(languageId !== undefined && { languageId }) };
  return { kind: 'file', path, startLine: 1, endLine: 1, excerpt, checkRules, example, next: true };
}

export function similarTo(target: FollowTarget): FollowTarget {
  const plain: { -readonly [K in keyof FollowTarget]: FollowTarget[K] } = { ...target };
  delete plain.next;
  return plain;
}
