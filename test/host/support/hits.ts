import type { Hit } from '../../../src/engine/model.ts';
import type { FollowTarget } from '../../../src/host/similarFollower.ts';

export function hit(path: string, similarity = 0.5): Hit {
  return {
    path,
    startLine: 1,
    endLine: 5,
    text: 'text',
    kind: 'code',
    languageId: 'plaintext',
    similarity,
    percentile: 90,
  };
}

export function target(path: string, startLine = 1, kind: FollowTarget['kind'] = 'symbol'): FollowTarget {
  const endLine = startLine + 4;
  const example = { path, startLine, endLine };
  return { kind, path, startLine, endLine, excerpt: 'text', example, checkRules: true };
}
