// What the tests show: a workspace with code, notes in two languages and a table of reviews.
import type { Hit } from '../../src/engine/model.ts';
import type { EngineStatus, KeptSnippetInfo } from '../../src/protocol/engineApi.ts';
import {
  type CoverageRow,
  NO_FILTER,
  type SearchView,
  type SimilarTarget,
  type SimilarView,
  type ViewSnapshot,
} from '../../src/protocol/viewApi.ts';

export const TARGET: SimilarTarget = {
  kind: 'symbol',
  path: 'packages/server/src/auth/sessionTokenService.ts',
  startLine: 41,
  endLine: 68,
  symbol: 'SessionTokenService.refresh',
  excerpt: 'async refresh(token: string): Promise<Session> {',
};

export const HITS: readonly Hit[] = [
  {
    path: 'packages/server/src/oauth/refreshAccessToken.ts',
    startLine: 12,
    endLine: 40,
    symbol: 'refreshAccessToken',
    kind: 'function',
    languageId: 'typescript',
    similarity: 0.873,
    percentile: 99.94,
    text: `export async function refreshAccessToken(client: OAuthClient, token: string): Promise<Session> {
  // A refresh token is used once: whoever comes second gets a 401.
  const response = await client.post('/oauth/token', { grant_type: 'refresh_token', token });
  if (response.status === 401) throw new SessionExpired(token);
  const { access_token, expires_in } = await response.json();
  return { token: access_token, expiresAt: Date.now() + expires_in * 1000 };
}`,
  },
  {
    path: 'services/gateway/tokens.py',
    startLine: 88,
    endLine: 104,
    symbol: 'TokenStore.renew',
    kind: 'method',
    languageId: 'python',
    similarity: 0.812,
    percentile: 99.7,
    text: `    def renew(self, token: str, *, ttl: int = 3600) -> Session:
        """Exchange a refresh token for a new session."""
        entry = self._entries.pop(token, None)
        if entry is None or entry.expired:
            raise SessionExpired(token)
        return self.issue(entry.user, ttl=ttl)`,
  },
  {
    path: 'docs/架构/会话与令牌.md',
    startLine: 1204,
    endLine: 1219,
    symbol: '会话管理 › 刷新令牌',
    kind: 'section',
    languageId: 'markdown',
    similarity: 0.764,
    percentile: 99.1,
    text: `## 刷新令牌

每个刷新令牌只能使用一次。客户端在访问令牌过期之前用它换取新的会话；如果第二次提交同一个令牌，服务器会返回 401 并使整个会话失效，因为这通常意味着令牌已经泄露。`,
  },
  {
    path: 'data/reviews.tsv',
    startLine: 318,
    endLine: 318,
    kind: 'row',
    languageId: 'tsv',
    similarity: 0.583,
    percentile: 92.35,
    text: 'B001E4KFG0\t2\tKept asking me to log in again every few minutes, the session just would not stay alive.',
  },
  {
    path: 'README.md',
    startLine: 7,
    endLine: 19,
    symbol: 'Getting started',
    kind: 'section',
    languageId: 'markdown',
    similarity: 0.541,
    percentile: 88,
    text: '## Getting started\n\nRun `npm start` and log in with **demo / demo**. Sessions last an hour; see [tokens](docs/tokens.md).',
  },
  {
    path: 'snippets/4f1c',
    startLine: 1,
    endLine: 9,
    kind: 'snippet',
    languageId: 'go',
    similarity: 0.507,
    percentile: 84.2,
    kept: { sourcePath: 'cmd/proxy/main.go', startLine: 51, endLine: 59 },
    text: 'func renew(ctx context.Context, t Token) (Token, error) {\n\treturn t.source.Token(ctx)\n}',
  },
];

export const ENGINE: EngineStatus = {
  revision: 1,
  phase: 'idle',
  space: {
    provider: 'local',
    model: 'all-MiniLM-L6-v2',
    dimension: 384,
    output: 'dense',
    prompt: 'plain-1',
    chunkerVersion: 1,
  },
  modelSetting: 'auto',
  runtime: 'native',
  documents: 2861,
  chunks: 19342,
  bytes: 31_000_000,
  coverage: { indexed: 2861, excluded: 48_211, skipped: 16, failed: 3 },
  languages: { markdown: 318, typescript: 2204, jsonc: 41, python: 298 },
};

