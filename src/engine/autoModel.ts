// What the setting `auto` means for a workspace at the moment. Invariant: an index once bilingual stays so; the change from
// MiniLM alone happens in a run, when the workspace turns out to hold CJK text.
import type { EngineConfig } from '../protocol/engineApi.ts';
import { resolveAuto } from './embed/resolveAuto.ts';
import type { EmbeddingSpace } from './model.ts';

/** What `auto` may resolve to. */
export const AUTO_MODELS = ['minilm', 'bilingual'] as const;

/** The embedded `auto`; a service's `auto` is its own default. */
export function isAuto({ model, remote }: EngineConfig): boolean {
  return model === 'auto' && remote === undefined;
}

/** The model to open before anything is read. `onDisk`: spaces found in the storage folder, with their documents. */
export function autoModelFor(
  config: EngineConfig,
  onDisk: readonly { space: EmbeddingSpace; documents: number }[],
): string {
  const documentsOf = (model: string): number => onDisk.find(({ space }) => space.model === model)?.documents ?? 0;
  const bilingual = documentsOf('bilingual');
  // A change that was stopped half-way: the fuller index answers, the next run goes on with the other.
  if (bilingual > 0 || documentsOf('minilm') > 0) return bilingual >= documentsOf('minilm') ? 'bilingual' : 'minilm';
  return resolveAuto({ cjkLetters: 0, language: config.language });
}

/** The model that a run should fill, knowing the text of the workspace. */
export function autoModelFilled(config: EngineConfig, current: string, cjkLetters: number): string {
  return current === 'bilingual' ? current : resolveAuto({ cjkLetters, language: config.language });
}
