// The words of the report, in the languages of the extension. Invariant: complete by type.
import type { CoverageState, DuplicateTier } from '../model.ts';

export interface ReportWords {
  readonly clusters: string;
  readonly outliers: string;
  readonly duplicates: string;
  readonly comma: string;
  readonly stop: string;
  compared(texts: number): string;
  documents(state: CoverageState, count: number): string;
  unclustered(count: number): string;
  /** Similarities with two decimals. */
  reason(similarity: string, usual: string): string;
  /** `link`: to the nearest relative. */
  nearest(link: string, similarity: string): string;
  group(tier: DuplicateTier, places: number, similarity: string): string;
}

const TIERS_ZH: Readonly<Record<DuplicateTier, string>> = { exact: '完全相同', near: '近似', meaning: '含义相同' };
const STATES_ZH: Readonly<Record<CoverageState, string>> = {
  indexed: '已索引',
  excluded: '被规则排除',
  skipped: '已跳过',
  failed: '失败',
};

const ENGLISH: ReportWords = {
  clusters: 'Clusters',
  outliers: 'Outliers',
  duplicates: 'Duplicates',
  comma: ', ',
  stop: '.',
  compared: (texts) => `${texts} texts compared; `,
  documents: (state, count) => `${count} documents ${state}`,
  unclustered: (count) => `${count} belong to none.`,
  reason: (similarity, usual) => `similarity ${similarity}, usual ${usual}`,
  nearest: (link, similarity) => `, nearest ${link} (${similarity})`,
  group: (tier, places, similarity) => `${tier}, ${places} places (${similarity})`,
};

const CHINESE: ReportWords = {
  clusters: '聚类',
  outliers: '离群项',
  duplicates: '重复项',
  comma: '，',
  stop: '。',
  compared: (texts) => `共比较 ${texts} 段文本；`,
  documents: (state, count) => `${count} 个文档${STATES_ZH[state]}`,
  unclustered: (count) => `${count} 段不属于任何聚类。`,
  reason: (similarity, usual) => `相似度 ${similarity}，通常为 ${usual}`,
  nearest: (link, similarity) => `，最接近 ${link}（${similarity}）`,
  group: (tier, places, similarity) => `${TIERS_ZH[tier]}，${places} 处（${similarity}）`,
};

/** `language`: BCP 47. */
export function reportWords(language: string): ReportWords {
  return /^zh\b/i.test(language) ? CHINESE : ENGLISH;
}