export function engineOf(change: Partial<EngineStatus> = {}): EngineStatus {
  return { ...ENGINE, ...change };
}

/** A workspace embedded by a service. */
export const REMOTE: EngineStatus = {
  ...ENGINE,
  remote: {
    provider: 'dashscope',
    origin: 'https://dashscope-finance.aliyuncs.com',
    link: 'ok',
    consent: true,
    spend: { requests: 310, tokens: 24_600, images: 0, amount: 0.0123, currency: 'CNY' },
    budget: 5,
  },
};

export const EMBEDDING: EngineStatus = {
  ...ENGINE,
  phase: 'embedding',
  coverage: { indexed: 412, excluded: 48_211, skipped: 16, failed: 0 },
  languages: { typescript: 412 },
  progress: {
    documentsDone: 412,
    documentsTotal: 2880,
    bytesDone: 3_000_000,
    bytesTotal: 22_000_000,
    embedded: 2210,
    reused: 0,
    tokens: 402_000,
    secondsElapsed: 31,
    secondsLeft: 187,
    currentPath: 'packages/server/src/oauth/refreshAccessToken.ts',
  },
};

export const SNIPPETS: readonly KeptSnippetInfo[] = [
  {
    path: 'snippets/4f1c',
    place: { path: 'cmd/proxy/main.go', startLine: 51, endLine: 59, text: 'func renew(ctx context.Context)' },
  },
  {
    path: 'snippets/77ab',
    place: { path: 'docs/架构/会话与令牌.md', startLine: 3, endLine: 3, text: '每个刷新令牌只能使用一次。' },
  },
];

export type SnapshotChange = Partial<Omit<ViewSnapshot, 'similar' | 'search'>> & {
  readonly similar?: Partial<SimilarView>;
  readonly search?: Partial<SearchView>;
};

/** A snapshot of a working view, with what a test changes. */
export function snapshotOf({ similar, search, ...rest }: SnapshotChange = {}): ViewSnapshot {
  return {
    revision: 1,
    hasFolder: true,
    trusted: true,
    optedIn: true,
    engine: ENGINE,
    engineState: 'running',
    snippets: [],
    modelLabel: 'all-MiniLM-L6-v2',
    remote: false,
    similar: {
      mode: 'similar',
      target: TARGET,
      pinned: false,
      canGoBack: true,
      busy: false,
      filter: NO_FILTER,
      hits: HITS,
      ...similar,
    },
    search: { query: '', filter: NO_FILTER, mode: 'hybrid', busy: false, hits: [], ...search },
    ...rest,
  };
}

/** Lines of a coverage ledger, as the host words them. */
export const FILES_OF_LEDGER: readonly CoverageRow[] = [
  { path: 'docs/架构/会话与令牌.md', state: 'failed', reason: 'embedding-failed', sentence: 'could not be embedded (child-died)' },
  { path: 'packages/server/src/legacy/importer.ts', state: 'failed', reason: 'unreadable', sentence: 'could not be read (EACCES)' },
  { path: 'assets/logo.png', state: 'skipped', reason: 'binary', sentence: 'holds binary data' },
  { path: 'assets/icons/arrow-left-with-a-very-long-name-that-does-not-fit.ico', state: 'skipped', reason: 'binary', sentence: 'holds binary data' },
  { path: 'src/generated/schema.ts', state: 'skipped', reason: 'generated', sentence: 'was generated (@generated)' },
  { path: '.env.local', state: 'excluded', reason: 'security', sentence: 'may hold secrets (.env*)' },
  { path: 'node_modules/', state: 'excluded', reason: 'noise', sentence: 'build output, lock file or the like (node_modules/)' },
  { path: 'packages/server/logs/2026-11-27.log', state: 'excluded', reason: 'gitignore', sentence: 'ignored by Git (packages/server/.gitignore: *.log)' },
  { path: 'packages/server/src/auth/sessionTokenService.ts', state: 'indexed', sentence: '12 chunks' },
  { path: 'README.md', state: 'indexed', sentence: '4 chunks' },
]; // prettier-ignore

/** Many hits of different files, for speed and scrolling. */
export function manyHits(count: number): readonly Hit[] {
  return Array.from({ length: count }, (_, i) => {
    const like = HITS[i % HITS.length];
    if (!like) throw new RangeError('no sample');
    return { ...like, path: `part${i}/${like.path}`, similarity: 0.9 - i / (2 * count) };
  });
}
