// Made-up maps: blobs of points with labels at three levels, as the engine sends them, but in lists that travel into a page as text.
import type { MapResult } from '../../src/protocol/engineApi.ts';
import { seededRandom } from '../support/seededNumbers.ts';

type Columns = 'x' | 'y' | 'pathOf' | 'startLine' | 'endLine' | 'clusterOf' | 'outlierScore';
export type MapSample = Omit<MapResult, Columns> & Readonly<Record<Columns, readonly number[]>>;

const NAMES = [
  'session · token · refresh', '令牌 · 会话 · 架构', 'invoice · payment · tax', 'review · delivery · taste', 'parser · syntax tree · chunk',
  'vector · cosine · index', 'button · focus · keyboard', 'retry · backoff · timeout', 'migration · schema · column', '退货 · 客服 · 破损',
  'license · notice', 'chart · axis · colour', 'upload · batch job', 'git · ignore rules', 'theme · contrast', 'locale · translation',
]; // prettier-ignore
const FOLDERS = ['packages/server/src/auth', 'docs/架构', 'packages/billing/src', 'data', 'packages/parser/src', 'packages/core/src/search', 'packages/web/src/components', 'packages/core/src/net', 'packages/server/migrations', '客服', 'licenses', 'packages/web/src/charts', 'services/jobs', 'packages/core/src/source', 'packages/web/src/theme', 'packages/web/src/i18n']; // prettier-ignore
const LANGUAGES: Readonly<Record<string, string>> = { ts: 'typescript', md: 'markdown', tsv: 'tsv', py: 'python', go: 'go', sql: 'sql' }; // prettier-ignore
const EXTENSIONS = ['ts', 'md', 'ts', 'tsv', 'ts', 'ts', 'ts', 'go', 'sql', 'md', 'md', 'ts', 'py', 'ts', 'ts', 'ts'];

/** `clusters`: at most 16. A tenth belongs to none. */
export function mapSample(count: number, clusters = 16, seed = 1): MapSample {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const within = (value: number): number => Math.max(-1, Math.min(1, value));
  const blobs = Array.from({ length: clusters }, (_, i) => {
    const angle = i * 2.4;
    const radius = 0.86 * Math.sqrt((i + 0.6) / clusters);
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), spread: 0.05 + 0.07 * random(), weight: 1 / (i + 2) }; // prettier-ignore
  });
  const weights = blobs.reduce((sum, { weight }) => sum + weight, 0);
  const paths: string[] = [];
  const languageIds: string[] = [];
  const columns: Record<Columns, number[]> = { x: [], y: [], pathOf: [], startLine: [], endLine: [], clusterOf: [], outlierScore: [] }; // prettier-ignore
  const sizes = new Array<number>(clusters).fill(0);
  const openFile = new Array<{ path: number; line: number } | undefined>(clusters);
  for (let i = 0; i < count; i++) {
    let left = random() * weights;
    let blob = blobs.findIndex(({ weight }) => (left -= weight) < 0);
    if (blob < 0) blob = 0;
    const { x, y, spread } = blobs[blob]!;
    const stray = random() < 0.1;
    const sub = (Math.floor(random() * 3) / 3) * 2 * Math.PI;
    columns.x.push(within(stray ? 2 * random() - 1 : x + spread * (0.7 * normal() + 1.3 * Math.cos(sub + blob))));
    columns.y.push(within(stray ? 2 * random() - 1 : y + spread * (0.7 * normal() + 1.3 * Math.sin(sub + blob))));
    columns.clusterOf.push(stray ? -1 : blob);
    columns.outlierScore.push(stray ? 0.9 + 0.1 * random() : 0.95 * random());
    if (!stray) sizes[blob] = (sizes[blob] ?? 0) + 1;
    let file = openFile[blob];
    if (!file || file.line > 400) {
      const extension = EXTENSIONS[blob]!;
      const name = blob === 0 && paths.length === 0 ? 'sessionTokenService' : `part${paths.length}`;
      paths.push(`${FOLDERS[blob]!}/${name}.${extension}`);
      languageIds.push(LANGUAGES[extension]!);
      file = { path: paths.length - 1, line: 1 };
    }
    const lines = 1 + Math.floor(random() * 40);
    columns.pathOf.push(file.path);
    columns.startLine.push(file.line);
    columns.endLine.push(file.line + lines - 1);
    openFile[blob] = { path: file.path, line: file.line + lines };
  }
  const labels = blobs.flatMap(({ x, y, spread }, blob): MapResult['labels'][number][] => {
    const words = NAMES[blob]!.split(' · ');
    const level = blob < 6 ? 0 : 1;
    const own = { text: NAMES[blob]!, x, y, level, size: sizes[blob]! } as const;
    const parts = [0, 1, 2].map((part) => ({
      text: `${words[part % words.length]!} ${part + 1} · detail`,
      x: x + spread * 1.3 * Math.cos((part / 3) * 2 * Math.PI + blob),
      y: y + spread * 1.3 * Math.sin((part / 3) * 2 * Math.PI + blob),
      level: 2 as const,
      size: Math.round(sizes[blob]! / 3),
    }));
    return [own, ...parts];
  });
  return {
    cover: { items: count, coverage: { indexed: 2861, excluded: 48_211, skipped: 16, failed: 3 }, revision: 7 },
    of: 'chunks',
    ...columns,
    paths,
    languageIds,
    clusters: blobs.map((_, blob) => ({ id: `c${blob}`, label: NAMES[blob]!, size: sizes[blob]! })),
    labels: labels.sort((a, b) => a.level - b.level || b.size - a.size),
  };
}
